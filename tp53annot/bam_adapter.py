"""Reads without the adapter that they run into behind the end of a short molecule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pysam

from tp53annot.call_realign import Cigar

Rules = Mapping[str, Any]
_SOFT, _SHORTEST = 4, 2
_ALIGNED = (1, 2, 3)  # bases of an adapter that an aligner may have laid on the reference
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def shown_by(read: pysam.AlignedSegment, rules: Rules) -> tuple[Cigar, str, str | None] | None:
    """CIGAR, bases and qualities of a read without adapter; ``None`` where it shows nothing.

    A single base is no evidence (and its qualities are not read rightly by pysam 0.24).
    """
    bases, cigar = read.query_sequence, read.cigartuples
    if not bases or len(bases) < _SHORTEST or cigar is None:
        return None
    if cigar[0][0] == _SOFT or cigar[-1][0] == _SOFT:
        return without_adapter(tuple(cigar), bases, read.query_qualities_str, read.is_reverse, rules)
    return tuple(cigar), bases, read.query_qualities_str


def without_adapter(
    cigar: Cigar, bases: str, qualities: str | None, reverse: bool, rules: Rules
) -> tuple[Cigar, str, str | None]:
    """CIGAR, bases and qualities of a read, cut where an adapter begins in the clip of its 3' end.

    Args:
        cigar: (operation, length) pairs.
        bases: as stored, so that a reverse read ends on the left.
        qualities: one character a base, or ``None``.
        reverse: whether the read is stored as its reverse complement.
        rules: ``rules/calling.toml`` ``[adapters]``.
    """
    op, size = cigar[0 if reverse else -1]
    if op != _SOFT or len(cigar) == 1:
        return cigar, bases, qualities
    clip = bases[:size].translate(_COMPLEMENT)[::-1] if reverse else bases[-size:]
    kept = _kept(clip, rules["sequences"], rules["inside"], rules["at_end"])
    gone = size - kept
    if not gone:
        return cigar, bases, qualities
    end: Cigar = ((_SOFT, kept),) if kept else ()
    if reverse:
        return (*end, *cigar[1:]), bases[gone:], qualities and qualities[gone:]
    return (*cigar[:-1], *end), bases[:-gone], qualities and qualities[:-gone]


def _kept(clip: str, adapters: Sequence[str], inside: int, at_end: int) -> int:
    """Bases before the first adapter, whole or begun at the end; its first bases may match and be aligned."""
    if len(clip) >= at_end and any(
        clip[:inside] == a[j:][: len(clip[:inside])] for a in adapters for j in _ALIGNED
    ):
        return 0
    starts = [clip.find(adapter[:inside]) for adapter in adapters]
    found = [at for at in starts if at >= 0]
    if found:
        return min(found)
    for size in range(min(inside - 1, len(clip)), at_end - 1, -1):
        if any(clip.endswith(adapter[:size]) for adapter in adapters):
            return len(clip) - size
    return len(clip)
