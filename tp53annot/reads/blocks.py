"""Blocks of reads on arrays: their bases one after the other, and what each shows on the locus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pysam

from tp53annot.calling.pileup import Change
from tp53annot.calling.realignment import Cigar
from tp53annot.knowledge.rules.calling import UsableRules

CODE = np.full(256, 4, np.uint8)
for _i, _base in enumerate(b"ACGT"):
    CODE[_base] = _i
# What a read shows at a place beside the bases 0..3: deleted, not usable, nothing.
GONE, UNUSABLE, NOTHING = 5, 254, 255
_SOFT, _WITH_BASES = 4, (0, 1, 7, 8)
_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Key = str | tuple[int, int, int] | None


class Read(NamedTuple):
    """One usable read. ``start``: GRCh38, 1-based, of the first aligned base; ``key`` its pair's."""

    start: int
    cigar: Cigar
    bases: str
    qualities: str | None
    strand: int
    key: Key
    mate: int


class Indel(NamedTuple):
    """An insertion, deletion or replaced stretch of a read (by its number), and whether at its end."""

    read: int
    change: Change
    near_end: bool


@dataclass(slots=True)
class Rows:
    """Stretches of reads without a skip; each covers ``[low, low + size)`` and lies at ``at`` in ``shown``."""

    read: Ints
    low: Ints
    size: Ints
    at: Ints
    shown: Bytes
    quality: Bytes
    near: npt.NDArray[np.bool_]
    indels: list[Indel] = field(default_factory=list)

    _index: Ints | None = None
    _wrong: tuple[Ints, Ints] | None = None

    @property
    def index(self) -> Ints:
        """The pileup index of every place."""
        if self._index is None:
            self._index = np.arange(len(self.shown))
            self._index += np.repeat(self.low - self.at, self.size)
        return self._index

    def mismatches(self, reference: Bytes) -> tuple[Ints, Ints]:
        """Places of usable bases that differ from the reference's codes, and the read of each."""
        if self._wrong is None:
            at = np.flatnonzero((self.shown != reference[self.index]) & (self.shown < 4))
            row = np.searchsorted(self.at, at, side="right") - 1
            self._wrong = at, self.read[row] if at.size else at
        return self._wrong

    def leave_out(self, reads: Sequence[int]) -> None:
        """Blank these reads."""
        self.shown[np.isin(self.read, reads).repeat(self.size)] = NOTHING
        gone = set(reads)
        self.indels = [i for i in self.indels if i.read not in gone]


def usable(read: pysam.AlignedSegment, rules: UsableRules) -> bool:
    """Counted at all: by flags and mapping quality, with bases and an alignment."""
    if read.flag & _LEFT_OUT:
        return False
    quality = read.mapping_quality
    return bool(quality >= rules.min_mapping_quality or quality == rules.unstated_mapping_quality)


def ranges(starts: Ints, sizes: Ints) -> Ints:
    """``starts[i] .. starts[i] + sizes[i] - 1`` one after the other.

    >>> ranges(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - sizes), sizes))


class Flat:
    """The bases and qualities of a block's reads, one after the other; ``clips``: left and right ones of each."""

    def __init__(self, text: str, codes: Bytes, qualities: Bytes, sizes: Ints, clips: Ints) -> None:
        self.text, self.codes, self.qualities, self.sizes, self.clips = text, codes, qualities, sizes, clips
        self.starts = np.cumsum(sizes) - sizes
        self.start_of: list[int] = self.starts.tolist()

    @classmethod
    def of(cls, reads: Sequence[Read], assumed: int) -> Flat:
        """Of reads, with ``assumed`` quality where none is stated."""
        text = "".join([r.bases for r in reads])
        stated = "".join([r.qualities or chr(assumed + 33) * len(r.bases) for r in reads])
        return cls(
            text,
            CODE[np.frombuffer(text.encode(), np.uint8)],
            np.frombuffer(stated.encode(), np.uint8) - 33,
            np.array([len(r.bases) for r in reads], np.int64),
            _clips([r.cigar for r in reads]),
        )

    def size_of(self, n: int) -> int:
        """Bases of a read."""
        return int(self.sizes[n])

    def bases_of(self, n: int, start: int, size: int) -> str:
        """Some bases of a read."""
        first = self.start_of[n] + start
        return self.text[first : first + size]

    def of_read(self, n: int) -> tuple[Bytes, Bytes]:
        """Codes and qualities of one read."""
        part = slice(self.start_of[n], self.start_of[n] + self.size_of(n))
        return self.codes[part], self.qualities[part]

    def near(self, end_bases: int) -> npt.NDArray[np.bool_]:
        """Bases within ``end_bases`` of an end of what the aligner aligned of their read."""
        found = np.zeros(len(self.codes), np.bool_)
        steps = np.arange(end_bases)
        first, last = self.starts + self.clips[:, 0], self.starts + self.sizes - 1 - self.clips[:, 1]
        inside = np.minimum(steps[None, :], (last - first)[:, None])
        found[first[:, None] + inside] = True
        found[last[:, None] - inside] = True
        return found


def _clips(cigars: Sequence[Cigar]) -> Ints:
    """Soft-clipped bases on the left and on the right, where something else is left."""
    found = np.zeros((len(cigars), 2), np.int64)
    for n, cigar in enumerate(cigars):
        if (cigar[0][0] == _SOFT or cigar[-1][0] == _SOFT) and any(op in _WITH_BASES for op, _ in cigar):
            found[n] = [size if op == _SOFT else 0 for op, size in (cigar[0], cigar[-1])]
    return found


def once(rows: Rows, pairs: Sequence[tuple[int, int]]) -> None:
    """Blank what the mate has already shown; where mates disagree neither counts."""
    if not pairs:
        return
    of_read: dict[int, list[int]] = {}
    paired = {n for pair in pairs for n in pair}
    for r, n in enumerate(rows.read.tolist()):
        if n in paired:
            of_read.setdefault(n, []).append(r)
    both = np.array(
        [(a, b) for i, j in pairs for a in of_read.get(i, ()) for b in of_read.get(j, ())], np.int64
    ).reshape(-1, 2)
    one, two = both[:, 0], both[:, 1]
    low = np.maximum(rows.low[one], rows.low[two])
    size = np.minimum(rows.low[one] + rows.size[one], rows.low[two] + rows.size[two]) - low
    size = np.maximum(size, 0)
    theirs = ranges(rows.at[one] - rows.low[one] + low, size)
    mine = ranges(rows.at[two] - rows.low[two] + low, size)
    first, second = rows.shown[theirs], rows.shown[mine]
    clash = (first < 4) & (second < 4) & (first != second)
    rows.shown[mine[first <= GONE]] = UNUSABLE
    rows.shown[theirs[clash]] = UNUSABLE


def joined(one: Rows, two: Rows) -> Rows:
    """Two sets of rows as one."""
    return Rows(
        np.concatenate([one.read, two.read]),
        np.concatenate([one.low, two.low]),
        np.concatenate([one.size, two.size]),
        np.concatenate([one.at, two.at + len(one.shown)]),
        np.concatenate([one.shown, two.shown]),
        np.concatenate([one.quality, two.quality]),
        np.concatenate([one.near, two.near]),
        one.indels + two.indels,
    )


def tally(keys: Ints, shape: tuple[int, ...]) -> npt.NDArray[np.int32]:
    """How often each place of an array of that shape is named."""
    counts = np.bincount(keys, minlength=int(np.prod(shape)))
    return counts.astype(np.int32).reshape(shape)
