"""``duplicate_record``: another record of the same change speaks for it."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("duplicate_record", LooksAt.REPORT)
def duplicate_record(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Which one speaks is decided where the records of a change are gathered."""
    return {} if subject.duplicate else None
