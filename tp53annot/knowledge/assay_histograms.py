"""How all changes of the gene score in each functional assay: the background of the small plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tp53annot.knowledge.tables import Knowledge

BINS = 38


def spreads(knowledge: Knowledge) -> dict[str, dict[str, object]]:
    """Assay (as named in a variant's ``functional``) -> histogram of every change measured in it."""
    screens = knowledge.giacomelli.values()
    values: Mapping[str, Iterable[float | None]] = {
        "Kato transactivation, median of 8 promoters": knowledge.kato.values(),
        "Giacomelli p53-null + etoposide": (s.null_etoposide for s in screens),
        "Giacomelli p53 wild type + nutlin-3": (s.wt_nutlin for s in screens),
        "Giacomelli p53-null + nutlin-3": (s.null_nutlin for s in screens),
        "Funk saturation editing, nucleotide level": knowledge.funk_nucleotide.values(),
        "Funk saturation editing, amino-acid level": knowledge.funk_residue.values(),
    }
    found = {name: histogram([v for v in column if v is not None]) for name, column in values.items()}
    return {name: spread for name, spread in found.items() if spread is not None}


def histogram(values: list[float]) -> dict[str, object] | None:
    """Equal bins between the 0.5th and 99.5th percentile; what lies beyond counts in the end bins.

    >>> histogram([0.0, 1.0, 1.0])["low"]
    0.0
    """
    if not values:
        return None
    ordered = sorted(values)
    cut = len(ordered) // 200
    low, high = ordered[cut], ordered[-1 - cut]
    if low >= high:
        return None
    bins = [0] * BINS
    for value in ordered:
        place = int((value - low) / (high - low) * BINS)
        bins[min(max(place, 0), BINS - 1)] += 1
    return {"n": len(ordered), "low": round(low, 4), "high": round(high, 4), "bins": bins}
