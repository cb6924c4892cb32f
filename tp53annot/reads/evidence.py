"""Reads as evidence: calls and coverage from a BAM or CRAM, alone or beside a VCF."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.background import Background
from tp53annot.calling.callability import CallNeed, WhyNotAssessed, coverage_of_depths
from tp53annot.calling.caller import Caller, ReadCall
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.calling.slip_gaps import slip_doubts
from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, Flag, InputRecord, ReadSupport
from tp53annot.core.coverage import Coverage, GapCause
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.reads.calling import ListingRules, UsableRules
from tp53annot.names.normalisation import normalise, stretch
from tp53annot.reads.hinted.clip_doubts import doubtful_stretches
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.source import ReadsSource
from tp53annot.reads.spliced.evidence import why_rna_lacks

_MAPPING = WhyNotAssessed(cause=GapCause.MAPPING_QUALITY)
_TOO_FEW = "call.few_reads"
_STRAND_STEPS = 10
_MARGIN = 100  # bases counted beyond the first and the last coding base


class Reads(Struct, frozen=True, kw_only=True):
    """One file's counts on the gene.

    Attributes:
        path: BAM or CRAM.
        contig: the file's name of chromosome 17.
        build: of the file's coordinates.
        basis: how the build is known, in words.
        sample: of its read groups; ``None`` where they name none.
        pileup: counts, GRCh38.
        molecules: the reads that were counted, one for each copy of a molecule; ``None`` where there are none.
    """

    path: Path
    contig: str
    build: Build
    basis: str
    sample: str | None
    pileup: Pileup
    molecules: LocusReads | None = None


def build_of_reads(path: Path, resources: Resources, *, fasta: Path | None, assembly: Build | None) -> Build:
    """The build of a file's coordinates.

    Raises:
        InputError: unreadable, wrong build.
    """
    rules = resources.rules.calling
    return ReadsSource(path, resources.reference, rules, fasta=fasta, assembly=assembly).build


def read_reads(
    path: Path,
    resources: Resources,
    *,
    fasta: Path | None,
    assembly: Build | None,
    extra: Iterable[Allele] = (),
    asked: Sequence[str] = (),
) -> Reads:
    """Count the reads of one sample over the coding exons and what lies between them.

    Args:
        path: BAM or CRAM.
        resources: of the run.
        fasta: the genome that a CRAM was written with.
        assembly: the build that the user says it has.
        extra: changes that are counted by sequence in any case.
        asked: names of the sample to count, the first that the file has, where it holds several.

    Raises:
        InputError: unreadable, wrong build, CRAM without reference, several samples and none of them asked for.
    """
    source = ReadsSource(path, resources.reference, resources.rules.calling, fasta=fasta, assembly=assembly)
    return _counted(source, source.sample_named(asked), resources, extra)


def read_samples(
    path: Path, resources: Resources, *, fasta: Path | None, assembly: Build | None, asked: Sequence[str] = ()
) -> Iterator[tuple[Reads, bool]]:
    """Count the reads of every sample of a file, or of the one asked for; and whether there are several.

    Arguments and errors as of :func:`read_reads`.
    """
    source = ReadsSource(path, resources.reference, resources.rules.calling, fasta=fasta, assembly=assembly)
    several = len(source.groups) > 1
    for name in source.groups if several and not asked else (source.sample_named(asked),):
        yield _counted(source, name, resources, ()), several


def _counted(source: ReadsSource, sample: str | None, resources: Resources, extra: Iterable[Allele]) -> Reads:
    cds = resources.namer.main.model.cds
    start, end = min(a for a, _ in cds) - _MARGIN, max(b for _, b in cds) + _MARGIN
    asked = [ReadChange.of(normalise(a, resources.reference)) for a in extra]
    pileup = source.pileup(start, end, [c for c in asked if not c.single_base], sample)
    return Reads(
        path=source.path,
        contig=source.contig,
        build=source.build,
        basis=source.basis,
        sample=sample,
        pileup=pileup,
        molecules=source.counted.get(sample),
    )


def caller_of(
    reads: Reads,
    resources: Resources,
    *,
    min_alt_reads: int | None = None,
    min_vaf: float | None = None,
    background: Background | None = None,
) -> Caller:
    """Judges the changes near the coding exons in one sample's reads.

    Args:
        reads: of the sample.
        resources: of the run.
        min_alt_reads: fewest supporting molecules of a call; what errors leave no chance for when ``None``.
        min_vaf: lowest VAF called (0..1); the rules' own when ``None``.
        background: error rates by place in other samples.
    """
    rules = resources.rules.calling
    margin = rules.report.exon_margin
    return Caller(
        reads.pileup,
        resources.reference,
        rules,
        min_alt=min_alt_reads,
        min_vaf=min_vaf,
        background=background,
        target=[(a - margin, b + margin) for a, b in resources.namer.main.model.cds],
    )


def coverage_of_reads(
    reads: Reads, resources: Resources, threshold_vaf: float, caller: Caller, *, primers_trimmed: bool = False
) -> Coverage:
    """Callability by usable depth, and by what a call needs at each place.

    Args:
        reads: of one sample.
        resources: of the run.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
        caller: judges its changes.
        primers_trimmed: whether no primer of an amplicon is left in its reads.
    """
    start, depth = reads.pileup.start, reads.pileup.assessed
    primers = reads.pileup.primers
    if primers is not None and primers.most and primers.hidden is not None and not primers_trimmed:
        depth = np.maximum(depth - primers.hidden, 0)
    hidden = doubtful_stretches(reads.pileup, resources, threshold_vaf)
    unsure = mapping_doubts(reads.pileup, resources.rules.calling.usable, threshold_vaf)
    need_at = _needs(caller, start)

    def depth_at(position: int) -> int:
        """Depth in force; 0 where clips that no change explains throw doubt on the place."""
        doubt = any(first <= position <= last for first, last in hidden)
        return 0 if doubt else int(depth[position - start])

    return coverage_of_depths(
        depth_at,
        resources.namer.main,
        threshold_vaf,
        resources.rules.calling.coverage,
        resources.rules.calling.coverage.of_reads.format(name=reads.path.name),
        need_at=need_at,
        doubts={**slip_doubts(caller, depth, threshold_vaf, need_at), **unsure},
        why=why_rna_lacks(resources.namer.main) if reads.pileup.rna else None,
    )


def mapping_doubts(pileup: Pileup, rules: UsableRules, threshold_vaf: float) -> Mapping[int, WhyNotAssessed]:
    """Places (GRCh38) at which a change may lie in the molecules that are left out for their mapping quality.

    Args:
        pileup: of one sample.
        rules: ``rules/calling.toml`` ``[usable]``.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
    """
    if pileup.unsure is None or pileup.rna:
        return {}
    share, all_there = max(threshold_vaf, rules.unsure_share), pileup.unsure + pileup.depth
    many = (pileup.unsure >= rules.unsure_molecules) & (pileup.unsure >= share * all_there)
    return dict.fromkeys((np.flatnonzero(many) + pileup.start).tolist(), _MAPPING)


def _needs(caller: Caller, start: int) -> Callable[[int], CallNeed]:
    """What a call needs at each position; shares of strands in steps, so that few needs differ."""
    fewest = np.maximum(caller.fewest_by_place(), 1)
    proof, fixed = caller.rules.proof, caller.min_alt
    share = np.floor(caller.rarer_strand() * _STRAND_STEPS) / _STRAND_STEPS
    both = (fewest < fixed) & (share >= proof.strand_share)

    def need_at(position: int) -> CallNeed:
        i = position - start
        if not both[i]:
            return CallNeed(alt_reads=int(fewest[i]))
        return CallNeed(alt_reads=int(fewest[i]), both_below=fixed, rarer=float(share[i]))

    return need_at


def candidates_of_reads(reads: Reads, sample: str, resources: Resources, caller: Caller) -> list[Candidate]:
    """Calls near the coding exons; what was seen but not called carries its reasons.

    Args:
        reads: of one sample.
        sample: its name.
        resources: of the run.
        caller: judges its changes.
    """
    rules, cds = resources.rules.calling, resources.namer.main.model.cds
    margin, found = rules.report.exon_margin, []
    for seen in caller.calls():
        pos, end = seen.allele.pos, seen.allele.end
        # As VCF has it, a duplication that copies an exon's edge may lie far off.
        first, last = stretch(seen.allele, resources.reference)
        near = any((end >= a - margin and pos <= b + margin) or (last >= a and first <= b) for a, b in cds)
        if near and (not seen.reasons or _worth_listing(seen.support, rules.report)):
            found.append(_candidate(seen, reads, sample, resources))
    return found


def _worth_listing(support: ReadSupport, listing: ListingRules) -> bool:
    reads, vaf = support.alt_reads or 0, support.vaf or 0
    return reads >= listing.list_fragments or (
        vaf >= listing.list_vaf and reads >= listing.list_vaf_fragments
    )


def _candidate(seen: ReadCall, reads: Reads, sample: str, resources: Resources) -> Candidate:
    """A call from reads as a candidate, its record written as VCF would."""
    allele = seen.allele
    record = InputRecord(
        file=reads.path.name,
        ordinal=None,
        chrom=reads.contig,
        pos=resources.reference.to_build(allele.pos, reads.build),
        ref=allele.ref,
        alt=allele.alt,
        qual=round(seen.quality, 1),
    )
    return Candidate(
        sample=sample,
        allele=allele,
        support=seen.support,
        record=record,
        caller_filters=(),
        remarks=seen.reasons,
        fewest=seen.fewest,
    )


def recount(candidates: Sequence[Candidate], reads: Reads, caller: Caller) -> list[Candidate]:
    """The VCF's candidates with what the reads show for each; nothing outside the counted stretch."""
    return [_recounted(c, reads, caller) for c in candidates]


