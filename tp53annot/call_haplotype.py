"""Fragments told apart by sequence: each read goes to the reference or the change it matches best.

An alignment can show a long insertion, a duplication or a change near a read's end only in part. Here
every read over such a change is compared, without gaps, with the sequence of each candidate around
it, placed by its left and by its right end. A read counts at the left or right end of a change only
where the reference and the change differ enough within it; as many placements of a read show an end
of the one as of the other, so the fraction needs no correction for length (docs/calling.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tp53annot.pileup import BASES, Change, Pileup, Shares
from tp53annot.reference import Reference

Rules = Mapping[str, Any]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
_OUTSIDE = 9  # beyond a compared sequence: neither match nor mismatch
_CHUNK = 2_000_000  # bases compared at a time: bounds memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Changes near each other, those preferred on a tie first, and the fragments whose alignment shows each.

    ``low``..``high`` (GRCh38) holds them all; sequences are compared over ``first``..``last``, wide
    enough for a duplication to show where it ends. A single-base change that neighbouring changes
    consist of has only the fragments that show it alone.
    """

    changes: tuple[Change, ...]
    aligned: tuple[int, ...]
    low: int
    high: int
    first: int
    last: int

    @classmethod
    def of(cls, aligned: Mapping[Change, int], flank: int) -> Cluster:
        """Of changes in that order, with ``flank`` bases and the longest difference in length on either side."""
        changes = tuple(aligned)
        low, high = min(c[0] for c in changes), max(c[0] + len(c[1]) - 1 for c in changes)
        reach = flank + max(abs(len(c[2]) - len(c[1])) for c in changes)
        return cls(changes=changes, aligned=tuple(aligned.values()), low=low, high=high,
                   first=low - reach, last=high + reach)  # fmt: skip


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


# which changes ------------------------------------------------------------------------------


def clusters(
    pileup: Pileup, reference: Reference, rules: Rules, extra: Iterable[Change] = ()
) -> list[Cluster]:
    """What is worth counting by sequence: indels, neighbouring changes, and single ones beside them.

    Args:
        pileup: counts as aligned.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[haplotype]``.
        extra: changes to count in any case (those of a VCF).
    """
    asked, shown, depth = set(extra), _shown(pileup), pileup.depth
    seen = shown | {c: max(shown.get(c, 0), n) for c, n in pileup.hints.items()}

    def enough(pos: int, count: int) -> bool:
        there = int(depth[min(max(pos - pileup.start, 0), pileup.length - 1)])
        return bool(count >= max(rules["fragments"], rules["share"] * there))

    strong = {c: n for c, n in seen.items() if enough(c[0], n)} | {c: seen.get(c, 0) for c in asked}
    strong = {c: n for c, n in strong.items() if pileup.holds(c)}
    found = []
    for group in _grouped(strong, rules["gap"]):
        low, high = min(c[0] for c in group), max(c[0] + len(c[1]) - 1 for c in group)
        parts = _parts(group)
        singles = _singles(pileup, reference, low - rules["gap"], high + rules["gap"], group)
        support = {c: n for c, n in singles.items() if c in parts or enough(c[0], n)}
        support |= {c: strong[c] for c in group}
        # What neighbouring changes consist of stays with them, however rare alone: else it is counted twice.
        needed = parts.union(group)
        chosen = sorted(support, key=lambda c: (c not in asked, c not in needed, -support[c], c))
        ordered = sorted(chosen[: rules["most"]], key=lambda c: (c not in asked, -support[c], c))
        aligned = {c: shown.get(c, singles.get(c, 0)) for c in ordered}
        found.append(Cluster.of(aligned, rules["flank"]))
    strongest = sorted(found, key=lambda f: -max(strong.get(c, 0) for c in f.changes))
    kept = {f.low for f in strongest[: rules["clusters"]]}
    return [f for f in found if f.low in kept or asked & set(f.changes)]


