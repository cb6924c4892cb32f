"""``caller_filter``: the caller's FILTER is neither PASS nor missing."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("caller_filter", LooksAt.RECORD)
def caller_filter(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """Passes everything where ``--include-filtered`` is given."""
    filters = subject.candidate.caller_filters
    return {"filters": ", ".join(filters)} if filters and not limits.include_filtered else None