def _recounted(candidate: Candidate, reads: Reads, caller: Caller) -> Candidate:
    plain = normalise(candidate.allele, caller.reference)
    if not reads.pileup.holds(ReadChange.of(plain)):
        return candidate
    judged = caller.judge(plain)
    support = replace(judged.support, vaf_source=f"reads of {reads.path.name}")
    return replace(candidate, reads=support, fewest=judged.fewest)


def cross_check(
    candidates: Sequence[Candidate], called: Sequence[Candidate], resources: Resources, min_depth: int
) -> tuple[list[Candidate], list[Flag]]:
    """Calls of the reads that the VCF lacks, and warnings where VCF and reads disagree.

    Args:
        candidates: the VCF's, recounted in the reads.
        called: those of the reads.
        resources: of the run.
        min_depth: fragments from which reads without the change contradict the VCF.
    """
    words, source = resources.rules.calling.remarks, resources.rules.calling.model.source
    have = {normalise(c.allele, resources.reference) for c in candidates}
    least = resources.rules.calling.report.seen_fragments
    extra, flags = [], []
    for seen in called:
        if _contained(normalise(seen.allele, resources.reference), have):
            continue
        if {r.id for r in seen.remarks} == {_TOO_FEW}:
            extra.append(seen)  # not called, but errors do not explain it: the assessment names what matters
        elif not seen.remarks:
            text = words.only_in_reads.format(variant=_name(seen.allele, resources))
            extra.append(replace(seen, remarks=(Flag(id="only_in_reads", text=text, source=source),)))
            flags.append(Flag(id="warning.only_in_reads", text=text, source=source))
    for c in candidates:
        if c.reads is None or c.caller_filters:
            continue
        reads, depth = c.reads.alt_reads or 0, c.reads.depth or 0
        if depth >= min_depth and reads < least:
            text = words.not_in_reads.format(variant=_name(c.allele, resources), reads=reads, depth=depth)
            flags.append(Flag(id="warning.not_in_reads", text=text, source=source))
    return extra, flags


