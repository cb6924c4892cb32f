"""Sequences that reads over a change may come from, and how each read fits them, compared without gaps."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import Bools, Codes, Ints, codes_of
from tp53annot.calling.pileup import ReadChange

_OUTSIDE = 9  # beyond a compared sequence: neither match nor mismatch
_CHUNK = 2_000_000  # bases compared at a time: bounds memory


class ReadTable(Struct, frozen=True, kw_only=True):
    """Reads over a cluster, an entry each.

    Attributes:
        codes: bases, a row each; whatever is no code of a base is not usable.
        size: bases of the row that are the read's.
        first: GRCh38 position of its first base, clips included, as its left end is aligned.
        last: GRCh38 position of its last base, clips included, as its right end is aligned.
        fragment: number shared by mates.
        strand: 0 forward, 1 reverse.
    """

    codes: Codes
    size: Ints
    first: Ints
    last: Ints
    fragment: Ints
    strand: Ints


class Haplotype(Struct, frozen=True):
    """The cluster's window with or without a change.

    Attributes:
        codes: its bases.
        net: bases by which it is longer than the reference's.
    """

    codes: Codes
    net: int


class ReadFit(Struct, frozen=True):
    """How each read fits a haplotype at its best place.

    Attributes:
        wrong: mismatches.
        first: index of the read's first base on the haplotype.
    """

    wrong: Ints
    first: Ints


def haplotype_with(change: ReadChange, window: str, low: int) -> Haplotype:
    """A window with a change; ``low``: GRCh38 position of its first base."""
    at = change.pos - low
    text = window[:at] + change.alt + window[at + len(change.ref) :]
    return Haplotype(codes_of(text), len(text) - len(window))


def fit_reads(haplotype: Haplotype, reads: ReadTable, low: int) -> ReadFit:
    """Each read at the better of two places: as its left end says, and as its right end says.

    Args:
        haplotype: of a window.
        reads: over it.
        low: GRCh38 position of the window's first base.
    """
    by_left = reads.first - low
    by_right = reads.last - low + haplotype.net - reads.size + 1
    left, right = _wrong(haplotype.codes, reads, by_left), _wrong(haplotype.codes, reads, by_right)
    # Beyond the window nothing is wrong: a place where most of a read would lie there is none.
    held = [np.minimum(p + reads.size, len(haplotype.codes)) - np.maximum(p, 0) for p in (by_left, by_right)]
    worse = np.where(2 * held[0] < held[1], True, np.where(2 * held[1] < held[0], False, right < left))
    return ReadFit(np.where(worse, right, left), np.where(worse, by_right, by_left))


def _wrong(codes: Codes, reads: ReadTable, first: Ints) -> Ints:
    """Mismatches of usable bases when each read's first base lies at ``first``."""
    width = reads.codes.shape[1]
    padded = np.concatenate([np.full(width, _OUTSIDE, np.uint8), codes, np.full(width, _OUTSIDE, np.uint8)])
    start = np.clip(first + width, 0, len(codes) + width)
    found = np.empty(len(first), np.int64)
    views = np.lib.stride_tricks.sliding_window_view(padded, width) if width else padded[:, None]
    step = max(_CHUNK // max(width, 1), 1)
    for i in range(0, len(first), step):
        part = slice(i, i + step)
        there, bases = views[start[part]], reads.codes[part]
        found[part] = ((bases != there) & (there < 4) & (bases < 4)).sum(axis=1)
    return found


class ChangeEnds(Struct, frozen=True):
    """Where a read shows that it carries a change. Pairs are indices from the left and from the right, from 0.

    Attributes:
        begin: a read must begin here or before ...
        told: ... and reach this base to fit the change better than the reference at ``differences`` bases.
        edge: where the bases in common with the reference end for good; as many reads hold as many bases from
            here on as from ``begin``, and they cover the site whatever they carry.
        differences: bases that tell the change from the reference.
        repeated: whether it adds to a repeat or takes from one, so that ``edge`` and ``begin`` differ.
        stretch: the reference's indices (from the left) between which it can be written anywhere.
    """

    begin: tuple[int, int]
    told: tuple[int, int]
    edge: tuple[int, int]
    differences: int
    repeated: bool
    stretch: tuple[int, int]

    @classmethod
    def of(cls, plain: Haplotype, other: Haplotype, difference: int, anchor: int) -> ChangeEnds | None:
        """``None`` when the window does not tell them apart."""
        size = min(len(plain.codes), len(other.codes))
        left = np.flatnonzero(plain.codes[:size] != other.codes[:size])
        right = np.flatnonzero(plain.codes[::-1][:size] != other.codes[::-1][:size])
        if not (left.size and right.size):
            return None
        enough = min(difference, left.size, right.size)
        told = int(left[enough - 1]), int(right[enough - 1])
        same = int(left[0]), int(right[0])
        whole = len(other.codes) - 1
        begin = min(same[0] - anchor, whole - told[1]), min(same[1] - anchor, whole - told[0])
        common = min(same[0], size - same[1]), min(same[1], size - same[0])
        edge = min(begin[0], common[0] - anchor), min(begin[1], common[1] - anchor)
        gone = max(-other.net, 0)
        stretch = len(plain.codes) - same[1] - gone, same[0] + gone
        return cls(begin, told, edge, enough, edge != begin, stretch)

    def shown(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads from ``first`` to ``last``, counted from that side (0 left, 1 right), that show this end."""
        return np.asarray((first <= self.begin[side]) & (last >= self.told[side]))

    def covered(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads that hold as many bases from the edge on; arguments as in ``shown``."""
        reach = self.edge[side] + self.told[side] - self.begin[side]
        return np.asarray((first <= self.edge[side]) & (last >= reach))
