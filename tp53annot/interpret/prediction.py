"""Predictors in force for a change: what was imported, else what is bundled in its place."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.variant import TranscriptVariant
from tp53annot.knowledge.rules.oncogenicity import PredictorCutoffs
from tp53annot.knowledge.tables.registry import Knowledge

_MISSENSE = "missense_variant"


class Prediction(Struct, frozen=True, kw_only=True):
    """One predictor's score of a change.

    Attributes:
        predictor: its name, a key of ``[predictor]`` in ``rules/oncogenicity.toml``.
        score: as the predictor gives it.
        cutoffs: from which the score says something.
        source: of the score and of the cut-offs.
        stand_in: whether the bundled predictor stands in for one that was not imported.
    """

    predictor: str
    score: float
    cutoffs: PredictorCutoffs
    source: str
    stand_in: bool

    @property
    def harmful(self) -> bool:
        """Whether the score supports an effect."""
        return self.score >= self.cutoffs.oncogenic_min

    @property
    def harmless(self) -> bool:
        """Whether the score supports none."""
        return self.score <= self.cutoffs.benign_max

    def __str__(self) -> str:
        return f"{self.predictor} {self.score:g}"


def splice_prediction(hgvs_c: str, knowledge: Knowledge) -> Prediction | None:
    """SpliceAI where it was imported, else the largest delta of CI-SpliceAI; ``None``: not scored."""
    rule = knowledge.rules.functional
    imported = knowledge.scores.get(hgvs_c, {}).get(rule.splice_predictor)
    if imported is not None:
        return _imported(rule.splice_predictor, imported, knowledge)
    deltas = knowledge.ci_spliceai.get(hgvs_c)
    if deltas is None:
        return None
    return _bundled(rule.splice_stand_in, deltas.largest, "ci_spliceai", knowledge)


def protein_predictions(variant: TranscriptVariant, knowledge: Knowledge) -> tuple[Prediction, ...]:
    """Imported predictors of the protein, by name; AlphaMissense for a missense change that none of them scores."""
    splice = knowledge.rules.functional.splice_predictor
    imported = {n: s for n, s in knowledge.scores.get(variant.hgvs_c, {}).items() if n != splice}
    if imported:
        return tuple(_imported(name, imported[name], knowledge) for name in sorted(imported))
    if _MISSENSE not in variant.consequences:
        return ()
    score = knowledge.alphamissense.get(variant.substitution or "")
    if score is None:
        return ()
    return (_bundled(knowledge.rules.functional.protein_stand_in, score, "alphamissense", knowledge),)


def _imported(name: str, score: float, knowledge: Knowledge) -> Prediction:
    cutoffs = knowledge.rules.predictor[name]
    return Prediction(predictor=name, score=score, cutoffs=cutoffs, source=cutoffs.source, stand_in=False)


def _bundled(name: str, score: float, table: str, knowledge: Knowledge) -> Prediction:
    cutoffs, citation = knowledge.rules.predictor[name], knowledge.sources[table].citation
    source = citation if cutoffs.source in citation else f"{citation}; {cutoffs.source}"
    return Prediction(predictor=name, score=score, cutoffs=cutoffs, source=source, stand_in=True)
