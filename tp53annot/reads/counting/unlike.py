"""Molecules that differ from the gene in many places: of a pseudogene, of another species, or mapped wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pysam

from tp53annot.calling.arrays import BASES, Bools, Codes, Counts, Ints
from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.reads.calling import UnlikeRules, UsableRules
from tp53annot.reads.counting.block import MateKey, ReadBlock
from tp53annot.reads.counting.rows import ReadRows, ranges, tally
from tp53annot.reads.usable import usable

_HALF = 0.5
# What tells a molecule's reads: what mates share, or the first position and the bases of a lone read.
Key = MateKey | tuple[int, str]


class _Suspect(NamedTuple):
    """A molecule that differs in many places.

    Attributes:
        places: how many.
        size: bases of the reference under its reads.
        keys: of its reads.
        shown: its bases, by place and base in one number.
    """

    places: int
    size: float
    keys: tuple[Key, ...]
    shown: Ints


class UnlikeMolecules:
    """Finds such molecules in a first count of all reads, and in a second one of the others those of the same kind.

    Args:
        codes: of the reference's bases over the pileup.
        rules: ``rules/calling.toml`` ``[unlike]``.

    Attributes:
        molecules: how many there are.
    """

    def __init__(self, codes: Codes, rules: UnlikeRules) -> None:
        self._codes, self._rules, self.molecules = codes, rules, 0
        self._suspects: list[_Suspect] = []
        self._usual_places = self._usual_bases = self._all = 0.0
        self._keys = set[Key]()
        self._shown: Counts = np.zeros((len(codes), len(BASES)), np.int32)
        self._theirs: Bools | None = None

    def look_at(self, rows: ReadRows, pairs: Ints, reads: ReadBlock) -> None:
        """Note suspects of a block in which mates have been counted once; in a second count take out what is of a kind.

        Args:
            rows: of the block.
            pairs: numbers of reads that are mates, by [pair, which of the two].
            reads: the block.
        """
        whose = np.arange(len(reads))
        whose[pairs[:, 1]] = pairs[:, 0]
        wrong = rows.mismatches(self._codes)
        row = rows.row_of(wrong)
        molecule, index = whose[rows.read[row]], rows.low[row] + wrong - rows.at[row]
        if self._theirs is not None:
            of_a_kind = self._theirs[index, rows.shown[wrong]]
            hits = np.bincount(molecule, weights=of_a_kind, minlength=len(whose))
            self._take_out(rows, whose, np.flatnonzero(hits >= self._rules.known))
            return
        order = np.lexsort((index, molecule))
        molecule, index = molecule[order], index[order]
        apart = np.ones(len(index), np.bool_)
        apart[1:] = (molecule[1:] != molecule[:-1]) | (index[1:] - index[:-1] > self._rules.apart)
        places = np.bincount(molecule[apart], minlength=len(whose))
        sizes = np.bincount(whose[rows.read], weights=rows.size, minlength=len(whose))
        usual = places < self._rules.places
        self._usual_places += float(places[usual].sum())
        self._usual_bases += float(sizes[usual].sum())
        self._all += float(np.count_nonzero(sizes))
        for n in np.flatnonzero(~usual & (places >= self._rules.share * sizes)).tolist():
            numbers = np.flatnonzero(whose == n)
            keys = tuple(_key(reads, k) for k in numbers.tolist())
            shown = self._bases(rows, numbers)
            self._suspects.append(_Suspect(int(places[n]), float(sizes[n]), keys, shown))

    def judge(self) -> None:
        """After a first count: those suspects that errors of the sample's other molecules do not explain."""
        if self._theirs is not None or len(self._suspects) > _HALF * self._all:  # reads that err so often
            return
        rate = self._usual_places / max(self._usual_bases, 1.0)
        for found in self._suspects:
            errors = rate * found.size
            if found.places >= errors + self._rules.deviations * errors**0.5 + 1:
                self.molecules += 1
                self._keys.update(found.keys)
                self._add(found.shown)
        self._suspects = []
        if self.molecules >= self._rules.molecules:
            theirs = (self._shown >= self._rules.shared) & (
                2 * self._shown >= self._shown.sum(axis=1)[:, None]
            )
            stated = self._codes < len(BASES)
            theirs[np.flatnonzero(stated), self._codes[stated]] = False
            # Changes of one molecule, and an error beside them, differ in few places.
            if np.count_nonzero(theirs) >= self._rules.kinds:
                self._theirs = np.asarray(theirs)

    @property
    def enough(self) -> bool:
        """Whether there are so many, that differ in so many places, that they matter."""
        return self._theirs is not None

    def without(
        self, reads: Iterable[pysam.AlignedSegment], offset: int, rules: UsableRules
    ) -> Iterator[pysam.AlignedSegment]:
        """Usable reads but those of the molecules that were found.

        Args:
            reads: of the file.
            offset: the file's position less that of GRCh38.
            rules: ``rules/calling.toml`` ``[usable]``.
        """
        for read in reads:
            alone = (read.reference_start + 1 - offset, read.query_sequence or "")
            if usable(read, rules) and read.query_name not in self._keys and alone not in self._keys:
                yield read

    def settle(self, pileup: Pileup) -> None:
        """After a second count: bases that are theirs tell nothing where not many more show them; and how many lie where."""
        if self._theirs is None:
            return
        counted = pileup.bases.sum(axis=0)
        theirs = self._theirs.T & (counted <= self._rules.most * self._shown.T)
        removed = np.where(theirs, counted, 0).sum(axis=0)
        pileup.spans -= np.where(theirs, pileup.bases, 0).sum(axis=1).astype(pileup.spans.dtype)
        pileup.bases[:, theirs] = 0
        pileup.unsure = np.asarray(self._shown.sum(axis=1) + removed, np.int32)

    def _take_out(self, rows: ReadRows, whose: Ints, molecules: Ints) -> None:
        if len(molecules):
            self.molecules += len(molecules)
            numbers = np.flatnonzero(np.isin(whose, molecules))
            self._add(self._bases(rows, numbers))
            rows.leave_out(numbers.tolist())

    def _add(self, shown: Ints) -> None:
        self._shown += tally(shown, self._shown.shape)

    @staticmethod
    def _bases(rows: ReadRows, numbers: Ints) -> Ints:
        """What these reads show, by place and base in one number."""
        there = np.flatnonzero(np.isin(rows.read, numbers))
        places = ranges(rows.low[there], rows.size[there])
        shown = rows.shown[ranges(rows.at[there], rows.size[there])]
        bases = shown < len(BASES)
        return np.asarray(places[bases] * len(BASES) + shown[bases].astype(np.int64))


def _key(reads: ReadBlock, number: int) -> Key:
    """What a read shares with its mate; where it begins and its bases where it has none."""
    _, text, _, mates = reads.held[number]
    return (int(reads.start[number]), text) if mates is None else mates
