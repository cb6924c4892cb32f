"""``known_polymorphism``: a known polymorphism of the gene."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("known_polymorphism")
def known_polymorphism(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Founder alleles pass."""
    return None if subject.polymorphism is None else {"description": subject.polymorphism}
