"""Prognostic notes: the statements that apply to a sample, in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from tp53annot.core.report import Effect, Note
from tp53annot.knowledge.rules.assessment import AssessmentRules, ConditionWords
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
    statements: Iterable[Statement], facts: Facts, level: str, rules: AssessmentRules
) -> tuple[Note, ...]:
    """Notes that apply, then those whose context is missing, by topic order of the rules, figures first.

    A statement whose TP53 condition is open (no status) never becomes a note.
    """
    order = {topic: rank for rank, topic in enumerate(rules.topic_order)}
    publish_order = {name: rank for rank, name in enumerate(PUBLISH)}

    def place(note: Note) -> tuple[int, bool, int, bool, str]:
        return (
            publish_order[note.publish] if note.publish != "note" else -1,
            note.applies != "applies",
            order.get(note.topic, len(order)),
            not _has_figure(note),
            note.id,
        )

    found = []
    for statement in statements:
        if not printed(statement, level):
            continue
        verdict, missing = statement.applies(facts)
        if verdict == "not_applicable" or any(name in DERIVED for name in missing):
            continue
        found.append(_note(statement, verdict, missing, rules.condition))
    return tuple(sorted(found, key=place))


def _has_figure(note: Note) -> bool:
    """Whether the effect is a number, and not words alone; such notes stand first under their topic."""
    return any(letter.isdigit() for letter in str(note.effect.get("value", "")))


def _note(statement: Statement, verdict: str, missing: tuple[str, ...], words: ConditionWords) -> Note:
    return Note(
        id=statement.id,
        topic=statement.topic,
        text=statement.claim,
        effect=cast(Effect, dict(statement.effect.stated)),
        population=statement.population,
        direction=statement.direction,
        evidence_level=statement.evidence_level,
        citation=dict(statement.reference.stated),
        caveats=statement.caveats,
        applies=verdict,
        missing_fields=missing,
        publish=statement.publish,
        condition_text=condition_text(statement, words),
        therapy_context=statement.therapy_context,
        endpoint=statement.endpoint,
    )


def condition_text(statement: Statement, words: ConditionWords) -> str:
    """Whom the statement applies to, from its rule: ``Ph-negative; 18 years or older``."""
    parts = []
    for condition in statement.conditions:
        if condition.field in DERIVED and condition.field != "tp53_max_vaf":
            if condition.field == "tp53_allelic_state":
                parts.append(words.multi_hit)
            continue
        parts.append(_phrase(condition, words))
    return "; ".join(parts) if parts else words.everyone


def _phrase(condition: Condition, words: ConditionWords) -> str:
    label = words.label.get(condition.field, condition.field.replace("_", " "))
    if condition.op == "ge":
        return words.at_least.format(label=label, value=condition.value)
    if condition.op == "lt":
        return words.below.format(label=label, value=condition.value)
    if condition.op == "between":
        low, high = condition.numbers
        return words.between.format(
            label=label, low=low, high=f"{high:g}" if high == int(high) else int(high)
        )
    shown = [words.value.get(f"{condition.field}.{v}", str(v).replace("_", " ")) for v in condition.values]
    return words.or_.join(shown)
