"""Clipped ends put together: changes of which single reads show a part, or show it with errors.

Reads that an aligner clipped at one place for one reason agree on what follows. Their consensus is
laid out as one read would be; where it ends inside an insertion, it is joined with the consensus of
the reads that come from the other side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from tp53annot.calling.arrays import BASES
from tp53annot.calling.cigar import DELETION, INSERTION, MATCH, SOFT_CLIP, Cigar, spanned
from tp53annot.calling.pileup import ReadChange
from tp53annot.calling.realignment import duplication, realign
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.read_layout import ClipRules, RealignRules

_SEED = 8  # bases by which two consensus sequences find each other
_ANCHOR = 40  # reference bases that stand for the aligned part of a consensus


class _End(NamedTuple):
    """Consensus of the clips at one place.

    Attributes:
        pos: GRCh38 position of the last aligned base before it (of a left clip: the first behind it).
        text: bases, from the aligned part outwards.
        reads: reads it is made of.
    """

    pos: int
    text: str
    reads: int


class SoftClips:
    """Clipped ends by the place of their clip; the same ones are kept once with their number.

    Args:
        rules: ``rules/calling.toml`` ``[clips]``.
    """

    def __init__(self, rules: ClipRules) -> None:
        self.rules = rules
        self._right: dict[int, Counter[str]] = defaultdict(Counter)
        self._left: dict[int, Counter[str]] = defaultdict(Counter)

    def add(self, start: int, cigar: Cigar, bases: str) -> None:
        """Take the clips of one read.

        Args:
            start: GRCh38 position of its first aligned base.
            cigar: its alignment.
            bases: its bases, clips included.
        """
        least = self.rules.prefix
        if cigar[-1][0] == SOFT_CLIP and cigar[-1][1] >= least:
            last = start + spanned(cigar) - 1
            self._right[last][bases[-cigar[-1][1] :]] += 1
        if cigar[0][0] == SOFT_CLIP and cigar[0][1] >= least:
            self._left[start][bases[: cigar[0][1]][::-1]] += 1

    def changes(self, reference: Reference, realigning: RealignRules) -> dict[ReadChange, int]:
        """Changes, not normalised, with the number of reads whose clips point to each.

        Args:
            reference: the locus.
            realigning: ``rules/calling.toml`` ``[realign]``.
        """
        found: dict[ReadChange, int] = {}
        loose: tuple[list[_End], list[_End]] = [], []
        for ends, mirrored in ((self._right, False), (self._left, True)):
            for end in self._ends(ends):
                change = _alone(end, mirrored, reference, realigning)
                if change is None:
                    loose[mirrored].append(end._replace(text=end.text[::-1]) if mirrored else end)
                else:
                    found[change] = max(found.get(change, 0), end.reads)
        for one in loose[False]:
            for two in loose[True]:
                if abs(two.pos - one.pos - 1) <= self.rules.apart:
                    change = self._joined(one, two, reference)
                    if change:
                        found[change] = max(found.get(change, 0), one.reads + two.reads)
        return found

    def _ends(self, clips: Mapping[int, Counter[str]]) -> Iterator[_End]:
        """Consensus of the clips that begin alike at one place, the strongest ones."""
        groups: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
        for pos, texts in clips.items():
            for text, reads in texts.items():
                groups[pos, text[: self.rules.prefix]].append((text, reads))
        sizes = {key: sum(n for _, n in texts) for key, texts in groups.items()}
        ranked = sorted((k for k in groups if sizes[k] >= self.rules.reads), key=lambda k: (-sizes[k], k))
        for key in sorted(ranked[: self.rules.most]):
            yield _End(key[0], self._consensus(groups[key]), sizes[key])

    def _consensus(self, clips: list[tuple[str, int]]) -> str:
        """The bases that the clips agree on, as far as two reads reach."""
        text = []
        for column in zip_longest(*(c for c, _ in clips)):
            votes: Counter[str] = Counter()
            for base, (_, reads) in zip(column, clips, strict=True):
                if base is not None:
                    votes[base] += reads
            base, most = max(votes.items(), key=lambda v: (v[1], v[0]))
            total = votes.total()
            if total < 2 or most < self.rules.agree * total or base not in BASES:
                break
            text.append(base)
        return "".join(text)

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
        if not best:
            return None
        last = max(two.pos - 1, one.pos)
        if not reference.covers(one.pos, last) or two.pos < reference.start:
            return None
        again = reference.bases(two.pos, one.pos) if two.pos <= one.pos else ""
        ref = reference.bases(one.pos, last)
        return ReadChange(one.pos, ref, ref[0] + between + again)


def _places(one: str, two: str) -> Iterator[int]:
    """Indices in ``two`` at which the first bases of ``one`` lie."""
    at = two.find(one[:_SEED])
    while at >= 0:
        yield at
        at = two.find(one[:_SEED], at + 1)


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
