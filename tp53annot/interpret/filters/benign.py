"""``benign``: classified benign or likely benign."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("benign", LooksAt.CHANGE)
def benign(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Says the class in words and its points."""
    words = subject.oncogenicity.replace("_", " ")
    return {"oncogenicity": words, "points": subject.points} if subject.oncogenicity.is_benign else None
