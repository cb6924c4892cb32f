"""``known_polymorphism``: a known polymorphism of the gene."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("known_polymorphism", LooksAt.CHANGE)
def known_polymorphism(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Founder alleles pass."""
    return None if subject.polymorphism is None else {"description": subject.polymorphism}
