"""The fewest molecules of a call: what errors leave no chance for, and how surely so many are seen at a depth."""

from __future__ import annotations

import functools
import math

import numpy as np

from tp53annot.calling.arrays import Bools, Floats, Ints
from tp53annot.core.statistics import overdispersed_at_least

STEP = 1.02
COARSE = 1.1  # of many errors


def fewest_at(
    expected: Floats, where: Bools, spread: float, least: int, limit: float, step: float = STEP
) -> Ints:
    """For each place the fewest molecules that errors give with a probability of ``limit`` at most.

    Args:
        expected: errors to expect at each place.
        where: the places that are asked for; 0 elsewhere.
        spread: variance beyond Poisson, as a share of the mean squared.
        least: fewest in any case.
        limit: probability (0..1).
        step: expected errors are rounded up to powers of this, so that few of them are reckoned.
    """
    found = np.zeros(len(expected), np.int64)
    steps = np.ceil(np.log(np.maximum(expected[where], 1e-6)) / math.log(step)).astype(np.int64)
    kinds, number = np.unique(steps, return_inverse=True)
    counts = [_fewest(step ** int(kind), spread, least, limit) for kind in kinds]
    if counts:
        found[where] = np.array(counts, np.int64)[number]
    return found


@functools.cache
def _fewest(mean: float, spread: float, least: int, limit: float) -> int:
    low, high = least, least
    while overdispersed_at_least(high, mean, spread) > limit:
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        if overdispersed_at_least(middle, mean, spread) <= limit:
            high = middle
        else:
            low = middle + 1
    return high
