"""Soft-clipped reads laid out anew: insertions, duplications, deletions and delins that an aligner clipped.

The far end of the clip is looked up in the reference around the read and extended back towards the
aligned part; what lies between is the change. The result is a CIGAR, so that such a read is counted
like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.read_layout import RealignRules

_MATCH, _INS, _DEL, _SOFT = 0, 1, 2, 4
Cigar = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a clip continues beyond the change: matched, inserted and deleted bases."""

    matched: int
    inserted: int
    deleted: int


def spanned(cigar: Cigar) -> int:
    """Reference bases under a CIGAR, deleted and skipped ones counted."""
    return sum(n for op, n in cigar if op in (0, 2, 3, 7, 8))


def realign(start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules) -> tuple[
    int, Cigar
]:  # fmt: skip
    """Start and CIGAR of a read after its clips were explained, or as they were.

    Args:
        start: GRCh38 position of the first aligned base, 1-based.
        cigar: (operation, length) pairs as in SAM.
        sequence: the read's bases, clips included.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[realign]``: ``seed`` bases of the clip's far end that must
            match, ``max_insertion`` and ``max_deletion`` bases.
    """
    if len(cigar) < 2:
        return start, cigar
    if cigar[-1][0] == _SOFT and cigar[-1][1] >= rules.seed and cigar[-2][0] == _MATCH:
        cigar = _right(start, cigar, sequence, reference, rules)
    if cigar[0][0] == _SOFT and cigar[0][1] >= rules.seed and cigar[1][0] == _MATCH:
        start, cigar = _left(start, cigar, sequence, reference, rules)
    return start, cigar


def _right(start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules) -> Cigar:
    length = cigar[-1][1]
    first = start + spanned(cigar)  # first base after the aligned part
    last = first + length + rules.max_deletion - 1
    if last > reference.end or first < reference.start:
        return cigar
    fit = _fit(sequence[-length:], reference.bases(first, last), rules)
    if fit is None:
        return cigar
    return (*cigar[:-1], *_middle(fit), (_MATCH, fit.matched))


def _left(
    start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules
) -> tuple[int, Cigar]:
    length = cigar[0][1]
    first = start - length - rules.max_deletion
    if first < reference.start or start - 1 > reference.end:
        return start, cigar
    # Mirrored, a left clip is a right one.
    fit = _fit(sequence[:length][::-1], reference.bases(first, start - 1)[::-1], rules)
    if fit is None:
        return start, cigar
    return start - fit.deleted - fit.matched, ((_MATCH, fit.matched), *_middle(fit), *cigar[1:])


def _middle(fit: _Fit) -> Cigar:
    """The change as CIGAR operations; as many bases in as out are plain mismatches."""
    if fit.inserted == fit.deleted:
        return ((_MATCH, fit.inserted),)
    return tuple((op, n) for op, n in ((_DEL, fit.deleted), (_INS, fit.inserted)) if n)


def _fit(clip: str, window: str, rules: RealignRules) -> _Fit | None:
    """The best way on: ``window`` begins right behind the aligned part."""
    seed = rules.seed
    tail, best = clip[-seed:], None
    if len(set(tail)) < rules.letters:
        return None
    at = window.find(tail)
    while at >= 0:
        fit = _extend(clip, window, at, seed, rules.mismatch_run)
        if fit.inserted <= rules.max_insertion and fit.deleted <= rules.max_deletion:
            key = (fit.matched, -fit.inserted - fit.deleted)
            if best is None or key > best[0]:
                best = (key, fit)
        at = window.find(tail, at + 1)
    if best is None or not (best[1].inserted or best[1].deleted):
        return None
    return best[1]


def _extend(clip: str, window: str, at: int, seed: int, run: int) -> _Fit:
    """Extend a seed back; one mismatch is passed when ``run`` matching bases lie behind it."""
    i, j = len(clip) - seed, at
    while i > 0 and j > 0:
        if clip[i - 1] == window[j - 1]:
            i, j = i - 1, j - 1
        elif i > run and j > run and clip[i - 1 - run : i - 1] == window[j - 1 - run : j - 1]:
            i, j = i - 1 - run, j - 1 - run
        else:
            break
    return _Fit(len(clip) - i, i, j)


def duplication(
    start: int, cigar: Cigar, sequence: str, reference: Reference, rules: RealignRules
) -> tuple[int, str, str] | None:
    """The tandem duplication (position, REF, ALT) that a clip points to; the read need not hold all of it.

    The near end of the clip is looked up behind the read's end: it begins the second copy.
    Arguments as in ``realign``.
    """
    seed, longest = rules.seed, rules.max_duplication
    if cigar[-1][0] == _SOFT and cigar[-1][1] >= seed:
        last = start + spanned(cigar) - 1
        if reference.covers(last - longest, last):
            clip = sequence[len(sequence) - cigar[-1][1] :][:seed]
            window = reference.bases(last - longest + 1, last)
            at = window.rfind(clip)
            if at >= 0:
                return last, window[-1], window[-1] + window[at:]
    if cigar[0][0] == _SOFT and cigar[0][1] >= seed and reference.covers(start - 1, start + longest):
        clip = sequence[: cigar[0][1]][-seed:]
        window = reference.bases(start, start + longest - 1)
        at = window.find(clip)
        if at >= 0:
            before = reference.bases(start - 1, start - 1)
            return start - 1, before, before + window[: at + seed]
    return None
