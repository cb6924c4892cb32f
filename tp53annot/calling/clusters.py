"""Which changes are worth counting by sequence, and which of them must be judged together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tp53annot.calling.arrays import BASES
from tp53annot.calling.error_model import error_limit
from tp53annot.calling.pileup import Echo, Pileup, ReadChange
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.knowledge.rules.reads.calling import CallingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
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
    """

    changes: tuple[ReadChange, ...]
    aligned: tuple[int, ...]
    singles: tuple[ReadChange, ...]
    low: int
    high: int
    first: int
    last: int
    rivals: tuple[ReadChange, ...] = ()

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
    found = []
    for group in _grouped(strong, wanted.gap):
        low, high = min(c.pos for c in group), max(map(_end, group))
        ordered = sorted(group, key=lambda c: (c not in asked, -strong[c], c))[: wanted.most]
        # What neighbouring changes consist of stays with them, however rare alone: else it is counted twice.
        parts = _parts(group)
        singles = _singles(pileup, reference, low - wanted.gap, high + wanted.gap)
        alone = sorted(c for c, n in singles.items() if c in parts or enough(c.pos, n))
        found.append(Cluster.of({c: shown.get(c, 0) for c in ordered}, alone, wanted.flank))
    strongest = sorted(found, key=lambda f: -max(strong[c] for c in f.changes))
    kept = {f.low for f in strongest[: wanted.clusters]}
    return [
        replace(f, rivals=_rivals(f, strong)[: wanted.rivals])
        for f in found
        if f.low in kept or asked & set(f.changes)
    ]


def _echoed(echo: Echo | None, count: int, limit: float) -> bool:
    return echo is not None and overdispersed_at_least(count, echo.expected, echo.spread) > limit


def _rivals(cluster: Cluster, strong: Mapping[ReadChange, int]) -> tuple[ReadChange, ...]:
    """Changes of other clusters within the stretch that is compared, the strongest first."""
    there = [c for c in strong if cluster.first < c.pos and _end(c) < cluster.last]
    return tuple(sorted(set(there) - set(cluster.changes), key=lambda c: (-strong[c], c)))


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
