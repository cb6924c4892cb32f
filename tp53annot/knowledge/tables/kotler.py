"""Growth of H1299 cells with changes of codons 102 to 292 (Kotler 2018): relative fitness scores, log2."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.knowledge.tables.residue_scores import ResidueScores, read_scores, residue_file
from tp53annot.knowledge.tables.table import RowsOf, Table, TableFile

_EXCHANGES = residue_file("kotler")
_DELETIONS = TableFile(name="kotler_deletions", columns=("hgvs_c", "rfs"))


def _exchanges(rows: RowsOf) -> ResidueScores:
    return read_scores(_EXCHANGES, rows)


def _deletions(rows: RowsOf) -> Mapping[str, float]:
    return {name: float(score) for name, score in rows(_DELETIONS)}


# By protein change; high: loss of function.
KOTLER = Table(files=(_EXCHANGES,), read=_exchanges)
# Deletions of one or two codons, by c. name.
KOTLER_DELETIONS = Table(files=(_DELETIONS,), read=_deletions)
