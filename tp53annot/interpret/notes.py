"""Prognostic notes: the statements that apply to a sample, in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import cast

from msgspec import Struct

from tp53annot.core.report import Arm, Effect, Note
from tp53annot.knowledge.rules.assessment import AssessmentRules, ConditionWords
from tp53annot.knowledge.statements import (
    PUBLISH,
    Condition,
    Facts,
    StatedEffect,
    Statement,
    Strength,
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


# A warning stands among the notes; everything else follows them in the order of PUBLISH.
_PUBLISH_RANK = {name: rank if rank > PUBLISH.index("warn") else 0 for rank, name in enumerate(PUBLISH)}


def printed(statement: Statement, level: str) -> bool:
    """Whether a statement may stand in a report of this evidence level; advice never in the default."""
    return statement.publish in LEVELS[level] and not (statement.advice and level == "default")


def select_notes(
    statements: Iterable[Statement], facts: Facts, level: str, rules: AssessmentRules
) -> tuple[Note, ...]:
    """Notes that apply, then those whose context is missing, the best published first.

    Among those published alike the ones stand first whose group is closest to the patient, then by the topic order of
    the rules, then those with a figure; and a note that contradicts its neighbour stands beside it, see
    :func:`_side_by_side`. What is no note for this patient alone (footers, background, statements of low certainty)
    follows. A derived field is never open: a statement becomes no note where one does not hold.
    """
    chosen = ((s, *s.applies(facts)) for s in statements if printed(s, level))
    return _in_order(chosen, rules)


def notes_chosen_again(
    notes: Iterable[Note],
    statements: Iterable[Statement],
    field: str,
    facts: Facts,
    level: str,
    rules: AssessmentRules,
) -> tuple[Note, ...]:
    """The notes of a sample after one derived field changed: statements that ask for it are judged anew, the rest stand.

    Args:
        notes: as they were chosen before.
        statements: the evidence base.
        field: the field, which ``facts`` has as it is now.
        facts: what else statements on this field ask for; what is not known of the derived ones fulfils none.
        level: which statements may become notes.
        rules: order and words.
    """
    before = {note.id: note for note in notes}
    verdicts: list[tuple[Statement, str, tuple[str, ...]]] = []
    for statement in statements:
        if any(condition.field == field for condition in statement.conditions):
            if printed(statement, level):
                verdicts.append((statement, *statement.applies(facts)))
        elif statement.id in before:
            note = before[statement.id]
            verdicts.append((statement, note.applies, note.missing_fields))
    return _in_order(verdicts, rules)


def _in_order(
    chosen: Iterable[tuple[Statement, str, tuple[str, ...]]], rules: AssessmentRules
) -> tuple[Note, ...]:
    topics = {topic: rank for rank, topic in enumerate(rules.topic_order)}
    groups: dict[tuple[int, bool], list[_Candidate]] = {}
    for statement, verdict, missing in chosen:
        if verdict == "not_applicable":
            continue
        place = (_PUBLISH_RANK[statement.publish], verdict != "applies")
        topic = topics.get(statement.topic, len(topics))
        groups.setdefault(place, []).append(_candidate(statement, verdict, missing, rules, topic))
    ordered = (_side_by_side(sorted(groups[place], key=lambda c: c.place)) for place in sorted(groups))
    return tuple(_note(c, rules.condition) for c in itertools.chain.from_iterable(ordered))


class _Candidate(Struct, frozen=True, kw_only=True):
    """A statement that becomes a note.

    Attributes:
        missing: fields that would decide it.
        close: how many fields beside the broad ones its rule asks for and the patient fulfils.
        topic: rank of its topic.
    """

    statement: Statement
    verdict: str
    missing: tuple[str, ...]
    close: int
    topic: int

    @property
    def strength(self) -> int:
        """0 for the best published."""
        return tuple(Strength).index(self.statement.strength)

    @property
    def place(self) -> tuple[int, int, int, int, bool, str]:
        """The best published first, then the closest, then by topic, then those with a figure."""
        figure = _has_figure(self.statement)
        return self.strength, len(self.missing), -self.close, self.topic, not figure, self.statement.id


def _candidate(
    statement: Statement, verdict: str, missing: tuple[str, ...], rules: AssessmentRules, topic: int
) -> _Candidate:
    asked = {c.field for c in statement.conditions if c.field not in ("tp53_status", "leukaemia_sample")}
    close = len(asked - set(rules.note_order.broad_fields) - set(missing))
    return _Candidate(statement=statement, verdict=verdict, missing=missing, close=close, topic=topic)


def _side_by_side(ordered: Sequence[_Candidate]) -> list[_Candidate]:
    """The same notes, each followed by one of the other direction where one is left that is published as well.

    Adverse is one direction, everything else the other; so no neutral result stands below all adverse ones.
    """
    left, found = list(ordered), list[_Candidate]()
    while left:
        chosen = left[0]
        if found:
            was = found[-1].statement.direction == "adverse"
            other = (c for c in left if (c.statement.direction == "adverse") is not was)
            chosen = next((c for c in other if c.strength <= left[0].strength), left[0])
        left.remove(chosen)
        found.append(chosen)
    return found


def _has_figure(statement: Statement) -> bool:
    """Whether the effect is a number, and not words alone."""
    return any(letter.isdigit() for letter in str(statement.effect.value))


def _note(candidate: _Candidate, words: ConditionWords) -> Note:
    statement = candidate.statement
    return Note(
        id=statement.id,
        topic=statement.topic,
        text=statement.claim,
        effect=_effect(statement.effect),
        population=statement.population,
        direction=statement.direction,
        evidence_level=statement.evidence_level,
        citation=dict(statement.reference.stated),
        caveats=statement.caveats,
        applies=candidate.verdict,
        missing_fields=candidate.missing,
        publish=statement.publish,
        strength=statement.strength.value,
        condition_text=condition_text(statement, words),
        therapy_context=statement.therapy_context,
        endpoint=statement.endpoint,
    )


def _effect(stated: StatedEffect) -> Effect:
    effect = cast(Effect, dict(stated.stated))
    if stated.arms:
        effect["value"] = stated.value
        effect["arms"] = [Arm(group=a.group, value=a.value, interval=a.interval, n=a.n) for a in stated.arms]
    return effect


# What the notes' heading says of all of them: TP53 was found, and the sample is of the leukaemia.
_UNSAID = ("tp53_status", "leukaemia_sample", "tp53_clonality", "tp53_germline_published")


def condition_text(statement: Statement, words: ConditionWords) -> str:
    """Whom the statement applies to, from its rule: ``Ph-negative; 18 years or older``."""
    parts = [
        _phrase(condition, words) for condition in statement.conditions if condition.field not in _UNSAID
    ]
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
    together = words.value.get(f"{condition.field}.{'|'.join(map(str, condition.values))}")
    if together is not None:
        return together
    shown = [words.value.get(f"{condition.field}.{v}", str(v).replace("_", " ")) for v in condition.values]
    return words.or_.join(shown)
