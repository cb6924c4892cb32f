"""Stretches that lie in a primer: bases of the primer, whatever the molecule has there."""

from __future__ import annotations

import numpy as np

from tp53annot.calling.arrays import Counts, Ints
from tp53annot.calling.pileup import FORWARD, Primers
from tp53annot.knowledge.rules.reads.read_layout import PrimerRules
from tp53annot.reads.blocks import ReadRows, tally


def reads_begun(rows: ReadRows, strands: Ints, length: int) -> Counts:
    """How many reads begin at each place, by strand; places outside the stretch are at its ends.

    Args:
        rows: of a block.
        strands: of its reads.
        length: places of the pileup.
    """
    strand = strands[rows.read]
    first = np.where(strand == FORWARD, rows.low, rows.low + rows.size - 1)
    return tally(strand * length + np.clip(first, 0, length - 1), (2, length))


def find_primers(begun: Counts, spans: Counts, rules: PrimerRules) -> Primers:
    """Where many reads of one strand begin at one place, and what a primer there would cover.

    Args:
        begun: reads that begin at each place, by strand.
        spans: reads over each place, by strand.
        rules: ``rules/calling.toml`` ``[primers]``.
    """
    over, size = np.zeros_like(spans), rules.length
    many = (begun >= rules.reads) & (begun >= rules.share * spans)
    many[:, [0, -1]] = False
    for strand, place in np.argwhere(many):
        first = place if strand == FORWARD else max(place - size + 1, 0)
        last = place + size if strand == FORWARD else place + 1
        over[strand, first:last] += begun[strand, place]
    most = bool(begun[many].sum() > begun.sum() / 2)
    return Primers(begin=many, over=np.minimum(over, spans), most=most)
