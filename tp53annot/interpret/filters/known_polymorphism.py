"""``known_polymorphism``: a known polymorphism of the gene."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import Facts, filter_named
from tp53annot.interpret.filters.subject import Subject, Thresholds


@filter_named("known_polymorphism")
def known_polymorphism(subject: Subject, _limits: Thresholds) -> Facts:
    """Founder alleles pass."""
    return None if subject.polymorphism is None else {"description": subject.polymorphism}
