"""``rules/assessment.toml``: limits, groups and sentences of a sample's answer; VAFs are 0..1.

A group whose fields are :class:`~tp53annot.knowledge.rules.sentence.Sentence` holds the sentences of one part of a
report; each is named after what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tp53annot.core.coverage import GapCause
from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.checks import check_fractions
from tp53annot.knowledge.rules.sentence import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentLimits:
    """``[limits]``; inclusive unless the name says ``below``.

    Attributes:
        two_hit_vaf: VAF above which both alleles may be hit, whatever the tumour fraction.
        two_hit_margin: VAF above that of a heterozygous variant of every tumour cell, from which both may be hit.
        germline_vaf_low: lowest VAF that looks like a germline variant's.
        germline_vaf_high: highest VAF that does.
        germline_vaf_remission: lowest VAF that does in a remission or control sample.
        germline_known_allele_vaf: lowest VAF at which a published pathogenic allele does.
        germline_normal_vaf: lowest VAF in the matched normal sample that does.
        germline_age_below: age in years below which a germline variant is thought of.
        ch_age_from: age in years from which clonal haematopoiesis is thought of.
        ch_vaf_below: VAF below which it is, at that age.
        clonal_vaf: lowest VAF of a clonal variant where the blast percentage is not known.
        subclonal_ccf: lowest share of the tumour cells (0..1) with a clonal variant, where it is known.
        low_blasts_factor: multiple of the reporting threshold below which the expected VAF of a heterozygous variant
            of every blast is too low.
        error_rate: chance (0..1) of one wrong base of a kind at a place, by which reads of a filtered candidate are
            explained.
        error_chance: chance (0..1) of so many such reads at that depth, from which errors explain them.
    """

    two_hit_vaf: float
    two_hit_margin: float
    germline_vaf_low: float
    germline_vaf_high: float
    germline_vaf_remission: float
    germline_known_allele_vaf: float
    germline_normal_vaf: float
    germline_age_below: int
    ch_age_from: int
    ch_vaf_below: float
    clonal_vaf: float
    subclonal_ccf: float
    low_blasts_factor: float
    error_rate: float
    error_chance: float

    def __post_init__(self) -> None:
        check_fractions(self, "two_hit_vaf", "two_hit_margin", "germline_vaf_low", "germline_vaf_high")
        check_fractions(self, "germline_vaf_remission", "germline_known_allele_vaf", "germline_normal_vaf")
        check_fractions(self, "ch_vaf_below", "clonal_vaf", "subclonal_ccf")
        check_fractions(self, "error_rate", "error_chance")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextGroups:
    """``[groups]``: values of context fields that are treated alike.

    Attributes:
        hypodiploid: of ``ploidy``, the low-hypodiploid ones.
        masked_hint: of ``ploidy``, those that a doubled low-hypodiploid clone can look like.
        remission_roles: of ``sample_role``, samples without leukaemia.
        remission_phases: of ``disease_phase``, times without leukaemia.
    """

    hypodiploid: tuple[str, ...]
    masked_hint: tuple[str, ...]
    remission_roles: tuple[str, ...]
    remission_phases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSources:
    """``[sources]``: citation of each kind of sentence."""

    status: str
    allelic: str
    germline: str
    ch: str
    assay: str
    serial: str
    roles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentences:
    """``[summary]``: the answer in words."""

    mutated: Sentence
    mutated_all: Sentence
    mutated_not_all: Sentence
    mutated_unknown: Sentence
    allelic_multi_hit: Sentence
    allelic_possible_multi_hit: Sentence
    allelic_single_hit: Sentence
    deletion_only: Sentence
    low_level: Sentence
    low_level_unread: Sentence
    uncertain: Sentence
    not_detected: Sentence
    incomplete_unknown: Sentence
    incomplete_gaps: Sentence
    incomplete_held_back: Sentence
    filtered: Sentence
    too_shallow: Sentence
    coverage_gaps: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisSentences:
    """``[basis]``: what the allelic state rests on."""

    two_variants: Sentence
    phase_open: Sentence
    del17p: Sentence
    cn_loh: Sentence
    structural: Sentence
    karyotype: Sentence
    high_vaf: Sentence
    single: Sentence
    deletion: Sentence
    in_cis: Sentence
    none: Sentence
    unknown: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class GermlineSentences:
    """``[germline]``: reasons to think of a germline variant, and how it is confirmed."""

    declared: Sentence
    vaf: Sentence
    remission: Sentence
    hypodiploid: Sentence
    age: Sentence
    normal: Sentence
    family: Sentence
    known_allele: Sentence
    advice: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class HaematopoiesisSentences:
    """``[ch]``: reasons to think of clonal haematopoiesis, or of the donor's blood."""

    vaf: Sentence
    remission: Sentence
    donor: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningSentences:
    """``[warning]``: what must not be overlooked."""

    low_blasts: Sentence
    vaf_unknown: Sentence
    too_shallow: Sentence
    rejected_oncogenic: Sentence
    uninterpreted: Sentence
    not_assessed: Sentence
    masked_hypodiploidy: Sentence
    phase_unknown: Sentence
    conflict: Sentence
    role_unknown: Sentence
    column_is_normal: Sentence
    vaf_unreadable: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSentences:
    """``[calls]``: records that disagree, and neighbours that are, or may be, one change.

    Attributes:
        source: of these sentences.
        apart_fractions, apart_untested, apart_threshold, apart_filter: reasons of ``cis_apart``.
        test, test_none: the test of two fractions, with counts and without.
        fraction_counts, fraction_alone, fraction_none: a fraction as these sentences name it.
    """

    source: str
    fractions_differ: Sentence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationSentences:
    """``[limitation]``: what the report cannot say."""

    fixed: Sentence
    literature: Sentence
    scope: Sentence
    no_coverage: Sentence
    listed_exons: Sentence
    blocks: Sentence
    not_considered: Sentence
    tumour_only: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionWords:
    """``[condition]``: whom a statement applies to, in words.

    Attributes:
        everyone: a statement without conditions.
        multi_hit: both alleles hit.
        at_least: a number from a value (inclusive) on.
        below: a number below a value.
        between: a number within two values, both inclusive.
        or_: between two values.
        label: name of a field.
        value: words for ``field.value``.
    """

    everyone: str
    multi_hit: str
    at_least: str
    below: str
    between: str
    or_: str
    label: Mapping[str, str]
    value: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialRules:
    """``[serial]``: several samples of one patient.

    Attributes:
        order: phases and roles in the order of time, for samples without dates.
        control_role: the ``sample_role`` that is no point of the course.
        vaf_unknown: in place of a VAF that is not stated.
        filtered: beside the VAF of a variant that a filter holds back.
        time: words for a phase or role.
    """

    order: tuple[str, ...]
    control_role: str
    persisted: Sentence
    gained: Sentence
    returned: Sentence
    lost: Sentence
    trace: Sentence
    not_assessed_after: Sentence
    not_assessed_before: Sentence
    control_present: Sentence
    control_absent: Sentence
    vaf_unknown: str
    filtered: str
    time: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentWords:
    """``[words]``: what the sentences take in; ``class_`` names the classes, ``gap`` why bases were not assessed."""

    diagnosis_declared: str
    diagnosis_default: str
    diagnosis_unknown: str
    deletion_seen: str
    deletion_declared: str
    loss_tested: str
    loss_open: str
    trans: str
    and_: str
    fraction_unknown: str
    exon: str
    exons: str
    to: str
    no_reads: str
    not_deep: str
    more_gaps: str
    gap: Mapping[GapCause, str]
    age_unknown: str
    founder: str
    class_: Mapping[OncogenicityClass, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRules:
    """The file.

    Attributes:
        version: of the file.
        topic_order: topics of notes, in the order of a report.
        defaults: value of a context field that is not declared.
    """

    version: str
    topic_order: tuple[str, ...]
    defaults: Mapping[str, str]
    limits: AssessmentLimits
    groups: ContextGroups
    sources: SentenceSources
    summary: SummarySentences
    basis: BasisSentences
    germline: GermlineSentences
    ch: HaematopoiesisSentences
    warning: WarningSentences
    calls: CallSentences
    limitation: LimitationSentences
    condition: ConditionWords
    serial: SerialRules
    words: AssessmentWords
