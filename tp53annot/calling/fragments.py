"""Fragments told apart by sequence: each read goes to the reference or the change it matches best.

An alignment can show a long insertion, a duplication or a change near a read's end only in part. Here
every read over such a change is compared, without gaps, with the sequence of each candidate around
it, placed by its left and by its right end. A read counts at the left or right end of a change only
where the reference and the change differ enough within it; as many placements of a read show an end
of the one as of the other, so the fraction needs no correction for length (docs/calling.md). Single
bases beside such changes are read off where each read lies on the sequence it fits best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tp53annot.calling.clusters import Cluster
from tp53annot.calling.pileup import BASES, FORWARD, Change, Shares
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.read_layout import HaplotypeRules

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
_OUTSIDE = 9  # beyond a compared sequence: neither match nor mismatch
_CHUNK = 2_000_000  # bases compared at a time: bounds memory


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """Reads over a cluster.

    ``codes``: one row each, bases 0..3, anything else not usable; ``size`` bases. ``first``, ``last``:
    GRCh38 positions of its first and last base, as its left and right end say, clips included.
    ``fragment``: number shared by mates; ``strand``: 0 forward, 1 reverse.
    """

    codes: Bytes
    size: Ints
    first: Ints
    last: Ints
    fragment: Ints
    strand: Ints


# comparing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Haplotype:
    """A sequence of the cluster's window as codes; ``net``: its length beyond the reference's."""

    codes: Bytes
    net: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """How each read fits a haplotype: mismatches, and its first base's index on it at the best place."""

    wrong: Ints
    first: Ints


def shares(
    cluster: Cluster, reads: ReadTable, reference: Reference, rules: HaplotypeRules
) -> dict[Change, Shares]:
    """Fragments for and against each change of a cluster."""
    low, window = cluster.first, reference.bases(cluster.first, cluster.last)
    plain = _Haplotype(_codes(window), 0)
    changes = (*cluster.changes, *cluster.rivals)
    others = [_haplotype(c, window, low) for c in changes]
    fits = [_fit(h, reads, low) for h in (plain, *others)]
    wrong = np.stack([f.wrong for f in fits])
    best = _best(wrong)
    first = np.stack([f.first for f in fits])[best, np.arange(len(best))]
    beside = {
        c: _beside(c, changes, reads, best, first, low) for c in cluster.changes if len(c[1]) == len(c[2])
    }
    found = _longer(cluster, reads, rules, plain, others, fits, best, beside)
    if cluster.singles:
        # A read with the end of a replaced stretch alone may fit it for a base that is a change of its own.
        long = np.array([False, *(h.net != 0 for h in others)])
        least = wrong.min(axis=0)
        sure = ~long[best] | (wrong[0] - least >= rules.difference)
        errors = np.maximum(rules.unexplained, rules.noise * reads.size)
        rows = np.flatnonzero(least <= errors)
        for change in cluster.singles:
            places = np.array([_place(change[0], other, low) for other in (None, *changes)])[best]
            for whole, (there, _) in beside.items():
                if whole[0] <= change[0] < whole[0] + len(whole[1]):
                    places[there] = (change[0] - low, False)  # a part of what is counted as one
            known = rows[(places[rows, 1] > 0) | sure[rows]]
            found[change] = _single(change, reads, known, first[known], places[known])
    return found


def _best(wrong: Ints) -> Ints:
    """The sequence (row) that each read fits best.

    On a tie the reference (the first row), then what fits more reads that the reference does not: a short end
    behind a duplication may fit a small deletion as well.
    """
    least = wrong.min(axis=0)
    fitting = ((wrong == least) & (least < wrong[0])).sum(axis=1)
    order = np.concatenate([[0], 1 + np.argsort(-fitting[1:], kind="stable")])
    return np.asarray(order[wrong[order].argmin(axis=0)])


