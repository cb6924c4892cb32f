"""Duplicates by the ends of fragments: whether there are any, and how many molecules share their ends by chance."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import Floats, Ints
from tp53annot.knowledge.rules.reads.molecules import DuplicateRules

_STRANDS_APART = 1 << 32  # beyond any chromosome
# Share of the fragments that is looked at, by the most frequent pairs of ends, and how many pairs at most.
_MOST_OF_THEM, _MOST_PAIRS = 0.8, 4000
_STEPS = 64  # densities that the chance of a coincidence is computed for


class FragmentEnds(Struct, frozen=True, kw_only=True):
    """Where fragments begin and how long they are, an entry each.

    Attributes:
        start: 0-based position of the lower end.
        size: bases of the fragment; 0 throughout where reads tell one end alone (then ``start`` is that end, by
            :func:`one_end`).
    """

    start: Ints
    size: Ints

    def families(self) -> tuple[FragmentEnds, Ints]:
        """Each pair of ends once, by start and size, and how many fragments have it."""
        wide = int(self.size.max(initial=0)) + 1
        key, count = np.unique(self.start * wide + self.size, return_counts=True)
        return FragmentEnds(start=key // wide, size=key % wide), np.asarray(count)


def one_end(position: int, *, reverse: bool) -> int:
    """The end that a single read shows, strands far apart so that they are never taken for neighbours."""
    return position + (_STRANDS_APART if reverse else 0)


def are_amplicons(ends: FragmentEnds, length: float, rules: DuplicateRules) -> bool:
    """Whether so few pairs of ends lie over a base that they are amplicons', and not those of copied molecules.

    Args:
        ends: of every fragment of a file whose reads begin at few places.
        length: mean length of reads, for fragments that show one end alone.
        rules: ``rules/calling.toml`` ``[duplicates]``.
    """
    families, counts = ends.families()
    order = np.argsort(-counts, kind="stable")
    enough = int(np.searchsorted(np.cumsum(counts[order]), _MOST_OF_THEM * counts.sum())) + 1
    if not len(order) or enough > _MOST_PAIRS:
        return False
    order = order[:enough]
    start, counts = families.start[order], counts[order]
    size = np.where(families.size[order] > 0, families.size[order], round(length))
    shares = _joined_shares(start, families.size[order], counts, rules.jitter)
    effective = shares.sum() ** 2 / (shares**2).sum()
    mean = float((counts * size).sum() / counts.sum())
    return bool(effective * mean <= rules.amplicons_over * _covered(start, size))


def _joined_shares(start: Ints, size: Ints, counts: Ints, jitter: int) -> Floats:
    """Fragments of each pair of ends, the most frequent first, with those within the jitter of it."""
    end, left, found = start + size, np.ones(len(start), np.bool_), []
    for first in range(len(start)):
        if left[first]:
            near = left & (np.abs(start - start[first]) <= jitter) & (np.abs(end - end[first]) <= jitter)
            found.append(counts[near].sum())
            left &= ~near
    return np.array(found, float)


def _covered(start: Ints, size: Ints) -> int:
    """Bases under any of these stretches."""
    order = np.argsort(start, kind="stable")
    first, reached = start[order], np.maximum.accumulate((start + size)[order])
    gaps = np.maximum(first[1:] - reached[:-1], 0).sum()
    return int(reached[-1] - first[0] - gaps)


def has_duplicates(ends: FragmentEnds, rules: DuplicateRules) -> bool:
    """Whether more fragments share both ends than distinct molecules of this density would by chance.

    Args:
        ends: of every fragment.
        rules: ``rules/calling.toml`` ``[duplicates]``.
    """
    total = len(ends.start)
    if total < rules.fragments:
        return False
    families, counts = ends.families()
    if len(counts) >= (1 - rules.excess) * total:
        return False
    if _tell_by_size(families, rules):
        molecules = len(counts) + hidden_molecules(families, rules).sum()
        return bool(molecules < (1 - rules.excess) * total)
    return len(counts) < (1 - rules.excess_one_end) * _distinct_by_chance(ends, rules.window)


def _tell_by_size(families: FragmentEnds, rules: DuplicateRules) -> bool:
    """Whether the second end tells fragments apart: reads may show one end alone, or all sizes be the same."""
    return bool(_sizes(families).max() <= rules.same_size)


def _distinct_by_chance(ends: FragmentEnds, window: int) -> float:
    """Pairs of ends to expect of as many distinct molecules, by their local density and their sizes."""
    density, share = _density(ends, window), _sizes(ends)
    steps = np.quantile(density, (np.arange(_STEPS) + 0.5) / _STEPS)
    rate = np.outer(steps, share[share > 0])
    # A molecule of a cell with ``rate`` others adds (1 - exp(-rate)) / rate to the cells that are filled.
    adds = np.where(rate > 1e-9, -np.expm1(-rate) / np.maximum(rate, 1e-9), 1.0)
    return float(len(ends.start) * (adds @ share[share > 0]).mean())


def _density(ends: FragmentEnds, window: int) -> Floats:
    """Fragments per place on the denser side of each one's start: at the edge of a target one side is empty."""
    starts = np.sort(ends.start)
    below = np.searchsorted(starts, ends.start - window)
    at_or_above = np.searchsorted(starts, ends.start)
    above = np.searchsorted(starts, ends.start, side="right")
    far = np.searchsorted(starts, ends.start + window, side="right")
    return np.asarray(np.maximum(above - below, far - at_or_above) / (window + 1), float)


