"""The germline class by the ClinGen TP53 expert panel's rules, as far as the evidence here reaches.

Strengths, cut-offs and reasons stand in ``rules/germline.toml``, what decides about each criterion in
:mod:`tp53annot.interpret.criteria.germline`. It never enters the oncogenicity class, nor does that enter it.
"""

from __future__ import annotations

from tp53annot.core.variant import AnnotatedVariant, GermlineClass, GermlineName
from tp53annot.interpret.criteria.germline import GERMLINE, GermlineCase, PanelChanges
from tp53annot.interpret.published_class import published_class
from tp53annot.knowledge.rules.germline import STAND_ALONE, GermlineRules
from tp53annot.knowledge.tables.registry import Knowledge


class GermlineClassifier:
    """Germline classes of changes by one set of tables and the panel's rules.

    Raises:
        RuleError: the rules do not fit the criteria.
    """

    def __init__(self, knowledge: Knowledge, rules: GermlineRules) -> None:
        self._knowledge, self._rules = knowledge, rules
        self._evaluators = GERMLINE.in_order(rules.criteria)
        self._panel = PanelChanges(knowledge, rules)

    def classify(self, annotated: AnnotatedVariant) -> GermlineClass:
        """Criteria and class, and the published class in force; a change outside the gene is left open."""
        case = GermlineCase(annotated, self._knowledge, self._rules, self._panel)
        variant = annotated.variant
        inside = variant.exon is not None or variant.intron is not None or variant.codon is not None
        for decide in self._evaluators if inside else ():
            decide(case)
        published = published_class(variant.hgvs_c, self._knowledge, self._rules.published)
        name = self._name(case) if inside else None
        return GermlineClass(name=name, criteria=tuple(case.met.values()), published=published)

    def _name(self, case: GermlineCase) -> GermlineName:
        if any(self._rules.criteria[name].strength == STAND_ALONE for name in case.met):
            return GermlineName.BENIGN
        points = sum(case.points.values())
        for entry in self._rules.class_:
            if points >= entry.min_points:
                return entry.name
        raise ValueError(f"no germline class for {points} points")
