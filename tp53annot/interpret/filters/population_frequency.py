"""``population_frequency``: the change is as frequent in the population as a polymorphism."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("population_frequency", LooksAt.CHANGE)
def common_in_population(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """A fraction at the limit fails."""
    fraction, limit = subject.population_fraction, limits.population_fraction
    return {"fraction": fraction, "limit": limit} if fraction >= limit else None
