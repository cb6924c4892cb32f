"""What is known of one change when it is judged."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.calling.pileup import Pileup
from tp53annot.core.candidate import ReadSupport
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules

# What fills the braces of a reason's sentence.
Figures = Mapping[str, float | None]


class CallEvidence(Struct, frozen=True, kw_only=True):
    """One change in the reads.

    Attributes:
        index: of its position in the pileup's arrays.
        support: fragments for and against it.
        p: probability (0..1) that errors alone give as many.
        p_limit: highest ``p`` of a call.
        min_vaf: lowest VAF (0..1) of a call.
        min_alt: fewest supporting fragments of a call.
        end_share: share (0..1) of the supporting bases that lie near a read's end.
        reference_end_share: the same of the reference's bases there.
        pileup: the counts it stands in.
        model: ``rules/calling.toml`` ``[model]``.
        expected: fragments that errors give of it.
        spread: variance of these beyond Poisson, as a share of their square.
    """

    index: int
    support: ReadSupport
    p: float
    p_limit: float
    min_vaf: float
    min_alt: int
    end_share: float
    reference_end_share: float
    pileup: Pileup
    model: ErrorModelRules
    expected: float = 0.0
    spread: float = 0.0

    @property
    def reads(self) -> int:
        """Supporting fragments."""
        return self.support.alt_reads or 0

    @property
    def vaf(self) -> float:
        """0..1; 0 where no fragment tells."""
        return self.support.vaf or 0.0

    @property
    def strands(self) -> tuple[int, int]:
        """Supporting fragments, forward and reverse."""
        return self.support.alt_forward or 0, self.support.alt_reverse or 0
