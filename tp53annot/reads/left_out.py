"""Reads that are not counted, and why a file shows no usable read on the gene."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

import numpy as np
import pysam
from msgspec import Struct, field

from tp53annot.calling.arrays import Counts
from tp53annot.knowledge.rules.reads.calling import NoReadsTexts, UsableRules

_UNMAPPED, _SECONDARY, _FAILED, _DUPLICATE, _SUPPLEMENTARY = 0x4, 0x100, 0x200, 0x400, 0x800


class LeftOut(Struct):
    """Reads on the locus that are not counted.

    Attributes:
        counts: reads by the first cause that holds (``mapping_quality``, ``duplicate`` ...).
        unsure: of those left out for their mapping quality, by name: first position and the one behind the last of
            each, 0-based, of the file's build.
    """

    counts: Counter[str] = field(default_factory=Counter)
    unsure: dict[str | None, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, read: pysam.AlignedSegment) -> None:
        """Note one read."""
        flag = read.flag
        if flag & (_SECONDARY | _SUPPLEMENTARY):
            cause = "secondary"
        elif flag & _UNMAPPED:
            cause = "unmapped"
        elif flag & _FAILED:
            cause = "failed"
        elif flag & _DUPLICATE:
            cause = "duplicate"
        else:
            cause = "mapping_quality"
            self._note_unsure(read)
        self.counts[cause] += 1

    def _note_unsure(self, read: pysam.AlignedSegment) -> None:
        """Note where a read lies that may lie elsewhere; what its mate shows, too, once."""
        mates = self.unsure.setdefault(read.query_name, [])
        first, end = read.reference_start, read.reference_end or read.reference_start
        if read.is_paired and mates and first < mates[-1][1]:
            first = mates[-1][1]
        mates.append((first, max(first, end)))

    def unsure_over(self, start: int, length: int, offset: int) -> Counts:
        """Molecules over each place whose mapping quality is too low, by place from GRCh38 ``start``.

        Args:
            start: 1-based.
            length: places.
            offset: the file's position less that of GRCh38.
        """
        edges = np.zeros(length + 1, np.int32)
        spans = [span for mates in self.unsure.values() for span in mates]
        if spans:
            places = np.clip(np.array(spans, np.int64) + 1 - offset - start, 0, length)
            np.add.at(edges, places[:, 0], 1)
            np.add.at(edges, places[:, 1], -1)
        return np.cumsum(edges[:-1], dtype=np.int32)

    @property
    def duplicates(self) -> int:
        """Flagged duplicates."""
        return self.counts["duplicate"]

    def in_words(self, texts: NoReadsTexts, rules: UsableRules) -> str:
        """Why none of the reads there counts."""
        parts = (
            texts.causes[cause].format(count=count, quality=rules.min_mapping_quality)
            for cause, count in sorted(self.counts.items())
        )
        return texts.left_out.format(count=self.counts.total(), causes=", ".join(parts))


class Scan(Struct, frozen=True, kw_only=True):
    """What a file holds from its beginning on.

    Attributes:
        contigs: aligned reads by contig.
        reads: all of them.
        there: whether one lies on the locus.
    """

    contigs: Counter[str]
    reads: int
    there: bool

    @classmethod
    def of(
        cls, reads: Iterable[pysam.AlignedSegment], contig: str | None, first: int, last: int, most: int
    ) -> Scan:
        """Of reads, ``most`` of them at most; the locus is ``first``..``last`` (0-based, half-open) of a contig.

        Raises:
            OSError, ValueError: damaged.
        """
        contigs: Counter[str] = Counter()
        seen, there = 0, False
        for read in islice(reads, most):
            seen += 1
            if read.is_unmapped:
                continue
            name = str(read.reference_name)
            contigs[name] += 1
            on_locus = name == contig and read.reference_start < last and (read.reference_end or 0) > first
            if there and not on_locus:  # the locus was read through
                break
            there = there or on_locus
        return cls(contigs=contigs, reads=seen, there=there)

    def in_words(self, texts: NoReadsTexts, index: str | None) -> str:
        """Why the file shows no read on the gene; ``index``: the name of the index that shows none."""
        if self.there:
            return texts.foreign_index.format(index=index)
        if not self.reads:
            return texts.empty
        if not self.contigs:
            return texts.unmapped.format(count=self.reads)
        shown = ", ".join(f"{name} ({count})" for name, count in self.contigs.most_common(texts.named))
        return texts.elsewhere.format(contigs=shown)
