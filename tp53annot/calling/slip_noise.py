"""How often this sample's reads lose or gain bases, by the length of the run of one base they stand in.

Ion, nanopore and PacBio machines read runs of one base shorter or longer than they are, the more often the longer the
run. The rates are the sample's own: of each length of a run over all its runs, without the highest of them, which may
hold a variant; where there are few runs of a length, drawn towards the rate of the runs one base shorter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.arrays import Counts, Floats, Ints, codes_of
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules
from tp53annot.knowledge.rules.reads.platform import SlipRules

# GRCh38 position, reference and alternate bases of a normalised change (VCF style).
Change = tuple[int, str, str]
_LOST, _GAINED = 0, 1
_HOMOPOLYMER_SIZES = 3  # bases of one kind lost or gained at once: 1, 2, or more
_OTHERS = (1, 2, 3, 6, 12)  # upper limits of the sizes of all other insertions and deletions


class SlipRate(Struct, frozen=True, kw_only=True):
    """How often errors give an insertion or deletion.

    Attributes:
        rate: per fragment.
        spread: variance of a count of them beyond Poisson, as a share of its mean squared.
    """

    rate: float
    spread: float


class _Kind(Struct, frozen=True):
    """What insertions and deletions are counted together by.

    Attributes:
        gained: whether bases were gained.
        size: bases, up to the limit of its group.
        run: bases of the run of one base; ``None``: several kinds of bases.
    """

    gained: int
    size: int
    run: int | None


class SlipNoise:
    """Rates of insertions and deletions by errors.

    Args:
        start: GRCh38 position of the first counted place.
        depth: fragments over each place.
        indels: fragments that show each normalised insertion or deletion.
        sequence: the reference over the places.
        rules: ``rules/calling.toml`` ``[slips]``.

    Attributes:
        overall: bases lost and gained, of all.
        spread: variance of counts between runs of a length, as a share of their mean squared.
    """

    def __init__(
        self, start: int, depth: Counts, indels: Mapping[Change, int], sequence: str, rules: SlipRules
    ) -> None:
        self._start, self._sequence, self.rules = start, sequence, rules
        codes = codes_of(sequence)
        begins = np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1])
        sizes = np.diff(np.concatenate([begins, [len(codes)]]))
        self.run_first: Ints = np.repeat(begins, sizes)
        self.run_size: Ints = np.repeat(sizes, sizes)
        self._rates: dict[_Kind, SlipRate] = {}
        self.overall = sum(indels.values()) / max(int(depth.sum()), 1)
        self.spread = self._learn(depth, indels, begins, sizes)

    # learning ---------------------------------------------------------------------------------

    def _learn(self, depth: Counts, indels: Mapping[Change, int], begins: Ints, sizes: Ints) -> float:
        seen: dict[_Kind, dict[int, int]] = {}
        for change, count in indels.items():
            kind, at = self._kind(change), change[0] + 1 - self._start
            if kind is not None and 0 < at < len(depth):
                places = seen.setdefault(kind, {})
                places[at] = places.get(at, 0) + count
        over = np.array([depth[a : a + n].min() for a, n in zip(begins, sizes, strict=True)], float)
        by_run = {n: (begins[sizes == n], over[sizes == n]) for n in range(1, int(sizes.max(initial=1)) + 1)}
        by_run[0] = (np.arange(len(depth)), depth.astype(float))
        spread = self._learn_runs(seen, by_run)
        everywhere = by_run[0]
        for gained in (_LOST, _GAINED):
            for limit in (*_OTHERS, 0):
                kind = _Kind(gained, limit, None)
                found = _counts(everywhere, seen.get(kind, {}))
                self._rates[kind] = self._rate(*found, self.rules.longer, spread)[0]
        return spread

    def _learn_runs(
        self, seen: Mapping[_Kind, Mapping[int, int]], by_run: Mapping[int, tuple[Ints, Floats]]
    ) -> float:
        """Rates by the length of runs, with a spread of all lengths together; that spread."""
        rules = self.rules
        found: dict[_Kind, tuple[SlipRate, float, float]] = {}
        for gained in (_LOST, _GAINED):
            for size in range(1, _HOMOPOLYMER_SIZES + 1):
                before = rules.single * rules.step ** (size - 1)
                for length in sorted(by_run):
                    if length or gained:
                        kind = _Kind(gained, size, length)
                        stated = before * (rules.growth if length > 1 else 1)
                        counts = _counts(by_run[length], seen.get(kind, {}))
                        rate, beyond, told = self._rate(*counts, min(stated, rules.most), 0.0)
                        found[kind] = rate, beyond, told
                        before = rate.rate
        telling = [f for kind, f in found.items() if (kind.run or 0) > 1]
        beyond, told = sum(f[1] for f in telling), sum(f[2] for f in telling)
        spread = rules.spread_factor * max(beyond, 0.0) / (
            told + rules.spread_prior
        ) + rules.spread_prior * rules.spread / (told + rules.spread_prior)
        for kind, (rate, _, _) in found.items():
            self._rates[kind] = SlipRate(rate=rate.rate, spread=max(rate.spread, spread))
        return spread

    def _rate(
        self, seen: Floats, depth: Floats, stated: float, spread: float
    ) -> tuple[SlipRate, float, float]:
        """The rate over places without the highest, its spread, and what tells of that (sums of squares)."""
        rules = self.rules
        left_out = math.ceil(rules.left_out * len(seen)) + 1
        kept = np.argsort(seen / np.maximum(depth, 1), kind="stable")[: max(len(seen) - left_out, 0)]
        seen, depth = seen[kept], depth[kept]
        rate = (float(seen.sum()) + rules.fragments * stated) / (float(depth.sum()) + rules.fragments)
        mean = depth * rate
        beyond, told = float(((seen - mean) ** 2 - seen).sum()), float((mean**2).sum())
        own = max(beyond, 0.0) / (told + rules.spread_prior)
        return SlipRate(rate=min(rate, rules.most), spread=max(own, spread)), beyond, told

    def model(self, model: ErrorModelRules) -> ErrorModelRules:
        """The error model of bases: places with many errors are no changes here."""
        return replace(model, background_vaf=self.rules.background_vaf, family_error=self.rules.family_error)

    # what is asked ----------------------------------------------------------------------------

    def _kind(self, change: Change) -> _Kind | None:
        """``None`` for what is neither an insertion nor a deletion alone."""
        pos, ref, alt = change
        if len(ref) == len(alt) or min(len(ref), len(alt)) > 1:
            return None
        text, gained = (ref[1:], _LOST) if len(ref) > len(alt) else (alt[1:], _GAINED)
        if len(set(text)) == 1:
            at = pos + 1 - self._start
            inside = 0 <= at < len(self._sequence) and self._sequence[at] == text[0]
            run = int(self.run_size[at]) if inside else 0
            return _Kind(gained, min(len(text), _HOMOPOLYMER_SIZES), run)
        return _Kind(gained, next((n for n in _OTHERS if len(text) <= n), 0), None)

    def rate(self, change: Change) -> SlipRate | None:
        """Errors per fragment that look like a normalised change; ``None`` for what is no insertion or deletion."""
        kind = self._kind(change)
        if kind is None:
            return None
        one, several = self._rates[kind], self._of_neighbours(change)
        return max(one, several, key=lambda rate: rate.rate) if several else one

    def _of_neighbours(self, change: Change) -> SlipRate | None:
        """How often neighbouring runs lose bases on one read by chance, which an aligner writes as one deletion."""
        pos, ref, alt = change
        first, end = pos + 1 - self._start, pos + len(ref) - self._start
        if len(alt) > 1 or first < 0 or end > len(self._sequence) or len(set(ref[1:])) < 2:
            return None
        rate = square = 1.0
        while first < end:
            run_end = int(self.run_first[first] + self.run_size[first])
            lost = min(run_end, end) - first
            of_run = self._rates[_Kind(_LOST, min(lost, _HOMOPOLYMER_SIZES), int(self.run_size[first]))]
            rate, square = rate * of_run.rate, square * (1 + of_run.spread)
            first += lost
        return SlipRate(rate=rate, spread=square - 1)

    def of_one_base(self) -> Iterator[tuple[int, SlipRate]]:
        """How often runs of each length lose a base, and how often they gain one."""
        for length in np.unique(self.run_size).tolist():
            for gained in (_LOST, _GAINED):
                yield length, self._rates[_Kind(gained, 1, length)]


def _counts(places: tuple[Ints, Floats], seen: Mapping[int, int]) -> tuple[Floats, Floats]:
    """Counts and depth at places that are covered; nothing seen counts, too."""
    at, depth = places
    counts = np.array([seen.get(int(i), 0) for i in at], float)
    covered = depth > 0
    return counts[covered], depth[covered]
