"""Whether two fractions can be of the same molecules: a test on the counts."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.statistics import same_rate


class FractionLimits(Struct, frozen=True, kw_only=True):
    """From where two fractions differ.

    Attributes:
        chance: probability (0..1) of so far a difference between two counts of one fraction, below which they differ.
        ratio: smaller fraction by the larger (0..1) from which (inclusive) they are taken as one, whatever the depth.
    """

    chance: float
    ratio: float


class Agreement(Struct, frozen=True, kw_only=True):
    """Whether two fractions agree.

    Attributes:
        agree: ``False`` where they differ, or where nothing can show that they do not.
        chance: the probability of the test; ``None`` without counts of both.
    """

    agree: bool
    chance: float | None = None


def agreement(one: ReadSupport, two: ReadSupport, limits: FractionLimits) -> Agreement:
    """Compare two fractions by their counts (Fisher's exact test); without counts only the ratio speaks.

    Two fractions that are not stated agree: nothing says otherwise. One alone does not.
    """
    if one.vaf is None or two.vaf is None:
        return Agreement(agree=one.vaf is two.vaf)
    low, high = sorted((one.vaf, two.vaf))
    chance = _chance(one, two)
    alike = low >= limits.ratio * high
    return Agreement(agree=alike or (chance is not None and chance >= limits.chance), chance=chance)


def _chance(one: ReadSupport, two: ReadSupport) -> float | None:
    counts = [(s.alt_reads, s.depth) for s in (one, two)]
    (a, of_a), (b, of_b) = counts
    if a is None or b is None or not of_a or not of_b:
        return None
    return same_rate(min(a, of_a), of_a, min(b, of_b), of_b)