def _sizes(ends: FragmentEnds) -> Floats:
    """Share of the fragments by size."""
    return np.asarray(np.bincount(ends.size) / len(ends.size), float)


def hidden_molecules(families: FragmentEnds, rules: DuplicateRules) -> Floats:
    """How many further molecules each family of fragments with the same ends holds on average.

    By how many other families begin at the same place, so that places where fragments like to begin are
    reckoned with, and by how often fragments have this size.

    Args:
        families: the ends of each family, each once.
        rules: ``rules/calling.toml`` ``[duplicates]``.
    """
    share = _sizes(families)
    if not _tell_by_size(families, rules):
        others, often = _density(families, rules.window), share[families.size]
    else:
        others, often = _others_beginning_there(families, rules.jitter), _smooth(share)[families.size]
    rate = others * often
    # The families are fewer than the molecules by what they hide.
    for _ in range(2):
        hidden = _further(rate)
        rate = others * often * (1 + hidden.mean())
    return _further(rate)


def _further(rate: Floats) -> Floats:
    """Mean number of molecules beyond the first in a cell that holds one, where ``rate`` is that of the cell."""
    safe = np.maximum(rate, 1e-6)
    return np.asarray(np.where(rate > 1e-6, safe / -np.expm1(-safe) - 1, rate / 2), float)


def _others_beginning_there(families: FragmentEnds, jitter: int) -> Floats:
    """Other families with the same start whose size differs by more than an alignment may shift it."""
    _, number, count = np.unique(families.start, return_inverse=True, return_counts=True)
    order = np.lexsort((families.size, families.start))
    start, size = families.start[order], families.size[order]
    near = np.zeros(len(order))
    for step in range(1, 2 * jitter + 1):
        alike = (start[step:] == start[:-step]) & (size[step:] - size[:-step] <= jitter)
        near[step:] += alike
        near[:-step] += alike
    found = np.empty(len(order))
    found[order] = near
    return np.asarray(count[number] - 1 - found, float)


def _smooth(share: Floats) -> Floats:
    """Shares by size, each the mean of it and its neighbours."""
    return np.asarray(np.convolve(share, np.full(5, 0.2), mode="same"), float)


def shared_out(hidden: Floats, copies: Ints) -> Ints:
    """Whole further molecules for each family, in order, so that their sum is what is expected.

    A family of one fragment holds none; the others share by what is expected of them and their further copies.

    Args:
        hidden: expected further molecules of each family.
        copies: its fragments.
    """
    weight = hidden * (copies - 1)
    if not weight.any():
        return np.zeros(len(copies), np.int64)
    scaled = np.minimum(weight * (hidden.sum() / weight.sum()), copies - 1)
    reached = np.floor(np.cumsum(scaled) + 0.5)
    further = np.diff(reached, prepend=0).astype(np.int64)
    return np.asarray(np.minimum(further, copies - 1))
