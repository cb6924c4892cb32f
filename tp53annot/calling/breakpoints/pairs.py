"""The two breakpoints of a long event: clips on either side that point to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from tp53annot.calling.breakpoints.soft_clips import FarChange
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.long_events import LongEventRules


class LongEvent(NamedTuple):
    """A long event that the clips of both its breakpoints show.

    Attributes:
        change: as found, not normalised where it was put together.
        reads: whose clips point to it.
        clipped: further GRCh38 positions at which its molecules are clipped.
    """

    change: ReadChange
    reads: int
    clipped: tuple[int, ...]


class BreakpointPairs:
    """Long events by what clips of the left and of the right side say of them.

    Args:
        pileup: counts, with its piles; its depth tells whether a breakpoint could show clips.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[long_events]``.
    """

    def __init__(self, pileup: Pileup, reference: Reference, rules: LongEventRules) -> None:
        self._pileup, self._reference, self._rules, self._depth = pileup, reference, rules, pileup.depth
        self._found: dict[ReadChange, list[FarChange]] = defaultdict(list)

    def add(self, change: ReadChange, found: FarChange) -> None:
        """Take what one pile of clips says; ``change``: that of ``found``, normalised."""
        self._found[change].append(found)

    def events(self, fewest: int) -> Iterator[LongEvent]:
        """Deletions and duplications, and copies of one stretch inserted in another.

        Two junctions that share one side are a copy inserted there. One whose side is shared by clips that go on
        elsewhere may be a part of such, and is no event.

        Args:
            fewest: molecules that must cover a breakpoint for its clips to be asked for.
        """
        joints = {
            c: max(found, key=lambda f: f.reads)
            for c, found in self._found.items()
            if self._shown(c, found, fewest)
        }
        parts: set[ReadChange] = set()
        for one, two in permutations(joints, 2):
            copied = self._copied(joints[one], joints[two])
            if copied:
                parts |= {one, two}
                yield copied
        for change, joint in joints.items():
            if change not in parts and not self._shared(joint):
                yield LongEvent(change, sum(f.reads for f in self._found[change]), joint.joined)

    def _shown(self, change: ReadChange, found: Sequence[FarChange], fewest: int) -> bool:
        """Whether both sides show it, or the one that can."""
        both = len({f.left for f in found}) > 1 or any(self._echoed(change, f) for f in found)
        return both or all(self._uncovered(f.onward, fewest) for f in found)

    def _copied(self, one: FarChange, two: FarChange) -> LongEvent | None:
        """The copy of a stretch that begins behind the first junction and ends before the second."""
        (left, begin), (end, right) = one.joined, two.joined
        slack, reference = self._rules.slack, self._reference
        last = max(right - 1, left)
        if abs(right - left - 1) > slack or end <= begin or not reference.covers(min(left, right), last):
            return None
        ref = reference.bases(left, last)
        again = reference.bases(right, left) if right <= left else ""
        new = _between(one) + reference.bases(begin, end) + _between(two)
        return LongEvent(
            ReadChange(left, ref, ref[0] + new + again), one.reads + two.reads, (left, begin, end, right)
        )

    def _shared(self, joint: FarChange) -> bool:
        """Whether clips of the other side lie where one of its sides is, so that its molecules go on elsewhere."""
        left, right = joint.joined
        strong = joint.reads / 2
        for pile in self._pileup.piles:
            beside, own = (left + 1, right) if pile.left else (right - 1, left)
            slack = self._rules.slack
            if pile.molecules >= strong and abs(pile.pos - beside) <= slack < abs(pile.pos - own):
                return True
        return False

    def _echoed(self, change: ReadChange, found: FarChange) -> bool:
        """Whether clips of the other side point back, with an error or a repeat in what they say."""
        slack = self._rules.slack
        for other, theirs in self._found.items():
            near = abs(other.pos - change.pos) <= slack and abs(other.net - change.net) <= slack
            if near and other != change and any(t.left != found.left for t in theirs):
                return True
        return False

    def _uncovered(self, pos: int, fewest: int) -> bool:
        at = pos - self._pileup.start
        return not 0 <= at < self._pileup.length or int(self._depth[at]) < fewest


def _between(joint: FarChange) -> str:
    """Bases between the two sides of a junction that are of neither."""
    left, right = joint.joined
    kept = 1 + (left - right + 1 if right <= left else 0)
    return joint.change.alt[1 : len(joint.change.alt) - kept + 1]


def is_part(change: ReadChange, far: ReadChange, reference: Reference, beside: int) -> bool:
    """Whether a change beside a breakpoint is the beginning or the end of what the long event's molecules show.

    Args:
        change: with an end near one of the event's.
        far: the event.
        reference: the locus.
        beside: reference bases beside the change that must fit, too.
    """
    size = len(change.alt) + beside
    low, high = far.pos, far.pos + len(far.ref) - 1
    last = change.pos + len(change.ref) - 1
    wide = max(len(change.ref), size) + beside
    inside = reference.covers(low - wide, high + wide) and reference.covers(
        change.pos - beside, last + beside
    )
    forced = len(change.ref) > 1 and len(change.alt) > beside
    if (
        change == far
        or not forced
        or not inside
        or min(abs(p - q) for p in (low, high) for q in (change.pos, last)) > wide
    ):
        return False
    shown = reference.bases(low - wide, low - 1) + far.alt + reference.bases(high + 1, high + wide)
    before = reference.bases(change.pos - beside, change.pos - 1) + change.alt
    behind = change.alt + reference.bases(last + 1, last + beside)
    return before in shown or behind in shown
