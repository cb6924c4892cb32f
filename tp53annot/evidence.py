"""Evidence statements and their three-valued rules: applies, context missing, does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tp53annot.core.report import Note

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
LEVELS = {
    "default": ("note", "warn", "footer", "low_certainty"),
    "extended": ("note", "warn", "footer", "low_certainty", "context"),
    "all": (
        "note",
        "warn",
        "footer",
        "low_certainty",
        "context",
        "held",
        "note_if_verified",
        "method",
        "audit",
    ),
}
# A field declared with one of these is open, unless a rule asks for just that value.
NOT_KNOWN = ("unknown", "not_tested", "not_assessed")
DIRECTIONS = ("adverse", "favourable", "neutral", "mixed")
OPERATORS = ("in", "any_of", "ge", "lt", "between", "eq")
DERIVED_VALUES: Mapping[str, tuple[str, ...]] = {
    "tp53_status": ("mutated", "deletion_only", "low_level", "uncertain", "not_detected", "incomplete"),
    "tp53_allelic_state": ("multi_hit", "single_hit", "possible_multi_hit", "unknown"),
    "tp53_clonality": ("clonal", "subclonal", "below_reporting", "unknown"),
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


def printed(statement: Statement, level: str) -> bool:
    """Whether a statement may stand in a report of this evidence level; advice never in the default."""
    return statement.publish in LEVELS[level] and not (statement.advice and level == "default")


def select_notes(
    statements: Iterable[Statement], facts: Facts, level: str, texts: Mapping[str, Any]
) -> tuple[Note, ...]:
    """Notes that apply, then those whose context is missing, by topic order of the rules, figures first.

    A statement whose TP53 condition is open (no status) never becomes a note.
    """
    order = {topic: rank for rank, topic in enumerate(texts["topic_order"])}
    publish_order = {name: rank for rank, name in enumerate(PUBLISH)}
    found = []
    for statement in statements:
        if not printed(statement, level):
            continue
        verdict, missing = statement.applies(facts)
        if verdict == "not_applicable" or any(name in DERIVED for name in missing):
            continue
        found.append(_note(statement, verdict, missing, texts))
    found.sort(
        key=lambda n: (publish_order[n.publish] if n.publish != "note" else -1, n.applies != "applies",
                       order.get(n.topic, len(order)), not _has_figure(n), n.id)
    )  # fmt: skip
    return tuple(found)


def _has_figure(note: Note) -> bool:
    """Whether the effect is a number, and not words alone; such notes stand first under their topic."""
    return any(letter.isdigit() for letter in str(note.effect.get("value", "")))


def _note(statement: Statement, verdict: str, missing: tuple[str, ...], texts: Mapping[str, Any]) -> Note:
    return Note(
        id=statement.id,
        topic=statement.topic,
        text=statement.claim,
        effect=dict(statement.effect),
        population=statement.population,
        direction=statement.direction,
        evidence_level=statement.evidence_level,
        citation=dict(statement.reference),
        caveats=statement.caveats,
        applies=verdict,
        missing_fields=missing,
        publish=statement.publish,
        condition_text=condition_text(statement, texts),
        therapy_context=statement.therapy_context,
        endpoint=statement.endpoint,
    )


def condition_text(statement: Statement, texts: Mapping[str, Any]) -> str:
    """Whom the statement applies to, from its rule: ``Ph-negative; 18 years or older``."""
    words = texts["condition"]
    parts = []
    for condition in statement.conditions:
        if condition.field in DERIVED and condition.field != "tp53_max_vaf":
            if condition.field == "tp53_allelic_state":
                parts.append(words["multi_hit"])
            continue
        parts.append(_phrase(condition, words))
    return "; ".join(parts) if parts else words["everyone"]


def _phrase(condition: Condition, words: Mapping[str, Any]) -> str:
    label = words["label"].get(condition.field, condition.field.replace("_", " "))
    if condition.op == "ge":
        return str(words["at_least"]).format(label=label, value=condition.value)
    if condition.op == "lt":
        return str(words["below"]).format(label=label, value=condition.value)
    if condition.op == "between":
        low, high = condition.value
        return str(words["between"]).format(
            label=label, low=low, high=f"{high:g}" if high == int(high) else int(high)
        )
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    shown = [words["value"].get(f"{condition.field}.{v}", str(v).replace("_", " ")) for v in values]
    return str(words["or"]).join(shown)


def lint(statements: Sequence[Statement], vocabulary: Mapping[str, Mapping[str, Any]]) -> list[str]:
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


def _lint_condition(condition: Condition, vocabulary: Mapping[str, Mapping[str, Any]]) -> list[str]:
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
        allowed = rule.get("values", [])
        return [f"{condition.field}={v!r} can never be true" for v in condition.value if v not in allowed]
    if rule["kind"] not in ("number", "integer"):
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
