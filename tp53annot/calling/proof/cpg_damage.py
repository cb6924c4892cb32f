"""Deamination of methylated cytosines: C read as T, or G as A, in CpG more often than elsewhere.

Formalin and age turn methylated cytosines of CpG into thymines, which no enzyme of a library takes out; six of the hot
spots of the gene are such changes. So the rate of all its CpG is asked for, beside that of the class of change.
"""

from __future__ import annotations

import math

import numpy as np

from tp53annot.calling.arrays import BASES, Bools, Floats, Ints
from tp53annot.calling.error_model import ErrorRate
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules

_READ_AS = {"C": "T", "G": "A"}


class CpgDamage:
    """How often CpG of a sample are read as TpG or CpA.

    Args:
        pileup: counts.
        sequence: the reference over it.
        model: ``rules/calling.toml`` ``[model]``.

    Attributes:
        rate: errors a base of CpG; ``None`` where they are no more than the class of change has anyway.
    """

    def __init__(self, pileup: Pileup, sequence: str, model: ErrorModelRules) -> None:
        padded = f" {sequence} "
        self._there: Bools = np.array(
            [padded[i : i + 2] == "CG" or padded[i - 1 : i + 1] == "CG" for i in range(1, len(sequence) + 1)]
        )
        depth, totals = pileup.depth, pileup.bases.sum(axis=0)
        places: Ints = np.flatnonzero(self._there & (depth > 0))
        alts = [BASES.index(_READ_AS[sequence[i]]) for i in places.tolist()]
        seen, over = totals[alts, places].astype(float), depth[places].astype(float)
        self.rate = _raised(seen, over, model) if len(places) >= model.cpg_places else None

    def expected(self, change: ReadChange, index: int, molecules: int) -> float:
        """Molecules to expect that show a change by such errors alone, of so many; 0 where there are none.

        Of several bases all must be such ones, and of one kind: they lie on one strand, that of half of the molecules.
        """
        if self.rate is None or change.net:
            return 0.0
        at = [n for n, (a, b) in enumerate(zip(change.ref, change.alt, strict=True)) if a != b]
        kinds = {(change.ref[n], change.alt[n]) for n in at}
        if len(kinds) != 1 or not kinds <= _READ_AS.items():
            return 0.0
        if not all(0 <= index + n < len(self._there) and self._there[index + n] for n in at):
            return 0.0
        return molecules / 2 * float(min(2 * self.rate.rate, 1.0) ** len(at))

    @property
    def places(self) -> Bools:
        """Where they are to be expected."""
        return self._there if self.rate is not None else np.zeros_like(self._there)


def _raised(seen: Floats, depth: Floats, model: ErrorModelRules) -> ErrorRate | None:
    """The rate without the highest places, which may hold variants, if it is high enough to be damage."""
    kept = np.argsort(seen / depth, kind="stable")[: len(seen) - math.ceil(model.cpg_left_out * len(seen))]
    seen, depth = seen[kept], depth[kept]
    rate = float(seen.sum() / depth.sum())
    if rate < model.cpg_rate:
        return None
    mean = depth * rate
    beyond, told = float(((seen - mean) ** 2 - seen).sum()), float((mean**2).sum())
    # The highest places are left out: the others differ less than all of them do.
    spread = model.background_factor * max(beyond, 0.0) / (told + model.spread_prior)
    return ErrorRate(rate=rate * model.cpg_factor, spread=spread)
