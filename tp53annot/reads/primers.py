"""Stretches that lie in a primer: bases of the primer, whatever the molecule has there."""

from __future__ import annotations

import numpy as np

from tp53annot.calling.arrays import Bools, Counts, Ints
from tp53annot.calling.cigar import HARD_CLIP, SOFT_CLIP
from tp53annot.calling.pileup import FORWARD, Primers
from tp53annot.knowledge.rules.reads.read_layout import PrimerRules
from tp53annot.reads.counting.block import ReadBlock
from tp53annot.reads.counting.rows import ReadRows, tally

_CLIPS = (SOFT_CLIP, HARD_CLIP)
_CUT = 10  # bases clipped: more than what adapters and errors leave of an end


def reads_begun(rows: ReadRows, strands: Ints, length: int, which: Bools | None = None) -> Counts:
    """How many reads begin at each place, by strand; places outside the stretch are at its ends.

    Args:
        rows: of a block.
        strands: of its reads.
        length: places of the pileup.
        which: the reads, by number, that count; all where ``None``.
    """
    counted = np.flatnonzero(np.ones(len(rows.read), np.bool_) if which is None else which[rows.read])
    strand, low, size = strands[rows.read[counted]], rows.low[counted], rows.size[counted]
    first = np.where(strand == FORWARD, low, low + size - 1)
    return tally(strand * length + np.clip(first, 0, length - 1), (2, length))


def cut_at_begin(reads: ReadBlock) -> Bools:
    """Which reads were clipped, softly or hard, where they begin: what was cut off there may be a primer."""
    found = np.zeros(len(reads), np.bool_)
    for n in np.flatnonzero(~reads.plain).tolist():
        op, size = reads.held[n][0][-1 if reads.strand[n] else 0]
        found[n] = op in _CLIPS and size >= _CUT
    return found


def find_primers(begun: Counts, cut: Counts, spans: Counts, rules: PrimerRules) -> Primers:
    """Where many reads of one strand begin at one place, and what a primer there would cover.

    Args:
        begun: reads that begin at each place, by strand.
        cut: those of them that were clipped there, so that no primer lies behind.
        spans: reads over each place, by strand.
        rules: ``rules/calling.toml`` ``[primers]``.
    """
    over, size = np.zeros_like(spans), rules.length
    hidden = np.zeros(spans.shape[1], spans.dtype)
    many = (begun >= rules.reads) & (begun >= rules.share * spans)
    many[:, [0, -1]] = False
    for strand, place in np.argwhere(many):
        first = place if strand == FORWARD else max(place - size + 1, 0)
        last = place + size if strand == FORWARD else place + 1
        over[strand, first:last] += begun[strand, place]
        hidden[first:last] += begun[strand, place] - cut[strand, place]
    most = bool(begun[many].sum() > begun.sum() / 2)
    return Primers(begin=many, over=np.minimum(over, spans), most=most, hidden=hidden)
