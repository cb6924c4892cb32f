"""``explain``: every fact and rule about a change, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, InputRecord, ReadSupport
from tp53annot.core.fields import Json
from tp53annot.core.text import seen
from tp53annot.core.variant import (
    AssayResult,
    Classification,
    ClassifiedVariant,
    GermlineClass,
    IsoformEffect,
)
from tp53annot.errors import InputError, printable
from tp53annot.interpret.amp_tier import UNDECLARED
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.names.allele_brackets import brackets_of
from tp53annot.names.exon_event import ExonEvent, exon_event
from tp53annot.names.neighbours import one_codon
from tp53annot.names.parser import parse_change
from tp53annot.names.spelling import clean
from tp53annot.report.composition import CHROMOSOME, Composer
from tp53annot.report.document import dump
from tp53annot.report.model.json_form import to_json
from tp53annot.report.model.variant import GermlineClassification, Variant


class Described(Struct, frozen=True, kw_only=True):
    """A change as a variant of a report on GRCh38, without reads, with its place on GRCh37 (1-based)."""

    variant: Variant
    hgvs_g_grch37: str
    pos_grch37: int

    def as_json(self) -> dict[str, Json]:
        """The variant's keys and those of the other build."""
        plain = cast(Mapping[str, Json], to_json(self.variant))
        return {
            **plain,
            "assembly": Build.GRCH38.value,
            "hgvs_g_grch37": self.hgvs_g_grch37,
            "pos_grch37": self.pos_grch37,
        }


class Explanation(Struct, frozen=True, kw_only=True):
    """What was asked, and every DNA change that it can mean.

    Attributes:
        query: as typed; of a bracketed name one of its changes.
        allele: the bracketed name it is part of, with how its changes lie to each other.
        event: the loss or gain of exons that was asked for, which is no one DNA change.
    """

    query: str
    variants: tuple[Described, ...] = ()
    allele: str | None = None
    event: ExonEvent | None = None

    def as_json(self) -> dict[str, Json]:
        """As ``explain --json`` prints it."""
        event = None if self.event is None else to_json(self.event)
        variants: list[Json] = [v.as_json() for v in self.variants]
        return {"query": self.query, "allele": self.allele, "event": event, "variants": variants}


def explain_changes(
    changes: Sequence[str],
    interpreter: Interpreter,
    build: Build | None,
    lineage: str | None,
    *,
    as_json: bool,
) -> tuple[str, list[str]]:
    """The facts of every change, and one line for each that was not understood."""
    entries, failures = [], []
    for change in changes:
        try:
            entries += _explanations(change, interpreter, build, lineage)
        except InputError as error:
            failures.append(str(error))
    if as_json:
        return dump([entry.as_json() for entry in entries]), failures
    return "\n".join(_text(entry) for entry in entries), failures


def _explanations(
    change: str, interpreter: Interpreter, build: Build | None, lineage: str | None
) -> list[Explanation]:
    """What a spelling asks for: one change, the changes of a bracketed name, or an event of exons."""
    resources = interpreter.resources
    plain, _ = clean(change)

    def refused(cause: str) -> InputError:
        return InputError(
            cause, path=f"change {printable(change, 80)!r}", fix="check the exons and positions"
        )

    try:
        event = exon_event(plain, resources.namer.main)
    except ValueError as error:
        raise refused(str(error)) from error
    if event is not None:
        return [Explanation(query=change, event=event)]
    brackets = brackets_of(plain)
    if brackets is None:
        alleles = parse_change(change, resources.namer, resources.rsids(), build)
        return [
            Explanation(
                query=change, variants=tuple(describe(a, interpreter, lineage, change) for a in alleles)
            )
        ]
    other = f"; the other allele is {brackets.other_allele}" if brackets.other_allele else ""
    relation = f"{plain}, {brackets.relation}{other}" if len(brackets.changes) > 1 else f"{plain}{other}"
    found = [(c, parse_change(c.text, resources.namer, resources.rsids(), build)) for c in brackets.changes]
    placed = [(c.molecule if len(alleles) == 1 else None, alleles[0]) for c, alleles in found]
    try:
        wholes = [whole for _, whole in one_codon(placed, resources.namer)]
    except ValueError as error:
        raise refused("two changes of the same bases cannot lie on one molecule") from error
    together = [
        (f"{resources.namer.describe(whole, isoforms=False).hgvs_c} (together)", (whole,)) for whole in wholes
    ]
    return [
        Explanation(
            query=text,
            allele=relation,
            variants=tuple(describe(a, interpreter, lineage, text) for a in alleles),
        )
        for text, alleles in (*together, *((c.text, alleles) for c, alleles in found))
    ]


def describe(allele: Allele, interpreter: Interpreter, lineage: str | None, query: str) -> Described:
    """A change as a variant of a report, with names on both builds and no reads."""
    with interpreter.resources.guard():
        return _describe(allele, interpreter, lineage, query)


