"""Errors of reads that slip gather on one strand: what the rarer one shows alone, errors explain."""

from __future__ import annotations

from tp53annot.calling.reasons.evidence import CallEvidence, Figures
from tp53annot.core.statistics import overdispersed_at_least

_BOTH = 2  # strands


def weaker_strand(evidence: CallEvidence) -> Figures | None:
    """Figures: ``reads`` (fragments of the strand on which they are rarer), ``p`` (probability)."""
    noise, support = evidence.pileup.noise, evidence.support
    if noise is None or not evidence.reads:
        return None
    over = [
        alt + (ref or 0)
        for alt, ref in zip(evidence.strands, (support.ref_forward, support.ref_reverse), strict=True)
    ]
    if min(over) < noise.rules.strand_share * sum(over):
        return None  # sequenced from one side: the other strand cannot tell
    # Errors of the two strands are of two kinds: each alone differs more between places than both together.
    spread = _BOTH * evidence.spread
    shown = [
        (overdispersed_at_least(alt, evidence.expected * n / sum(over), spread), alt)
        for alt, n in zip(evidence.strands, over, strict=True)
    ]
    p, reads = max(shown)
    return {"reads": reads, "p": p} if p > noise.rules.strand_p else None
