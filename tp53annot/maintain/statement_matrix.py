"""``evidence matrix``: whom the statements reach, as a table or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.text import tsv
from tp53annot.interpret.applicability import Reach, labels, merged, reach_of_each
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.evidence import MatrixAxis
from tp53annot.knowledge.statements import DIRECTIONS
from tp53annot.report.document import dump


def reach_table(resources: Resources, *, level: str, every: bool, as_json: bool) -> str:
    """The notes of each context of the grid, by direction.

    Args:
        level: evidence level whose notes are counted (``default``, ``extended``, ``all``).
        every: a row for each context; else one row for those that have the same notes.
        as_json: JSON in place of a table.
    """
    grid = resources.rules.evidence.matrix
    contexts = reach_of_each(
        resources.statements, resources.vocabulary, resources.rules.assessment(), grid, level
    )
    rows = contexts if every else merged(contexts)
    if as_json:
        return dump([_plain(row, grid.axes) for row in rows])
    header = (*(axis.name for axis in grid.axes), *DIRECTIONS, "open")
    return tsv(header, [matrix_cells(row, grid.axes) for row in rows])


def matrix_cells(row: Reach, axes: Sequence[MatrixAxis]) -> list[str]:
    """One row: each axis in words, the ids by direction, and those that more context would decide."""
    ids = [" ".join(row.applies[direction]) for direction in DIRECTIONS]
    places = [labels(axis, values) for axis, values in zip(axes, row.values, strict=True)]
    return [*places, *ids, " ".join(row.open)]


def _plain(row: Reach, axes: Sequence[MatrixAxis]) -> dict[str, object]:
    places = {
        axis.name: [axis.values[index].label for index in values]
        for axis, values in zip(axes, row.values, strict=True)
    }
    return {
        "context": places,
        "applies": {k: list(v) for k, v in row.applies.items()},
        "open": list(row.open),
    }
