"""``min_alt_reads``: fewer reads with the allele than the limit, or than the reads' own errors ask for."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("min_alt_reads", LooksAt.RECORD)
def min_alt_reads(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """As many as the limit pass; where reads are there, what they prove is the limit (which knows what was asked for)."""
    reads, fewest = subject.candidate.support_in_force.alt_reads, subject.candidate.fewest
    limit = limits.min_alt_reads if fewest is None else min(fewest, limits.min_alt_reads)
    return {"reads": reads, "limit": limit} if reads is not None and reads < limit else None
