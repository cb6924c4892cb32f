"""OP1 and SBP1: predictors of the protein and of splicing."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates
from tp53annot.interpret.prediction import protein_predictions


@evaluates("OP1", "OP1_Splice", "SBP1", after=("OVS1",))
def computational(case: Case) -> None:
    """One point at most; a null variant needs none, and altered splicing leaves the protein's predictors unasked."""
    if case.null:
        return
    found = () if case.splicing else protein_predictions(case.variant, case.knowledge)
    shown = "; ".join(map(str, found))
    source = "; ".join(dict.fromkeys(p.source for p in found))
    if found and all(p.harmful for p in found):
        case.give("OP1", source, scores=shown)
    elif case.splice_prediction is not None and case.predicted_splicing:
        case.give("OP1_Splice", case.splice_prediction.source, scores=str(case.splice_prediction))
    elif found and all(p.harmless for p in found):
        case.give("SBP1", source, scores=shown)
