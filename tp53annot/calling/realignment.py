"""Soft clips explained: insertions, duplications, deletions and delins of which an aligner clipped the far side.

The far end of the clip is looked up in the reference around the read and extended back towards the
aligned part; what lies between is the change. The result is a CIGAR, so that such a read is counted
like any other.
"""

from __future__ import annotations

from msgspec import Struct

from tp53annot.calling.cigar import DELETION, INSERTION, MATCH, SOFT_CLIP, Cigar, spanned
from tp53annot.calling.pileup import ReadChange
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.read_layout import RealignRules


class _Continuation(Struct, frozen=True):
    """How a clip goes on beyond the change: matched, inserted and deleted bases."""

    matched: int
    inserted: int
    deleted: int


def realign(
    start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules
) -> tuple[int, Cigar]:
    """Start and CIGAR of a read after its clips were explained, or as they were.

    Args:
        start: GRCh38 position of the first aligned base, 1-based.
        cigar: the read's alignment.
        sequence: the read's bases, clips included.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[realign]``.
    """
    if len(cigar) < 2:
        return start, cigar
    if cigar[-1][0] == SOFT_CLIP and cigar[-1][1] >= rules.seed and cigar[-2][0] == MATCH:
        cigar = _right(start, cigar, sequence, reference, rules)
    if cigar[0][0] == SOFT_CLIP and cigar[0][1] >= rules.seed and cigar[1][0] == MATCH:
        start, cigar = _left(start, cigar, sequence, reference, rules)
    return start, cigar


def _right(start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules) -> Cigar:
    length = cigar[-1][1]
    first = start + spanned(cigar)  # first base after the aligned part
    last = first + length + rules.max_deletion - 1
    if last > reference.end or first < reference.start:
        return cigar
    found = _continuation(sequence[-length:], reference.bases(first, last), rules)
    if found is None:
        return cigar
    return (*cigar[:-1], *_operations(found), (MATCH, found.matched))


def _left(
    start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules
) -> tuple[int, Cigar]:
    length = cigar[0][1]
    first = start - length - rules.max_deletion
    if first < reference.start or start - 1 > reference.end:
        return start, cigar
    # Mirrored, a left clip is a right one.
    found = _continuation(sequence[:length][::-1], reference.bases(first, start - 1)[::-1], rules)
    if found is None:
        return start, cigar
    return start - found.deleted - found.matched, ((MATCH, found.matched), *_operations(found), *cigar[1:])


def _operations(found: _Continuation) -> Cigar:
    """The change as CIGAR operations; as many bases in as out are plain mismatches."""
    if found.inserted == found.deleted:
        return ((MATCH, found.inserted),)
    sizes = ((DELETION, found.deleted), (INSERTION, found.inserted))
    return tuple((operation, size) for operation, size in sizes if size)


def _continuation(clip: str, window: str, rules: RealignRules) -> _Continuation | None:
    """The best way on: the longest match, then the smallest change; ``window`` begins behind the aligned part."""
    seed = clip[-rules.seed :]
    if len(set(seed)) < rules.letters:
        return None
    best: _Continuation | None = None
    at = window.find(seed)
    while at >= 0:
        found = _extended(clip, window, at, rules)
        allowed = found.inserted <= rules.max_insertion and found.deleted <= rules.max_deletion
        if allowed and (best is None or _rank(found) > _rank(best)):
            best = found
        at = window.find(seed, at + 1)
    return best if best is not None and (best.inserted or best.deleted) else None


def _rank(found: _Continuation) -> tuple[int, int]:
    return found.matched, -found.inserted - found.deleted


def _extended(clip: str, window: str, at: int, rules: RealignRules) -> _Continuation:
    """Extend a seed that lies at an index of the window back towards the aligned part."""
    i, j, run = len(clip) - rules.seed, at, rules.mismatch_run
    while i > 0 and j > 0:
        if clip[i - 1] == window[j - 1]:
            i, j = i - 1, j - 1
        elif i > run and j > run and clip[i - 1 - run : i - 1] == window[j - 1 - run : j - 1]:
            i, j = i - 1 - run, j - 1 - run
        else:
            break
    return _Continuation(len(clip) - i, i, j)


def duplication(
    start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules
) -> ReadChange | None:
    """The tandem duplication that a clip points to, not normalised; the read need not hold all of it.

    The near end of the clip is looked up behind the read's end: it begins the second copy.
    Arguments as in ``realign``.
    """
    seed, longest = rules.seed, rules.max_duplication
    if cigar[-1][0] == SOFT_CLIP and cigar[-1][1] >= seed:
        last = start + spanned(cigar) - 1
        if reference.covers(last - longest, last):
            clip = sequence[len(sequence) - cigar[-1][1] :][:seed]
            window = reference.bases(last - longest + 1, last)
            at = window.rfind(clip)
            if at >= 0:
                return ReadChange(last, window[-1], window[-1] + window[at:])
    if cigar[0][0] == SOFT_CLIP and cigar[0][1] >= seed and reference.covers(start - 1, start + longest):
        clip = sequence[: cigar[0][1]][-seed:]
        window = reference.bases(start, start + longest - 1)
        at = window.find(clip)
        if at >= 0:
            before = reference.bases(start - 1, start - 1)
            return ReadChange(start - 1, before, before + window[: at + seed])
    return None
