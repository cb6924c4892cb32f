"""Seen near the ends of reads, where they err more, while the reference is seen within them."""

from __future__ import annotations

from tp53annot.calling.pileup import FORWARD, REVERSE
from tp53annot.calling.reasons.evidence import CallEvidence, Figures


def read_ends(evidence: CallEvidence) -> Figures | None:
    """Figures: ``share`` (0..1) of the supporting bases. At a higher VAF only behind an amplicon's primer."""
    most, share = evidence.model.max_end_share, evidence.end_share
    if not evidence.reads or not share >= most > evidence.reference_end_share / most:
        return None
    if evidence.vaf > evidence.model.strand_vaf and not _behind_primer(evidence):
        return None
    return {"share": share}


def _behind_primer(evidence: CallEvidence) -> bool:
    """Seen on one strand, just behind the place where an amplicon's reads of the other begin."""
    forward, reverse = evidence.strands
    primers, i, size = evidence.pileup.primers, evidence.index, evidence.model.end_bases
    rarer = min(forward, reverse) / max(forward + reverse, 1)
    if primers is None or rarer > evidence.model.strand_min_share:
        return False
    if forward > reverse:
        return bool(primers.begin[REVERSE, max(i - size, 0) : i].any())
    return bool(primers.begin[FORWARD, i + 1 : i + 1 + size].any())
