"""Oncogenicity by the ClinGen/CGC/VICC standards: criteria met, their points, and the class they make.

Codes, points, cut-offs and reasons stand in ``rules/oncogenicity.toml``, what decides about each criterion in
:mod:`tp53annot.interpret.criteria.oncogenicity`. Germline classifications never enter the points.
"""

from __future__ import annotations

from tp53annot.core.variant import AnnotatedVariant, Classification, OncogenicityClass
from tp53annot.interpret.criteria.oncogenicity import ONCOGENICITY, Case
from tp53annot.knowledge.tables.registry import Knowledge


class Classifier:
    """Classes of changes by one set of tables and their rules.

    Args:
        knowledge: the tables; other changes at the same residue are looked up in them.

    Raises:
        RuleError: the rules do not fit the criteria.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._rules = knowledge, knowledge.rules
        self._evaluators = ONCOGENICITY.in_order(knowledge.rules.criteria)
        self._missing = not_considered(knowledge)

    def classify(self, annotated: AnnotatedVariant) -> Classification:
        """Points, criteria and class of a change with its facts."""
        case = Case(annotated, self._knowledge)
        for decide in self._evaluators:
            decide(case)
        for rule in self._rules.excludes:
            if rule.met in case.met:
                for name in rule.removes:
                    case.met.pop(name, None)
        points = sum(criterion.points for criterion in case.met.values())
        return Classification(
            oncogenicity=self._class_of(points),
            points=points,
            criteria=tuple(case.met.values()),
            conflicts=tuple(case.conflicts),
            not_considered=self._missing,
        )

    def _class_of(self, points: int) -> OncogenicityClass:
        for entry in self._rules.class_:
            if points >= entry.min_points:
                return entry.name
        raise ValueError(f"no class for {points} points")


def not_considered(knowledge: Knowledge) -> tuple[str, ...]:
    """What the standards ask for and no installed table holds, in words."""
    have = set(knowledge.predictors) | ({"gnomAD"} if knowledge.gnomad else set())
    found = []
    for entry in knowledge.rules.not_considered:
        missing = [name for name in entry.needs if name not in have]
        if missing:
            found.append(entry.text.format(missing=", ".join(missing)))
    return tuple(found)
