"""Which changes are worth counting by sequence, and which of them must be judged together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.arrays import BASES
from tp53annot.calling.error_model import error_limit
from tp53annot.calling.pileup import Echo, Pileup, ReadChange
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.knowledge.rules.reads.calling import CallingRules

_JUNCTION = 2  # places where the molecules of a deletion or a duplication are clipped; a copy has more


class Cluster(Struct, frozen=True, kw_only=True):
    """Changes so near each other that a read must be compared with all of them.

    Attributes:
        changes: longer ones; the first fits a read that two fit alike.
        aligned: fragments whose alignment shows each of them.
        singles: single-base changes beside them.
        low: first position of all these, GRCh38.
        high: last position of all these.
        first: first position of the stretch over which sequences are compared, GRCh38.
        last: its last position: far enough for a duplication to show where it ends.
        rivals: strong changes of other clusters within that stretch, which a read may carry instead.
        breakpoints: the reads that touch one of these positions are compared; all of the stretch where there is none.
        copied: whether what is inserted lies elsewhere, too, so that reads are laid there by their larger part.
    """

    changes: tuple[ReadChange, ...]
    aligned: tuple[int, ...]
    singles: tuple[ReadChange, ...]
    low: int
    high: int
    first: int
    last: int
    rivals: tuple[ReadChange, ...] = ()
    breakpoints: tuple[int, ...] = ()
    copied: bool = False

    @classmethod
    def far(cls, aligned: Mapping[ReadChange, int], flank: int, *, copied: bool) -> Cluster:
        """Of long events with about the same breakpoints, the likeliest first: nothing between these is looked at."""
        low, high = min(c.pos for c in aligned), max(c.pos + len(c.ref) - 1 for c in aligned)
        gained = max(0, *(c.net for c in aligned))
        ends = {p for c in aligned for p in (c.pos, c.pos + len(c.ref) - 1)}
        return cls(
            changes=tuple(aligned),
            aligned=tuple(aligned.values()),
            singles=(),
            low=low,
            high=high,
            first=low - flank - gained,
            last=high + flank + gained,
            breakpoints=() if gained else tuple(sorted(ends)),
            copied=copied,
        )

    @classmethod
    def of(cls, aligned: Mapping[ReadChange, int], singles: Iterable[ReadChange], flank: int) -> Cluster:
        """Of changes in that order, with ``flank`` bases and the longest difference in length on either side."""
        alone = tuple(singles)
        members = (*aligned, *alone)
        low, high = min(c.pos for c in members), max(c.pos + len(c.ref) - 1 for c in members)
        reach = flank + max(abs(c.net) for c in members)
        return cls(
            changes=tuple(aligned),
            aligned=tuple(aligned.values()),
            singles=alone,
            low=low,
            high=high,
            first=low - reach,
            last=high + reach,
        )


def clusters(
    pileup: Pileup, reference: Reference, rules: CallingRules, extra: Iterable[ReadChange] = ()
) -> list[Cluster]:
    """What is worth counting by sequence: indels, neighbouring changes, and single ones beside them.

    Args:
        pileup: counts as aligned.
        reference: the locus.
        rules: ``rules/calling.toml``.
        extra: changes to count in any case (those of a VCF).
    """
    asked, shown, depth = set(extra), pileup.shown, pileup.depth
    limit, wanted = error_limit(pileup, rules.model), rules.haplotype
    # What errors explain is no sequence of its own: its fragments are those of the change they stand on.
    shown = {c: n for c, n in shown.items() if not _echoed(pileup.echoes.get(c), n, limit)}
    seen = shown | {c: max(shown.get(c, 0), n) for c, n in pileup.hints.items()}

    def enough(pos: int, count: int) -> bool:
        there = int(depth[min(max(pos - pileup.start, 0), pileup.length - 1)])
        return bool(count >= max(wanted.fragments, wanted.share * there))

    strong = {c: n for c, n in seen.items() if enough(c.pos, n)} | {c: seen.get(c, 0) for c in asked}
    strong = {c: n for c, n in strong.items() if pileup.holds(c)}
    found = [
        Cluster.far(
            {c: shown.get(c, 0) for c in group},
            wanted.flank,
            copied=any(len(pileup.far[c]) > _JUNCTION for c in group),
        )
        for group in _alike([c for c in strong if c in pileup.far], strong, wanted.gap)
    ]
    for group in _grouped((c for c in strong if c not in pileup.far), wanted.gap):
        low, high = min(c.pos for c in group), max(map(_end, group))
        ordered = sorted(group, key=lambda c: (c not in asked, -strong[c], c))[: wanted.most]
        # What neighbouring changes consist of stays with them, however rare alone: else it is counted twice.
        parts = _parts(group)
        singles = _singles(pileup, reference, low - wanted.gap, high + wanted.gap)
        alone = sorted(c for c, n in singles.items() if c in parts or enough(c.pos, n))
        found.append(Cluster.of({c: shown.get(c, 0) for c in ordered}, alone, wanted.flank))
    strongest = sorted(found, key=lambda f: -max(strong[c] for c in f.changes))
    kept = {f.changes for f in strongest[: wanted.clusters]}
    chosen = [f for f in found if f.changes in kept or asked & set(f.changes)]
    near = {c: n for c, n in strong.items() if c not in pileup.far}
    rivals = {f.changes: () if f.changes[0] in pileup.far else _rivals(f, near) for f in chosen}
    return [
        replace(f, rivals=(*rivals[f.changes][: wanted.rivals], *_far_sides(f, pileup.far, reference)))
        for f in chosen
    ]


def _echoed(echo: Echo | None, count: int, limit: float) -> bool:
    return echo is not None and overdispersed_at_least(count, echo.expected, echo.spread) > limit


def _far_sides(cluster: Cluster, far: Iterable[ReadChange], reference: Reference) -> Iterator[ReadChange]:
    """Sides of long events within the stretch that is compared, as far as it shows them: as many bases for as many."""
    for event in far:
        left, right = event.pos, event.pos + len(event.ref)
        if event in cluster.changes:
            continue
        if cluster.first < left < cluster.last:
            size = cluster.last - left + 1
            beyond = reference.bases(right, min(right + size, reference.end))
            yield ReadChange(left, reference.bases(left, cluster.last), (event.alt + beyond)[:size])
        if cluster.first < right < cluster.last:
            size = right - cluster.first
            before = reference.bases(max(left - size, reference.start), left - 1)
            yield ReadChange(
                cluster.first, reference.bases(cluster.first, right - 1), (before + event.alt)[-size:]
            )


def _rivals(cluster: Cluster, strong: Mapping[ReadChange, int]) -> tuple[ReadChange, ...]:
    """Changes of other clusters within the stretch that is compared, the strongest first."""
    there = [c for c in strong if cluster.first < c.pos and _end(c) < cluster.last]
    return tuple(sorted(set(there) - set(cluster.changes), key=lambda c: (-strong[c], c)))


def _alike(
    changes: Iterable[ReadChange], strong: Mapping[ReadChange, int], gap: int
) -> list[list[ReadChange]]:
    """Long events whose breakpoints lie within ``gap`` bases of each other's, the strongest first."""
    groups: list[list[ReadChange]] = []
    for change in sorted(changes, key=lambda c: (-strong[c], c)):
        for group in groups:
            first = group[0]
            if abs(first.pos - change.pos) <= gap and abs(first.net - change.net) <= gap:
                group.append(change)
                break
        else:
            groups.append([change])
    return groups


