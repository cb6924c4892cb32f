"""Scores of residue exchanges from a table with one line a residue and one column a new residue."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.knowledge.tables.table import RowsOf, TableFile

RESIDUES = "ACDEFGHIKLMNPQRSTVWY*"
_COLUMN = {residue: column for column, residue in enumerate(RESIDUES)}


class ResidueScores:
    """Scores by protein change (R175H, R213*), kept as text until they are asked for: most runs ask for few."""

    def __init__(self, lines: dict[str, list[str]]) -> None:
        self._lines = lines

    def get(self, change: str) -> float | None:
        """The score of a change; ``None`` where the table has none."""
        cells, column = self._lines.get(change[:-1]), _COLUMN.get(change[-1:])
        text = cells[column] if cells and column is not None else ""
        return float(text) if text else None

    def values(self) -> Iterator[float]:
        """Every score of the table."""
        return (float(text) for cells in self._lines.values() for text in cells if text)


def residue_file(name: str) -> TableFile:
    """Such a table's file."""
    return TableFile(name=name, columns=("residue", *RESIDUES))


def read_scores(file: TableFile, rows: RowsOf) -> ResidueScores:
    """Its lines, by residue (R175)."""
    return ResidueScores({residue: cells for residue, *cells in rows(file)})