def _contained(allele: Allele, have: set[Allele]) -> bool:
    """True when the change, or a larger one around it, is among those known."""
    return allele in have or any(h.pos <= allele.pos and allele.end <= h.end and len(h.ref) > 1 for h in have)


def _name(allele: Allele, resources: Resources) -> str:
    return resources.namer.describe(allele, isoforms=False).short_name


def foreign_remarks(candidates: Iterable[Candidate], resources: Resources) -> list[Flag]:
    """Common polymorphisms called at a low VAF, which may be another person's."""
    rules, source = resources.rules.calling.foreign, resources.rules.calling.model.source
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


def exon_remarks(candidates: Iterable[Candidate], resources: Resources) -> list[Flag]:
    """Which called deletions and duplications take or copy whole exons."""
    rules, exons, flags = resources.rules.calling.long_events, resources.namer.main.model.exons, []
    for c in candidates:
        span = _span(c.allele, resources)
        whole = [n for n, (a, b) in enumerate(exons, 1) if span and span[0] <= a and b <= span[1]]
        if c.remarks or not whole:
            continue
        gone = len(c.allele.ref) > len(c.allele.alt)
        text = (rules.exons_lost if gone else rules.exons_copied).format(
            variant=resources.namer.describe(c.allele, isoforms=False).hgvs_c,
            exons=f"{whole[0]}-{whole[-1]}" if len(whole) > 1 else whole[0],
            vaf=c.support.vaf or 0.0,
            depth=c.support.depth or 0,
        )
        flags.append(Flag(id="reads.exons", text=text, source=rules.source))
    return flags


def _span(allele: Allele, resources: Resources) -> tuple[int, int] | None:
    """GRCh38 positions that a change deletes or duplicates; ``None`` for what does neither."""
    first, size = allele.pos + 1, len(allele.alt) - 1
    if len(allele.ref) > len(allele.alt):
        return first, allele.end
    there = resources.reference.covers(first, first + size)
    copied = there and allele.alt[1:] == resources.reference.bases(first, first + size - 1)
    return (first, first + size - 1) if copied and len(allele.ref) == 1 < len(allele.alt) else None


def name_remarks(reads: Reads, names: Collection[str], resources: Resources) -> list[Flag]:
    """A remark where the reads name another sample than all of ``names``; none where either side names none."""
    if reads.sample is None or not names or reads.sample.casefold() in {name.casefold() for name in names}:
        return []
    rules = resources.rules.calling
    return [Flag(id="reads.other_name", text=rules.remarks.other_name, source=rules.model.source)]


def read_remarks(reads: Reads, resources: Resources) -> list[Flag]:
    """What the reader must know about the reads (UMI, no index ...); what RNA means the assessment says."""
    source = resources.rules.calling.model.source
    found = sorted(reads.pileup.remarks.items())
    return [Flag(id=f"reads.{k}", text=v, source=source) for k, v in found if k != "spliced"]
