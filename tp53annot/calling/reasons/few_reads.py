"""Fewer supporting fragments than a call needs."""

from __future__ import annotations

from tp53annot.calling.reasons.evidence import CallEvidence, Figures


def few_reads(evidence: CallEvidence) -> Figures | None:
    """Figures: ``reads``, ``limit`` (fragments)."""
    if evidence.reads >= evidence.min_alt:
        return None
    return {"reads": evidence.reads, "limit": evidence.min_alt}