def _longer(
    cluster: Cluster, reads: ReadTable, rules: HaplotypeRules, plain: _Haplotype, others: Sequence[_Haplotype],
    fits: Sequence[_Fit], best: Ints, beside: Mapping[Change, tuple[Bools, Ints]],
) -> dict[Change, Shares]:  # fmt: skip
    """Fragments for and against the changes of more than a base."""
    against, altered = fits[0], best > 0
    theirs = against.wrong
    least = np.stack([f.wrong for f in fits[1:]] or [theirs]).min(axis=0)
    over = reads.size[(reads.first <= cluster.high) & (reads.last >= cluster.low)]
    typical, found = int(np.median(over)) if over.size else 0, {}
    begun, ended = _common(reads.first, rules), _common(reads.last, rules)
    for n, change in enumerate(cluster.changes):
        ends = _Ends.of(plain, others[n], rules.difference, _anchor(others[n].net, typical, rules))
        if ends is None:
            continue
        mine = fits[n + 1].wrong
        carries = altered & (best == n + 1) & _good(mine, theirs, rules)
        both, place = beside.get(change, (np.zeros(len(best), np.bool_), best))
        carries |= both
        lacks = ~altered & (theirs < mine) & _good(theirs, mine, rules)
        other = altered & (best != n + 1) & _good(least, theirs, rules) & ~both
        unexplained = ~(carries | lacks | other) & (np.minimum(least, theirs) > rules.unexplained)
        plainly = lacks
        # What fits both alike lies in the repeat, or has some other base there: it covers the site all the same.
        tie = ~altered & (theirs == mine) & (ends.repeated | (theirs > 0))
        lacks = lacks | (tie & (theirs <= rules.noise * reads.size))
        last = np.where(carries, len(others[n].codes), len(plain.codes)) - 1
        first = np.where(both, place, np.where(carries, fits[n + 1].first, against.first))
        # The reads of an amplicon that begins or ends within a repeat show it whatever the molecule has.
        low, high = (cluster.first + i for i in ends.stretch)
        silent = (
            ended & (low <= reads.last) & (reads.last < high),
            begun & (low < reads.first) & (reads.first <= high),
        )
        sides = ((first, first + reads.size - 1), (last - first - reads.size + 1, last - first))
        shown = [ends.shown(i, *side) for i, side in enumerate(sides)]
        # Where reads of a strand begin decides whether they could show the change, had they it.
        able = np.where(reads.strand == FORWARD, *shown) & ~silent[0] & ~silent[1]
        found[change] = _count(
            reads,
            carries=carries,
            sure=carries & (both | (theirs - mine >= ends.differences)),
            lacks=lacks,
            plainly=plainly,
            other=other,
            unexplained=unexplained,
            aligned=cluster.aligned[n],
            shown=shown,
            able=able,
            covered=[ends.covered(i, *side) & ~silent[i] for i, side in enumerate(sides)],
        )
    return found


def _common(places: Ints, rules: HaplotypeRules) -> Bools:
    """Reads that begin (or end) where many others do: those of an amplicon."""
    _, number, count = np.unique(places, return_inverse=True, return_counts=True)
    many = (count >= rules.amplicon_reads) & (count >= rules.amplicon_share * len(places))
    return np.asarray(many[number])


def _beside(
    change: Change, changes: Sequence[Change], reads: ReadTable, best: Ints, first: Ints, low: int
) -> tuple[Bools, Ints]:
    """Reads that show replaced bases on the sequence of an insertion or deletion beside them.

    Also the index of the first base of each, were it laid on the reference by these bases.
    """
    found, place = np.zeros(len(best), np.bool_), first.copy()
    pos, ref, alt = change
    steps = np.arange(len(ref))
    for n, other in enumerate(changes):
        if len(other[1]) == len(other[2]) or (other[0] < pos + len(ref) and pos < other[0] + len(other[1])):
            continue
        at, _ = _place(pos, other, low)
        rows = np.flatnonzero(best == n + 1)
        rows = rows[(at >= first[rows]) & (at + len(ref) <= first[rows] + reads.size[rows])]
        bases = reads.codes[rows[:, None], (at - first[rows])[:, None] + steps]
        found[rows[(bases == _codes(alt)).all(axis=1)]] = True
        place[rows] = first[rows] - at + pos - low
    return found, place


