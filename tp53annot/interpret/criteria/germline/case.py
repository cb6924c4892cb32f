"""One change under the germline rules: its facts, and the criteria met so far."""

from __future__ import annotations

import re

from msgspec import Struct

from tp53annot.core.variant import AnnotatedVariant, GermlineCriterion
from tp53annot.interpret.prediction import splice_prediction
from tp53annot.knowledge.rules.germline import STAND_ALONE, GermlineRules
from tp53annot.knowledge.tables.registry import Knowledge

_EXCHANGE = re.compile(r"([A-Z])(\d+)([A-Z])")


class PanelChange(Struct, frozen=True, kw_only=True):
    """An exchange of one residue that the panel published as (likely) pathogenic.

    Attributes:
        hgvs_c: its c. name.
        change: R175H.
        position: of the residue (1-based).
        published: the class, in the panel's words.
    """

    hgvs_c: str
    change: str
    position: int
    published: str

    @property
    def pathogenic(self) -> bool:
        """Pathogenic, not only likely so."""
        return self.published.lower().startswith("pathogenic")


class PanelChanges:
    """What the panel published of other changes, for criteria that compare with them."""

    def __init__(self, knowledge: Knowledge, rules: GermlineRules) -> None:
        found: dict[int, list[PanelChange]] = {}
        for name, row in knowledge.clinvar.items():
            if row.review_status not in rules.published.panel_reviews:
                continue
            match = _EXCHANGE.fullmatch(row.change or "")
            if match is None or not row.classification.lower().startswith(rules.published.pathogenic_words):
                continue
            other = PanelChange(
                hgvs_c=name, change=match[0], position=int(match[2]), published=row.classification
            )
            found.setdefault(other.position, []).append(other)
        self._found = found

    def at(self, position: int, hgvs_c: str) -> list[PanelChange]:
        """Those at a residue, without the change itself."""
        return [other for other in self._found.get(position, ()) if other.hgvs_c != hgvs_c]


class GermlineCase:
    """A change with its facts, the tables and the panel's rules.

    Attributes:
        variant: its names and consequence.
        change: the exchange of a residue (R175H) where the protein change is one.
        met: criteria by their name in the rules.
        points: of each, by its name in the rules.
        splice_known: effect on splicing outside the canonical site.
        splice_prediction: the predictor of splicing in force, ``None`` where it has no score.
    """

    def __init__(
        self, annotated: AnnotatedVariant, knowledge: Knowledge, rules: GermlineRules, panel: PanelChanges
    ) -> None:
        self.annotated, self.knowledge, self.rules, self.panel = annotated, knowledge, rules, panel
        self.variant = annotated.variant
        self.change = self.variant.substitution
        self.met: dict[str, GermlineCriterion] = {}
        self.points: dict[str, int] = {}
        self.splice_known = knowledge.splice_known.get(self.variant.hgvs_c)
        self.splice_prediction = splice_prediction(self.variant.hgvs_c, knowledge)

    def give(self, name: str, source: str, strength: str | None = None, **facts: object) -> None:
        """Record a criterion with its strength and its reason in words.

        Raises:
            KeyError: the rules have no criterion or strength of this name, or its reason asks for another fact.
        """
        rule = self.rules.criteria[name]
        chosen = rule.strength or strength or ""
        points = 0 if chosen == STAND_ALONE else self.rules.strength_points[chosen]
        self.points[name] = -points if rule.benign else points
        self.met[name] = GermlineCriterion(
            code=rule.code or name,
            strength=chosen.replace("_", " "),
            reason=rule.reason.format(**facts),
            source=source,
        )

    @property
    def missense(self) -> bool:
        """Whether one residue (and no more) is exchanged and the canonical splice sites are left alone."""
        terms, spliced = self.variant.consequences, self.variant.splice_affecting
        return self.change is not None and "missense_variant" in terms and not spliced

    @property
    def splicing_alone(self) -> bool:
        """Whether the predictor leaves splicing alone; without a score only the place speaks."""
        if self.splice_known is not None:
            return False
        return leaves_splicing(self.variant.hgvs_c, self.knowledge)

    @property
    def predicted_splicing(self) -> bool:
        """Whether PP3 holds by splicing; the canonical sites are PVS1's."""
        found = self.splice_prediction
        return found is not None and found.harmful and not self.variant.splice_affecting


def leaves_splicing(hgvs_c: str, knowledge: Knowledge) -> bool:
    """Whether the predictor of splicing in force, if it scores the change, scores it below the panel's limit."""
    found = splice_prediction(hgvs_c, knowledge)
    return found is None or not found.harmful
