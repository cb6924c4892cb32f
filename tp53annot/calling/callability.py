"""Callability: which bases were assessed at a VAF, and the lowest VAF each exon excludes."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct

from tp53annot.core.coverage import Coverage, CoverageGap, ExonCoverage, GapCause
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import binomial_at_most
from tp53annot.core.text import number
from tp53annot.knowledge.rules.reads.calling import CoverageRules
from tp53annot.names.transcript import Transcript
from tp53annot.system.bed import Region

_HIGHEST, _LOWEST = 0.999, 1e-5  # VAFs between which the lowest one is looked for
_HALVINGS, _DIGITS = 40, 4
_MANY = 200  # molecules from which a binomial is a normal distribution: off by less than 1 in 1,000
_MOST_DETAILS = 3  # values shown of one gap


class CallNeed(Struct, frozen=True, kw_only=True):
    """What a call needs at a place.

    Attributes:
        alt_reads: fewest molecules.
        both_below: with fewer molecules than this they must be on both strands; 0: never.
        rarer: share (0..1) of the molecules on the strand that has fewer of them.
    """

    alt_reads: int
    both_below: int = 0
    rarer: float = 0.5


@functools.cache
def depth_needed(vaf: float, need: CallNeed, probability: float) -> int:
    """Lowest depth at which a change shows what a call needs with ``probability`` (binomial).

    Raises:
        ValueError: a VAF of 0, which no depth shows, or beyond 1.

    >>> depth_needed(0.05, CallNeed(alt_reads=8), 0.95), depth_needed(0.05, CallNeed(alt_reads=5), 0.95)
    (260, 181)
    """
    if not 0 < vaf <= 1:
        raise ValueError(f"a VAF of {vaf} is not within 0..1, or is none")
    low, high = need.alt_reads, 1
    while _seen(high, vaf, need) < probability:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if _seen(middle, vaf, need) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def _seen(depth: int, vaf: float, need: CallNeed) -> float:
    """Probability of what a call needs at a depth."""
    if need.alt_reads > _MANY:
        return 1.0 - _normal_at_most(need.alt_reads - 1, depth, vaf)
    below = binomial_at_most(need.alt_reads - 1, depth, vaf)
    found = 1.0 - below
    for count in range(need.alt_reads, min(need.both_below, depth + 1)):
        up_to = binomial_at_most(count, depth, vaf)
        found -= (up_to - below) * (need.rarer**count + (1 - need.rarer) ** count)
        below = up_to
    return found


def _normal_at_most(hits: int, trials: int, p: float) -> float:
    """As of the binomial distribution, by the normal one (with half a hit for continuity): many hits, a short sum."""
    deviation = math.sqrt(trials * p * (1 - p))
    return 0.5 * math.erfc((trials * p - hits - 0.5) / (deviation * math.sqrt(2)))


@functools.cache
def lowest_vaf(depth: int, need: CallNeed, probability: float) -> float | None:
    """The VAF from which what a call needs is seen with ``probability`` at a depth; ``None``: at none."""
    if _seen(depth, _HIGHEST, need) < probability:
        return None
    low, high = _LOWEST, _HIGHEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _seen(depth, middle, need) >= probability:
            high = middle
        else:
            low = middle
    return round(high, _DIGITS)


class WhyNotAssessed(Struct, frozen=True, kw_only=True):
    """Why a base does not count as assessed, and the values of a record that say so."""

    cause: GapCause
    detail: str | None = None


_SHALLOW, _NOT_CALLABLE = (WhyNotAssessed(cause=cause) for cause in (GapCause.SHALLOW, GapCause.NOT_CALLABLE))


class _Exon(Struct, frozen=True, kw_only=True):
    """An exon's bases, 5' to 3'.

    Attributes:
        number: from 1.
        required: whether it must be assessed.
        positions: GRCh38, 1-based.
        depths: usable depth at each; ``None`` where it is not known.
        needs: what a call needs at each.
        assessed: whether each was assessed at the VAF.
        reasons: why each was not, where it was not.
    """

    number: int
    required: bool
    positions: Sequence[int]
    depths: Sequence[int | None]
    needs: Sequence[CallNeed]
    assessed: Sequence[bool]
    reasons: Sequence[WhyNotAssessed | None]


def coverage_of_depths(
    depth_at: Callable[[int], int | None],
    transcript: Transcript,
    threshold_vaf: float,
    rules: CoverageRules,
    source: str,
    *,
    covered: Callable[[int], bool] | None = None,
    why: Callable[[int], WhyNotAssessed] | None = None,
    need_at: Callable[[int], CallNeed] | None = None,
    doubts: Mapping[int, WhyNotAssessed] = MappingProxyType({}),
) -> Coverage:
    """Callability of the coding exons with their splice bases.

    Args:
        depth_at: usable depth at a GRCh38 position; ``None`` when only callable or not is known.
        transcript: the reference transcript.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
        rules: ``rules/calling.toml`` ``[coverage]``.
        source: what the depth comes from, in words.
        covered: where depth is unknown, whether the position is callable.
        why: why a position that was not assessed was not; by default, too few reads or not callable.
        need_at: what a call needs at a GRCh38 position; the rules' own number everywhere when ``None``.
        doubts: GRCh38 positions that do not count as assessed whatever their depth, and why.
    """
    fixed = CallNeed(alt_reads=rules.alt_reads)
    usual = _SHALLOW if covered is None else _NOT_CALLABLE
    exons, deepest = [], 0
    for exon in sorted((*rules.listed_exons, *rules.required_exons)):
        positions = _positions(exon, transcript, rules.splice_bases)
        depths = [depth_at(p) for p in positions]
        needs = [need_at(p) if need_at else fixed for p in positions]
        wanted = [depth_needed(threshold_vaf, need, rules.probability) for need in needs]
        if covered is None:
            deep = [d is not None and d >= n for d, n in zip(depths, wanted, strict=True)]
            assessed = [d and p not in doubts for d, p in zip(deep, positions, strict=True)]
        else:
            assessed = [covered(p) for p in positions]
        required = exon in rules.required_exons
        reasons = [
            None if seen else doubts[p] if p in doubts else usual if why is None else why(p)
            for p, seen in zip(positions, assessed, strict=True)
        ]
        deepest = max(deepest, *wanted) if required else deepest
        exons.append(
            _Exon(
                number=exon,
                required=required,
                positions=positions,
                depths=depths,
                needs=needs,
                assessed=assessed,
                reasons=reasons,
            )
        )
    return Coverage(
        source=source,
        threshold_vaf=threshold_vaf,
        min_depth_needed=deepest if covered is None else None,
        required_region_assessed=all(all(exon.assessed) for exon in exons if exon.required),
        exons=tuple(_summary(exon, rules) for exon in exons),
        gaps=tuple(gap for exon in exons for gap in _gaps(exon, transcript)),
    )


def _positions(exon: int, transcript: Transcript, splice_bases: int) -> list[int]:
    """GRCh38 positions of an exon's coding bases and splice bases, 5' to 3'."""
    low, high = transcript.model.exons[exon - 1]
    starts = [a for a, _ in transcript.model.cds]
    ends = [b for _, b in transcript.model.cds]
    low, high = max(low, min(starts)), min(high, max(ends))
    first = high + splice_bases if exon > 1 and high == transcript.model.exons[exon - 1][1] else high
    last = low - splice_bases if exon < len(transcript.model.exons) else low
    return list(range(first, last - 1, -1))


