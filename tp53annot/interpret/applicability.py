"""Whom the statements reach: which of them apply in each context of a grid, by direction."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tp53annot.core.status import AllelicState, Status
from tp53annot.interpret.assessment.statement_facts import LEUKAEMIA_FIELDS, Tp53Finding, statement_facts
from tp53annot.interpret.context import declare
from tp53annot.interpret.notes import printed
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.rules.evidence import MatrixAxis, MatrixRules
from tp53annot.knowledge.statements import DIRECTIONS, Statement
from tp53annot.knowledge.vocabulary import Vocabulary

Place = tuple[int, ...]  # index of the value on each axis


class Reach(Struct, frozen=True, kw_only=True):
    """The notes of one context, or of several that have the same.

    Attributes:
        values: on each axis, the indices of the values that it stands for, in order.
        applies: ids of the notes that apply, by direction (``DIRECTIONS``), sorted.
        open: ids of the notes that would apply if fields beyond the grid were declared, sorted.
    """

    values: tuple[tuple[int, ...], ...]
    applies: Mapping[str, tuple[str, ...]]
    open: tuple[str, ...]


def reach_of_each(
    statements: Sequence[Statement],
    vocabulary: Vocabulary,
    rules: AssessmentRules,
    grid: MatrixRules,
    level: str = "default",
) -> list[Reach]:
    """Every context of the grid, the last axis first to change."""
    groups: dict[Place, list[tuple[Statement, dict[Place, str]]]] = {}
    for statement in sorted((s for s in statements if printed(s, level)), key=lambda s: s.id):
        axes, table = _table(statement, vocabulary, rules, grid)
        groups.setdefault(axes, []).append((statement, table))
    shown = [statement for members in groups.values() for statement, _ in members]
    verdicts = {
        axes: {place: tuple(table[place] for _, table in members) for place in members[0][1]}
        for axes, members in groups.items()
    }
    known: dict[tuple[tuple[str, ...], ...], tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]] = {}
    found = []
    for place in itertools.product(*(range(len(axis.values)) for axis in grid.axes)):
        key = tuple(table[tuple(place[k] for k in axes)] for axes, table in verdicts.items())
        if key not in known:
            known[key] = _by_direction(shown, list(itertools.chain.from_iterable(key)))
        applies, undecided = known[key]
        found.append(Reach(values=tuple((index,) for index in place), applies=applies, open=undecided))
    return found


def _by_direction(
    statements: Sequence[Statement], verdicts: Sequence[str]
) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    pairs = list(zip(statements, verdicts, strict=True))
    applies = {
        direction: tuple(sorted(s.id for s, v in pairs if v == "applies" and s.direction == direction))
        for direction in DIRECTIONS
    }
    return applies, tuple(sorted(s.id for s, v in pairs if v == "context_missing"))


def merged(contexts: Sequence[Reach]) -> list[Reach]:
    """The same contexts in fewer rows: those with the same notes that differ on one axis only become one."""
    rows = {c.values: c for c in contexts}
    for axis in reversed(range(len(contexts[0].values) if contexts else 0)):
        groups: dict[object, list[Reach]] = {}
        for row in rows.values():
            rest = row.values[:axis] + row.values[axis + 1 :]
            groups.setdefault((rest, tuple(row.applies.items()), row.open), []).append(row)
        rows = {}
        for group in groups.values():
            joined = tuple(sorted(index for row in group for index in row.values[axis]))
            first = group[0]
            values = (*first.values[:axis], joined, *first.values[axis + 1 :])
            rows[values] = Reach(values=values, applies=first.applies, open=first.open)
    return sorted(rows.values(), key=lambda row: row.values)


def labels(axis: MatrixAxis, values: Sequence[int]) -> str:
    """Values in words; ``any`` for all of them."""
    if len(values) == len(axis.values):
        return "any"
    return ", ".join(axis.values[index].label for index in values)


def _table(
    statement: Statement, vocabulary: Vocabulary, rules: AssessmentRules, grid: MatrixRules
) -> tuple[Place, dict[Place, str]]:
    """The axes that a statement depends on, and its verdict for each of their combinations."""
    fields = {condition.field for condition in statement.conditions}
    if "leukaemia_sample" in fields:
        fields |= set(LEUKAEMIA_FIELDS)
    axes = tuple(k for k, axis in enumerate(grid.axes) if _asked(axis, fields))
    table = {}
    for place in itertools.product(*(range(len(grid.axes[k].values)) for k in axes)):
        chosen = [grid.axes[k].values[index] for k, index in zip(axes, place, strict=True)]
        declared = {name: text for value in chosen for name, text in value.context.items()}
        found = Tp53Finding(
            status=Status(grid.finding.status),
            allelic_state=AllelicState(grid.finding.allelic_state),
            max_vaf=grid.finding.max_vaf,
            germline_flag=next((value.flag for value in chosen if value.flag), "not_suspected"),
        )
        context = declare(declared, vocabulary, rules.defaults)
        table[place] = statement.applies(statement_facts(context, found, rules))[0]
    return axes, table


def _asked(axis: MatrixAxis, fields: set[str]) -> bool:
    if "germline_flag" in fields and any(value.flag for value in axis.values):
        return True
    return any(fields & set(value.context) for value in axis.values)
