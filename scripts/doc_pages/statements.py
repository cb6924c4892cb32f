"""docs/reference/statements.md: every statement of the evidence base, with its rule and its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from doc_pages.markdown import prose
from tp53annot.interpret.notes import condition_text
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statements import StatedEffect, Statement, Strength

RESOURCES = resources_of()
PUBLISHED = {
    Strength.PEER_REVIEWED: "peer-reviewed",
    Strength.CONGRESS: "meeting abstract, preprint or summary",
    Strength.OPINION: "opinion, or the tool's own remark",
}
SEEN_BY = {
    "note": "default report",
    "warn": "default report",
    "footer": "default report",
    "low_certainty": "default report, under its own heading",
    "context": "`--evidence extended`",
    "held": "**held**, `--evidence all` only",
    "note_if_verified": "**held until verified**, `--evidence all` only",
    "method": "method, `--evidence all` only",
    "audit": "audit, `--evidence all` only",
}


def page() -> str:
    words = RESOURCES.texts("en")["topic"]
    groups: Mapping[str, list[Statement]] = defaultdict(list)
    for statement in RESOURCES.statements:
        groups[statement.topic].append(statement)
    order = RESOURCES.rules.assessment().topic_order
    held = sum(1 for s in RESOURCES.statements if s.publish in ("held", "note_if_verified"))
    parts = [
        "# Every statement",
        f"Generated from `resources/evidence/`: {len(RESOURCES.statements)} statements, {held} of them held. A statement "
        "describes a group of patients; it is no prediction for one patient and no advice. [Evidence](../evidence.md) "
        "says who gets to see which.",
    ]
    for topic in [*order, *sorted(set(groups) - set(order))]:
        if topic in groups:
            parts += [f"## {words.get(topic, topic)}", *(_entry(s) for s in groups[topic])]
    return "\n\n".join(parts) + "\n"


def _entry(s: Statement) -> str:
    lines = [f"### {s.id}", prose(s.claim) + ".", ""]
    facts = {
        "Shown in": SEEN_BY[s.publish]
        + ("; advice of the source, never in a default report" if s.advice else ""),
        "For": prose(condition_text(s, RESOURCES.rules.assessment().condition)),
        "Endpoint": prose(s.endpoint),
        "Direction": prose(s.direction),
        "Effect": prose(_effect(s.effect)),
        "Studied in": prose(s.population),
        "Evidence": prose(f"{s.evidence_level}; {PUBLISHED[s.strength]}"),
        "Caveats": prose("; ".join(s.caveats)),
        "Source": prose(_source(s.reference.stated)),
        "Verification": prose(s.verification.status.replace("_", " ")),
    }
    lines += [f"* **{name}:** {value}" for name, value in facts.items() if value]
    return "\n".join(lines)


def _effect(effect: StatedEffect) -> str:
    return "; ".join(
        str(value) if key == "arms" else f"{key.replace('_', ' ')} {_value(value)}"
        for key, value in effect.items
    )


def _value(value: object) -> str:
    return f"{value[0]} to {value[1]}" if isinstance(value, (list, tuple)) and len(value) == 2 else str(value)


def _source(reference: Mapping[str, object]) -> str:
    named = [str(reference.get("short") or "")]
    named += [f"{key.upper()} {reference[key]}" for key in ("doi", "pmid", "url") if reference.get(key)]
    named += [str(reference["no_record"])] if reference.get("no_record") else []
    return "; ".join(part for part in named if part)
