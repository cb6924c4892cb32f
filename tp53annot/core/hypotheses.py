"""Readings of the two alleles, and the VAF that each predicts from the share of blasts in the sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from tp53annot.core.fields import Fraction


class Hypothesis(StrEnum):
    """Where the variant is, and what happened to the other allele."""

    ONE_ALLELE = "one_allele"
    GAINED = "gained"
    TWO_IN_TRANS = "two_in_trans"
    MUTATION_AND_LOSS = "mutation_and_loss"
    COPY_NEUTRAL_LOH = "copy_neutral_loh"
    GERMLINE = "germline"
    GERMLINE_AND_LOSS = "germline_and_loss"
    GERMLINE_AND_LOH = "germline_and_loh"
    SUBCLONE = "subclone"
    TWO_SUBCLONES = "two_subclones"
    OTHER_CELLS = "other_cells"


class AllelicHypothesis(Struct, frozen=True, kw_only=True):
    """A reading of the alleles, and the VAF (both ends inclusive) that it predicts; ``fits``: whether the VAF seen agrees."""

    id: str
    label: str
    predicted_vaf_low: Fraction | None
    predicted_vaf_high: Fraction | None
    fits: bool | None
    reason: str


# VAF by the share of blasts (0..1) where the reading holds in every blast; blasts and other cells have two
# copies of the gene each where nothing is lost.
VAF_OF: Mapping[Hypothesis, Callable[[float], float]] = {
    Hypothesis.ONE_ALLELE: lambda p: p / 2,
    Hypothesis.MUTATION_AND_LOSS: lambda p: p / (2 - p),
    Hypothesis.COPY_NEUTRAL_LOH: lambda p: p,
    Hypothesis.GERMLINE: lambda p: 0.5,
    Hypothesis.GERMLINE_AND_LOSS: lambda p: 1 / (2 - p),
    Hypothesis.GERMLINE_AND_LOH: lambda p: (1 + p) / 2,
}


class BlastShare(Struct, frozen=True, kw_only=True):
    """Share of blasts in the sample (0..1): as stated, and the range that it may truly lie in, both ends inclusive."""

    stated: float
    low: float
    high: float


def blast_share(percentage: float | None, points: float, share: float) -> BlastShare | None:
    """The share of blasts with its tolerance; ``None`` without a percentage.

    Args:
        percentage: blasts in per cent, 0..100.
        points: tolerance in percentage points, either way.
        share: the tolerance's limit, as a share (0..1) of the percentage: few blasts are not known to ten points.

    >>> blast_share(85, 10, 0.5)
    BlastShare(stated=0.85, low=0.75, high=0.95)
    >>> blast_share(1, 10, 0.5)
    BlastShare(stated=0.01, low=0.005, high=0.015)
    """
    if percentage is None:
        return None
    width = min(points, percentage * share)
    low, high = (min(max(round(x, 9), 0.0), 100.0) / 100 for x in (percentage - width, percentage + width))
    return BlastShare(stated=percentage / 100, low=low, high=high)


def predicted_vaf(hypothesis: Hypothesis, blasts: BlastShare) -> tuple[float, float]:
    """Lowest and highest VAF (0..1) of a reading over the range of the blasts.

    For two variants in trans: of each of them. For two subclones: of both together.

    >>> [round(x, 3) for x in predicted_vaf(Hypothesis.MUTATION_AND_LOSS, blast_share(90, 10, 0.5))]
    [0.667, 1.0]
    """
    low, high = blasts.low, blasts.high
    spans: Mapping[Hypothesis, tuple[float, float]] = {
        Hypothesis.GAINED: (low / (2 + low), 2 * high / (2 + high)),  # one copy of three, or two of three
        Hypothesis.TWO_IN_TRANS: (low / 2, high / 2),
        Hypothesis.SUBCLONE: (0.0, low / 2),
        Hypothesis.TWO_SUBCLONES: (0.0, high / 2),
        Hypothesis.OTHER_CELLS: (0.0, (1 - low) / 2),
    }
    if hypothesis in spans:
        return spans[hypothesis]
    vaf = VAF_OF[hypothesis]
    return vaf(low), vaf(high)


def bounds_of_vaf(hypothesis: Hypothesis) -> tuple[float, float]:
    """Lowest and highest VAF (0..1) of a reading whatever the blasts.

    >>> bounds_of_vaf(Hypothesis.ONE_ALLELE), bounds_of_vaf(Hypothesis.GERMLINE_AND_LOSS)
    ((0.0, 0.5), (0.5, 1.0))
    """
    none, all_ = (predicted_vaf(hypothesis, BlastShare(stated=p, low=p, high=p)) for p in (0.0, 1.0))
    return min(*none, *all_), max(*none, *all_)
