"""Stretches that lie in a primer: bases of the primer, whatever the molecule has there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tp53annot.bam_blocks import Ints, Rows, tally
from tp53annot.pileup import FORWARD, REVERSE, Counts

Rules = Mapping[str, Any]


def begins(rows: Rows, strands: Ints, length: int) -> Counts:
    """How many reads begin at each place, by strand; places outside the stretch are at its ends."""
    strand = strands[rows.read]
    first = np.where(strand == FORWARD, rows.low, rows.low + rows.size - 1)
    return tally(strand * length + np.clip(first, 0, length - 1), (2, length))


def primed(begun: Counts, spans: Counts, rules: Rules) -> tuple[Counts, bool]:
    """Reads of each strand over each place that may show a primer there, and whether most reads begin with one.

    A primer is taken to lie where many reads of one strand begin at one place, as long as rules say.

    Args:
        begun: reads that begin at each place, by strand.
        spans: reads over each place, by strand.
        rules: ``rules/calling.toml`` ``[primers]``.
    """
    found = np.zeros_like(spans)
    many = (begun >= rules["reads"]) & (begun >= rules["share"] * spans)
    many[:, [0, -1]] = False
    for strand, place in np.argwhere(many):
        size = rules["length"]
        if strand == FORWARD:
            found[FORWARD, place : place + size] += begun[strand, place]
        else:
            found[REVERSE, max(place - size + 1, 0) : place + 1] += begun[strand, place]
    return np.minimum(found, spans), bool(begun[many].sum() > begun.sum() / 2)