def _shown(pileup: Pileup) -> dict[Change, int]:
    """Indels and neighbouring changes as aligned, with their fragments."""
    return {change: count.total for change, count in pileup.indels.items()} | pileup.pairs


def _grouped(changes: Iterable[Change], gap: int) -> list[list[Change]]:
    """Changes with no more than ``gap`` bases between one and the next.

    A duplication reaches over the bases it repeats: with an error in it, it may be laid behind them.
    """
    groups: list[list[Change]] = []
    end = 0
    for change in sorted(changes):
        last = change[0] + max(len(change[1]), len(change[2])) - 1
        if groups and change[0] - end <= gap:
            groups[-1].append(change)
            end = max(end, last)
        else:
            groups.append([change])
            end = last
    return groups


def _singles(
    pileup: Pileup, reference: Reference, low: int, high: int, group: Sequence[Change]
) -> dict[Change, int]:
    """Single-base changes in a stretch, with the fragments that show no neighbouring change beside them."""
    found: dict[Change, int] = {}
    for pos in range(max(low, pileup.start), min(high, pileup.start + pileup.length - 1) + 1):
        ref = reference.bases(pos, pos)
        for b, base in enumerate(BASES):
            if base != ref:
                found[pos, ref, base] = int(pileup.bases[:, b, pos - pileup.start].sum())
    for change in group:
        for part in _parts([change]):
            found[part] -= pileup.pairs.get(change, 0)
    return found


def _parts(group: Iterable[Change]) -> set[Change]:
    """The single-base changes that neighbouring changes are made of."""
    return {
        (pos + i, old, new)
        for pos, ref, alt in group if len(ref) == len(alt) > 1
        for i, (old, new) in enumerate(zip(ref, alt, strict=True)) if old != new
    }  # fmt: skip


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


def shares(cluster: Cluster, reads: ReadTable, reference: Reference, rules: Rules) -> dict[Change, Shares]:
    """Fragments for and against each change of a cluster."""
    low, window = cluster.first, reference.bases(cluster.first, cluster.last)
    plain = _Haplotype(_codes(window), 0)
    others = [_haplotype(c, window, low) for c in cluster.changes]
    against, fits = _fit(plain, reads, low), [_fit(h, reads, low) for h in others]
    wrong = np.stack([f.wrong for f in fits])
    best, least = wrong.argmin(axis=0), wrong.min(axis=0)
    altered, theirs = least < against.wrong, against.wrong
    over = reads.size[(reads.first <= cluster.high) & (reads.last >= cluster.low)]
    typical, found = int(np.median(over)) if over.size else 0, {}
    for n, change in enumerate(cluster.changes):
        ends = _Ends.of(plain, others[n], rules["difference"], _anchor(others[n].net, typical, rules))
        if ends is None:
            continue
        mine = fits[n].wrong
        carries = altered & (best == n) & _good(mine, theirs, rules)
        lacks = ~altered & (theirs < mine) & _good(theirs, mine, rules)
        other = altered & (best != n) & _good(least, theirs, rules)
        unexplained = ~(carries | lacks | other) & (np.minimum(least, theirs) > rules["unexplained"])
        plainly = lacks
        if ends.repeated:  # what fits both lies in the repeat, and covers the site all the same
            lacks = lacks | (~altered & (theirs == mine) & (theirs <= rules["noise"] * reads.size))
        last = np.where(carries, len(others[n].codes), len(plain.codes)) - 1
        first = np.where(carries, fits[n].first, against.first)
        sides = ((first, first + reads.size - 1), (last - first - reads.size + 1, last - first))
        found[change] = _count(
            reads,
            carries=carries,
            sure=carries & (theirs - mine >= ends.differences),
            lacks=lacks,
            plainly=plainly,
            other=other,
            unexplained=unexplained,
            rivals=carries | other if len(change[1]) == len(change[2]) == 1 else carries,
            aligned=cluster.aligned[n],
            shown=[ends.shown(i, *side) for i, side in enumerate(sides)],
            covered=[ends.covered(i, *side) for i, side in enumerate(sides)],
        )
    return found


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


