"""PS1: the same protein by another DNA change that the panel published."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase, leaves_splicing
from tp53annot.interpret.criteria.germline.registry import germline_criterion


@germline_criterion("PS1")
def same_change(case: GermlineCase) -> None:
    """Only where splicing is left alone by both."""
    if not case.missense or not case.splicing_alone:
        return
    same = [
        other
        for other in case.panel.at(case.variant.aa_pos or 0, case.variant.hgvs_c)
        if other.change == case.change and leaves_splicing(other.hgvs_c, case.knowledge)
    ]
    if not same:
        return
    best = max(same, key=lambda other: other.pathogenic)
    source = f"{case.knowledge.sources['clinvar'].citation}; {case.rules.standard}"
    strength = "strong" if best.pathogenic else "moderate"
    case.give("PS1", source, strength, other=best.hgvs_c, published=best.published)
