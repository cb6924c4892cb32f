"""``target``: outside the regions of ``--target``."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("target", LooksAt.REQUEST)
def target(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Without regions everything passes."""
    return None if subject.in_target else {}
