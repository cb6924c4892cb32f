"""Oligomer that changes of the tetramerisation domain form in yeast (Kawaguchi 2005)."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.knowledge.tables.table import RowsOf, Table, TableFile

_FILE = TableFile(name="kawaguchi", columns=("aa_change", "oligomer"))
# Wild type: tetramer.
SUBUNITS = {"monomer": 1, "dimer": 2, "tetramer": 4}


def _read(rows: RowsOf) -> Mapping[str, str]:
    return dict(rows(_FILE))


# Oligomer in words, by protein change.
KAWAGUCHI = Table(files=(_FILE,), read=_read)
