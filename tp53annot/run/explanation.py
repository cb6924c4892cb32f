"""``explain``: every fact and rule about a change, as text or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, InputRecord, ReadSupport
from tp53annot.core.text import seen
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.names.parser import parse_change
from tp53annot.report.document import CHROMOSOME, Document, Writer, dump


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
            alleles = parse_change(change, interpreter.resources.namer, interpreter.resources.rsids(), build)
        except InputError as error:
            failures.append(str(error))
            continue
        entries.append(
            {"query": change, "variants": [describe(a, interpreter, lineage, change) for a in alleles]}
        )
    if as_json:
        return dump(entries), failures
    return "\n".join(_text(entry) for entry in entries), failures


def describe(allele: Allele, interpreter: Interpreter, lineage: str | None, query: str) -> Document:
    """A change as a variant of a report, with names on both builds and no reads."""
    with interpreter.resources.guard():
        return _describe(allele, interpreter, lineage, query)


def _describe(allele: Allele, interpreter: Interpreter, lineage: str | None, query: str) -> Document:
    finding = interpreter.find(allele)
    record = InputRecord(
        file=query, ordinal=None, chrom=CHROMOSOME, pos=allele.pos, ref=allele.ref, alt=allele.alt
    )
    variant = ClassifiedVariant(
        candidate=Candidate(sample=query, allele=allele, support=ReadSupport(), record=record),
        annotated=finding.annotated,
        classification=finding.classification,
        amp_tier=interpreter.tier(finding.classification, lineage),
    )
    document = Writer(interpreter.resources.namer, Build.GRCH38, interpreter.resources.protein).variant(
        variant
    )
    document["assembly"] = Build.GRCH38.value
    document["hgvs_g_grch37"] = interpreter.resources.namer.hgvs_g(allele, Build.GRCH37)
    document["pos_grch37"] = interpreter.resources.reference.to_build(allele.pos, Build.GRCH37)
    return document


def _text(entry: Document) -> str:
    variants = entry["variants"]
    head = f"# {seen(entry['query'])}"
    if len(variants) > 1:
        head += f": {len(variants)} DNA changes can mean this"
    return "\n".join([head, *(_variant(v) for v in variants)])


def _variant(v: Document) -> str:
    place = (
        f"exon {v['exon']}"
        if v["exon"]
        else f"intron {v['intron']}"
        if v["intron"]
        else "outside the transcript"
    )
    lines = [
        f"{v['hgvs_p_short']}  {v['transcript']}:{v['hgvs_c']}  {v['protein']}:{v['hgvs_p']}",
        _row("GRCh38", f"{v['hgvs_g']}  chr17:{v['pos']}:{v['ref']}:{v['alt']}"),
        _row("GRCh37", f"{v['hgvs_g_grch37']}  17:{v['pos_grch37']}:{v['ref']}:{v['alt']}"),
        _row(
            "consequence",
            ", ".join(v["consequence"]) + f"; {place}" + (f"; {v['domain']}" if v["domain"] else ""),
        ),
        _row("class", f"{v['classification']['class']}, {v['classification']['points']} points"),
    ]
    if v["nmd"]:
        lines.append(_row("mRNA decay", v["nmd"]))
    lines += [
        _row(f"  {c['code']} {c['points']:+d}", f"{c['reason']} [{c['source']}]")
        for c in v["classification"]["criteria"]
    ]
    lines += [_row("conflict", f"{c['text']} [{c['source']}]") for c in v["classification"]["conflicts"]]
    lines += [_row(r["assay"], f"{r['value']:g} {r['unit']}" + (f", {r['class']}" if r["class"] else "")
                   + f" [{r['source']}]") for r in v["functional"]]  # fmt: skip
    germline = v["germline_classification"]
    if germline and germline["significance"]:
        lines.append(_row("ClinVar germline", f"{germline['significance']} ({germline['review_status'] or 'review not stated'})"
                          f" {germline['accession']} [{germline['source']}]"))  # fmt: skip
    if germline and germline["frequency_criterion"]:
        lines.append(
            _row("expert panel", f"{germline['frequency_criterion']} [{germline['frequency_source']}]")
        )
    for group in ("population", "tumour", "all"):
        lines += [
            _row(f["name"], f"{f['value']:g} {f['unit']} [{f['source']}]") for f in v["frequencies"][group]
        ]
    if v["amp_tier"]:
        lines.append(_row("AMP/ASCO/CAP", f"Tier {v['amp_tier']['tier']}{v['amp_tier']['level'] or ''}: "
                          f"{v['amp_tier']['text']} [{v['amp_tier']['source']}]"))  # fmt: skip
    seen = {"domain", *(r["assay"] for r in v["functional"])}
    lines += [_row(c["field"], f"{c['value']} [{c['citation']}; {c['table']} {c['version']}]")
              for c in v["claims"] if c["field"] not in seen]  # fmt: skip
    isoforms = [
        f"{i['transcript']}{' ' + i['name'] if i['name'] else ''} {i['hgvs_c']} {i['hgvs_p'] or '-'}"
        for i in v["isoforms"]
    ]
    lines += [_row("isoforms" if n == 0 else "", line) for n, line in enumerate(isoforms)]
    lines.append(_row("not considered", "; ".join(v["classification"]["not_considered"])))
    return "\n".join(lines) + "\n"


def _row(name: str, value: object) -> str:
    return f"  {name:<20} {seen(value)}"