def _describe(allele: Allele, interpreter: Interpreter, lineage: str | None, query: str) -> Described:
    finding = interpreter.find(allele)
    record = InputRecord(
        file=query, ordinal=None, chrom=CHROMOSOME, pos=allele.pos, ref=allele.ref, alt=allele.alt
    )
    variant = ClassifiedVariant(
        candidate=Candidate(sample=query, allele=allele, support=ReadSupport(), record=record),
        annotated=finding.annotated,
        classification=finding.classification,
        germline_class=finding.germline,
        amp_tier=interpreter.tier(finding.classification, lineage or UNDECLARED),
    )
    resources = interpreter.resources
    return Described(
        variant=Composer(resources.namer, Build.GRCH38, resources.protein).variant(variant),
        hgvs_g_grch37=resources.namer.hgvs_g(allele, Build.GRCH37),
        pos_grch37=resources.reference.to_build(allele.pos, Build.GRCH37),
    )


def _text(entry: Explanation) -> str:
    head = f"# {seen(entry.query)}"
    if entry.allele is not None:
        head += f" of {seen(entry.allele)}"
    if entry.event is not None:
        return "\n".join([head, *_event(entry.event)]) + "\n"
    if len(entry.variants) > 1:
        head += f": {len(entry.variants)} DNA changes can mean this"
    return "\n".join([head, *(_change(described) for described in entry.variants)])


def _event(event: ExonEvent) -> Iterator[str]:
    yield f"{event.what}  {event.hgvs_c}"
    yield _row("GRCh38", f"at least chr17:{event.start}-{event.end}; the ends are not known")
    yield _row("reading frame", event.frame)
    yield _row("class", "none: the criteria ask for one DNA change; a report counts the copies of the gene")


def _change(described: Described) -> str:
    """A change with its facts as lines of text."""
    v = described.variant
    lines = [
        *_names(described),
        *_class(v.classification),
        *(_row(r.assay, _result(r)) for r in v.functional),
        *_germline(v.germline_classification),
        *_germline_class(v.germline_class),
        *(
            _row(f.name, f"{f.value:g} {f.unit} [{f.source}]")
            for group in (v.frequencies.population, v.frequencies.tumour, v.frequencies.leukaemia)
            for f in group
        ),
    ]
    if v.amp_tier:
        tier = v.amp_tier
        lines.append(_row("AMP/ASCO/CAP", f"Tier {tier.tier}{tier.level or ''}: {tier.text} [{tier.source}]"))
    shown = {"domain", *(r.assay for r in v.functional)}
    lines += [
        _row(c.field, f"{c.value} [{c.citation}; {c.table} {c.version}]")
        for c in v.claims
        if c.field not in shown
    ]
    lines += [_row("" if n else "isoforms", _isoform(i)) for n, i in enumerate(v.isoforms)]
    lines.append(_row("not considered", "; ".join(v.classification.not_considered)))
    return "\n".join(lines) + "\n"


def _names(described: Described) -> Iterator[str]:
    v = described.variant
    place = f"exon {v.exon}" if v.exon else f"intron {v.intron}" if v.intron else "outside the transcript"
    domain = f"; {v.domain}" if v.domain else ""
    yield f"{v.hgvs_p_short}  {v.transcript}:{v.hgvs_c}  {v.protein}:{v.hgvs_p}"
    yield _row("GRCh38", f"{v.hgvs_g}  chr17:{v.pos}:{v.ref}:{v.alt}")
    yield _row("GRCh37", f"{described.hgvs_g_grch37}  17:{described.pos_grch37}:{v.ref}:{v.alt}")
    yield _row("consequence", f"{', '.join(v.consequence)}; {place}{domain}")
    yield _row("class", f"{v.classification.oncogenicity}, {v.classification.points} points")
    if v.nmd:
        yield _row("mRNA decay", v.nmd)


def _class(c: Classification) -> Iterator[str]:
    yield from (_row(f"  {k.code} {k.points:+d}", f"{k.reason} [{k.source}]") for k in c.criteria)
    yield from (_row("conflict", f"{f.text} [{f.source}]") for f in c.conflicts)


def _result(r: AssayResult) -> str:
    label = f", {r.assay_class}" if r.assay_class else ""
    return f"{r.value:g} {r.unit}{label} [{r.source}]"


def _germline(g: GermlineClassification | None) -> Iterator[str]:
    if g and g.significance:
        review = g.review_status or "review not stated"
        yield _row("ClinVar germline", f"{g.significance} ({review}) {g.accession} [{g.source}]")
    if g and g.frequency_criterion:
        yield _row("expert panel", f"{g.frequency_criterion} [{g.frequency_source}]")


def _germline_class(g: GermlineClass | None) -> Iterator[str]:
    """The class by the panel's rules beside the published one, apart from the oncogenicity class."""
    if g is None:
        return
    name = "left open" if g.name is None else g.name.replace("_", " ")
    yield _row("germline class", f"{name}, by the expert panel's rules as far as the evidence here reaches")
    yield from (_row(f"  {c.code} {c.strength}", f"{c.reason} [{c.source}]") for c in g.criteria)
    if g.published:
        p = g.published
        yield _row("in force", f"{p.name} ({p.review}) [{p.source}]")


def _isoform(i: IsoformEffect) -> str:
    name = f" {i.name}" if i.name else ""
    return f"{i.transcript}{name} {i.hgvs_c} {i.hgvs_p or '-'}"


def _row(name: str, value: object) -> str:
    return f"  {name:<20} {seen(value)}"
