"""Reads as evidence: calls and coverage from a BAM or CRAM, alone or beside a VCF."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tp53annot.calling.callability import coverage
from tp53annot.calling.caller import Background, ReadCall, call, judge
from tp53annot.calling.pileup import BASES, FORWARD, REVERSE, Pileup
from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, Flag, InputRecord, ReadSupport
from tp53annot.core.coverage import Coverage
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.calling import ListingRules
from tp53annot.names.normalisation import normalise, stretch
from tp53annot.reads.source import ReadsSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """One file's counts on the gene."""

    path: Path
    contig: str
    build: Build
    basis: str
    sample: str | None
    pileup: Pileup


def build_of(path: Path, resources: Resources, *, fasta: Path | None, assembly: Build | None) -> Build:
    """The build that a file's header states.

    Raises:
        InputError: unreadable, wrong build.
    """
    return ReadsSource(
        path, resources.reference, resources.rules.calling, fasta=fasta, assembly=assembly
    ).build


def read_reads(
    path: Path,
    resources: Resources,
    *,
    fasta: Path | None,
    assembly: Build | None,
    extra: Iterable[Allele] = (),
) -> Reads:
    """Count the reads over the coding exons and what lies between them.

    ``extra``: changes that are counted by sequence in any case.

    Raises:
        InputError: unreadable, wrong build, CRAM without reference.
    """
    rules = resources.rules.calling
    source = ReadsSource(path, resources.reference, rules, fasta=fasta, assembly=assembly)
    cds = resources.namer.main.model.cds
    margin = 100
    start, end = min(a for a, _ in cds) - margin, max(b for _, b in cds) + margin
    plain = [normalise(a, resources.reference) for a in extra]
    wanted = [(a.pos, a.ref, a.alt) for a in plain if len(a.ref) > 1 or len(a.alt) > 1]
    return Reads(
        path=path, contig=source.contig, build=source.build, basis=source.basis,
        sample=source.sample_name(), pileup=source.pileup(start, end, wanted),
    )  # fmt: skip


def coverage_of_reads(reads: Reads, resources: Resources, threshold_vaf: float) -> Coverage:
    """Callability by usable depth."""
    pileup, depth = reads.pileup, reads.pileup.assessed

    def at(position: int) -> int:
        return int(depth[position - pileup.start])

    return coverage(
        at,
        resources.namer.main,
        threshold_vaf,
        resources.rules.calling.coverage,
        f"reads of {reads.path.name}",
    )


def candidates_of_reads(
    reads: Reads, sample: str, resources: Resources, *, min_alt_reads: int | None, min_vaf: float | None,
    background: Background | None = None,
) -> list[Candidate]:  # fmt: skip
    """Calls near the coding exons; what was seen but not called carries its reasons."""
    rules = resources.rules.calling
    report, cds = rules.report, resources.namer.main.model.cds
    margin, found = report.exon_margin, []
    for seen in call(
        reads.pileup,
        resources.reference,
        rules,
        min_alt=min_alt_reads,
        min_vaf=min_vaf,
        background=background,
    ):
        pos, end = seen.allele.pos, seen.allele.end
        # As VCF has it, a duplication that copies an exon's edge may lie far off.
        first, last = stretch(seen.allele, resources.reference)
        near = any((end >= a - margin and pos <= b + margin) or (last >= a and first <= b) for a, b in cds)
        if near and (not seen.reasons or _worth_listing(seen, report)):
            found.append(candidate_of(seen, reads, sample, resources))
    return found


def _worth_listing(seen: ReadCall, report: ListingRules) -> bool:
    s = seen.support
    return (s.alt_reads or 0) >= report.list_fragments or (
        (s.vaf or 0) >= report.list_vaf and (s.alt_reads or 0) > 2
    )


def candidate_of(seen: ReadCall, reads: Reads, sample: str, resources: Resources) -> Candidate:
    """A call from reads as a candidate, its record written as VCF would."""
    allele = seen.allele
    position = resources.reference.to_build(allele.pos, reads.build)
    return Candidate(
        sample=sample,
        allele=allele,
        support=seen.support,
        record=InputRecord(
            file=reads.path.name, ordinal=None, chrom=reads.contig, pos=position, ref=allele.ref, alt=allele.alt,
            qual=round(seen.quality, 1),
        ),
        caller_filters=(),
        remarks=seen.reasons,
    )  # fmt: skip


def recount(candidates: Sequence[Candidate], reads: Reads, resources: Resources) -> list[Candidate]:
    """The VCF's candidates with what the reads show for each."""
    return [replace(c, reads=support_in_reads(c.allele, reads, resources)) for c in candidates]


