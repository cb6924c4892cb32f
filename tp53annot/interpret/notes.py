"""Prognostic notes: the statements that apply to a sample, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from tp53annot.core.report import Effect, Note
from tp53annot.knowledge.statements import DERIVED, PUBLISH, Condition, Facts, Statement

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
        effect=cast(Effect, dict(statement.effect)),
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
