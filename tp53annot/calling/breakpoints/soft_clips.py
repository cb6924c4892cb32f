"""Clipped ends put together: changes of which single reads show a part, or show it with errors.

Reads that an aligner clipped at one place for one reason agree on what follows. Their consensus is
laid out as one read would be; where it ends inside an insertion, it is joined with the consensus of
the reads that come from the other side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tp53annot.calling.breakpoints.consensus import agreed
from tp53annot.calling.breakpoints.continuation import (
    Continuation,
    change_between,
    continuation,
    is_intron,
    reversed_continuation,
)
from tp53annot.calling.cigar import DELETION, HARD_CLIP, INSERTION, MATCH, SOFT_CLIP, Cigar, spanned
from tp53annot.calling.pileup import ClipPile, ReadChange
from tp53annot.calling.realignment import duplication, realign
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.long_events import LongEventRules
from tp53annot.knowledge.rules.reads.read_layout import ClipRules, RealignRules

_ENDS = 2  # reads that reach a base of a consensus
_SEED = 8  # bases by which two consensus sequences find each other
_ANCHOR = 40  # reference bases that stand for the aligned part of a consensus


#: GRCh38 position, molecules of the weaker side, bases that lead into it and out of it.
Bridge = Callable[[int, int, str, str], str | None]


class _End(NamedTuple):
    """Consensus of the clips at one place.

    Attributes:
        pos: GRCh38 position of the last aligned base before it (of a left clip: the first behind it).
        text: bases, from the aligned part outwards.
        reads: reads it is made of.
        molecules: molecules these stem from.
    """

    pos: int
    text: str
    reads: int
    molecules: int


class FarChange(NamedTuple):
    """A long event that clips point to.

    Attributes:
        change: not normalised.
        reads: whose clips point to it.
        left: whether they are clipped on the left.
        pos: GRCh38 position of the last aligned base before the clips (of left ones: the first behind them).
        onward: GRCh38 position at which they go on.
    """

    change: ReadChange
    reads: int
    left: bool
    pos: int
    onward: int

    @property
    def joined(self) -> tuple[int, int]:
        """The two GRCh38 positions that follow each other, but for bases between them."""
        return (self.onward, self.pos) if self.left else (self.pos, self.onward)


class SoftClips:
    """Clipped ends by the place of their clip; the same ones are kept once with their number.

    Args:
        rules: ``rules/calling.toml`` ``[clips]``.
    """

    def __init__(self, rules: ClipRules) -> None:
        self.rules = rules
        self._right: dict[int, Counter[str]] = defaultdict(Counter)
        self._left: dict[int, Counter[str]] = defaultdict(Counter)
        self._molecules: dict[tuple[bool, int, str], set[object]] = defaultdict(set)
        self._cut: dict[tuple[bool, int], dict[object, int]] = defaultdict(dict)
        self._known: dict[bool, list[_End]] = {}
        self._taken = 0

    def add(self, start: int, cigar: Cigar, bases: str, molecule: object = None) -> None:
        """Take the clips of one read.

        Args:
            start: GRCh38 position of its first aligned base.
            cigar: its alignment.
            bases: its bases, clips included.
            molecule: what it shares with its mate; ``None`` for a read that is a molecule of its own.
        """
        least = self.rules.prefix
        self._taken += 1
        whose = self._taken if molecule is None else molecule
        if cigar[-1][0] == SOFT_CLIP and cigar[-1][1] >= least:
            last = start + spanned(cigar) - 1
            clip = bases[-cigar[-1][1] :]
            self._right[last][clip] += 1
            self._molecules[False, last, clip[:least]].add(whose)
        if cigar[0][0] == SOFT_CLIP and cigar[0][1] >= least:
            clip = bases[: cigar[0][1]][::-1]
            self._left[start][clip] += 1
            self._molecules[True, start, clip[:least]].add(whose)

    def add_cut(self, start: int, cigar: Cigar, molecule: object = None) -> None:
        """Take the hard clips of one read, whose bases are gone; arguments as of :meth:`add`."""
        self._taken += 1
        whose = self._taken if molecule is None else molecule
        for mirrored, (operation, size) in ((False, cigar[-1]), (True, cigar[0])):
            if operation == HARD_CLIP:
                place = start if mirrored else start + spanned(cigar) - 1
                known = self._cut[mirrored, place]
                known[whose] = max(known.get(whose, 0), size)

    def changes(
        self, reference: Reference, realigning: RealignRules, bridged: Bridge | None = None
    ) -> dict[ReadChange, int]:
        """Changes, not normalised, with the number of reads whose clips point to each.

        Args:
            reference: the locus.
            realigning: ``rules/calling.toml`` ``[realign]``.
            bridged: bases from the first to the last of an insertion that clips of both sides do not reach across.
        """
        found: dict[ReadChange, int] = {}
        loose: tuple[list[_End], list[_End]] = [], []
        for mirrored in (False, True):
            for end in self._ends(mirrored):
                change = _alone(end, mirrored, reference, realigning)
                if change is None:
                    loose[mirrored].append(end._replace(text=end.text[::-1]) if mirrored else end)
                else:
                    found[change] = max(found.get(change, 0), end.reads)
        for one in loose[False]:
            for two in loose[True]:
                if abs(two.pos - one.pos - 1) <= self.rules.apart:
                    change = self._joined(one, two, reference) or _bridged(one, two, reference, bridged)
                    if change:
                        found[change] = max(found.get(change, 0), one.reads + two.reads)
        return found

    def far_changes(
        self, reference: Reference, realigning: RealignRules, rules: LongEventRules
    ) -> Iterator[FarChange]:
        """Changes whose far side lies beyond what single reads are searched for.

        Args:
            reference: the locus.
            realigning: ``rules/calling.toml`` ``[realign]``.
            rules: ``rules/calling.toml`` ``[long_events]``.
        """
        for mirrored in (False, True):
            for end in self._ends(mirrored):
                if _goes_on(end, mirrored, reference, rules):
                    continue
                found = self._continued(end, mirrored, reference, rules)
                change = found and change_between(end.pos, end.text, found, reference, mirrored=mirrored)
                near = _alone(end, mirrored, reference, realigning)
                if near and found and change:
                    likelier = found.score - _score(near, end, mirrored, reference, rules)
                    paired = any(abs(found.pos - o.pos) <= rules.slack for o in self._ends(not mirrored))
                    if likelier < 0 or (not likelier and not paired) or not _is_long(change, realigning):
                        continue
                if found and change and not is_intron(change, reference, rules.intron_slack):
                    yield FarChange(change, end.reads, mirrored, end.pos, found.pos)

    def piles(self, reference: Reference, rules: LongEventRules) -> Iterator[ClipPile]:
        """Clips of enough molecules that agree on something else than the reference going on, or that were cut off.

        Args:
            reference: the locus.
            rules: ``rules/calling.toml`` ``[long_events]``.
        """
        for mirrored in (False, True):
            for end in self._ends(mirrored):
                telling = len(end.text) >= rules.pile_bases and len(set(end.text)) >= rules.letters
                if (
                    end.molecules < rules.pile_molecules
                    or not telling
                    or _goes_on(end, mirrored, reference, rules)
                ):
                    continue
                onward = self._continued(end, mirrored, reference, rules)
                change = onward and change_between(end.pos, end.text, onward, reference, mirrored=mirrored)
                if change and is_intron(change, reference, rules.intron_slack):
                    continue
                turned = onward or reversed_continuation(end.text, reference, rules, mirrored=mirrored)
                yield ClipPile(
                    pos=end.pos,
                    left=mirrored,
                    molecules=end.molecules,
                    onward=turned.pos if turned else None,
                    turned=turned is not onward,
                )
        for (mirrored, place), cut in self._cut.items():
            molecules = sum(size >= self.rules.prefix for size in cut.values())
            if molecules >= rules.pile_molecules and max(cut.values()) >= rules.pile_bases:
                yield ClipPile(pos=place, left=mirrored, molecules=molecules, cut=True)

    def _continued(
        self, end: _End, mirrored: bool, reference: Reference, rules: LongEventRules
    ) -> Continuation | None:
        """Where a consensus goes on on its own strand, unless it fits the other one better (copies of Alu lie on both)."""
        partners = [other.pos for other in self._ends(not mirrored)]
        found = continuation(end.text, reference, rules, mirrored=mirrored, partners=partners)
        turned = reversed_continuation(end.text, reference, rules, mirrored=mirrored) if found else None
        return None if found and turned and turned.score > found.score else found

    def _ends(self, mirrored: bool) -> list[_End]:
        """Consensus of the clips of one side that begin alike at one place, the strongest ones; all clips are taken."""
        if mirrored not in self._known:
            self._known[mirrored] = list(
                self._put_together(self._left if mirrored else self._right, mirrored)
            )
        return self._known[mirrored]

    def _put_together(self, clips: Mapping[int, Counter[str]], mirrored: bool) -> Iterator[_End]:
        groups: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
        for pos, texts in clips.items():
            for text, reads in texts.items():
                groups[pos, text[: self.rules.prefix]].append((text, reads))
        sizes = {key: sum(n for _, n in texts) for key, texts in groups.items()}
        ranked = sorted((k for k in groups if sizes[k] >= self.rules.reads), key=lambda k: (-sizes[k], k))
        for key in sorted(ranked[: self.rules.most]):
            molecules = len(self._molecules[mirrored, *key])
            yield _End(key[0], agreed(groups[key], _ENDS, self.rules.agree), sizes[key], molecules)

    def _joined(self, one: _End, two: _End, reference: Reference) -> ReadChange | None:
        """What lies between the aligned parts, where the two clips overlap as one sequence."""
        best, between = 0, ""
        for offset in (*_places(one.text, two.text), *(-i for i in _places(two.text, one.text))):
            a, b = one.text[max(-offset, 0) :], two.text[max(offset, 0) :]
            wrong = sum(x != y for x, y in zip(a, b, strict=False))
            size = min(len(a), len(b))
            score = size - wrong * self.rules.mismatch
            telling = len(set(a[:size])) >= self.rules.letters
            if telling and score >= self.rules.overlap and score > best:
                best, between = score, (one.text[:-offset] + two.text if offset < 0 else b)
        return _inserted(one, two, between, reference) if best else None


def _inserted(one: _End, two: _End, between: str, reference: Reference) -> ReadChange | None:
    """Bases between the aligned parts of two ends, as a change."""
    last = max(two.pos - 1, one.pos)
    if not reference.covers(one.pos, last) or two.pos < reference.start:
        return None
    again = reference.bases(two.pos, one.pos) if two.pos <= one.pos else ""
    ref = reference.bases(one.pos, last)
    return ReadChange(one.pos, ref, ref[0] + between + again)


def _bridged(one: _End, two: _End, reference: Reference, bridged: Bridge | None) -> ReadChange | None:
    """What lies between two ends that other reads lead from the one to the other."""
    if bridged is None:
        return None
    between = bridged(one.pos, min(one.molecules, two.molecules), one.text, two.text)
    return _inserted(one, two, between, reference) if between else None


def _places(one: str, two: str) -> Iterator[int]:
    """Indices in ``two`` at which the first bases of ``one`` lie."""
    at = two.find(one[:_SEED])
    while at >= 0:
        yield at
        at = two.find(one[:_SEED], at + 1)


def _goes_on(end: _End, mirrored: bool, reference: Reference, rules: LongEventRules) -> bool:
    """Whether a clip is the reference going on, but for some bases: trimmed primers, ends with mismatches."""
    size = len(end.text)
    low, high = (end.pos - size, end.pos - 1) if mirrored else (end.pos + 1, end.pos + size)
    if not size or not reference.covers(low, high):
        return not size
    there = reference.bases(low, high)
    there = there[::-1] if mirrored else there
    return sum(a != b for a, b in zip(end.text, there, strict=True)) <= rules.reference_share * size


def _is_long(change: ReadChange, rules: RealignRules) -> bool:
    """Whether single reads are not searched for it."""
    return len(change.ref) - 1 > rules.max_deletion or len(change.alt) - 1 > rules.max_duplication


def _score(near: ReadChange, end: _End, mirrored: bool, reference: Reference, rules: LongEventRules) -> int:
    """How well a consensus fits a change nearby, as of ``continuation``: what is inserted counts as a copy only."""
    new, gone = len(near.alt) - 1, len(near.ref) - 1
    span = (
        reference.bases(end.pos, end.pos + new - 1)
        if mirrored
        else reference.bases(end.pos - new + 1, end.pos)
    )
    copied = not gone and near.alt[1:] == span
    behind = len(end.text) - new
    low, high = (
        (end.pos - gone - behind, end.pos - gone - 1)
        if mirrored
        else (end.pos + gone + 1, end.pos + gone + behind)
    )
    if behind < 0 or not reference.covers(low, high + 1):
        return len(end.text)
    there = reference.bases(low, high) if behind else ""
    expected = span[::-1] + there[::-1] if mirrored else span + there
    first = 0 if copied else new
    wrong = sum(a != b for a, b in zip(end.text[first:], expected[first:], strict=True))
    return len(end.text) - first - wrong - wrong * rules.mismatch


def _alone(end: _End, mirrored: bool, reference: Reference, rules: RealignRules) -> ReadChange | None:
    """What a consensus shows when it is laid out like a read; ``mirrored``: a left clip, read backwards."""
    first = end.pos if mirrored else end.pos - _ANCHOR + 1
    if not end.text or not reference.covers(first, first + _ANCHOR - 1):
        return None
    known, clip = reference.bases(first, first + _ANCHOR - 1), (SOFT_CLIP, len(end.text))
    if mirrored:
        text, cigar = end.text[::-1] + known, (clip, (MATCH, _ANCHOR))
    else:
        text, cigar = known + end.text, ((MATCH, _ANCHOR), clip)
    start, plain = realign(first, cigar, text, reference, rules)
    if plain == cigar:
        return duplication(first, cigar, text, reference, rules)
    gone = sum(n for op, n in plain[1:-1] if op == DELETION)
    new = sum(n for op, n in plain[1:-1] if op == INSERTION)
    if not (gone or new):
        return None
    pos, size = start + plain[0][1] - 1, plain[0][1]
    ref = reference.bases(pos, pos + gone)
    return ReadChange(pos, ref, ref[0] + text[size : size + new])
