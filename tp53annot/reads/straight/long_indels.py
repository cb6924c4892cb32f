"""Long insertions and deletions that errors in the reads make look different from read to read, put together.

An aligner may write a tandem duplication at any place between the copies, and an error within an inserted stretch makes
another sequence of it. Those that lie at one place and are about as long are one; the most frequent form names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tp53annot.calling.pileup import LongGroup
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.platform import SlipRules
from tp53annot.reads.straight.survey import Survey, Written, WrittenForms

_SEED = 12  # bases that a window of some hundred bases holds once
_WORD = 8  # bases by which two inserted sequences are compared


def leftmost(written: Written, reference: Reference, rules: SlipRules) -> Written:
    """An insertion as far to the left as the bases before it are its own last ones, a few errors apart."""
    pos, gone, new = written
    if gone or not reference.covers(pos - len(new), pos):
        return written
    before = reference.bases(pos - len(new) + 1, pos)
    best = score = shift = 0
    for n in range(1, len(new) + 1):
        score += 1 if before[-n] == new[-n] else -rules.mismatch
        if score > best:
            best, shift = score, n
        elif score < best - rules.drop:
            break
    if not shift:
        return written
    return pos - shift, 0, before[len(before) - shift :] + new[: len(new) - shift]


def as_copy(written: Written, reference: Reference, rules: SlipRules) -> Written | None:
    """An insertion as the copy of the stretch that it stands in or beside, from its first to its last word found there.

    ``None`` where it is none, or the stretch is not about as long.
    """
    pos, gone, new = written
    low, high = pos - len(new) - 2 * rules.near, pos + len(new) + 2 * rules.near
    if gone or not reference.covers(low, high):
        return None
    around = reference.bases(low, high)
    places = [around.find(new[i : i + _SEED]) for i in range(len(new) - _SEED + 1)]
    found = [place for place in places if place >= 0]
    if not found or len(found) < rules.words * len(places):
        return None
    first, behind = min(found), _behind(around, min(found), max(found) + _SEED, len(new))
    if abs(behind - first - len(new)) > max(rules.near, len(new) // 10):
        return None
    return low + first - 1, 0, around[first:behind]


def _behind(text: str, first: int, behind: int, size: int) -> int:
    """Where a copied stretch ends whose last word goes on with the bases that it begins with, if they follow it, too.

    Args:
        text: around the stretch.
        first: where it begins.
        behind: where its last word ends.
        size: bases of the copy, errors among them.
    """
    fitting = [behind]
    for more in range(1, min(_SEED, behind - first)):
        end = behind - more
        if text[end:behind] == text[first : first + more]:
            fitting.append(end)
    return min(fitting, key=lambda end: abs(end - first - size))


def similar(one: str, other: str, share: float) -> bool:
    """Whether so large a share (0..1) of the words of one sequence is found in another, in any order."""
    words = [one[i : i + _WORD] for i in range(len(one) - _WORD + 1)]
    both = other + other  # a duplication may begin anywhere within itself
    return not words or sum(word in both for word in words) >= share * len(words)


def _size(written: Written) -> int:
    return len(written[2]) or written[1]


def long_groups(
    survey: Survey, reference: Reference, normal: WrittenForms, rules: SlipRules
) -> tuple[LongGroup, ...]:
    """What long insertions and deletions of reads are together, and the change that most of them show.

    Args:
        survey: of some of the reads.
        reference: the locus.
        normal: normalises what aligners write.
        rules: ``rules/calling.toml`` ``[slips]``.
    """
    found = []
    laid = [as_copy(w, reference, rules) or leftmost(w, reference, rules) for w in survey.long]
    for members in _grouped(laid, rules):
        (pos, gone, _), _ = shape, _ = Counter(map(_shape, members)).most_common(1)[0]
        alike = [new for at, size, new in members if (at, size, len(new)) == shape]
        inserted = "".join(Counter(column).most_common(1)[0][0] for column in zip(*alike, strict=True))
        if inserted and reference.covers(pos, pos + len(inserted)):
            copy = reference.bases(pos + 1, pos + len(inserted))
            if sum(a != b for a, b in zip(copy, inserted, strict=True)) <= rules.noise * len(copy):
                inserted = copy
        depth = survey.depth_at(pos)
        found.append(
            LongGroup(
                first=pos,
                last=pos + (gone or len(inserted)),
                share=min(len(members) / max(depth, 1), 1.0),
                change=normal.of((pos, gone, inserted)),
            )
        )
    return tuple(group for group in found if group.share >= rules.share)


def _shape(written: Written) -> tuple[int, int, int]:
    pos, gone, new = written
    return pos, gone, len(new)


def _grouped(laid: Sequence[Written], rules: SlipRules) -> Iterator[list[Written]]:
    """Those of about a length within each other's reach, the most frequent forms first."""
    left = list(laid)
    for (pos, gone, new), _ in Counter(map(_shape, laid)).most_common():
        size = gone or new
        mine: list[Written] = []
        others: list[Written] = []
        for written in left:
            near = pos - rules.near <= written[0] <= pos + rules.near + (0 if gone else size)
            alike = bool(written[1]) == bool(gone) and abs(_size(written) - size) <= max(
                rules.near, size // 10
            )
            (mine if near and alike else others).append(written)
        if len(mine) >= rules.seen:
            left = others
            yield mine
