"""Faults of statements: what can never be true, is not allowed, or lacks its citation."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.knowledge.statements import (
    DERIVED,
    DERIVED_VALUES,
    DIRECTIONS,
    OPERATORS,
    PUBLISH,
    Condition,
    Statement,
)
from tp53annot.knowledge.vocabulary import Vocabulary


def lint(statements: Sequence[Statement], vocabulary: Vocabulary) -> list[str]:
    """One line per fault: unknown fields, values or operators, missing citation, double ids."""
    faults = []
    seen: dict[str, str] = {}
    for s in statements:
        place = f"{s.file}: {s.id}"
        if s.id in seen:
            faults.append(f"{place}: the id stands in {seen[s.id]}, too")
        seen[s.id] = s.file
        if s.publish not in PUBLISH:
            faults.append(f"{place}: publish {s.publish!r} is not one of {', '.join(PUBLISH)}")
        if not s.reference.short:
            faults.append(f"{place}: the reference has no short citation")
        if s.publish in ("note", "warn") and not s.population:
            faults.append(f"{place}: a printed statement needs a population")
        for name in ("claim", "topic", "endpoint", "evidence_level"):
            if not getattr(s, name).strip():
                faults.append(f"{place}: {name} is empty")
        if s.direction not in DIRECTIONS:
            faults.append(f"{place}: direction {s.direction!r} is not one of {', '.join(DIRECTIONS)}")
        for condition in s.conditions:
            faults += [f"{place}: {fault}" for fault in _lint_condition(condition, vocabulary)]
        faults += [f"{place}: {fault}" for fault in _lint_numbers(s.conditions)]
    return faults


def _lint_condition(condition: Condition, vocabulary: Vocabulary) -> list[str]:
    if condition.op not in OPERATORS:
        return [f"operator {condition.op!r} is not one of {', '.join(OPERATORS)}"]
    if condition.op in ("in", "any_of") and not isinstance(condition.value, (list, tuple)):
        return [f"{condition.field} {condition.op} needs a list of values"]
    if condition.op in ("ge", "lt") and not isinstance(condition.value, int | float):
        return [f"{condition.field} {condition.op} needs a number"]
    if condition.field in DERIVED:
        allowed = DERIVED_VALUES.get(condition.field)
        wrong = [v for v in condition.values if allowed and v not in allowed]
        return [f"{condition.field}={v!r} can never be true" for v in wrong]
    rule = vocabulary.get(condition.field)
    if rule is None:
        return [f"{condition.field!r} is not a context field"]
    if condition.op in ("in", "any_of"):
        return [
            f"{condition.field}={v!r} can never be true" for v in condition.values if v not in rule.values
        ]
    if not rule.is_number:
        return [f"{condition.field} is no number, {condition.op} cannot be true"]
    return []


def _lint_numbers(conditions: Sequence[Condition]) -> list[str]:
    """Number fields whose conditions exclude each other."""
    lows: dict[str, float] = {}
    highs: dict[str, float] = {}
    for c in conditions:
        if c.op == "ge" and isinstance(c.value, int | float):
            lows[c.field] = max(lows.get(c.field, c.value), c.value)
        elif c.op == "lt" and isinstance(c.value, int | float):
            highs[c.field] = min(highs.get(c.field, c.value), c.value)
    return [
        f"{name}: {low} or more and below {highs[name]} can never be true"
        for name, low in lows.items()
        if name in highs and low >= highs[name]
    ]
