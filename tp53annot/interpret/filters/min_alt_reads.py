"""``min_alt_reads``: fewer reads with the allele than the limit."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("min_alt_reads", LooksAt.RECORD)
def min_alt_reads(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """As many as the limit pass."""
    reads, limit = subject.candidate.support_in_force.alt_reads, limits.min_alt_reads
    return {"reads": reads, "limit": limit} if reads is not None and reads < limit else None
