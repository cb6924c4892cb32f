"""``duplicate_record``: the same change stood in an earlier record."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("duplicate_record")
def duplicate_record(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """The earlier one stays."""
    return {} if subject.duplicate else None
