"""What a filter looks at: a candidate with its facts, and the limits in force."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from tp53annot.core.candidate import Candidate
from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.filters import FilterLimits, FilterRules
from tp53annot.names.fractions import FractionLimits
from tp53annot.names.haplotype import CisLimits


class Thresholds(FilterLimits, frozen=True, kw_only=True):
    """The limits of the rules with what was asked for in their place.

    Attributes:
        include_filtered: keep what the caller filtered.
    """

    include_filtered: bool = False

    @property
    def cis(self) -> CisLimits:
        """The limits by which changes are read together."""
        return CisLimits(
            vaf_sum=self.cis_vaf_sum,
            phase_quality=self.phase_quality,
            fractions=FractionLimits(chance=self.fractions_chance, ratio=self.fractions_ratio),
            report_vaf=self.report_vaf,
            frame_distance=self.frame_distance,
        )

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
        """The limits of the rules; those that are given (not ``None``) overrule them.

        What is not reported cannot set the status: a ``min_vaf`` above the reporting threshold is that threshold, too, so
        that no negative result is stated for fractions that were left out.
        """
        asked = {
            "min_vaf": min_vaf,
            "report_vaf": report_vaf,
            "min_depth": min_depth,
            "min_alt_reads": min_alt_reads,
        }
        chosen = {name: value for name, value in asked.items() if value is not None}
        limits = asdict(rules.thresholds) | chosen
        limits["report_vaf"] = max(limits["report_vaf"], limits["min_vaf"])
        return cls(**limits, include_filtered=include_filtered)


class FilterSubject(Struct, frozen=True, kw_only=True):
    """A candidate with the facts that filters ask for.

    Attributes:
        candidate: the call.
        polymorphism: description of the known polymorphism that it is.
        published_benign: published (likely) benign class in force, with its review.
        population_fraction: population frequency in force (0..1; 0 where no table has enough alleles).
        oncogenicity: its class.
        points: of the class.
        in_target: whether it touches the regions asked for.
        duplicate: whether another record of the same change speaks for it.
        combined_into: c. name of the change that it was combined into.
        oncogenic_part: whether it is made of parts of which one alone would be reported as oncogenic.
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
    oncogenic_part: bool = False