def _place(pos: int, change: Change | None, low: int) -> tuple[int, bool]:
    """Index of a reference position on the haplotype with a change, and whether its base is still there."""
    if change is None or pos < change[0]:
        return pos - low, True
    start, ref, alt = change
    if pos >= start + len(ref):
        return pos - low + len(alt) - len(ref), True
    return pos - low, pos == start and ref[0] == alt[0]


def _single(change: Change, reads: ReadTable, rows: Ints, first: Ints, places: Ints) -> Shares:
    """Fragments with and without a single base, read off where each of ``rows`` lies on its haplotype.

    Args:
        change: the change.
        reads: all reads.
        rows: those that a haplotype explains.
        first: index of the first base of each on its haplotype.
        places: index of the base on the haplotype of each, and whether the haplotype has it at all.
    """
    at = places[:, 0] - first
    over = (at >= 0) & (at < reads.size[rows])
    rows, at, there = rows[over], at[over], places[over, 1] > 0
    shown = np.where(there, reads.codes[rows, at], _OUTSIDE)
    usable = (shown < 4) | ~there
    rows, shown = rows[usable], shown[usable]
    mates, number = np.unique(reads.fragment[rows], return_inverse=True)
    low, high = np.full(len(mates), _OUTSIDE), np.full(len(mates), -1)
    np.minimum.at(low, number, shown)
    np.maximum.at(high, number, shown)
    agreed = (low == high)[number]
    alt, ref = (_by_strand(reads, rows[agreed & (shown == BASES.index(b))]) for b in (change[2], change[1]))
    total = int((low == high).sum())
    return Shares(alt=alt, ref=ref, vaf=sum(alt) / total if total else None, depth=total)


def _codes(text: str) -> Bytes:
    return np.array([BASES.find(b) if b in BASES else _OUTSIDE for b in text], np.uint8)


def _haplotype(change: Change, window: str, low: int) -> _Haplotype:
    at = change[0] - low
    text = window[:at] + change[2] + window[at + len(change[1]) :]
    return _Haplotype(_codes(text), len(text) - len(window))


def _fit(haplotype: _Haplotype, reads: ReadTable, low: int) -> _Fit:
    """The better of two places: as the read's left end says, and as its right end says."""
    by_left = reads.first - low
    by_right = reads.last - low + haplotype.net - reads.size + 1
    left, right = _wrong(haplotype.codes, reads, by_left), _wrong(haplotype.codes, reads, by_right)
    worse = right < left
    return _Fit(np.where(worse, right, left), np.where(worse, by_right, by_left))


