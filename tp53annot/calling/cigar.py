"""Alignments as (operation, length) pairs, as pysam gives them (SAM specification, CIGAR)."""

from __future__ import annotations

Cigar = tuple[tuple[int, int], ...]
MATCH, INSERTION, DELETION, SKIP, SOFT_CLIP, HARD_CLIP, PADDING = range(7)  # M I D N S H P
MATCHES = (MATCH, 7, 8)  # M, = and X
ON_REFERENCE = (DELETION, SKIP, *MATCHES)
ON_READ = (INSERTION, SOFT_CLIP, *MATCHES)


def spanned(cigar: Cigar) -> int:
    """Reference bases under an alignment, deleted and skipped ones counted.

    >>> spanned(((SOFT_CLIP, 5), (MATCH, 10), (DELETION, 2), (MATCH, 3)))
    15
    """
    return sum(size for operation, size in cigar if operation in ON_REFERENCE)


def without_hard_clips(cigar: Cigar) -> Cigar:
    """An alignment of the bases that are there.

    >>> without_hard_clips(((HARD_CLIP, 5), (SOFT_CLIP, 2), (MATCH, 10)))
    ((4, 2), (0, 10))
    """
    return tuple(part for part in cigar if part[0] != HARD_CLIP)
