"""One change under judgement: its facts, and the criteria met so far."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.core.variant import AnnotatedVariant, Criterion
from tp53annot.interpret.prediction import splice_prediction
from tp53annot.knowledge.tables.registry import Knowledge


class Case:
    """A change with its facts, the tables and their rules.

    Attributes:
        variant: its names and consequence.
        change: the substitution (R175H) where the protein change is one.
        met: criteria by their name in the rules, in the order of evaluation.
        conflicts: evidence that disagrees.
        splice_known: effect on splicing outside the canonical site.
        splicing: whether the place or a known effect says that splicing may be altered, so that assays and
            predictors of the protein say nothing.
        splice_prediction: the predictor of splicing in force, ``None`` where it has no score.
        predicted_splicing: whether it supports an altered splicing, so that those of the protein give no benign
            point.
    """

    def __init__(self, annotated: AnnotatedVariant, knowledge: Knowledge) -> None:
        self.annotated, self.knowledge, self.rules = annotated, knowledge, knowledge.rules
        self.variant = annotated.variant
        self.change = self.variant.substitution
        self.met: dict[str, Criterion] = {}
        self.conflicts: list[Flag] = []
        self.splice_known = knowledge.splice_known.get(self.variant.hgvs_c)
        self.splicing = (
            self.variant.splice_affecting or self.variant.exon_edge or self.splice_known is not None
        )
        self.splice_prediction = splice_prediction(self.variant.hgvs_c, knowledge)
        self.predicted_splicing = self.splice_prediction is not None and self.splice_prediction.harmful

    def give(self, name: str, source: str, **facts: object) -> None:
        """Record a criterion with its reason in words.

        Raises:
            KeyError: the rules have no criterion of this name, or its reason asks for another fact.
        """
        rule = self.rules.criteria[name]
        reason = f"{rule.words}: {rule.reason.format(**facts)}"
        self.met[name] = Criterion(code=rule.code or name, points=rule.points, reason=reason, source=source)

    @property
    def null(self) -> bool:
        """Whether the change is a null variant (OVS1 in any strength)."""
        return any(name.startswith("OVS1") for name in self.met)

    @property
    def missense(self) -> bool:
        """Whether one residue is exchanged and splicing is left alone."""
        return "missense_variant" in self.variant.consequences and not self.variant.splice_affecting

    @property
    def terms(self) -> str:
        """The consequence in words."""
        return ", ".join(self.variant.consequences)
