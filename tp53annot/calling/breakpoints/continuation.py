"""Where on the locus a clip goes on: beyond a deletion, at the beginning of a duplication, or reversed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tp53annot.calling.pileup import ReadChange
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.long_events import LongEventRules
from tp53annot.names.transcript import reverse_complement

_STEP = 4  # bases from one seed tried to the next
_EDGE = 3  # bases by which an aligner reads beyond the end of an exon by chance


class Continuation(NamedTuple):
    """The best place at which a text lies on the locus.

    Attributes:
        pos: GRCh38 position of the text's first base that matches (of a mirrored text: its last one on the locus).
        skipped: bases of the text before that.
        score: matching bases less the price of the others.
    """

    pos: int
    skipped: int
    score: int


def continuation(
    text: str, reference: Reference, rules: LongEventRules, *, mirrored: bool, partners: Sequence[int] = ()
) -> Continuation | None:
    """Where a clip goes on, if there is one such place.

    Args:
        text: bases from the aligned part outwards.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[long_events]``.
        mirrored: whether the text is read from right to left (that of a left clip).
        partners: GRCh38 positions of clips of the other side: of places alike (repeats), that beside one of them is it.
    """
    sequence = reference.sequence[::-1] if mirrored else reference.sequence
    found: dict[int, Continuation] = {}
    for skipped, at in _seeds(text, sequence, rules):
        if at - skipped not in found:
            first, score = _extended(text, sequence, skipped, at, rules)
            index = at - skipped + first
            pos = reference.end - index if mirrored else reference.start + index
            found[at - skipped] = Continuation(pos, first, score)
    ranked = sorted(found.values(), key=lambda f: -f.score)
    if not ranked or ranked[0].score < rules.score:
        return None
    alike = [f for f in ranked if f.score > max(ranked[0].score - rules.margin, 0)]
    if len(alike) > 1:
        alike = [f for f in alike if any(abs(f.pos - p) <= rules.slack for p in partners)]
    return alike[0] if len(alike) == 1 and alike[0].skipped <= rules.inserted else None


def reversed_continuation(
    text: str, reference: Reference, rules: LongEventRules, *, mirrored: bool
) -> Continuation | None:
    """Where a clip goes on on the other strand; arguments as of ``continuation``."""
    # Read outwards, the other strand runs against the side of the clip.
    complement = reverse_complement(text)[::-1]
    return continuation(complement, reference, rules, mirrored=not mirrored)


def _seeds(text: str, sequence: str, rules: LongEventRules) -> Iterator[tuple[int, int]]:
    """Indices in the text and in the sequence at which seeds match."""
    last = min(len(text) - rules.seed, rules.inserted + rules.seed)
    for skipped in sorted({*range(0, last + 1, _STEP), *((last,) if last >= 0 else ())}):
        seed = text[skipped : skipped + rules.seed]
        if len(set(seed)) < rules.letters:
            continue
        at = sequence.find(seed)
        while at >= 0:
            yield skipped, at
            at = sequence.find(seed, at + 1)


def _extended(text: str, sequence: str, skipped: int, at: int, rules: LongEventRules) -> tuple[int, int]:
    """Index of the text's first base that matches, and the score of what matches from there to its end."""
    first = skipped
    while first and at - skipped + first > 0 and text[first - 1] == sequence[at - skipped + first - 1]:
        first -= 1
    there = sequence[at - skipped + first : at - skipped + len(text)]
    wrong = sum(a != b for a, b in zip(text[first:], there, strict=False)) + len(text) - first - len(there)
    size = len(text) - first
    if wrong > max(1, rules.wrong_share * size):
        return first, 0
    return first, size - wrong - wrong * rules.mismatch


def change_between(
    pos: int, text: str, found: Continuation, reference: Reference, *, mirrored: bool
) -> ReadChange | None:
    """The deletion, duplication or delins between a clip and the place where it goes on, not normalised.

    Args:
        pos: last aligned base before the clip (of a left clip: the first behind it), GRCh38.
        text: bases of the clip, from the aligned part outwards.
        found: where it goes on.
        reference: the locus.
        mirrored: whether it is a left clip.
    """
    between = text[: found.skipped]
    left, right = (found.pos, pos) if mirrored else (pos, found.pos)
    new = between[::-1] if mirrored else between
    last = max(right - 1, left)
    if not reference.covers(left, last) or right < reference.start:
        return None
    again = reference.bases(right, left) if right <= left else ""
    ref = reference.bases(left, last)
    return ReadChange(left, ref, ref[0] + new + again)


def is_intron(change: ReadChange, reference: Reference, slack: int) -> bool:
    """Whether a deletion takes introns as they are, as spliced RNA and processed copies of the gene show.

    Whole introns, displaced by no more than ``slack`` bases; or from the end of an exon to the beginning of another, with
    bases between: those of a short exon.
    """
    first, last = change.pos + 1, change.pos + len(change.ref) - 1
    plain = len(change.alt) == 1
    for transcript in reference.transcripts:
        ends = sorted(transcript.exons)
        for n, (_, end) in enumerate(ends):
            displaced = end + 1 - first
            if abs(displaced) > (slack if plain else _EDGE):
                continue
            for start, _ in ends[n + 1 :]:
                beyond = start - 1 - last
                if beyond == displaced if plain else abs(beyond) <= _EDGE:
                    return True
    return False
