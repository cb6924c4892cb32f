"""Reads without the adapter that they run into behind the end of a short molecule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pysam

from tp53annot.calling.arrays import Bools, Ints
from tp53annot.calling.cigar import HARD_CLIP, MATCHES, SOFT_CLIP, Cigar
from tp53annot.knowledge.rules.reads.read_layout import AdapterRules
from tp53annot.reads.usable import faces_mate

_SHORTEST = 2  # bases of a read that shows anything
_PAIRED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x8, 0x10, 0x20
_CIGAR = re.compile(r"(\d+)([MIDNSHP=X])")
_ALIGNED = (1, 2, 3)  # bases of an adapter that an aligner may have laid on the reference
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


class ReadShown(NamedTuple):
    """What a read shows of its molecule.

    Attributes:
        start: 0-based position of the first aligned base, in the file's build.
        cigar: its alignment.
        bases: on the forward strand, clips included.
        qualities: a character a base, or ``None``.
    """

    start: int
    cigar: Cigar
    bases: str
    qualities: str | None


def shown_by(read: pysam.AlignedSegment, rules: AdapterRules) -> ReadShown | None:
    """A read without adapter; ``None`` where it shows nothing.

    A single base is no evidence (and its qualities are not read rightly by pysam 0.24).
    """
    bases, cigar = read.query_sequence, read.cigartuples
    if not bases or len(bases) < _SHORTEST or cigar is None:
        return None
    shown = ReadShown(read.reference_start, tuple(cigar), bases, read.query_qualities_str)
    past = past_mate(read)
    if past is not None:
        shown = _within(shown, past, rules, reverse=read.is_reverse)
    if HARD_CLIP in (shown.cigar[0][0], shown.cigar[-1][0]) and _ends_with_molecule(read):
        shown = shown._replace(cigar=_without_last_cut(shown.cigar, reverse=read.is_reverse))
    if shown.cigar[0][0] == SOFT_CLIP or shown.cigar[-1][0] == SOFT_CLIP:
        return ReadShown(shown.start, *without_adapter(*shown[1:], read.is_reverse, rules))
    return shown


def past_mate(read: pysam.AlignedSegment) -> int | None:
    """Aligned bases beyond the end that the mate begins at: what lies there is no part of the molecule.

    0 where the alignment ends just there, so that a clip lies beyond; ``None`` where nothing is known to.
    """
    flag = read.flag
    if not faces_mate(read):
        return None
    begin, mate, size = read.reference_start, read.next_reference_start, abs(read.template_length)
    stated = read.has_tag("MC")
    if flag & _REVERSE:
        if begin > mate:
            return None
        past = mate - begin - _clipped(_mate_cigar(read), 0)
    else:
        end = read.reference_end or 0
        # The usual case: the molecule is longer than the read.
        if mate > begin and not 0 < size <= end - begin:
            return None
        theirs = _mate_cigar(read)
        there = mate + sum(n for op, n in theirs if op in "MDN=X") if stated else begin + size
        past = end - there - _clipped(theirs, -1) if there > begin else 0
    return past if past > 0 or (past == 0 and stated) else None


def _ends_with_molecule(read: pysam.AlignedSegment) -> bool:
    """Whether the alignment ends where the molecule does, by its mate: what was cut off behind is no part of it."""
    if not faces_mate(read):
        return False
    if read.flag & _REVERSE:
        return read.reference_start <= read.next_reference_start
    return 0 < read.template_length <= (read.reference_end or 0) - read.reference_start


def _without_last_cut(cigar: Cigar, *, reverse: bool) -> Cigar:
    """Without the hard clip of the end that was read last."""
    if cigar[0 if reverse else -1][0] != HARD_CLIP:
        return cigar
    return cigar[1:] if reverse else cigar[:-1]


def may_pass_mate(*, flag: Ints, begin: Ints, end: Ints, mate: Ints, size: Ints) -> Bools:
    """Which reads :func:`past_mate` must be asked about: it knows of nothing for the others.

    Args:
        flag: of each read.
        begin: 0-based position of its first aligned base.
        end: behind the last one.
        mate: position of the mate, which is taken to lie on the same contig.
        size: length of the molecule as stated.
    """
    paired = flag & (_PAIRED | _MATE_UNMAPPED) == _PAIRED
    reverse = (flag & _REVERSE) != 0
    facing = reverse != ((flag & _MATE_REVERSE) != 0)
    size = np.abs(size)
    within = np.where(reverse, begin > mate, (mate > begin) & ~((size > 0) & (size <= end - begin)))
    return np.asarray(paired & facing & ~within)


def _mate_cigar(read: pysam.AlignedSegment) -> list[tuple[str, int]]:
    """The mate's CIGAR, where it is stated."""
    return [(op, int(n)) for n, op in _CIGAR.findall(str(read.get_tag("MC")))] if read.has_tag("MC") else []


def _clipped(cigar: Sequence[tuple[str, int]], end: int) -> int:
    """Bases clipped off that end (0 or -1)."""
    return cigar[end][1] if cigar and cigar[end][0] in "SH" else 0


def _within(shown: ReadShown, past: int, rules: AdapterRules, *, reverse: bool) -> ReadShown:
    """Without what lies past the mate: one or two bases, or as many as begin an adapter, and the clip behind."""
    start, cigar, bases, qualities = shown
    ordered = cigar if reverse else cigar[::-1]
    clip = ordered[0][1] if ordered[0][0] == SOFT_CLIP else 0
    rest = ordered[1:] if clip else ordered
    whole = past + clip
    if not rest or not whole:
        return shown
    op, size = rest[0]
    behind = _last(bases, whole, reverse=reverse)
    known = past <= rules.inside and any(a[:past] == behind[:past] for a in rules.sequences)
    if op not in MATCHES or size <= past or (past >= rules.at_end and not known):
        return shown
    left = ((op, size - past), *rest[1:])
    if reverse:
        return ReadShown(start + past, left, bases[whole:], qualities and qualities[whole:])
    return ReadShown(start, left[::-1], bases[:-whole], qualities and qualities[:-whole])


def without_adapter(
    cigar: Cigar, bases: str, qualities: str | None, reverse: bool, rules: AdapterRules
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
    if op != SOFT_CLIP or len(cigar) == 1:
        return cigar, bases, qualities
    clip = _last(bases, size, reverse=reverse)
    kept = _kept(clip, rules.sequences, rules.inside, rules.at_end)
    gone = size - kept
    if not gone:
        return cigar, bases, qualities
    end: Cigar = ((SOFT_CLIP, kept),) if kept else ()
    if reverse:
        return (*end, *cigar[1:]), bases[gone:], qualities and qualities[gone:]
    return (*cigar[:-1], *end), bases[:-gone], qualities and qualities[:-gone]


def _last(bases: str, size: int, *, reverse: bool) -> str:
    """The bases that were read last, as they were read."""
    return bases[:size].translate(_COMPLEMENT)[::-1] if reverse else bases[-size:]


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
