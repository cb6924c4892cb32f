"""The filters by name, and the chain that the rules make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tp53annot.core.candidate import Flag
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds
from tp53annot.knowledge.rules.filters import FilterRules
from tp53annot.knowledge.rules.reading import RuleError

# What a filter found: None for a candidate that passes, else the facts for its sentence in rules/filters.toml.
SentenceFacts = Mapping[str, object] | None
Filter = Callable[[FilterSubject, Thresholds], SentenceFacts]
FILTERS: dict[str, Filter] = {}


def filter_named(name: str) -> Callable[[Filter], Filter]:
    """Register a function as the filter of this name."""

    def register(check: Filter) -> Filter:
        if name in FILTERS:
            raise ValueError(f"two filters are named {name}")
        FILTERS[name] = check
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

    def failures(self, subject: FilterSubject, limits: Thresholds) -> tuple[Flag, ...]:
        """A reason for every filter that the candidate fails."""
        found = []
        for name, check, words in self._steps:
            facts = check(subject, limits)
            if facts is not None:
                found.append(Flag(id=name, text=words.text.format(**facts), source=words.source))
        return tuple(found)
