"""Saturation genome editing of exons 5 to 8 in HCT116 cells (Funk 2025): relative fitness scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile

_NUCLEOTIDE = TableFile(name="funk_nucleotide", columns=("hgvs_c", "rfs_median"))
_RESIDUE = TableFile(name="funk_residue", columns=("aa_change", "rfs"))


class Funk(Struct, frozen=True, kw_only=True):
    """Relative fitness scores; high: loss of function.

    Attributes:
        nucleotide: by c. name.
        residue: by protein change.
    """

    nucleotide: Mapping[str, float]
    residue: Mapping[str, float]


def _read(rows: RowsOf) -> Funk:
    return Funk(
        nucleotide={name: float(score) for name, score in rows(_NUCLEOTIDE)},
        residue={change: float(score) for change, score in rows(_RESIDUE)},
    )


def _facts(funk: Funk, keys: ChangeKeys) -> Iterator[Fact]:
    """The score of the residue, where that of the DNA change itself counts."""
    score = funk.residue.get(keys.change or "")
    if score is not None and keys.name in funk.nucleotide:
        yield Fact("Funk saturation editing, amino-acid level (not counted)", score, _RESIDUE.name)


FUNK = Table(files=(_NUCLEOTIDE, _RESIDUE), read=_read, facts=_facts)
