"""The filters by name, and the chain that the rules make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from tp53annot.core.candidate import Candidate, Flag
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.rules.filters import FilterRules
from tp53annot.knowledge.rules.reading import RuleError

# What a filter found: None for a candidate that passes, else the facts for its sentence in rules/filters.toml.
SentenceFacts = Mapping[str, object] | None
Filter = Callable[[FilterSubject, Thresholds], SentenceFacts]


class LooksAt(StrEnum):
    """What a filter goes by.

    ``RECORD``: the candidate alone, its FILTER, genotype and reads. ``CHANGE``: what is known of the change, whatever
    the sample. ``REPORT``: what else the report says. ``REQUEST``: what was asked for.
    """

    RECORD = "record"
    CHANGE = "change"
    REPORT = "report"
    REQUEST = "request"


class NamedFilter(Struct, frozen=True, kw_only=True):
    """A registered filter."""

    check: Filter
    looks_at: LooksAt


FILTERS: dict[str, NamedFilter] = {}


def filter_named(name: str, looks_at: LooksAt) -> Callable[[Filter], Filter]:
    """Register a function as the filter of this name, and what it goes by."""

    def register(check: Filter) -> Filter:
        if name in FILTERS:
            raise ValueError(f"two filters are named {name}")
        FILTERS[name] = NamedFilter(check=check, looks_at=looks_at)
        return check

    return register


class FilterChain:
    """The filters in the order of ``rules/filters.toml``.

    Raises:
        RuleError: an entry of the rules without a filter, or a filter without an entry.
    """

    def __init__(self, rules: FilterRules) -> None:
        for name in sorted(rules.filter.keys() ^ FILTERS.keys()):
            fault = "is missing" if name in FILTERS else f"is no filter; filters are {', '.join(FILTERS)}"
            raise RuleError(f"filter.{name} {fault}")
        self._steps = [(name, FILTERS[name], text) for name, text in rules.filter.items()]

    def passes_record(self, candidate: Candidate, limits: Thresholds) -> bool:
        """Whether a candidate passes every filter that looks at its record, whatever change it is."""
        subject = FilterSubject(candidate=candidate)
        steps = (named.check for _, named, _ in self._steps if named.looks_at is LooksAt.RECORD)
        return all(check(subject, limits) is None for check in steps)

    def failures(
        self, subject: FilterSubject, limits: Thresholds, rules: AssessmentRules | None = None
    ) -> tuple[Flag, ...]:
        """A reason for every filter that the candidate fails, in the language of ``rules``.

        Filters that look at the change hold back none with an oncogenic part: what it became must be seen.
        """
        found = []
        for name, named, words in self._steps:
            if subject.oncogenic_part and named.looks_at is LooksAt.CHANGE:
                continue
            facts = named.check(subject, limits)
            if facts is not None:
                text, told = words.text, dict(facts)
                if rules is not None and name in rules.filter:
                    text, told = rules.filter[name], _translated(told, subject, rules)
                found.append(Flag(id=name, text=text.format(**told), source=words.source))
        return tuple(found)


def _translated(
    facts: dict[str, object], subject: FilterSubject, rules: AssessmentRules
) -> dict[str, object]:
    """Facts of a sentence with the class in its language."""
    if "oncogenicity" in facts:
        facts["oncogenicity"] = rules.words.class_[subject.oncogenicity]
    return facts
