"""The functional assays: their names and units, and how all changes of the gene score in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import pairwise

from msgspec import Struct

from tp53annot.knowledge.tables.kawaguchi import SUBUNITS
from tp53annot.knowledge.tables.registry import Knowledge

_Values = Iterable[float | None]
_BINS = 38


class Assay(Struct, frozen=True, kw_only=True):
    """One score of a functional assay.

    Attributes:
        name: as a report names it.
        unit: of the score.
        table: name of the file it stands in.
        values: the score of every change measured.
    """

    name: str
    unit: str
    table: str
    values: Callable[[Knowledge], _Values]


KATO_MEDIAN = Assay(
    name="Kato transactivation, median of 8 promoters",
    unit="% of wild type",
    table="kato",
    values=lambda knowledge: knowledge.kato.values(),
)
NULL_ETOPOSIDE = Assay(
    name="Giacomelli p53-null + etoposide",
    unit="Z score",
    table="giacomelli",
    values=lambda knowledge: (row.null_etoposide for row in knowledge.giacomelli.values()),
)
WILD_TYPE_NUTLIN = Assay(
    name="Giacomelli p53 wild type + nutlin-3",
    unit="Z score",
    table="giacomelli",
    values=lambda knowledge: (row.wt_nutlin for row in knowledge.giacomelli.values()),
)
NULL_NUTLIN = Assay(
    name="Giacomelli p53-null + nutlin-3",
    unit="Z score",
    table="giacomelli",
    values=lambda knowledge: (row.null_nutlin for row in knowledge.giacomelli.values()),
)
FUNK_NUCLEOTIDE = Assay(
    name="Funk saturation editing, nucleotide level",
    unit="relative fitness score",
    table="funk_nucleotide",
    values=lambda knowledge: knowledge.funk.nucleotide.values(),
)
FUNK_RESIDUE = Assay(
    name="Funk saturation editing, amino-acid level",
    unit="relative fitness score",
    table="funk_residue",
    values=lambda knowledge: knowledge.funk.residue.values(),
)
KOTLER_EXCHANGE = Assay(
    name="Kotler growth in H1299 cells",
    unit="relative fitness score (log2)",
    table="kotler",
    values=lambda knowledge: knowledge.kotler.values(),
)
KOTLER_DELETION = Assay(
    name="Kotler growth in H1299 cells, deletions",
    unit="relative fitness score (log2)",
    table="kotler_deletions",
    values=lambda knowledge: knowledge.kotler_deletions.values(),
)
KAWAGUCHI_OLIGOMER = Assay(
    name="Kawaguchi oligomer in yeast",
    unit="subunits",
    table="kawaguchi",
    values=lambda knowledge: (SUBUNITS[oligomer] for oligomer in knowledge.kawaguchi.values()),
)
ASSAYS = (
    *(KATO_MEDIAN, NULL_ETOPOSIDE, WILD_TYPE_NUTLIN, NULL_NUTLIN, FUNK_NUCLEOTIDE, FUNK_RESIDUE),
    *(KOTLER_EXCHANGE, KOTLER_DELETION, KAWAGUCHI_OLIGOMER),
)


class Histogram(Struct, frozen=True, kw_only=True):
    """How the changes measured in an assay score.

    Attributes:
        n: changes measured.
        low: lower end of the first bin.
        high: upper end of the last bin; what lies beyond either end counts in the bin there.
        bins: changes in each of the equal bins.
    """

    n: int
    low: float
    high: float
    bins: tuple[int, ...]


def histograms(knowledge: Knowledge) -> dict[str, Histogram]:
    """By the assay's name; without an assay that tells no two changes apart."""
    found = {assay.name: histogram(assay.values(knowledge)) for assay in ASSAYS}
    return {name: spread for name, spread in found.items() if spread is not None}


def histogram(values: _Values) -> Histogram | None:
    """Equal bins between the 0.5th and 99.5th percentile of what is known; ``None`` without two values.

    >>> histogram([0.0, 1.0, 1.0, None]).low
    0.0
    """
    ordered = sorted(value for value in values if value is not None)
    if not ordered:
        return None
    cut = len(ordered) // 200
    low, high = ordered[cut], ordered[-1 - cut]
    if low >= high:
        return None
    edges = [
        bisect_left(ordered, k, key=lambda v: int((v - low) / (high - low) * _BINS)) for k in range(1, _BINS)
    ]
    bins = tuple(after - before for before, after in pairwise((0, *edges, len(ordered))))
    return Histogram(n=len(ordered), low=round(low, 4), high=round(high, 4), bins=bins)
