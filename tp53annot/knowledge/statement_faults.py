"""Faults of statements: what can never be true, is not allowed, is no citation, or is an editor's note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tp53annot.knowledge.rules.evidence import CitationRules, EvidenceRules
from tp53annot.knowledge.statements import (
    DERIVED,
    DERIVED_VALUES,
    DIRECTIONS,
    OPERATORS,
    PUBLISH,
    Citation,
    Condition,
    StatedEffect,
    Statement,
)
from tp53annot.knowledge.vocabulary import Vocabulary

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_COMPARED = re.compile(r"\bvs\.?\s|\bversus\b", re.IGNORECASE)


def lint(statements: Sequence[Statement], vocabulary: Vocabulary, rules: EvidenceRules) -> list[str]:
    """One line per fault: unknown fields, values or operators, bad citations, editor's notes, double ids ..."""
    faults = []
    seen: dict[str, str] = {}
    for s in statements:
        place = f"{s.file}: {s.id}"
        if s.id in seen:
            faults.append(f"{place}: the id stands in {seen[s.id]}, too")
        seen[s.id] = s.file
        if s.publish not in PUBLISH:
            faults.append(f"{place}: publish {s.publish!r} is not one of {', '.join(PUBLISH)}")
        faults += [f"{place}: {fault}" for fault in _lint_citation(s.reference, rules.citation)]
        faults += [f"{place}: {fault}" for fault in _lint_words(s, rules.editors_notes)]
        faults += [f"{place}: {fault}" for fault in _lint_effect(s.effect)]
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


def _lint_citation(reference: Citation, rules: CitationRules) -> list[str]:
    """A citation that is no DOI, PMID, PMC number, publisher's address, nor journal with volume and page."""
    stated, short = reference.stated, reference.short
    if not short:
        return ["the reference has no short citation"]
    if short == rules.own:
        return []
    numbers = {"doi": rules.doi, "pmid": rules.pmid, "pmcid": rules.pmcid}
    faults = [
        f"{name} {stated[name]!r} is none"
        for name, form in numbers.items()
        if name in stated and not re.fullmatch(form, str(stated[name]))
    ]
    if "url" in stated and not _is_own_address(str(stated["url"]), rules.hosts):
        faults.append(
            f"{stated['url']} is no address of a publisher or source; copies of a page are not cited"
        )
    if re.search("https?://|www\\.", short):
        faults.append("the short citation holds an address; it belongs into url")
    located = any(name in stated for name in (*numbers, "url", "no_record"))
    if not located and not re.search(rules.page, short):
        faults.append(
            "the citation needs a doi, pmid, url of the publisher, or journal with volume and page "
            "(no_record says why there is none)"
        )
    return faults


def _is_own_address(address: str, hosts: Sequence[str]) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and any(host == h or host.endswith(f".{h}") for h in hosts)


def _lint_words(s: Statement, notes: Sequence[str]) -> list[str]:
    """Editor's notes to themselves, anywhere in what a report, a list or a page shows."""
    effect = (*map(str, s.effect.stated.values()), *(arm.text for arm in s.effect.arms))
    fields = {
        "claim": (s.claim,),
        "endpoint": (s.endpoint,),
        "population": (s.population,),
        "therapy_context": (s.therapy_context,),
        "evidence_level": (s.evidence_level,),
        "caveats": s.caveats,
        "effect": effect,
        "reference": tuple(map(str, s.reference.stated.values())),
        "verification": tuple(map(str, s.verification.stated.values())),
    }
    faults = [
        f"{name} holds an editor's note ({note!r}): {text}"
        for name, texts in fields.items()
        for text in texts
        for note in notes
        if note.casefold() in str(text).casefold()
    ]
    where = str(s.verification.stated.get("where", ""))
    return [*faults, *(["verification.where holds an address"] if "http" in where else [])]


def _lint_effect(effect: StatedEffect) -> list[str]:
    """An interval behind more than one figure, a comparison without arms, an arm without its own figure."""
    value, faults = effect.stated.get("value"), []
    if effect.arms:
        faults += [f"{key} stands beside arms" for key in ("value", "ci") if key in effect.stated]
    elif isinstance(value, str) and _COMPARED.search(value):
        faults.append(f"value {value!r} compares: each figure is an arm of its own")
    intervals = [arm.interval for arm in effect.arms if arm.interval]
    if "ci" in effect.stated:
        whole = _interval(effect.stated["ci"])
        if whole is None:
            return [*faults, "ci is not two numbers"]
        if value is None or len(_FIGURE.findall(str(value))) != 1:
            faults.append("ci stands behind no single figure: an interval belongs to its arm")
        intervals.append(whole)
    return [
        *faults,
        *(f"the interval {low} to {high} is upside down" for low, high in intervals if low > high),
    ]


def _interval(stated: object) -> tuple[float, float] | None:
    if not isinstance(stated, (list, tuple)) or len(stated) != 2:
        return None
    low, high = stated
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return float(low), float(high)


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