def _summary(exon: _Exon, rules: CoverageRules) -> ExonCoverage:
    known = [d for d in exon.depths if d is not None]
    worst = min(known) if len(known) == len(exon.depths) else None
    return ExonCoverage(
        exon=str(exon.number),
        start=min(exon.positions),
        end=max(exon.positions),
        required=exon.required,
        mean_depth=sum(known) / len(known) if known else None,
        min_depth=worst,
        fraction_assessed=sum(exon.assessed) / len(exon.assessed),
        lod_vaf=_worst_limit(exon, rules) if worst is not None else None,
    )


def _worst_limit(exon: _Exon, rules: CoverageRules) -> float | None:
    """The lowest VAF that every base excludes: that of the base which needs most for its depth."""
    lowest: dict[CallNeed, int] = {}
    for depth, need in zip(exon.depths, exon.needs, strict=True):
        lowest[need] = min(lowest.get(need, depth or 0), depth or 0)
    limits = [lowest_vaf(depth, need, rules.probability) for need, depth in lowest.items()]
    known = [limit for limit in limits if limit is not None]
    return max(known) if len(known) == len(limits) else None


def _gaps(exon: _Exon, transcript: Transcript) -> Iterator[CoverageGap]:
    """Stretches that were not assessed, each for one cause."""
    bases = zip(exon.positions, exon.depths, exon.reasons, strict=True)
    for cause, group in groupby(bases, key=lambda base: base[2] and base[2].cause):
        if cause is None:
            continue
        stretch = list(group)
        known = [depth for _, depth, _ in stretch if depth is not None]
        details = dict.fromkeys(why.detail for _, _, why in stretch if why and why.detail)
        first, last = stretch[0][0], stretch[-1][0]
        yield CoverageGap(
            start=last,
            end=first,
            c_start=f"c.{transcript.c_position(transcript.last_position - first)}",
            c_end=f"c.{transcript.c_position(transcript.last_position - last)}",
            exon=str(exon.number),
            min_depth=min(known) if known else None,
            required=exon.required,
            cause=cause,
            detail=_joined(details),
        )


