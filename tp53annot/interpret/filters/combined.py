"""``combined``: reported together with a neighbour in cis."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("combined", LooksAt.REPORT)
def combined(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Both bases lie on one haplotype and are one change."""
    return None if subject.combined_into is None else {"name": subject.combined_into}
