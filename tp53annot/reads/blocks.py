"""Blocks of reads on arrays: their bases one after the other, and what each shows on the locus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pysam
from msgspec import Struct, field

from tp53annot.calling.arrays import Bools, Codes, Counts, Ints, codes_of
from tp53annot.calling.cigar import INSERTION, MATCHES, SOFT_CLIP, Cigar
from tp53annot.calling.pileup import ReadChange
from tp53annot.knowledge.rules.reads.calling import UsableRules

# What a read shows at a place beside the bases 0..3: deleted, not usable, nothing.
GONE, UNUSABLE, NOTHING = 5, 254, 255
_WITH_BASES = (INSERTION, *MATCHES)
# Flags of reads that are left out: unmapped, secondary, failed, duplicate, supplementary.
_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_DUPLICATE = 0x400
# What mates share: their name, or where both begin and the length of the molecule.
MateKey = str | tuple[int, int, int] | None


class Read(NamedTuple):
    """One usable read.

    Attributes:
        start: GRCh38 position of the first aligned base, 1-based.
        cigar: its alignment.
        bases: on the forward strand, clips included.
        qualities: a character a base, as of FASTQ; ``None`` where none are stated.
        strand: 0 forward, 1 reverse.
        key: what it shares with its mate; ``None`` without one here.
        mate: 0-based position of the mate, of the file's build.
    """

    start: int
    cigar: Cigar
    bases: str
    qualities: str | None
    strand: int
    key: MateKey
    mate: int


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

    def mismatches(self, reference: Codes) -> tuple[Ints, Ints]:
        """Places in ``shown`` of bases that differ from the reference's codes, and the read of each."""
        if self._wrong is None:
            at = np.flatnonzero((self.shown != reference[self.index]) & (self.shown < 4))
            row = np.searchsorted(self.at, at, side="right") - 1
            self._wrong = at, self.read[row] if at.size else at
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
        self.shown[np.isin(self.read, reads).repeat(self.size)] = NOTHING
        gone = set(reads)
        self.indels = [i for i in self.indels if i.read not in gone]


def usable(read: pysam.AlignedSegment, rules: UsableRules, *, copies: bool = False) -> bool:
    """Counted at all: by flags and mapping quality, with bases and an alignment; ``copies``: flagged duplicates, too."""
    if read.flag & (_LEFT_OUT ^ _DUPLICATE if copies else _LEFT_OUT):
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


class FlatReads:
    """The bases and qualities of a block's reads, one after the other.

    Args:
        text: bases.
        codes: the same as codes.
        qualities: Phred-scaled.
        sizes: bases of each read.
        clips: soft-clipped bases of each read, left and right.
    """

    def __init__(self, text: str, codes: Codes, qualities: Codes, sizes: Ints, clips: Ints) -> None:
        self.text, self.codes, self.qualities, self.sizes, self.clips = text, codes, qualities, sizes, clips
        self.starts = np.cumsum(sizes) - sizes
        self.start_of: list[int] = self.starts.tolist()

    @classmethod
    def of(cls, reads: Sequence[Read], assumed: int) -> FlatReads:
        """Of reads, with ``assumed`` quality where none is stated."""
        text = "".join([r.bases for r in reads])
        stated = "".join([r.qualities or chr(assumed + 33) * len(r.bases) for r in reads])
        return cls(
            text,
            codes_of(text),
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

    def of_read(self, n: int) -> tuple[Codes, Codes]:
        """Codes and qualities of one read."""
        part = slice(self.start_of[n], self.start_of[n] + self.size_of(n))
        return self.codes[part], self.qualities[part]

    def near(self, end_bases: int) -> Bools:
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
        if (cigar[0][0] == SOFT_CLIP or cigar[-1][0] == SOFT_CLIP) and any(
            op in _WITH_BASES for op, _ in cigar
        ):
            found[n] = [size if op == SOFT_CLIP else 0 for op, size in (cigar[0], cigar[-1])]
    return found


def count_mates_once(rows: ReadRows, pairs: Sequence[tuple[int, int]]) -> None:
    """Blank what the mate has already shown; where mates disagree neither counts.

    Args:
        rows: of a block.
        pairs: numbers of reads that are mates.
    """
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


def both_ways(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Every pair in both orders."""
    for i, j in pairs:
        yield i, j
        yield j, i


def joined(one: ReadRows, two: ReadRows) -> ReadRows:
    """Two sets of rows as one."""
    return ReadRows(
        np.concatenate([one.read, two.read]),
        np.concatenate([one.low, two.low]),
        np.concatenate([one.size, two.size]),
        np.concatenate([one.at, two.at + len(one.shown)]),
        np.concatenate([one.shown, two.shown]),
        np.concatenate([one.quality, two.quality]),
        np.concatenate([one.near, two.near]),
        one.indels + two.indels,
    )


def tally(keys: Ints, shape: tuple[int, ...]) -> Counts:
    """How often each place of an array of that shape is named.

    Args:
        keys: places, as of the flattened array.
        shape: of the array.
    """
    counts = np.bincount(keys, minlength=int(np.prod(shape)))
    return counts.astype(np.int32).reshape(shape)
