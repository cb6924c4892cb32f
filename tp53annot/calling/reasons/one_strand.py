"""Seen on one strand, although the reference reads, by their share, would show it on both."""

from __future__ import annotations

import numpy as np

from tp53annot.calling.reasons.evidence import CallEvidence, Figures


def one_strand(evidence: CallEvidence) -> Figures | None:
    """Figures: ``forward``, ``reverse`` (fragments), ``vaf`` (0..1)."""
    forward, reverse = evidence.strands
    reads, model = forward + reverse, evidence.model
    if not reads or evidence.vaf > model.strand_vaf or min(forward, reverse) / reads > model.strand_min_share:
        return None
    reference = _telling_reference(evidence)
    total, other = float(reference.sum()), float(reference[int(np.argmin((forward, reverse)))])
    if not total or (1 - other / total) ** reads >= model.one_strand_p:
        return None
    return {
        "forward": evidence.support.alt_forward,
        "reverse": evidence.support.alt_reverse,
        "vaf": evidence.vaf,
    }


def _telling_reference(evidence: CallEvidence) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Reference fragments by strand, without those that may show a primer there and so say nothing."""
    support, pileup, i = evidence.support, evidence.pileup, evidence.index
    reference = np.array([support.ref_forward or 0, support.ref_reverse or 0], float)
    if pileup.primers is not None:
        reference *= 1 - pileup.primers.over[:, i] / np.maximum(pileup.spans[:, i], 1)
    return reference
