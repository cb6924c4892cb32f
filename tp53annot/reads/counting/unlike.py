"""Molecules that differ from the gene in many places: of a pseudogene, of another species, or mapped wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pysam

from tp53annot.calling.arrays import BASES, Bools, Codes, Counts, Ints
from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.reads.calling import UnlikeRules, UsableRules
from tp53annot.reads.counting.block import MateKey, ReadBlock
from tp53annot.reads.counting.rows import ReadRows, ranges, tally
from tp53annot.reads.usable import usable

_HALF = 0.5


class UnlikeMolecules:
    """Takes such molecules out of the rows of blocks, and notes what they show.

    Args:
        codes: of the reference's bases over the pileup.
        rules: ``rules/calling.toml`` ``[unlike]``.

    Attributes:
        molecules: how many were taken out.
    """

    def __init__(self, codes: Codes, rules: UnlikeRules) -> None:
        self._codes, self._rules, self.molecules = codes, rules, 0
        self._keys = set[MateKey | tuple[int, str]]()
        self._shown: Counts = np.zeros((len(codes), len(BASES)), np.int32)

    def take_out(self, rows: ReadRows, pairs: Ints, reads: ReadBlock) -> None:
        """Take them out of a block in which mates have been counted once.

        Args:
            rows: of the block.
            pairs: numbers of reads that are mates, by [pair, which of the two].
            reads: the block.
        """
        whose = np.arange(len(reads))
        whose[pairs[:, 1]] = pairs[:, 0]
        found = np.flatnonzero(self._unlike(rows, whose))
        if not len(found):
            return
        self.molecules += len(found)
        numbers = np.flatnonzero(np.isin(whose, found))
        there = np.flatnonzero(np.isin(rows.read, numbers))
        places, shown = (
            ranges(rows.low[there], rows.size[there]),
            rows.shown[ranges(rows.at[there], rows.size[there])],
        )
        bases = shown < len(BASES)
        self._shown += tally(
            places[bases] * len(BASES) + shown[bases].astype(np.int64), self._shown.shape
        ).astype(np.int32)
        rows.leave_out(numbers.tolist())
        for n in numbers.tolist():
            _, text, _, mates = reads.held[n]
            self._keys.add((int(reads.start[n]), text) if mates is None else mates)

    @property
    def enough(self) -> bool:
        """Whether there are so many that they matter."""
        return self.molecules >= self._rules.molecules

    def without(
        self, reads: Iterable[pysam.AlignedSegment], offset: int, rules: UsableRules
    ) -> Iterator[pysam.AlignedSegment]:
        """Usable reads but those of the molecules that were taken out.

        Args:
            reads: of the file.
            offset: the file's position less that of GRCh38.
            rules: ``rules/calling.toml`` ``[usable]``.
        """
        for read in reads:
            alone = (read.reference_start + 1 - offset, read.query_sequence or "")
            if usable(read, rules) and read.query_name not in self._keys and alone not in self._keys:
                yield read

    def _unlike(self, rows: ReadRows, whose: Ints) -> Ints:
        """Whether each molecule (by its number) is one of them."""
        wrong = rows.mismatches(self._codes)
        row = rows.row_of(wrong)
        molecule, index = whose[rows.read[row]], rows.low[row] + wrong - rows.at[row]
        order = np.lexsort((index, molecule))
        molecule, index, shown = molecule[order], index[order], rows.shown[wrong][order]
        apart = np.ones(len(index), np.bool_)
        apart[1:] = (molecule[1:] != molecule[:-1]) | (index[1:] - index[:-1] > self._rules.apart)
        events = np.bincount(molecule[apart], minlength=len(whose))
        sizes = np.bincount(whose[rows.read], weights=rows.size, minlength=len(whose))
        usual = events < self._rules.places
        expected = sizes * (float(events[usual].sum()) / max(float(sizes[usual].sum()), 1.0))
        by_errors = expected + self._rules.deviations * np.sqrt(expected) + 1
        found = (events >= self._rules.places) & (events >= np.maximum(by_errors, self._rules.share * sizes))
        most = np.count_nonzero(found) > _HALF * np.count_nonzero(sizes)  # reads that err so often
        known = np.bincount(
            molecule[self._theirs()[index, shown]] if self.enough else [], minlength=len(whose)
        )
        return np.asarray((found & ~most) | (known >= self._rules.known), np.int64)

    def _theirs(self) -> Bools:
        """Bases, by [place, base], that most of those taken out show, and the reference has not."""
        found = (self._shown >= self._rules.shared) & (2 * self._shown >= self._shown.sum(axis=1)[:, None])
        stated = self._codes < len(BASES)
        found[np.flatnonzero(stated), self._codes[stated]] = False
        return np.asarray(found)

    def settle(self, pileup: Pileup) -> None:
        """Once all blocks are counted: what they have in common with others tells nothing, and how many lie where.

        Those with fewer differences are left in the counts; bases that they share with many of those taken out, and
        that not many more show, are theirs.
        """
        if not self.enough:
            return
        here, over = self._shown.T, self._shown.sum(axis=1)
        counted = pileup.bases.sum(axis=0)
        theirs = self._theirs().T & (counted <= self._rules.most * here)
        removed = np.where(theirs, counted, 0).sum(axis=0)
        pileup.spans -= np.where(theirs, pileup.bases, 0).sum(axis=1).astype(pileup.spans.dtype)
        pileup.bases[:, theirs] = 0
        pileup.unsure = np.asarray(over + removed, np.int32)
