"""What a filter looks at: a candidate with its facts, and the limits in force."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from tp53annot.core.candidate import Candidate
from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.filters import FilterLimits, FilterRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds(FilterLimits):
    """The limits of the rules with what was asked for in their place.

    Attributes:
        include_filtered: keep what the caller filtered.
    """

    include_filtered: bool = False

    @classmethod
    def from_rules(
        cls,
        rules: FilterRules,
        *,
        min_vaf: float | None = None,
        report_vaf: float | None = None,
        min_depth: int | None = None,
        min_alt_reads: int | None = None,
        include_filtered: bool = False,
    ) -> Thresholds:
        """The limits of the rules; those that are given (not ``None``) overrule them."""
        asked = {
            "min_vaf": min_vaf,
            "report_vaf": report_vaf,
            "min_depth": min_depth,
            "min_alt_reads": min_alt_reads,
        }
        chosen = {name: value for name, value in asked.items() if value is not None}
        return cls(**dataclasses.asdict(rules.thresholds) | chosen, include_filtered=include_filtered)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSubject:
    """A candidate with the facts that filters ask for.

    Attributes:
        candidate: the call.
        polymorphism: description of the known polymorphism that it is.
        published_benign: published (likely) benign class in force, with its review.
        population_fraction: population frequency in force (0..1; 0 where no table has enough alleles).
        oncogenicity: its class.
        points: of the class.
        in_target: whether it touches the regions asked for.
        duplicate: whether the same change stood in an earlier record.
        combined_into: c. name of the change that it was combined into.
    """

    candidate: Candidate
    polymorphism: str | None = None
    published_benign: str | None = None
    population_fraction: float = 0.0
    oncogenicity: OncogenicityClass = OncogenicityClass.UNCERTAIN
    points: int = 0
    in_target: bool = True
    duplicate: bool = False
    combined_into: str | None = None
