"""Which reads count at all."""

from __future__ import annotations

import numpy as np
import pysam

from tp53annot.calling.arrays import Bools, Ints
from tp53annot.knowledge.rules.reads.calling import UsableRules

# Flags of reads that are left out: unmapped, secondary, failed, duplicate, supplementary.
_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_DUPLICATE = 0x400
_PAIRED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x8, 0x10, 0x20


def usable(read: pysam.AlignedSegment, rules: UsableRules, *, copies: bool = False) -> bool:
    """Counted at all: by flags and mapping quality, with bases and an alignment; ``copies``: flagged duplicates, too."""
    if read.flag & (_LEFT_OUT ^ _DUPLICATE if copies else _LEFT_OUT):
        return False
    quality = read.mapping_quality
    return bool(quality >= rules.min_mapping_quality or quality == rules.unstated_mapping_quality)


def which_usable(flag: Ints, mapping_quality: Ints, rules: UsableRules) -> Bools:
    """As :func:`usable`, of many reads at once.

    Args:
        flag: of each read.
        mapping_quality: of each read.
        rules: ``rules/calling.toml`` ``[usable]``.
    """
    sure = (mapping_quality >= rules.min_mapping_quality) | (
        mapping_quality == rules.unstated_mapping_quality
    )
    return np.asarray((flag & _LEFT_OUT == 0) & sure)


def faces_mate(read: pysam.AlignedSegment) -> bool:
    """Whether the mate lies on the same contig and the other strand, so that both show the fragment's ends."""
    flag = read.flag
    return (
        flag & (_PAIRED | _MATE_UNMAPPED) == _PAIRED
        and bool(flag & _REVERSE) != bool(flag & _MATE_REVERSE)
        and read.reference_id == read.next_reference_id
    )
