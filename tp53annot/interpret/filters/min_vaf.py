"""``min_vaf``: the VAF in force is below the limit."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("min_vaf", LooksAt.RECORD)
def min_vaf(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """A VAF at the limit passes."""
    vaf = subject.candidate.support_in_force.vaf
    return {"vaf": vaf, "limit": limits.min_vaf} if vaf is not None and vaf < limits.min_vaf else None
