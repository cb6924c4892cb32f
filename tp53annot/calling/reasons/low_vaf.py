"""A lower VAF than a call needs."""

from __future__ import annotations

from tp53annot.calling.reasons.evidence import CallEvidence, Figures


def low_vaf(evidence: CallEvidence) -> Figures | None:
    """Figures: ``vaf``, ``limit`` (0..1)."""
    if evidence.vaf >= evidence.min_vaf:
        return None
    return {"vaf": evidence.vaf, "limit": evidence.min_vaf}
