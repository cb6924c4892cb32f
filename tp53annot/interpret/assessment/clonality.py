"""Whether the strongest oncogenic variant is in most tumour cells."""

from __future__ import annotations

from tp53annot.core.status import Clonality
from tp53annot.interpret.assessment.findings import Findings, highest_vaf
from tp53annot.knowledge.rules.assessment import AssessmentLimits


def clonality_of(findings: Findings, limits: AssessmentLimits) -> Clonality | None:
    """By the share of cells with it where the blasts are known, else by its VAF; ``None`` without one."""
    if not findings.oncogenic:
        return None
    vaf, blasts = highest_vaf(findings.oncogenic), findings.number("blast_pct")
    if vaf is None:
        return Clonality.UNKNOWN
    if vaf < findings.report_vaf:
        return Clonality.BELOW_REPORTING
    if findings.rna:  # the fraction is that of the allele's expression
        return Clonality.UNKNOWN
    if blasts:
        clonal = min(2 * vaf / (blasts / 100), 1) >= limits.subclonal_ccf
    else:
        clonal = vaf >= limits.clonal_vaf
    return Clonality.CLONAL if clonal else Clonality.SUBCLONAL
