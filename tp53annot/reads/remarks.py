"""What a reader must know about the reads of a file: no qualities, RNA, amplicons, fragments and their ends."""

from __future__ import annotations

import numpy as np

from tp53annot.calling.arrays import Ints
from tp53annot.calling.molecules.duplication import FragmentEnds, are_amplicons, one_end
from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.counting.block import BamFields, MateKey, ReadBlock

_PAIRED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x8, 0x10, 0x20
_FACING = _PAIRED | _MATE_UNMAPPED | _REVERSE | _MATE_REVERSE
_NONE: Ints = np.zeros(0, np.int64)


class ReadTraits:
    """Notes what usable reads have in common.

    Attributes:
        without_quality: reads that state no base qualities.
        single: reads without a mate here.
    """

    def __init__(self) -> None:
        self.without_quality = self.single = 0
        self._names: set[MateKey] = set()
        self._bases = self._reads = 0
        self._starts, self._sizes, self._alone = [_NONE], [_NONE], [_NONE]

    def add(self, fields: BamFields, block: ReadBlock) -> None:
        """Note the reads of a block and what their file says of them."""
        keys = [held[3] for held in block.held]
        self.without_quality += [held[2] for held in block.held].count(None)
        self.single += keys.count(None)
        self._names.update(keys)
        self._bases += int((fields.end - fields.begin).sum())
        self._reads += len(keys)
        flag = fields.flag & _FACING
        # The forward read of two that face each other.
        pairs = (flag == _PAIRED | _MATE_REVERSE) & (fields.size > 0)
        self._starts.append(fields.begin[pairs])
        self._sizes.append(fields.size[pairs])
        ends = np.where(flag & _REVERSE, one_end(0, reverse=True) + fields.end - 1, fields.begin)
        self._alone.append(ends[flag & _PAIRED == 0])

    @property
    def fragments(self) -> int:
        """Reads and pairs of reads."""
        return self.single + len(self._names - {None})

    def ends(self) -> FragmentEnds:
        """The ends of fragments: both where most reads are of pairs, else the one that single reads show."""
        starts, alone = np.concatenate(self._starts), np.concatenate(self._alone)
        if len(starts) >= len(alone):
            return FragmentEnds(start=starts, size=np.concatenate(self._sizes))
        return FragmentEnds(start=alone, size=np.zeros_like(alone))

    def are_amplicons(self, rules: CallingRules) -> bool:
        """Whether fragments with few different ends are amplicons' ones, where their reads begin at few places."""
        return are_amplicons(self.ends(), self._bases / max(self._reads, 1), rules.duplicates)

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
