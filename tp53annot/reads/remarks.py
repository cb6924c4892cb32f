"""What a reader must know about the reads of a file: no qualities, RNA, amplicons, fragments and their ends."""

from __future__ import annotations

import numpy as np
import pysam

from tp53annot.calling.molecules.duplication import FragmentEnds, one_end
from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.blocks import MateKey

_PAIRED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x8, 0x10, 0x20
_FACING = _PAIRED | _MATE_UNMAPPED | _REVERSE | _MATE_REVERSE


class ReadTraits:
    """Notes what usable reads have in common.

    Attributes:
        without_quality: reads that state no base qualities.
        single: reads without a mate here.
    """

    def __init__(self) -> None:
        self.without_quality = self.single = 0
        self._names: set[MateKey] = set()
        self._starts: list[int] = []
        self._sizes: list[int] = []
        self._alone: list[int] = []

    def add(self, read: pysam.AlignedSegment, qualities: str | None, begin: int, key: MateKey) -> None:
        """Note one read with its qualities, if it states any, its 0-based position and what it shares with its mate."""
        if qualities is None:
            self.without_quality += 1
        if key is None:
            self.single += 1
        else:
            self._names.add(key)
        flag = read.flag & _FACING
        if flag == _PAIRED | _MATE_REVERSE:  # the forward read of two that face each other
            size = read.template_length
            if size > 0:
                self._starts.append(begin)
                self._sizes.append(size)
        elif not flag & _PAIRED:
            reverse = bool(flag & _REVERSE)
            end = (read.reference_end or 0) - 1 if reverse else begin
            self._alone.append(one_end(end, reverse=reverse))

    @property
    def fragments(self) -> int:
        """Reads and pairs of reads."""
        return self.single + len(self._names)

    def ends(self) -> FragmentEnds:
        """The ends of fragments: both where most reads are of pairs, else the one that single reads show."""
        if len(self._starts) >= len(self._alone):
            return FragmentEnds(start=np.array(self._starts, np.int64), size=np.array(self._sizes, np.int64))
        start = np.array(self._alone, np.int64)
        return FragmentEnds(start=start, size=np.zeros_like(start))

    def ends_tell(self, pileup: Pileup, rules: CallingRules) -> bool:
        """Whether fragments' ends tell molecules apart: enough of them, no amplicons, no RNA."""
        amplicons = pileup.primers is not None and pileup.primers.most
        return len(self.ends().start) >= rules.duplicates.fragments and not amplicons and not pileup.rna

    def remarks(self, pileup: Pileup, rules: CallingRules) -> dict[str, str]:
        """The sentences for these reads, by the remark's name.

        Args:
            pileup: all of them, counted.
            rules: ``rules/calling.toml``.
        """
        texts, use, found = rules.remarks, rules.usable, {}
        if self.without_quality:
            found["assumed_quality"] = texts.assumed_quality.format(quality=use.assumed_base_quality)
        if pileup.primers is not None and pileup.primers.most:
            found["amplicons"] = texts.amplicons
        if pileup.firm is not None:
            found["low_quality"] = texts.low_quality.format(
                stated=use.min_base_quality, low=pileup.least_quality
            )
        if pileup.reads and pileup.rna:
            found["spliced"] = texts.spliced
        return found
