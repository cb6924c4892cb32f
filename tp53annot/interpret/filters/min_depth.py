"""``min_depth``: the depth in force is below the limit."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("min_depth", LooksAt.RECORD)
def min_depth(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """A depth at the limit passes."""
    depth, limit = subject.candidate.support_in_force.depth, limits.min_depth
    return {"depth": depth, "limit": limit} if depth is not None and depth < limit else None
