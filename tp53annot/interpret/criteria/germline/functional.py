"""PS3 and BS3: functional assays."""

from __future__ import annotations

from tp53annot.interpret.assay_verdict import MODERATE, STRONG, SUPPORTING, AssayVerdict, of_gene, of_protein
from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion

_DELETION = "inframe_deletion"


@germline_criterion("PS3", "BS3", after=("PVS1", "PVS1_RNA"))
def germline_functional(case: GermlineCase) -> None:
    """Not beside PVS1 at full strength or by splicing, and not where splicing may be altered."""
    points = case.rules.strength_points
    null = case.points.get("PVS1", 0)
    if null >= points["very_strong"] or "PVS1_RNA" in case.met or _spliced(case):
        return
    verdict = _verdict(case)
    strength = verdict.strength
    if strength is None or (null and not verdict.loss):
        return
    if null >= points["strong"] and strength == STRONG:
        strength = MODERATE
    shown = verdict.shown(case.knowledge)
    source = "; ".join([*dict.fromkeys(r.source for r in verdict.used), case.rules.standard])
    case.give("PS3" if verdict.loss else "BS3", source, strength, assays=shown)


def _spliced(case: GermlineCase) -> bool:
    variant = case.variant
    placed = variant.splice_affecting or variant.exon_edge or case.splice_known is not None
    return placed or case.predicted_splicing


def _verdict(case: GermlineCase) -> AssayVerdict:
    """The panel knows small deletions at supporting strength only, and other changes of length not at all."""
    results = case.annotated.functional
    if case.change is not None:
        return of_protein(results)
    verdict = of_gene(results, with_deletions=True)
    if verdict.strength is None or _DELETION not in case.variant.consequences:
        return AssayVerdict(loss=None, strength=None, used=verdict.used, disagree=False, differ=False)
    return AssayVerdict(
        loss=verdict.loss, strength=SUPPORTING, used=verdict.used, disagree=False, differ=False
    )
