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

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import BASES, Bools, Ints, codes_of
from tp53annot.calling.clusters import Cluster
from tp53annot.calling.haplotypes import ChangeEnds, Haplotype, ReadFit, ReadTable, fit_reads, haplotype_with
from tp53annot.calling.pileup import FORWARD, REVERSE, ReadChange, Shares
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.read_layout import HaplotypeRules

_NOT_THERE = 9  # no code of a base


def shares(
    cluster: Cluster, reads: ReadTable, reference: Reference, rules: HaplotypeRules
) -> dict[ReadChange, Shares]:
    """Fragments for and against each change of a cluster.

    Args:
        cluster: the changes.
        reads: every read over them.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[haplotype]``.
    """
    low, window = cluster.first, reference.bases(cluster.first, cluster.last)
    plain = Haplotype(codes_of(window), 0)
    changes = (*cluster.changes, *cluster.rivals)
    others = [haplotype_with(c, window, low) for c in changes]
    fits = [fit_reads(h, reads, low) for h in (plain, *others)]
    wrong = np.stack([f.wrong for f in fits])
    best = _best(wrong)
    first = np.stack([f.first for f in fits])[best, np.arange(len(best))]
    beside = {c: _beside(c, changes, reads, best, first, low) for c in cluster.changes if not c.net}
    found = _longer(cluster, reads, rules, plain, others, fits, best, beside)
    if cluster.singles:
        # A read with the end of a replaced stretch alone may fit it for a base that is a change of its own.
        long = np.array([False, *(h.net != 0 for h in others)])
        least = wrong.min(axis=0)
        sure = ~long[best] | (wrong[0] - least >= rules.difference)
        errors = np.maximum(rules.unexplained, rules.noise * reads.size)
        rows = np.flatnonzero(least <= errors)
        for change in cluster.singles:
            places = np.array([_place(change.pos, other, low) for other in (None, *changes)])[best]
            for whole, (there, _) in beside.items():
                if whole.pos <= change.pos < whole.pos + len(whole.ref):
                    places[there] = (change.pos - low, False)  # a part of what is counted as one
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
    cluster: Cluster,
    reads: ReadTable,
    rules: HaplotypeRules,
    plain: Haplotype,
    others: Sequence[Haplotype],
    fits: Sequence[ReadFit],
    best: Ints,
    beside: Mapping[ReadChange, tuple[Bools, Ints]],
) -> dict[ReadChange, Shares]:
    """Fragments for and against the changes of more than a base."""
    against, altered = fits[0], best > 0
    theirs = against.wrong
    least = np.stack([f.wrong for f in fits[1:]] or [theirs]).min(axis=0)
    over = reads.size[(reads.first <= cluster.high) & (reads.last >= cluster.low)]
    typical, found = int(np.median(over)) if over.size else 0, {}
    begun, ended = _common(reads.first, rules), _common(reads.last, rules)
    begins, stops = reads.first > cluster.first, reads.last < cluster.last  # the others were cut
    amplicons = 2 * int(((begun & begins) | (ended & stops)).sum()) > int((begins | stops).sum())
    for n, change in enumerate(cluster.changes):
        anchor = max(_anchor(others[n].net, typical, rules), typical // 2 if cluster.copied else 0)
        ends = ChangeEnds.of(plain, others[n], rules.difference, anchor)
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
        witnesses = _Witnesses(
            carries=carries,
            sure=carries & (both | (theirs - mine >= ends.differences)),
            lacks=lacks,
            plainly=plainly,
            other=other,
            unexplained=unexplained,
            shown=shown,
            able=able,
            covered=[ends.covered(i, *side) & ~silent[i] for i, side in enumerate(sides)],
            amplicons=amplicons,
        )
        found[change] = witnesses.shares(reads, cluster.aligned[n])
    return found


def _common(places: Ints, rules: HaplotypeRules) -> Bools:
    """Reads that begin (or end) where many others do: those of an amplicon."""
    _, number, count = np.unique(places, return_inverse=True, return_counts=True)
    many = (count >= rules.amplicon_reads) & (count >= rules.amplicon_share * len(places))
    return np.asarray(many[number])


def _beside(
    change: ReadChange, changes: Sequence[ReadChange], reads: ReadTable, best: Ints, first: Ints, low: int
) -> tuple[Bools, Ints]:
    """Reads that show replaced bases on the sequence of an insertion or deletion beside them.

    Also the index of the first base of each, were it laid on the reference by these bases.
    """
    found, place = np.zeros(len(best), np.bool_), first.copy()
    pos, ref, alt = change
    steps = np.arange(len(ref))
    for n, other in enumerate(changes):
        if not other.net or (other.pos < pos + len(ref) and pos < other.pos + len(other.ref)):
            continue
        at, _ = _place(pos, other, low)
        rows = np.flatnonzero(best == n + 1)
        rows = rows[(at >= first[rows]) & (at + len(ref) <= first[rows] + reads.size[rows])]
        bases = reads.codes[rows[:, None], (at - first[rows])[:, None] + steps]
        found[rows[(bases == codes_of(alt)).all(axis=1)]] = True
        place[rows] = first[rows] - at + pos - low
    return found, place


def _place(pos: int, change: ReadChange | None, low: int) -> tuple[int, bool]:
    """Index of a reference position on the haplotype with a change, and whether its base is still there."""
    if change is None or pos < change.pos:
        return pos - low, True
    start, ref, alt = change
    if pos >= start + len(ref):
        return pos - low + len(alt) - len(ref), True
    return pos - low, pos == start and ref[0] == alt[0]


def _single(change: ReadChange, reads: ReadTable, rows: Ints, first: Ints, places: Ints) -> Shares:
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
    shown = np.where(there, reads.codes[rows, at], _NOT_THERE)
    usable = (shown < 4) | ~there
    rows, shown = rows[usable], shown[usable]
    mates, number = np.unique(reads.fragment[rows], return_inverse=True)
    low, high = np.full(len(mates), _NOT_THERE), np.full(len(mates), -1)
    np.minimum.at(low, number, shown)
    np.maximum.at(high, number, shown)
    agreed = (low == high)[number]
    alt, ref = (_by_strand(reads, rows[agreed & (shown == BASES.index(b))]) for b in (change.alt, change.ref))
    total = int((low == high).sum())
    return Shares(alt=alt, ref=ref, vaf=sum(alt) / total if total else None, depth=total)


def _good(wrong: Ints, other: Ints, rules: HaplotypeRules) -> Bools:
    """A fit that explains what the other does not: else the read has some third sequence."""
    return np.asarray(wrong <= np.maximum(other // 2, rules.unexplained))


def _anchor(net: int, typical: int, rules: HaplotypeRules) -> int:
    """Bases beside a change that a read of ``typical`` length needs: more where an aligner needs them to place it."""
    return rules.placed if net > 0 and typical - net < 2 * rules.placed else rules.anchor


class _Witnesses(Struct, frozen=True, kw_only=True):
    """Which reads tell what of a change.

    Attributes:
        carries: fit the change.
        sure: fit it at as many bases as tell it from the reference.
        lacks: fit the reference, or both alike and cover the site.
        plainly: fit the reference better than the change.
        other: fit another change.
        unexplained: fit none of these.
        able: could show the change, had they it, by where reads of their strand begin.
        shown: show the left, the right end of the change.
        covered: hold as many bases beside the left, the right end, whatever they carry.
        amplicons: most begin or end at a few places, so that a base more or less takes all of them or none.
    """

    carries: Bools
    sure: Bools
    lacks: Bools
    plainly: Bools
    other: Bools
    unexplained: Bools
    able: Bools
    shown: Sequence[Bools]
    covered: Sequence[Bools]
    amplicons: bool

    def shares(self, reads: ReadTable, aligned: int) -> Shares:
        """Each fragment once; mates that disagree count for neither (a mate in a repeat fits both).

        No fraction is given where more fragments have some third sequence than carry the change, and enough
        to be the ``aligned`` ones, whose alignment shows it: two changes may stand on the same molecules.
        """
        over = self.covered[0] | self.covered[1]
        clash = np.intersect1d(reads.fragment[self.sure], reads.fragment[self.plainly & over])
        keep = ~np.isin(reads.fragment, clash)

        def fragments(which: Bools, ends: Sequence[Bools]) -> int:
            return sum(len(np.unique(reads.fragment[which & end & keep])) for end in ends)

        with_change, without = fragments(self.carries, self.shown), fragments(self.lacks, self.covered)
        total = fragments(self.carries | self.lacks | self.other, self.covered)
        if self.amplicons:
            total = sum(
                len(
                    np.unique(
                        reads.fragment[
                            ((self.carries & (end | shown)) | ((self.lacks | self.other) & end)) & keep
                        ]
                    )
                )
                for end, shown in zip(self.covered, self.shown, strict=True)
            )
        alt = _by_strand(reads, self.sure & keep)
        ref = _by_strand(reads, self.lacks & self.able & keep)
        if not sum(ref):
            ref = _by_strand(reads, self.lacks & over & keep)
        accounted = max(
            fragments(self.carries, self.covered), with_change
        )  # each fragment once for either end
        third = aligned > accounted and fragments(self.unexplained, self.covered) > max(accounted, aligned)
        if not total or third:
            return Shares(alt=alt, ref=ref, vaf=None, depth=0)
        vaf = min(with_change / total, 1.0)
        if not vaf:
            return Shares(alt=alt, ref=ref, vaf=vaf, depth=round(total / 2))
        depth = max(round(sum(alt) / vaf), sum(alt))
        against = min(round(depth * without / total), depth - sum(alt))
        forward = round(against * ref[0] / sum(ref)) if sum(ref) else 0
        return Shares(alt=alt, ref=(forward, against - forward), vaf=vaf, depth=depth)


def _by_strand(reads: ReadTable, rows: Bools | Ints) -> tuple[int, int]:
    """Distinct fragments, forward and reverse; those seen on both strands are shared out evenly."""
    forward, reverse = (np.unique(reads.fragment[rows][reads.strand[rows] == s]) for s in (FORWARD, REVERSE))
    both = len(np.intersect1d(forward, reverse, assume_unique=True))
    return len(forward) - both + both // 2, len(reverse) - both // 2
