"""Callability: which bases were assessed at a VAF, and the lowest VAF each exon excludes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from tp53annot.core.candidate import Candidate
from tp53annot.core.coverage import Block, Coverage, CoverageGap, ExonCoverage
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import binomial_at_most
from tp53annot.core.text import number
from tp53annot.knowledge.rules.calling import CoverageRules
from tp53annot.names.transcript import Transcript
from tp53annot.system.bed import Region

DepthAt = Callable[[int], int | None]


@functools.cache
def depth_needed(vaf: float, alt_reads: int, probability: float) -> int:
    """Lowest depth at which ``alt_reads`` or more are seen with ``probability`` (binomial).

    Raises:
        ValueError: a VAF of 0, which no depth shows, or beyond 1.

    >>> depth_needed(0.05, 8, 0.95)
    260
    """
    if not 0 < vaf <= 1:
        raise ValueError(f"a VAF of {vaf} is not within 0..1, or is none")
    low, high = alt_reads, 1
    while _seen(high, vaf, alt_reads) < probability:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if _seen(middle, vaf, alt_reads) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def _seen(depth: int, vaf: float, alt_reads: int) -> float:
    """Probability of ``alt_reads`` or more at a depth."""
    return 1.0 - binomial_at_most(alt_reads - 1, depth, vaf)


@functools.cache
def lowest_vaf(depth: int, alt_reads: int, probability: float) -> float | None:
    """The VAF from which ``alt_reads`` are seen with ``probability`` at a depth; ``None``: at none."""
    if _seen(depth, 0.999, alt_reads) < probability:
        return None
    low, high = 1e-5, 0.999
    for _ in range(40):
        middle = (low + high) / 2
        if _seen(depth, middle, alt_reads) >= probability:
            high = middle
        else:
            low = middle
    return round(high, 4)


def coverage(
    depth_at: DepthAt, transcript: Transcript, threshold_vaf: float, rules: CoverageRules, source: str,
    covered: Callable[[int], bool] | None = None,
) -> Coverage:  # fmt: skip
    """Callability of the coding exons with their splice bases.

    Args:
        depth_at: usable depth at a GRCh38 position; ``None`` when only callable or not is known.
        transcript: the reference transcript.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
        rules: ``rules/calling.toml`` ``[coverage]``.
        source: what the depth comes from, in words.
        covered: where depth is unknown, whether the position is callable.
    """
    need = depth_needed(threshold_vaf, rules.alt_reads, rules.probability)
    exons: list[ExonCoverage] = []
    gaps: list[CoverageGap] = []
    for exon in sorted((*rules.listed_exons, *rules.required_exons)):
        required = exon in rules.required_exons
        positions = _positions(exon, transcript, rules.splice_bases)
        depths = [depth_at(p) for p in positions]
        if covered is None:
            good = [d is not None and d >= need for d in depths]
        else:
            good = [covered(p) for p in positions]
        exons.append(_exon(exon, positions, depths, good, required, rules))
        gaps += _gaps(positions, depths, good, transcript, str(exon), required)
    return Coverage(
        source=source,
        threshold_vaf=threshold_vaf,
        min_depth_needed=need if covered is None else None,
        required_region_assessed=not any(gap.required for gap in gaps),
        exons=tuple(exons),
        gaps=tuple(gaps),
    )


def _positions(number: int, transcript: Transcript, splice_bases: int) -> list[int]:
    """GRCh38 positions of an exon's coding bases and splice bases, 5' to 3'."""
    low, high = transcript.model.exons[number - 1]
    starts = [a for a, _ in transcript.model.cds]
    ends = [b for _, b in transcript.model.cds]
    low, high = max(low, min(starts)), min(high, max(ends))
    first = high + splice_bases if number > 1 and high == transcript.model.exons[number - 1][1] else high
    last = low - splice_bases if number < len(transcript.model.exons) else low
    return list(range(first, last - 1, -1))


def _exon(
    number: int, positions: Sequence[int], depths: Sequence[int | None], good: Sequence[bool], required: bool,
    rules: CoverageRules,
) -> ExonCoverage:  # fmt: skip
    known = [d for d in depths if d is not None]
    worst = min(known) if len(known) == len(depths) else None
    return ExonCoverage(
        exon=str(number),
        start=min(positions),
        end=max(positions),
        required=required,
        mean_depth=sum(known) / len(known) if known else None,
        min_depth=worst,
        fraction_assessed=sum(good) / len(good),
        lod_vaf=None if worst is None else lowest_vaf(worst, rules.alt_reads, rules.probability),
    )


def _gaps(
    positions: Sequence[int], depths: Sequence[int | None], good: Sequence[bool], transcript: Transcript,
    exon: str, required: bool,
) -> list[CoverageGap]:  # fmt: skip
    gaps = []
    i = 0
    while i < len(positions):
        if good[i]:
            i += 1
            continue
        j = i
        while j + 1 < len(positions) and not good[j + 1]:
            j += 1
        known = [d for d in depths[i : j + 1] if d is not None]
        gaps.append(
            CoverageGap(
                start=positions[j],
                end=positions[i],
                c_start=f"c.{transcript.c_position(transcript.last_position - positions[i])}",
                c_end=f"c.{transcript.c_position(transcript.last_position - positions[j])}",
                exon=exon,
                min_depth=min(known) if known else None,
                required=required,
            )
        )
        i = j + 1
    return gaps


def coverage_of_regions(
    regions: Sequence[Region],
    name: str,
    reference: Reference,
    transcript: Transcript,
    rules: CoverageRules,
    threshold_vaf: float,
) -> Coverage:
    """Callability by a BED: depths where its fourth column is a number, else callable regions.

    A named region counts only when it is called CALLABLE or carries no name of its own.
    """
    depths: dict[int, int] = {}
    callable_positions: set[int] = set()
    numeric = False
    for region in regions:
        span = range(max(region.start, reference.start), min(region.end, reference.end) + 1)
        label = region.fields[0] if region.fields else ""
        value = _number(region.fields[-1]) if region.fields else None
        if value is not None:
            numeric = True
            for position in span:
                depths[position] = min(depths.get(position, value), value)
        elif label.upper() in ("", "CALLABLE") or not label.isupper():
            callable_positions.update(span)
    if numeric:
        return coverage(lambda p: depths.get(p, 0), transcript, threshold_vaf, rules, f"depths of {name}")
    return coverage(
        lambda _p: None, transcript, threshold_vaf, rules, f"callable regions of {name}",
        covered=callable_positions.__contains__,
    )  # fmt: skip


def _number(text: str) -> int | None:
    value = number(text)
    return None if value is None else int(value)


def coverage_of_blocks(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    reference: Reference,
    transcript: Transcript,
    rules: CoverageRules,
    threshold_vaf: float,
) -> Coverage | None:
    """Callability by gVCF reference blocks and the depths of calls; ``None`` without a block."""
    if not blocks:
        return None
    depths: dict[int, int] = {}
    for block in blocks:
        if block.depth is not None:
            for position in range(max(block.start, reference.start), min(block.end, reference.end) + 1):
                depths[position] = max(depths.get(position, 0), block.depth)
    for candidate in candidates:
        if candidate.support.depth is not None:
            for position in range(candidate.allele.pos, candidate.allele.end + 1):
                depths.setdefault(position, candidate.support.depth)
    return coverage(
        lambda p: depths.get(p, 0),
        transcript,
        threshold_vaf,
        rules,
        "gVCF reference blocks",
    )
