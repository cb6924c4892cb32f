"""The sample's own errors at each place: what they prove of a change that few molecules show.

A class of change (C>T ...) that enough bases of the sample tell of has a rate of its own; the bases beside a place,
its qualities and what else is misread there raise or lower it. Where the sample does not tell, nothing is proven.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import BASES, Bools, Floats, Ints, codes_of
from tp53annot.calling.error_model import without_variants
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules
from tp53annot.knowledge.rules.reads.proof import ProofRules

_CONTEXTS = 25  # of a base on either side, others than A, C, G, T counted as one


class ClassErrors(Struct, frozen=True, kw_only=True):
    """Errors of one class of change in the sample.

    Attributes:
        expected: at each place, as many errors of this class as its depth, its neighbours and qualities give.
        spread: variance of a count beyond Poisson, as a share of its mean squared, at most as the places tell.
        proven: whether enough bases tell.
    """

    expected: Floats
    spread: float
    proven: bool


class OwnErrors:
    """What a pileup tells of its errors.

    Args:
        pileup: counts.
        sequence: the reference over it.
        model: ``rules/calling.toml`` ``[model]``.
        rules: ``rules/calling.toml`` ``[proof]``.
    """

    def __init__(self, pileup: Pileup, sequence: str, model: ErrorModelRules, rules: ProofRules) -> None:
        self.pileup, self.model, self.rules = pileup, model, rules
        self.depth = pileup.depth
        self._codes = codes_of(sequence)
        self._totals = pileup.bases.sum(axis=0)
        self._contexts = self._contexts_of(self._codes)
        self._quality = self._quality_of_places()
        self._classes = {
            (r, a): self._class(r, a) for r in range(len(BASES)) for a in range(len(BASES)) if r != a
        }
        self.deep: Bools = np.asarray(self.depth >= rules.depth)
        self._longer = self._longer_errors()

    @staticmethod
    def _contexts_of(codes: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> Ints:
        """The bases before and behind each place as one number."""
        padded = np.concatenate([[4], codes, [4]]).astype(np.int64)
        return np.asarray(5 * padded[:-2] + padded[2:])

    def _quality_of_places(self) -> Floats:
        """How often the bases of each place are wrong by their stated qualities, against all places; 1 at least."""
        stated = self.pileup.errors / np.maximum(self.depth, 1)
        overall = self.pileup.errors.sum() / max(int(self.depth.sum()), 1)
        return np.asarray(np.maximum(stated / overall, 1.0) if overall > 0 else np.ones(len(stated)))

    def _class(self, ref: int, alt: int) -> ClassErrors:
        rules, places = self.rules, np.flatnonzero((self._codes == ref) & (self.depth > 0))
        seen, over = self._totals[alt, places].astype(float), self.depth[places].astype(float)
        telling = without_variants(seen, over, self.model)
        bases = float(over[telling].sum())
        expected = np.zeros(len(self.depth))
        if bases < rules.bases:
            return ClassErrors(expected=expected, spread=0.0, proven=False)
        rate = max((float(seen[telling].sum()) + rules.prior_errors) / bases, rules.least_rate)
        by_context = self._by_context(places[telling], seen[telling], over[telling] * rate)
        at = over * rate * by_context[self._contexts[places]]
        expected[places] = at * self._quality[places] * self._elsewhere(ref, alt, places)
        mean = at[telling]
        told = float((mean**2).sum())
        beyond = max(float(((seen[telling] - mean) ** 2 - seen[telling]).sum()), 0.0)
        spread = (beyond + (2 * told) ** 0.5) / (told + rules.spread_prior)
        return ClassErrors(expected=expected, spread=spread, proven=True)

    def _by_context(self, places: Ints, seen: Floats, expected: Floats) -> Floats:
        """For each context how much more often than the class on the whole it errs, drawn towards 1."""
        contexts, prior = self._contexts[places], self.rules.context_prior
        of = np.bincount(contexts, weights=seen, minlength=_CONTEXTS)
        mean = np.bincount(contexts, weights=expected, minlength=_CONTEXTS)
        return np.asarray((of + prior) / (mean + prior))

    def _elsewhere(self, ref: int, alt: int, places: Ints) -> Floats:
        """How much more often other bases are misread at each place than on the whole; 1 at least."""
        others = [b for b in range(len(BASES)) if b not in (ref, alt)]
        counts = self._totals[others][:, places].astype(float)
        counts[counts >= self.model.background_vaf * self.depth[places]] = 0  # may be a change of its own
        overall = counts.sum() / max(float(self.depth[places].sum()), 1.0)
        prior = self.rules.place_prior
        usual = self.depth[places] * overall
        return np.asarray(np.maximum((counts.sum(axis=0) + prior) / (usual + prior), 1.0))

    # changes longer than a base --------------------------------------------------------------

    def _longer_errors(self) -> tuple[float, float]:
        """Rates per base of one-base insertions and deletions, and of all other longer changes, over all places."""
        one = other = self.rules.prior_errors
        for change, count in self.pileup.shown.items():
            at = change.pos - self.pileup.start
            if 0 <= at < len(self.depth) and count < self.model.background_vaf * self.depth[at]:
                if one_base_indel(change):
                    one += count
                else:
                    other += count
        bases = float(self.depth.sum())
        return (one / bases, other / bases) if bases else (1.0, 1.0)

    # what is asked ---------------------------------------------------------------------------

    def of_base(self, ref: str, alt: str, index: int) -> tuple[float, float] | None:
        """Errors to expect of one base for another at a place, and their spread; ``None`` where nothing is proven."""
        found = self._classes.get((BASES.find(ref), BASES.find(alt)))
        if found is None or not found.proven or not self.deep[index]:
            return None
        return float(found.expected[index]), found.spread

    def of_longer(self, change: ReadChange, index: int) -> float | None:
        """Rate at which errors look like a longer change outside repeats; ``None`` where nothing is proven."""
        if not self.deep[index] or float(self.depth.sum()) < self.rules.bases:
            return None
        one, other = self._longer
        if one_base_indel(change):
            return one * self.rules.run_bases
        return other if other <= self.model.rare_floor else None

    def classes(self) -> Iterator[tuple[str, str, ClassErrors]]:
        """Every class: the reference's base, the one it is misread as, and its errors."""
        for (ref, alt), found in self._classes.items():
            yield BASES[ref], BASES[alt], found


def one_base_indel(change: ReadChange) -> bool:
    """Whether a single base is inserted or deleted, and nothing else changed."""
    return abs(change.net) == 1 == min(len(change.ref), len(change.alt))
