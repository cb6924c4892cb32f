"""The build of reads on a contig whose length says nothing (part of a chromosome, say), by their bases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

import pysam

from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.read_table import matched_blocks
from tp53annot.reads.usable import usable

Fetch = Callable[[int, int], Iterable[pysam.AlignedSegment]]


def build_by_bases(
    fetch: Fetch, reference: Reference, rules: CallingRules
) -> tuple[Build, float, int] | None:
    """The one build whose reference the reads match, the share of bases that do, and how many were compared.

    Args:
        fetch: reads over a stretch (0-based, half-open, of the file's coordinates).
        reference: the locus.
        rules: ``rules/calling.toml``.

    Raises:
        ValueError: the contig does not reach so far.
    """
    found, limits = [], rules.build
    for build, info in reference.builds.items():
        first, last = (reference.to_build(p, build) for p in limits.stretch)
        same = seen = 0
        reads = (r for r in fetch(first - 1, last) if usable(r, rules.usable))
        for read in islice(reads, limits.reads):
            alike, compared = _compared(read, reference, info.offset)
            same, seen = same + alike, seen + compared
        if seen >= limits.bases and same >= limits.share * seen:
            found.append((build, same / seen, seen))
    return found[0] if len(found) == 1 else None


def _compared(read: pysam.AlignedSegment, reference: Reference, offset: int) -> tuple[int, int]:
    """Aligned bases of a read that are the reference's, and all of them."""
    bases, same, seen = read.query_sequence or "", 0, 0
    start = read.reference_start + 1 - offset
    for _, _, blocks in matched_blocks(start, tuple(read.cigartuples or ()), len(bases)):
        for at, q, length in blocks:
            if reference.covers(at, at + length - 1):
                there = reference.bases(at, at + length - 1)
                same += sum(a == b for a, b in zip(bases[q : q + length], there, strict=False))
                seen += length
    return same, seen
