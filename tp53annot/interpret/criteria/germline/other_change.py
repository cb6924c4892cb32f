"""PM5: other exchanges of the residue that the panel published as pathogenic."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase, PanelChange, leaves_splicing
from tp53annot.interpret.criteria.germline.registry import germline_criterion
from tp53annot.interpret.grantham import grantham_distance


@germline_criterion("PM5", after=("PS1",))
def other_change(case: GermlineCase) -> None:
    """Two make it strong, one moderate; with PS1 at most as much as one strong criterion."""
    if not case.missense or not case.splicing_alone:
        return
    names = {other.change for other in _comparable(case)}
    points = case.rules.strength_points
    strength = "strong" if len(names) > 1 else "moderate"
    left = points["strong"] - case.points.get("PS1", 0)
    if points[strength] > left:
        strength = "moderate"
    if not names or points[strength] > left:
        return
    source = f"{case.knowledge.sources['clinvar'].citation}; {case.rules.standard}"
    case.give("PM5", source, strength, others=", ".join(sorted(names)))


def _comparable(case: GermlineCase) -> list[PanelChange]:
    """Pathogenic, of another residue, and not more drastic than this one."""
    variant, knowledge = case.variant, case.knowledge
    ref, alt = variant.aa_ref or "", variant.aa_alt or ""
    own = grantham_distance(ref, alt, knowledge)
    return [
        other
        for other in case.panel.at(variant.aa_pos or 0, variant.hgvs_c)
        if other.pathogenic
        and other.change != case.change
        and leaves_splicing(other.hgvs_c, knowledge)
        and grantham_distance(ref, other.change[-1], knowledge) <= own
    ]
