"""Whether the matched normal sample has a variant."""

from __future__ import annotations

from tp53annot.core.variant import ClassifiedVariant
from tp53annot.knowledge.rules.assessment import AssessmentLimits


def in_normal(variant: ClassifiedVariant, limits: AssessmentLimits) -> bool | None:
    """True at a germline variant's VAF, false where enough reads hardly show it, ``None`` where the normal does not tell."""
    normal = variant.candidate.normal
    if normal is None or normal.vaf is None:
        return None
    if normal.vaf >= limits.germline_normal_vaf:
        return True
    deep = (normal.depth or 0) >= limits.germline_normal_depth
    return False if deep and normal.vaf <= limits.germline_normal_absent_vaf else None
