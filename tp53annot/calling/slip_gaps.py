"""Places where errors of the platform hide what a call would need to show: other bases, or bases lost and gained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tp53annot.calling.arrays import BASES, Counts, Floats, Ints
from tp53annot.calling.callability import CallNeed, WhyNotAssessed, depth_needed, lowest_vaf
from tp53annot.calling.caller import Caller
from tp53annot.calling.pileup import Pileup
from tp53annot.calling.proof.fewest import COARSE, fewest_at
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.core.coverage import GapCause

_UNREADABLE, _ERRORS = (WhyNotAssessed(cause=cause) for cause in (GapCause.UNREADABLE, GapCause.ERRORS))


def slip_doubts(
    caller: Caller, depth: Counts, threshold_vaf: float, need_at: Callable[[int], CallNeed]
) -> Mapping[int, WhyNotAssessed]:
    """Places (GRCh38) that are deep enough, and yet do not count as assessed; none where reads do not slip.

    Args:
        caller: of the sample's reads.
        depth: fragments over each place that callability rests on.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
        need_at: what a call of another base needs at a place.
    """
    pileup = caller.pileup
    if pileup.noise is None:
        return {}
    found: dict[int, WhyNotAssessed] = {}
    for i, why in _runs(caller, pileup.noise, depth, threshold_vaf):
        found[pileup.start + i] = why
    found |= dict.fromkeys(_misread(caller, depth, threshold_vaf, need_at), _ERRORS)
    return found | dict.fromkeys(
        _unreadable(pileup, threshold_vaf, caller.rules.slips.told_share), _UNREADABLE
    )


def _runs(
    caller: Caller, noise: SlipNoise, depth: Counts, threshold_vaf: float
) -> Iterator[tuple[int, WhyNotAssessed]]:
    """Places in runs of one base in which a lost or gained base cannot be told from errors."""
    rules, probability = caller.rules.slips, caller.rules.coverage.probability
    needed: Ints = np.zeros(len(depth), np.int64)
    for length, rate in noise.of_one_base():
        where = noise.run_size == length
        expected: Floats = depth.astype(np.float64) * rate.rate
        needed = np.maximum(
            needed, fewest_at(expected, where, rate.spread, caller.min_alt, caller.limit, COARSE)
        )
    for first in np.unique(noise.run_first).tolist():
        size = int(noise.run_size[first])
        over = int(depth[first : first + size].min())
        need = CallNeed(alt_reads=int(needed[first : first + size].max()))
        vaf = threshold_vaf if size >= rules.run else max(threshold_vaf, rules.outside_vaf)
        plain = depth_needed(vaf, CallNeed(alt_reads=caller.min_alt), probability)
        if over >= plain and over < depth_needed(vaf, need, probability):
            lowest = lowest_vaf(over, need, probability)
            told = f">= {lowest:.1%}" if lowest is not None else None
            why = WhyNotAssessed(cause=GapCause.RUN_ERRORS, detail=told)
            for i in range(first, first + size):
                yield i, why


def _misread(
    caller: Caller, depth: Counts, threshold_vaf: float, need_at: Callable[[int], CallNeed]
) -> Iterator[int]:
    """Positions at which enough reads for a call lie, were it not for their errors."""
    probability = caller.rules.coverage.probability
    plain = depth_needed(threshold_vaf, CallNeed(alt_reads=caller.min_alt), probability)
    for i in np.flatnonzero(caller.pileup.depth >= plain).tolist():
        position = caller.pileup.start + i
        if int(depth[i]) < depth_needed(threshold_vaf, need_at(position), probability):
            yield position


def _unreadable(pileup: Pileup, threshold_vaf: float, told_share: float) -> Iterator[int]:
    """Positions of other bases, or of long events, that many reads show and few of them can be read for."""
    many = told_share * threshold_vaf
    depth = pileup.depth
    for change, shares in pileup.shares.items():
        at = change.pos - pileup.start
        if not change.single_base or not 0 <= at < pileup.length:
            continue
        shown = int(pileup.bases[:, BASES.index(change.alt), at].sum())
        if shown >= many * int(depth[at]) and shares.depth < told_share * int(depth[at]):
            yield change.pos
    for group in pileup.long_groups:
        counted = pileup.shares.get(group.change) if group.change else None
        vaf = counted.vaf if counted else None
        if group.share >= many and (vaf is None or vaf < told_share * group.share):
            yield from range(group.first + 1, group.last + 1)