def _joined(details: Collection[str]) -> str | None:
    shown = list(details)[:_MOST_DETAILS]
    return ", ".join([*shown, *(["..."] if len(details) > len(shown) else [])]) or None


def coverage_of_regions(
    regions: Sequence[Region],
    name: str,
    reference: Reference,
    transcript: Transcript,
    rules: CoverageRules,
    threshold_vaf: float,
    doubts: Mapping[int, WhyNotAssessed],
) -> Coverage:
    """Callability by a BED: depths where its last column is a number, else callable regions.

    A region named in capitals counts only when the name is CALLABLE; a base that the VCF beside it does not call
    reference with confidence does not count, whatever the BED says.

    Args:
        regions: of the BED.
        name: the file's, for the report.
        reference: the locus.
        transcript: the reference transcript.
        rules: ``rules/calling.toml`` ``[coverage]``.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
        doubts: why bases (GRCh38) are in doubt by the VCF beside it.
    """
    depths: dict[int, int] = {}
    callable_positions: set[int] = set()
    numeric = False
    for region in regions:
        span = range(max(region.start, reference.start), min(region.end, reference.end) + 1)
        label = region.fields[0] if region.fields else ""
        value = number(region.fields[-1]) if region.fields else None
        if value is not None:
            numeric = True
            for position in span:
                depths[position] = min(depths.get(position, int(value)), int(value))
        elif label.upper() in ("", "CALLABLE") or not label.isupper():
            callable_positions.update(span)
    if numeric:
        return coverage_of_depths(
            lambda p: 0 if p in doubts else depths.get(p, 0),
            transcript,
            threshold_vaf,
            rules,
            rules.of_depths.format(name=name),
            why=lambda p: doubts.get(p, _SHALLOW),
        )
    return coverage_of_depths(
        lambda _: None,
        transcript,
        threshold_vaf,
        rules,
        rules.of_regions.format(name=name),
        covered=(callable_positions - doubts.keys()).__contains__,
        why=lambda p: doubts.get(p, _NOT_CALLABLE),
    )
