"""Stretches of reads on arrays, and what they show on the locus base by base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from tp53annot.calling.arrays import Bools, Codes, Counts, Ints
from tp53annot.calling.pileup import ReadChange

# What a read shows at a place beside the bases 0..3: deleted, not usable, nothing.
GONE, UNUSABLE, NOTHING = 4, 254, 255
_RUN = 8  # neighbouring stretches of one size, on average, from which tables are quicker than single places


class Indel(NamedTuple):
    """An insertion, deletion or replaced stretch of a read.

    Attributes:
        read: number of the read in its block.
        change: normalised.
        near_end: whether it lies near an end of the read.
    """

    read: int
    change: ReadChange
    near_end: bool


class ReadRows(Struct):
    """Stretches of reads without a skip, an entry each, and what they show base by base.

    Attributes:
        read: number of the stretch's read in its block.
        low: the pileup index it begins at.
        size: bases of the reference under it.
        at: where it begins in ``shown``.
        shown: codes of bases, or ``GONE``, ``UNUSABLE``, ``NOTHING``; all stretches one after the other.
        quality: of each of these, Phred-scaled.
        near: whether each lies near an end of its read.
        indels: of all reads.
    """

    read: Ints
    low: Ints
    size: Ints
    at: Ints
    shown: Codes
    quality: Codes
    near: Bools
    indels: list[Indel] = field(default_factory=list[Indel])

    _wrong: Ints | None = None

    def mismatches(self, reference: Codes) -> Ints:
        """Places in ``shown`` of bases that differ from the reference's codes."""
        if self._wrong is None:
            self._wrong = np.flatnonzero(
                (self.shown != under(reference, self.low, self.size)) & (self.shown < 4)
            )
        else:
            self._wrong = self._wrong[self.shown[self._wrong] < 4]  # bases may have been blanked since
        return self._wrong

    def row_of(self, places: Ints) -> Ints:
        """The stretch (its number) that holds each of these places in ``shown``."""
        return np.searchsorted(self.at + self.size, places, side="right")

    def begins(self, reads: int) -> Ints:
        """The pileup index at which each read (by number) begins."""
        found = np.full(reads, np.iinfo(np.int64).max // 4)
        np.minimum.at(found, self.read, self.low)
        return found

    def leave_out(self, reads: Sequence[int]) -> None:
        """Blank these reads (by number)."""
        rows = np.flatnonzero(np.isin(self.read, reads))
        self.shown[ranges(self.at[rows], self.size[rows])] = NOTHING
        gone = set(reads)
        self.indels = [i for i in self.indels if i.read not in gone]


def joined(parts: Sequence[ReadRows], reference: Codes) -> ReadRows:
    """Rows of several parts as one; ``reference``: codes of the pileup's bases."""
    parts = [part for part in parts if len(part.read)]
    if len(parts) < 2:
        return parts[0]
    before = np.cumsum([0, *(len(part.shown) for part in parts)]).tolist()
    return ReadRows(
        np.concatenate([part.read for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.size for part in parts]),
        np.concatenate([part.at + first for part, first in zip(parts, before, strict=False)]),
        np.concatenate([part.shown for part in parts]),
        np.concatenate([part.quality for part in parts]),
        np.concatenate([part.near for part in parts]),
        [indel for part in parts for indel in part.indels],
        np.concatenate(
            [part.mismatches(reference) + first for part, first in zip(parts, before, strict=False)]
        ),
    )


def ranges(starts: Ints, sizes: Ints, step: int = 1) -> Ints:
    """``starts[i] .. starts[i] + sizes[i] - 1`` one after the other; with a step, so many times as far apart.

    >>> ranges(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    >>> ranges(np.array([50, 10]), np.array([2, 3]), 10).tolist()
    [50, 60, 10, 20, 30]
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    runs = _runs(sizes)
    if runs is None:
        return np.asarray(np.arange(total) * step + np.repeat(starts - (ends - sizes) * step, sizes))
    found = np.empty(total, np.int64)
    for first, last in runs:
        size = int(sizes[first])
        table = found[ends[first] - size : ends[last - 1]].reshape(last - first, size)
        np.add(starts[first:last, None], np.arange(size) * step, out=table)
    return found


def under(values: Codes, starts: Ints, sizes: Ints) -> Codes:
    """``values[starts[i] : starts[i] + sizes[i]]`` one after the other.

    >>> under(np.arange(9, dtype=np.uint8), np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    runs = _runs(sizes)
    if runs is None:
        return values[ranges(starts, sizes)]
    parts: list[Codes] = []
    for first, last in runs:
        windows: npt.NDArray[np.uint8] = np.lib.stride_tricks.sliding_window_view(values, int(sizes[first]))
        parts.append(windows[starts[first:last]].ravel())
    return np.concatenate(parts)


def _runs(sizes: Ints) -> list[tuple[int, int]] | None:
    """Neighbours of one size, as first and behind the last; ``None`` where most differ from the next."""
    cuts = np.flatnonzero(sizes[1:] != sizes[:-1]) + 1
    if not len(sizes) or (len(cuts) + 1) * _RUN > len(sizes) or not sizes.all():
        return None
    return list(pairwise([0, *cuts.tolist(), len(sizes)]))


def count_mates_once(rows: ReadRows, pairs: Ints, reads: int) -> None:
    """Blank what the mate has already shown; where mates disagree neither counts.

    Args:
        rows: of a block.
        pairs: numbers of reads that are mates, by [pair, which of the two].
        reads: how many there are in the block.
    """
    both = _row_pairs(rows, pairs, reads)
    low = np.maximum(rows.low[both[:, 0]], rows.low[both[:, 1]])
    ends = rows.low + rows.size
    size = np.minimum(ends[both[:, 0]], ends[both[:, 1]]) - low
    order = np.argsort(size, kind="stable")[np.count_nonzero(size <= 0) :]  # alike ones together
    low, size, one, two = low[order], size[order], both[order, 0], both[order, 1]
    theirs = ranges(rows.at[one] - rows.low[one] + low, size)
    mine = ranges(rows.at[two] - rows.low[two] + low, size)
    first, second = rows.shown[theirs], rows.shown[mine]
    clash = (first < 4) & (second < 4) & (first != second)
    rows.shown[mine[first <= GONE]] = UNUSABLE
    rows.shown[theirs[clash]] = UNUSABLE


def _row_pairs(rows: ReadRows, pairs: Ints, reads: int) -> Ints:
    """Every stretch of a read with every one of its mate, by their numbers."""
    count = np.bincount(rows.read, minlength=reads)
    row = np.zeros(reads, np.int64)
    row[rows.read] = np.arange(len(rows.read))
    single = (count[pairs] == 1).all(axis=1)
    of_read: dict[int, list[int]] = {}
    for r in np.flatnonzero(count[rows.read] > 1).tolist():
        of_read.setdefault(int(rows.read[r]), []).append(r)
    for n in pairs[~single].ravel().tolist():
        if count[n] == 1:
            of_read[n] = [int(row[n])]
    several = [
        (a, b) for i, j in pairs[~single].tolist() for a in of_read.get(i, ()) for b in of_read.get(j, ())
    ]
    return np.concatenate([row[pairs[single]], np.array(several, np.int64).reshape(-1, 2)])


def mates_of(numbers: Iterable[int], pairs: Ints, reads: int) -> Mapping[int, int]:
    """The mates of some reads, by their numbers.

    Args:
        numbers: of these reads.
        pairs: numbers of reads that are mates, by [pair, which of the two].
        reads: how many there are in the block.
    """
    mate = np.full(reads, -1)
    mate[pairs[:, 0]], mate[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    return {n: int(mate[n]) for n in numbers if mate[n] >= 0}


def tally(keys: Ints, shape: tuple[int, ...]) -> Counts:
    """How often each place of an array of that shape is named.

    Args:
        keys: places, as of the flattened array.
        shape: of the array.
    """
    counts = np.bincount(keys, minlength=int(np.prod(shape)))
    return counts.astype(np.int32).reshape(shape)
