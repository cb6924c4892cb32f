"""Transactivation of eight promoters in yeast (Kato 2003)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_change

_UNIT = "_pct_of_wild_type"
_PROMOTERS = ("waf1", "mdm2", "bax", "h1433s", "aip1", "gadd45", "noxa", "p53r2")
_FILE = TableFile(name="kato", columns=("aa_change", *(f"{name}{_UNIT}" for name in (*_PROMOTERS, "median"))))
_Promoters = tuple[tuple[str, float], ...]


def _medians(rows: RowsOf) -> Mapping[str, float]:
    return {row[0]: float(row[-1]) for row in rows(_FILE) if row[-1]}


def _promoters(rows: RowsOf) -> Mapping[str, _Promoters]:
    names = [name.upper() for name in _PROMOTERS]
    return {
        change: tuple((name, float(cell)) for name, cell in zip(names, cells, strict=True) if cell)
        for change, *cells, _ in rows(_FILE)
    }


def _facts(promoters: _Promoters) -> Iterator[Fact]:
    shown = ", ".join(f"{name} {value:g}" for name, value in promoters)
    yield Fact("Kato promoters (% of wild type)", shown, _FILE.name)


# Median activity of the eight promoters, per cent of wild type, by protein change.
KATO = Table(files=(_FILE,), read=_medians)
# Each promoter that was measured with its activity, per cent of wild type, by protein change.
KATO_PROMOTERS = Table(files=(_FILE,), read=_promoters, facts=by_change(_facts))
