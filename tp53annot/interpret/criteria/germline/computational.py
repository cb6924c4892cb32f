"""PP3 and BP4: predictors of splicing and of the protein."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion
from tp53annot.interpret.prediction import Prediction, protein_predictions
from tp53annot.knowledge.rules.germline import GermlinePredictor


@germline_criterion("PP3", "BP4", after=("PVS1", "PVS1_RNA"))
def germline_computational(case: GermlineCase) -> None:
    """Splicing first; a predictor of the protein for missense changes whose splicing is left alone."""
    if "PVS1" in case.met or "PVS1_RNA" in case.met:
        return
    found = case.splice_prediction
    if found is not None and case.predicted_splicing:
        case.give(
            "PP3", _source(case, found), scores=str(found), limit=found.cutoffs.oncogenic_min, stand_in=""
        )
    elif case.missense:
        _protein(case)
    elif found is not None and found.harmless and case.change is None:
        up_to = case.rules.texts.up_to
        facts = {"scores": str(found), "relation": up_to, "limit": found.cutoffs.benign_max, "stand_in": ""}
        case.give("BP4", _source(case, found), "supporting", **facts)


def _protein(case: GermlineCase) -> None:
    if not case.splicing_alone:
        return
    by_name = {p.predictor: p for p in protein_predictions(case.variant, case.knowledge)}
    for rule in case.rules.protein:
        found = by_name.get(rule.predictor)
        if found is not None:
            _judge(case, found, rule)
            return


def _judge(case: GermlineCase, found: Prediction, rule: GermlinePredictor) -> None:
    score, shown = found.score, {"scores": str(found), "stand_in": rule.stand_in}
    below, up_to = case.rules.texts.below, case.rules.texts.up_to
    if score >= rule.pp3_min:
        case.give("PP3", rule.source, limit=rule.pp3_min, **shown)
    elif rule.bp4_moderate_max is not None and score <= rule.bp4_moderate_max:
        case.give("BP4", rule.source, "moderate", relation=up_to, limit=rule.bp4_moderate_max, **shown)
    elif rule.bp4_max is not None and score <= rule.bp4_max:
        case.give("BP4", rule.source, "supporting", relation=up_to, limit=rule.bp4_max, **shown)
    elif rule.bp4_below is not None and score < rule.bp4_below:
        case.give("BP4", rule.source, "supporting", relation=below, limit=rule.bp4_below, **shown)


def _source(case: GermlineCase, found: Prediction) -> str:
    return f"{found.source}; {case.rules.standard}"