def _wrong(codes: Bytes, reads: ReadTable, first: Ints) -> Ints:
    """Mismatches of usable bases when each read's first base lies at ``first``."""
    width = reads.codes.shape[1]
    padded = np.concatenate([np.full(width, _OUTSIDE, np.uint8), codes, np.full(width, _OUTSIDE, np.uint8)])
    start = np.clip(first + width, 0, len(codes) + width)
    found = np.empty(len(first), np.int64)
    views = np.lib.stride_tricks.sliding_window_view(padded, width) if width else padded[:, None]
    step = max(_CHUNK // max(width, 1), 1)
    for i in range(0, len(first), step):
        part = slice(i, i + step)
        there, bases = views[start[part]], reads.codes[part]
        found[part] = ((bases != there) & (there < 4) & (bases < 4)).sum(axis=1)
    return found


def _good(wrong: Ints, other: Ints, rules: HaplotypeRules) -> Bools:
    """A fit that explains what the other does not: else the read has some third sequence."""
    return np.asarray(wrong <= np.maximum(other // 2, rules.unexplained))


def _anchor(net: int, typical: int, rules: HaplotypeRules) -> int:
    """Bases beside a change that a read needs: more where an aligner could not place shorter ones.

    ``typical``: length of the reads.
    """
    placed: int = rules.placed
    return placed if net > 0 and typical - net < 2 * placed else int(rules.anchor)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a read shows that it carries the change, from the left and from the right (0-based, from there).

    A read that begins at ``begin`` or before and reaches ``told`` fits the change at ``differences``
    bases better than the reference, laid from either end. ``edge``: where the bases in common end for
    good; reads over as many bases from there are as many, and cover the site whatever they carry.
    ``repeated``: the change adds to a repeat or takes from it, so that the two places differ;
    ``stretch``: the indices (of the reference) between which it can be written anywhere.
    """

    begin: tuple[int, int]
    told: tuple[int, int]
    edge: tuple[int, int]
    differences: int
    repeated: bool
    stretch: tuple[int, int]

    @classmethod
    def of(cls, plain: _Haplotype, other: _Haplotype, difference: int, anchor: int) -> _Ends | None:
        """``None`` when the window does not tell them apart."""
        size = min(len(plain.codes), len(other.codes))
        left = np.flatnonzero(plain.codes[:size] != other.codes[:size])
        right = np.flatnonzero(plain.codes[::-1][:size] != other.codes[::-1][:size])
        if not (left.size and right.size):
            return None
        enough = min(difference, left.size, right.size)
        told = int(left[enough - 1]), int(right[enough - 1])
        same = int(left[0]), int(right[0])
        whole = len(other.codes) - 1
        begin = min(same[0] - anchor, whole - told[1]), min(same[1] - anchor, whole - told[0])
        common = min(same[0], size - same[1]), min(same[1], size - same[0])
        edge = min(begin[0], common[0] - anchor), min(begin[1], common[1] - anchor)
        gone = max(-other.net, 0)
        stretch = len(plain.codes) - same[1] - gone, same[0] + gone
        return cls(begin, told, edge, enough, edge != begin, stretch)

    def shown(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads from ``first`` to ``last``, counted from that side (0 left, 1 right), that show this end."""
        return np.asarray((first <= self.begin[side]) & (last >= self.told[side]))

    def covered(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads that hold as many bases from the edge on."""
        reach = self.edge[side] + self.told[side] - self.begin[side]
        return np.asarray((first <= self.edge[side]) & (last >= reach))


def _count(
    reads: ReadTable, *, carries: Bools, sure: Bools, lacks: Bools, plainly: Bools, other: Bools,
    unexplained: Bools, able: Bools, aligned: int, shown: Sequence[Bools], covered: Sequence[Bools],
) -> Shares:  # fmt: skip
    """Each fragment once; mates that disagree count for neither (``sure`` against ``plainly``: a mate in a
    repeat fits both).

    No fraction is given where more fragments have some third sequence than carry the change, and enough to
    be those whose alignment shows it: two changes may stand on the same molecules.
    """
    over = covered[0] | covered[1]
    clash = np.intersect1d(reads.fragment[sure], reads.fragment[plainly & over])
    keep = ~np.isin(reads.fragment, clash)

    def fragments(which: Bools, ends: Sequence[Bools]) -> int:
        return sum(len(np.unique(reads.fragment[which & end & keep])) for end in ends)

    with_change, without = fragments(carries, shown), fragments(lacks, covered)
    total = fragments(carries | lacks | other, covered)
    alt, ref = _by_strand(reads, sure & keep), _by_strand(reads, lacks & able & keep)
    if not sum(ref):
        ref = _by_strand(reads, lacks & over & keep)
    accounted = max(fragments(carries, covered), with_change)  # each fragment once for either end
    if not total or (aligned > accounted and fragments(unexplained, covered) > max(accounted, aligned)):
        return Shares(alt=alt, ref=ref, vaf=None, depth=0)
    vaf = min(with_change / total, 1.0)
    depth = max(round(sum(alt) / vaf), sum(alt)) if vaf else round(total / 2)
    against = min(round(depth * without / total), depth - sum(alt))
    forward = round(against * ref[0] / sum(ref)) if sum(ref) else 0
    return Shares(alt=alt, ref=ref if not vaf else (forward, against - forward), vaf=vaf, depth=depth)


def _by_strand(reads: ReadTable, rows: Bools | Ints) -> tuple[int, int]:
    """Distinct fragments, forward and reverse; those seen on both strands are shared out evenly."""
    forward, reverse = (np.unique(reads.fragment[rows][reads.strand[rows] == s]) for s in (0, 1))
    both = len(np.intersect1d(forward, reverse, assume_unique=True))
    return len(forward) - both + both // 2, len(reverse) - both // 2


__all__ = ["ReadTable", "shares"]
