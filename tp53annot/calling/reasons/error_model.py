"""So many fragments are to be expected from errors alone."""

from __future__ import annotations

from tp53annot.calling.reasons.evidence import CallEvidence, Figures


def error_model(evidence: CallEvidence) -> Figures | None:
    """Figures: ``reads`` (fragments), ``p``, ``limit`` (probabilities)."""
    if evidence.p <= evidence.p_limit:
        return None
    return {"reads": evidence.reads, "p": evidence.p, "limit": evidence.p_limit}
