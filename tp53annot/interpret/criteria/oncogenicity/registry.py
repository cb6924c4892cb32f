"""The evaluators of criteria, and their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules
from tp53annot.knowledge.rules.reading import RuleError


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """What decides about some criteria.

    Attributes:
        criteria: names in the rules that it may give.
        after: criteria that it looks at, so that they must be decided before.
        decide: gives what the case meets.
    """

    criteria: tuple[str, ...]
    after: tuple[str, ...]
    decide: Callable[[Case], None]


EVALUATORS: dict[str, Evaluator] = {}


def evaluates(
    *criteria: str, after: tuple[str, ...] = ()
) -> Callable[[Callable[[Case], None]], Callable[[Case], None]]:
    """Register a function as what decides about these criteria."""

    def register(decide: Callable[[Case], None]) -> Callable[[Case], None]:
        for name in criteria:
            if name in EVALUATORS:
                raise ValueError(f"two evaluators give {name}")
            EVALUATORS[name] = Evaluator(criteria=criteria, after=after, decide=decide)
        return decide

    return register


def in_order(rules: OncogenicityRules) -> tuple[Callable[[Case], None], ...]:
    """The evaluators in the order of the rules' criteria.

    Raises:
        RuleError: a criterion of the rules without an evaluator, an evaluator's without rules, or an order in
            which one looks at a criterion that is decided after it.
    """
    for name in sorted(rules.criteria.keys() ^ EVALUATORS.keys()):
        fault = "is missing" if name in EVALUATORS else f"is no criterion; those are {', '.join(EVALUATORS)}"
        raise RuleError(f"criteria.{name} {fault}")
    ordered: list[Evaluator] = []
    for name in rules.criteria:
        evaluator = EVALUATORS[name]
        if evaluator in ordered:
            continue
        decided = {given for earlier in ordered for given in earlier.criteria}
        if late := [wanted for wanted in evaluator.after if wanted not in decided]:
            raise RuleError(f"criteria.{name} stands before criteria.{late[0]}, which it looks at")
        ordered.append(evaluator)
    return tuple(evaluator.decide for evaluator in ordered)
