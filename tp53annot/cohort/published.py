"""Published frequencies of TP53 changes beside the cohort's own, each with its statement and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from tp53annot.cohort.row import ReportRow
from tp53annot.knowledge.rules.cohort import CohortRules, PublishedFrequency
from tp53annot.knowledge.statements import Condition, Statement


class PublishedComparison(Struct, frozen=True, kw_only=True):
    """One published figure and what the cohort counts for the same group, in patients.

    ``entry`` is the rule's line, figures as printed. ``mutated`` of ``total`` patients of the group;
    ``incomplete`` of these have neither a finding nor a negative result; ``open``: patients whose
    declared context does not say whether they belong to the group.
    """

    entry: PublishedFrequency
    statement: Statement
    mutated: int
    total: int
    incomplete: int
    open: int


def compare_published(
    rows: Iterable[ReportRow], rules: CohortRules, statements: Sequence[Statement]
) -> list[PublishedComparison]:
    """Every published figure whose statement is in the evidence base."""
    by_id = {s.id: s for s in statements}
    units: dict[str, list[ReportRow]] = {}
    for row in rows:
        units.setdefault(row.unit, []).append(row)
    return [
        _compare(entry, by_id[entry.statement], units, rules.not_negative)
        for entry in rules.published
        if entry.statement in by_id
    ]


def _compare(
    entry: PublishedFrequency,
    statement: Statement,
    units: Mapping[str, Sequence[ReportRow]],
    not_negative: Sequence[str],
) -> PublishedComparison:
    conditions = [Condition(field=c.field, op=c.op, value=c.value) for c in entry.when]
    mutated = total = incomplete = unclear = 0
    for samples in units.values():
        belongs = [(_holds(conditions, row), row) for row in samples]
        members = [row for holds, row in belongs if holds]
        if not members:
            unclear += any(holds is None for holds, _ in belongs)
            continue
        total += 1
        if any(row.status in entry.counts for row in members):
            mutated += 1
        elif all(row.status in not_negative for row in members):
            incomplete += 1
    return PublishedComparison(
        entry=entry, statement=statement, mutated=mutated, total=total, incomplete=incomplete, open=unclear
    )


def _holds(conditions: Sequence[Condition], row: ReportRow) -> bool | None:
    """All of the conditions: false when one is false, open when one is open."""
    try:
        verdicts = [condition.holds(row.context) for condition in conditions]
    except ValueError:  # an age that is no number, in a report not written by this tool
        return None
    if False in verdicts:
        return False
    return None if None in verdicts else True