def support_in_reads(allele: Allele, reads: Reads, resources: Resources) -> ReadSupport | None:
    """Fragments for and against an allele; ``None`` outside the counted stretch."""
    pileup, plain = reads.pileup, normalise(allele, resources.reference)
    if not pileup.holds((plain.pos, plain.ref, plain.alt)):
        return None
    found = judge(plain, pileup, resources.reference, resources.rules.calling).support
    return replace(found, vaf_source=f"reads of {reads.path.name}")


def cross_check(
    candidates: Sequence[Candidate], called: Sequence[Candidate], resources: Resources, min_depth: int
) -> tuple[list[Candidate], list[Flag]]:
    """Calls of the reads that the VCF lacks, and warnings where VCF and reads disagree."""
    words, source = (
        resources.rules.calling.remarks,
        resources.rules.calling.model.source,
    )
    have = {normalise(c.allele, resources.reference) for c in candidates}
    extra, flags = [], []
    for seen in called:
        if not seen.remarks and not _contained(normalise(seen.allele, resources.reference), have):
            text = words.only_in_reads.format(variant=_name(seen.allele, resources))
            extra.append(replace(seen, remarks=(Flag(id="only_in_reads", text=text, source=source),)))
            flags.append(Flag(id="warning.only_in_reads", text=text, source=source))
    for c in candidates:
        if (
            c.reads
            and (c.reads.depth or 0) >= min_depth
            and (c.reads.alt_reads or 0) < 2
            and not c.caller_filters
        ):
            text = words.not_in_reads.format(
                variant=_name(c.allele, resources), reads=c.reads.alt_reads, depth=c.reads.depth
            )
            flags.append(Flag(id="warning.not_in_reads", text=text, source=source))
    return extra, flags


def _contained(allele: Allele, have: set[Allele]) -> bool:
    """True when the change, or a larger one around it, is among those known."""
    return allele in have or any(h.pos <= allele.pos and allele.end <= h.end and len(h.ref) > 1 for h in have)


def _name(allele: Allele, resources: Resources) -> str:
    named = resources.namer.describe(allele, isoforms=False)
    return f"{named.hgvs_p_short} ({named.hgvs_c})"


def read_pile(allele: Allele, reads: Reads, resources: Resources) -> dict[str, Any] | None:
    """Bases by strand and their mean quality around an allele, in the reads' build; ``None`` outside."""
    pileup, rules = reads.pileup, resources.rules.calling.pile
    first = allele.pos - rules.margin - pileup.start
    last = min(allele.end + rules.margin - pileup.start, first + rules.width - 1)
    if first < 0 or last >= pileup.length:
        return None
    part = slice(first, last + 1)
    strands = {
        name: {base: pileup.bases[s, b, part].tolist() for b, base in enumerate(BASES)}
        | {"deleted": (pileup.spans[s, part] - pileup.bases[s, :, part].sum(axis=0)).tolist()}
        for s, name in ((FORWARD, "forward"), (REVERSE, "reverse"))
    }
    counts, errors = pileup.bases[:, :, part].sum(axis=(0, 1)), pileup.errors[part]
    quality = [
        round(-10 * math.log10(e / n), 1) if n and e > 0 else None
        for n, e in zip(counts.tolist(), errors.tolist(), strict=True)
    ]
    return {
        "start": resources.reference.to_build(pileup.start + first, reads.build),
        "reference": resources.reference.bases(pileup.start + first, pileup.start + last),
        **strands,
        "quality": quality,
    }


def foreign_remarks(candidates: Iterable[Candidate], resources: Resources) -> list[Flag]:
    """Common polymorphisms called at a low VAF, which may be another person's."""
    rules, source = (
        resources.rules.calling.foreign,
        resources.rules.calling.model.source,
    )
    flags = []
    for c in candidates:
        if c.remarks or not c.support.vaf or c.support.vaf > rules.highest_vaf:
            continue
        named = resources.namer.describe(c.allele, isoforms=False)
        known = resources.knowledge.population.get(named.hgvs_c)
        if known and known.fraction >= rules.population:
            text = rules.text.format(
                variant=_name(c.allele, resources), population=known.fraction, vaf=c.support.vaf
            )
            flags.append(Flag(id="reads.foreign", text=text, source=source))
    return flags


def read_remarks(reads: Reads, resources: Resources) -> list[Flag]:
    """What the reader must know about the reads (RNA, UMI, no index ...)."""
    source = resources.rules.calling.model.source
    return [Flag(id=f"reads.{k}", text=v, source=source) for k, v in sorted(reads.pileup.remarks.items())]