def _good(wrong: Ints, other: Ints, rules: Rules) -> Bools:
    """A fit that explains what the other does not: else the read has some third sequence."""
    return np.asarray(wrong <= np.maximum(other // 2, rules["unexplained"]))


def _anchor(net: int, typical: int, rules: Rules) -> int:
    """Bases beside a change that a read needs: more where an aligner could not place shorter ones.

    ``typical``: length of the reads.
    """
    placed: int = rules["placed"]
    return placed if net > 0 and typical - net < 2 * placed else int(rules["anchor"])


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a read shows that it carries the change, from the left and from the right (0-based, from there).

    A read that begins at ``begin`` or before and reaches ``told`` fits the change at ``differences``
    bases better than the reference, laid from either end. ``edge``: where the bases in common end for
    good; reads over as many bases from there are as many, and cover the site whatever they carry.
    ``repeated``: the change adds to a repeat or takes from it, so that the two places differ.
    """

    begin: tuple[int, int]
    told: tuple[int, int]
    edge: tuple[int, int]
    differences: int
    repeated: bool

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
        return cls(begin, told, edge, enough, edge != begin)

    def shown(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads from ``first`` to ``last``, counted from that side (0 left, 1 right), that show this end."""
        return np.asarray((first <= self.begin[side]) & (last >= self.told[side]))

    def covered(self, side: int, first: Ints, last: Ints) -> Bools:
        """Reads that hold as many bases from the edge on."""
        reach = self.edge[side] + self.told[side] - self.begin[side]
        return np.asarray((first <= self.edge[side]) & (last >= reach))


def _count(
    reads: ReadTable, *, carries: Bools, sure: Bools, lacks: Bools, plainly: Bools, other: Bools, unexplained: Bools,
    rivals: Bools, aligned: int, shown: Sequence[Bools], covered: Sequence[Bools],
) -> Shares:  # fmt: skip
    """Each fragment once; mates that disagree count for neither (``sure`` against ``plainly``: a mate in a
    repeat fits both).

    No fraction is given where more fragments have some third sequence than carry the change (``rivals``:
    or, beside a single base, any other change), and enough to be those whose alignment shows it: two
    changes may stand on the same molecules.
    """
    over = covered[0] | covered[1]
    clash = np.intersect1d(reads.fragment[sure], reads.fragment[plainly & over])
    keep = ~np.isin(reads.fragment, clash)

    def fragments(which: Bools, ends: Sequence[Bools]) -> int:
        return sum(len(np.unique(reads.fragment[which & end & keep])) for end in ends)

    with_change, without = fragments(carries, shown), fragments(lacks, covered)
    total = fragments(carries | lacks | other, covered)
    alt, ref = _by_strand(reads, sure & keep), _by_strand(reads, lacks & over & keep)
    accounted = max(fragments(rivals, covered), with_change)  # each fragment once for either end
    if not total or (aligned > accounted and fragments(unexplained, covered) > max(accounted, aligned)):
        return Shares(alt=alt, ref=ref, vaf=None, depth=0)
    vaf = min(with_change / total, 1.0)
    depth = max(round(sum(alt) / vaf), sum(alt)) if vaf else round(total / 2)
    against = min(round(depth * without / total), depth - sum(alt))
    forward = round(against * ref[0] / sum(ref)) if sum(ref) else 0
    return Shares(alt=alt, ref=ref if not vaf else (forward, against - forward), vaf=vaf, depth=depth)


def _by_strand(reads: ReadTable, which: Bools) -> tuple[int, int]:
    _, first = np.unique(reads.fragment[which], return_index=True)
    strand = reads.strand[which][first]
    reverse = int(strand.sum())
    return len(strand) - reverse, reverse


__all__ = ["Cluster", "ReadTable", "clusters", "shares"]
