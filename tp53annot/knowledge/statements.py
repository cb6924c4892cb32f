"""Evidence statements and their three-valued rules: applies, context missing, does not apply."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tp53annot.core.status import AllelicState, Clonality, Status
from tp53annot.knowledge.store import store
from tp53annot.knowledge.vocabulary import Vocabulary

Facts = Mapping[str, object]
PUBLISH = (
    "note",
    "warn",
    "footer",
    "context",
    "low_certainty",
    "held",
    "method",
    "audit",
    "note_if_verified",
)
# A field declared with one of these is open, unless a rule asks for just that value.
NOT_KNOWN = ("unknown", "not_tested", "not_assessed")
DIRECTIONS = ("adverse", "favourable", "neutral", "mixed")
OPERATORS = ("in", "any_of", "ge", "lt", "between", "eq")
DERIVED_VALUES: Mapping[str, tuple[str, ...]] = {
    "tp53_status": tuple(Status),
    "tp53_allelic_state": tuple(state for state in AllelicState if state is not AllelicState.NONE),
    "tp53_clonality": tuple(Clonality),
}
DERIVED = (*DERIVED_VALUES, "tp53_max_vaf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """``field op value``; an unknown field makes it neither true nor false."""

    field: str
    op: str
    value: Any

    def holds(self, facts: Facts) -> bool | None:
        """True, false, or ``None`` when the field is unknown."""
        known = facts.get(self.field)
        if known is None or known == () or (known in NOT_KNOWN and known not in _listed(self.value)):
            return None
        if self.op == "in":
            return bool(known in self.value)
        if self.op == "any_of":
            held = known if isinstance(known, tuple) else (known,)
            return bool(any(item in self.value for item in held))
        if self.op == "eq":
            return bool(known == self.value)
        number = float(str(known))
        if self.op == "ge":
            return bool(number >= self.value)
        if self.op == "lt":
            return bool(number < self.value)
        return bool(self.value[0] <= number <= self.value[1])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One published (or stated) claim with its rule. See docs/evidence.md for the fields."""

    id: str
    publish: str
    advice: bool
    topic: str
    claim: str
    endpoint: str
    direction: str
    population: str
    therapy_context: str
    evidence_level: str
    caveats: tuple[str, ...]
    conditions: tuple[Condition, ...]
    effect: Mapping[str, Any]
    reference: Mapping[str, Any]
    verification: Mapping[str, Any]
    file: str

    @classmethod
    def from_toml(cls, entry: Mapping[str, Any], file: str) -> Statement:
        """A statement as it stands in a file.

        Raises:
            KeyError: a required field is missing.
        """
        return cls(
            id=entry["id"],
            publish=entry["publish"],
            advice=bool(entry.get("advice", False)),
            topic=entry["topic"],
            claim=entry["claim"],
            endpoint=entry["endpoint"],
            direction=entry["direction"],
            population=entry["population"],
            therapy_context=entry.get("therapy_context", ""),
            evidence_level=entry["evidence_level"],
            caveats=tuple(entry.get("caveats", ())),
            conditions=tuple(
                Condition(field=c["field"], op=c["op"], value=c["value"]) for c in entry["when"]
            ),
            effect=entry.get("effect", {}),
            reference=entry["reference"],
            verification=entry.get("verification", {}),
            file=file,
        )

    def applies(self, facts: Facts) -> tuple[str, tuple[str, ...]]:
        """``applies``, ``context_missing`` (with the fields) or ``not_applicable``."""
        missing = []
        for condition in self.conditions:
            holds = condition.holds(facts)
            if holds is False:
                return "not_applicable", ()
            if holds is None:
                missing.append(condition.field)
        return ("context_missing", tuple(dict.fromkeys(missing))) if missing else ("applies", ())


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
        if not s.reference.get("short"):
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
    if condition.op in ("in", "any_of") and not isinstance(condition.value, list):
        return [f"{condition.field} {condition.op} needs a list of values"]
    if condition.op in ("ge", "lt") and not isinstance(condition.value, int | float):
        return [f"{condition.field} {condition.op} needs a number"]
    if condition.field in DERIVED:
        allowed = DERIVED_VALUES.get(condition.field)
        wrong = [v for v in _listed(condition.value) if allowed and v not in allowed]
        return [f"{condition.field}={v!r} can never be true" for v in wrong]
    rule = vocabulary.get(condition.field)
    if rule is None:
        return [f"{condition.field!r} is not a context field"]
    if condition.op in ("in", "any_of"):
        wrong = [v for v in condition.value if v not in rule.values]
        return [f"{condition.field}={v!r} can never be true" for v in wrong]
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
    return [f"{name}: {lows[name]} or more and below {highs[name]} can never be true"
            for name in lows if name in highs and lows[name] >= highs[name]]  # fmt: skip


@functools.cache
def load_statements(root: Path | None = None) -> tuple[Statement, ...]:
    """All statements, in the order of their files and ids.

    Raises:
        ResourceError: a file is altered or a statement lacks a field.
    """
    source = store(root)
    found: list[Statement] = []
    for name in sorted(source.manifest):
        if not name.startswith("evidence/") or name.endswith("vocabulary.toml"):
            continue
        with source.sound(name):
            found += [Statement.from_toml(entry, name) for entry in source.toml(name).get("statement", [])]
    return tuple(found)
