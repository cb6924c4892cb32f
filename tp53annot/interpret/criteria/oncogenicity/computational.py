"""OP1 and SBP1: predictors, where a user imported their scores."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("OP1", "SBP1", after=("OVS1",))
def computational(case: Case) -> None:
    """When every imported predictor that scores the change says the same; a null variant needs none."""
    scores = case.knowledge.scores.get(case.variant.hgvs_c)
    if not scores or case.null:
        return
    limits = case.rules.predictor
    shown = "; ".join(f"{name} {value:g}" for name, value in sorted(scores.items()))
    source = "; ".join(limits[name].source for name in sorted(scores))
    if all(value >= limits[name].oncogenic_min for name, value in scores.items()):
        case.give("OP1", source, scores=shown)
    elif all(value <= limits[name].benign_max for name, value in scores.items()):
        case.give("SBP1", source, scores=shown)
