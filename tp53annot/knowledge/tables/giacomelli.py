"""Deep mutational scan of A549 cells in three screens (Giacomelli 2018)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import RowsOf, Table, TableFile, number_or_none

_FILE = TableFile(
    name="giacomelli", columns=("aa_change", "wt_nutlin_z", "null_nutlin_z", "null_etoposide_z")
)


class Giacomelli(Struct, frozen=True, kw_only=True):
    """Z scores of the three screens; ``None`` where not measured.

    Attributes:
        wt_nutlin: p53 wild type + nutlin-3; high: dominant-negative effect.
        null_nutlin: p53-null + nutlin-3.
        null_etoposide: p53-null + etoposide; low: loss of function.
    """

    wt_nutlin: float | None
    null_nutlin: float | None
    null_etoposide: float | None


def _read(rows: RowsOf) -> Mapping[str, Giacomelli]:
    return {
        change: Giacomelli(
            wt_nutlin=number_or_none(wild),
            null_nutlin=number_or_none(null),
            null_etoposide=number_or_none(etoposide),
        )
        for change, wild, null, etoposide in rows(_FILE)
    }


# By protein change.
GIACOMELLI = Table(files=(_FILE,), read=_read)