def _grouped(changes: Iterable[ReadChange], gap: int) -> list[list[ReadChange]]:
    """Changes with no more than ``gap`` bases between one and the next."""
    groups: list[list[ReadChange]] = []
    end = 0
    for change in sorted(changes):
        last = _end(change)
        if groups and change.pos - end <= gap:
            groups[-1].append(change)
            end = max(end, last)
        else:
            groups.append([change])
            end = last
    return groups


def _end(change: ReadChange) -> int:
    """The last position of a change; a duplication reaches over the bases it repeats.

    With an error in it, it may be laid behind them, and short ends of reads show mismatches there.
    """
    return change.pos + max(len(change.ref), len(change.alt)) - 1


def _singles(pileup: Pileup, reference: Reference, low: int, high: int) -> dict[ReadChange, int]:
    """Single-base changes in a stretch with their fragments."""
    found: dict[ReadChange, int] = {}
    for pos in range(max(low, pileup.start), min(high, pileup.start + pileup.length - 1) + 1):
        ref = reference.bases(pos, pos)
        for b, base in enumerate(BASES):
            if base != ref:
                found[ReadChange(pos, ref, base)] = int(pileup.bases[:, b, pos - pileup.start].sum())
    return found


def _parts(group: Iterable[ReadChange]) -> set[ReadChange]:
    """The single-base changes that neighbouring changes are made of."""
    return {
        ReadChange(change.pos + i, old, new)
        for change in group
        if not change.net
        for i, (old, new) in enumerate(zip(change.ref, change.alt, strict=True))
        if old != new and not change.single_base
    }
