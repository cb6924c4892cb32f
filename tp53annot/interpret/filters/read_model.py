"""``read_model``: seen in the reads, but not called there."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("read_model", LooksAt.RECORD)
def read_model(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Goes by the reasons of the calling (``call.``...)."""
    reasons = [r.text for r in subject.candidate.remarks if r.against_call]
    return {"reasons": "; ".join(reasons)} if reasons else None
