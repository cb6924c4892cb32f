"""Counting the molecules on each splice junction of the gene, and those that run on over an exon's edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pysam

from tp53annot.calling.cigar import ON_REFERENCE, SKIP
from tp53annot.calling.splicing.counts import JunctionCounts
from tp53annot.calling.splicing.junctions import Junction
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.spliced.transcript_laying import well_crossed
from tp53annot.reads.usable import usable


def junction_counts(
    reads: Iterable[pysam.AlignedSegment], offset: int, rules: CallingRules
) -> JunctionCounts:
    """Counts of molecules, mates taken together.

    Args:
        reads: laid on the transcripts.
        offset: what makes the file's position of a GRCh38 one, taken from it.
        rules: ``rules/calling.toml``.
    """
    anchor, names = rules.splicing.anchor, dict[str, int]()
    spliced: dict[Junction, set[int]] = {}
    stretches: list[tuple[int, int, int]] = []
    for read in reads:
        cigar = tuple(read.cigartuples or ())
        if not cigar or not usable(read, rules.usable):
            continue
        name = read.query_name or "*"
        molecule = names.setdefault(name if name != "*" else f"* {len(names)}", len(names))
        start = read.reference_start + 1 - offset
        for junction in well_crossed(start, cigar, anchor):
            spliced.setdefault(junction, set()).add(molecule)
        stretches += ((first, last, molecule) for first, last in _stretches(start, cigar))
    return JunctionCounts(
        junctions={j: len(molecules) for j, molecules in spliced.items()},
        stretches=np.array(stretches, np.int64).reshape(-1, 3),
        anchor=anchor,
    )


def _stretches(start: int, cigar: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """First and last position of what lies between skips."""
    first = at = start
    for op, size in cigar:
        if op == SKIP:
            if at > first:
                yield first, at - 1
            first = at + size
        at += size * (op in ON_REFERENCE)
    if at > first:
        yield first, at - 1
