"""Transactivation of eight promoters in yeast (Kato 2003)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_change

_UNIT = "_pct_of_wild_type"
_PROMOTERS = ("waf1", "mdm2", "bax", "h1433s", "aip1", "gadd45", "noxa", "p53r2")
_FILE = TableFile(name="kato", columns=("aa_change", *(f"{name}{_UNIT}" for name in (*_PROMOTERS, "median"))))


def _medians(rows: RowsOf) -> Mapping[str, float]:
    return {row[0]: float(row[-1]) for row in rows(_FILE) if row[-1]}


def _promoters(rows: RowsOf) -> Mapping[str, list[str]]:
    return {row[0]: row[1:-1] for row in rows(_FILE)}


def _facts(cells: list[str]) -> Iterator[Fact]:
    named = zip(_PROMOTERS, cells, strict=True)
    shown = ", ".join(f"{name.upper()} {float(cell):g}" for name, cell in named if cell)
    yield Fact("Kato promoters (% of wild type)", shown, _FILE.name)


# Median activity of the eight promoters, per cent of wild type, by protein change.
KATO = Table(files=(_FILE,), read=_medians)
# Activity of each promoter, per cent of wild type, as text (empty: not measured), by protein change.
KATO_PROMOTERS = Table(files=(_FILE,), read=_promoters, facts=by_change(_facts))
