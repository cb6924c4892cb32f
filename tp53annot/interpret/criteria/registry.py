"""What registers the evaluators of a standard's criteria, and puts them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from tp53annot.knowledge.rules.reading import RuleError

_C = TypeVar("_C")


class Evaluator(Struct, Generic[_C], frozen=True, kw_only=True):
    """What decides about some criteria.

    Attributes:
        criteria: names in the rules that it may give.
        after: criteria that it looks at, so that they must be decided before.
        decide: gives what the case meets.
    """

    criteria: tuple[str, ...]
    after: tuple[str, ...]
    decide: Callable[[_C], None]


class CriterionRegistry(Generic[_C]):
    """The evaluators of one standard, by the name of each criterion."""

    def __init__(self) -> None:
        self.evaluators: dict[str, Evaluator[_C]] = {}

    def evaluates(
        self, *criteria: str, after: tuple[str, ...] = ()
    ) -> Callable[[Callable[[_C], None]], Callable[[_C], None]]:
        """Register a function as what decides about these criteria."""

        def register(decide: Callable[[_C], None]) -> Callable[[_C], None]:
            for name in criteria:
                if name in self.evaluators:
                    raise ValueError(f"two evaluators give {name}")
                self.evaluators[name] = Evaluator(criteria=criteria, after=after, decide=decide)
            return decide

        return register

    def in_order(self, criteria: Iterable[str]) -> tuple[Callable[[_C], None], ...]:
        """The evaluators in the order of the rules' criteria.

        Raises:
            RuleError: a criterion of the rules without an evaluator, an evaluator's without rules, or an order in
                which one looks at a criterion that is decided after it.
        """
        names = list(criteria)
        for name in sorted(set(names) ^ self.evaluators.keys()):
            known = ", ".join(self.evaluators)
            fault = "is missing" if name in self.evaluators else f"is no criterion; those are {known}"
            raise RuleError(f"criteria.{name} {fault}")
        ordered: list[Evaluator[_C]] = []
        for name in names:
            evaluator = self.evaluators[name]
            if evaluator in ordered:
                continue
            decided = {given for earlier in ordered for given in earlier.criteria}
            if late := [wanted for wanted in evaluator.after if wanted not in decided]:
                raise RuleError(f"criteria.{name} stands before criteria.{late[0]}, which it looks at")
            ordered.append(evaluator)
        return tuple(evaluator.decide for evaluator in ordered)
