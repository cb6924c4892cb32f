"""``rules/filters.toml``: limits of the filters, and the sentence of each."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions, check_range
from tp53annot.knowledge.rules.sentence import Sentence


class FilterLimits(Struct, frozen=True, kw_only=True):
    """``[thresholds]``. Fractions are 0..1; a value at its limit passes unless the field says otherwise.

    Attributes:
        min_vaf: lowest VAF that is kept.
        report_vaf: lowest VAF at which an oncogenic variant makes a sample mutated.
        min_depth: lowest depth, in reads or fragments as the support counts them.
        min_alt_reads: fewest reads (or fragments) with the allele.
        population_fraction: allele fraction in a population from which (inclusive) a change is a polymorphism.
        strand_bias_max_share: share of the supporting reads on their rarer strand up to which (inclusive) the
            strands are taken as biased.
        strand_bias_min_reads: supporting reads from which bias can be told.
        strand_bias_min_reference_share: share of the reference reads that their rarer strand must have.
        strand_bias_keep_vaf: VAF above which bias rejects nothing.
        cis_vaf_sum: sum of two VAFs (0..2) from which (inclusive) two changes must share molecules.
        fractions_chance: probability of counts so far apart from one fraction, below which two fractions differ.
        fractions_ratio: smaller fraction by the larger from which (inclusive) they are taken as one at any depth.
        phase_quality: Phred-scaled quality below which a stated phase is taken as not stated.
        frame_distance: most bases between two frameshifts that are read together.
    """

    min_vaf: float
    report_vaf: float
    min_depth: int
    min_alt_reads: int
    population_fraction: float
    strand_bias_max_share: float
    strand_bias_min_reads: int
    strand_bias_min_reference_share: float
    strand_bias_keep_vaf: float
    cis_vaf_sum: float
    fractions_chance: float
    fractions_ratio: float
    phase_quality: float
    frame_distance: int

    def __post_init__(self) -> None:
        check_fractions(self, "min_vaf", "report_vaf", "population_fraction")
        check_fractions(
            self, "strand_bias_max_share", "strand_bias_min_reference_share", "strand_bias_keep_vaf"
        )
        check_fractions(self, "fractions_chance", "fractions_ratio")
        check_range(self, 0, 2, "cis_vaf_sum")


class FilterText(Struct, frozen=True, kw_only=True):
    """``[filter.<name>]``: the sentence for a variant that fails, facts in braces, and the source of the limit."""

    text: str
    source: str


class FilterRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        thresholds: the limits.
        filter: sentence by name of the filter, in the order of reasons in a report.
    """

    version: str
    thresholds: FilterLimits
    filter: Mapping[str, FilterText]


class CallSentences(Struct, frozen=True, kw_only=True):
    """``[calls]``: records that disagree, and neighbours that are, or may be, one change.

    Attributes:
        apart_fractions, apart_untested, apart_threshold, apart_filter: reasons of ``cis_apart``.
        test, test_none: the test of two fractions, with counts and without.
        fraction_counts, fraction_alone, fraction_none: a fraction as these sentences name it.
    """

    fractions_differ: Sentence
    caller_disagrees: Sentence
    combined: Sentence
    combined_class: Sentence
    cis_apart: Sentence
    apart_fractions: str
    apart_untested: str
    apart_threshold: str
    apart_filter: str
    test: str
    test_none: str
    fraction_counts: str
    fraction_alone: str
    fraction_none: str
