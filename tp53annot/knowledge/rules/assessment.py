"""``rules/assessment.toml``: limits, groups and sentences of a sample's answer; VAFs are 0..1.

A group whose fields are :class:`~tp53annot.knowledge.rules.sentence.Sentence` holds the sentences of one part of a
report; each is named after what it says.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from tp53annot.core.coverage import GapCause
from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.alleles import (
    BasisSentences,
    DiagnosisSentences,
    GermlineSentences,
    HypothesisSentences,
    PlausibilitySentences,
)
from tp53annot.knowledge.rules.checks import check_fractions, check_range
from tp53annot.knowledge.rules.copy_sentences import (
    CopySentences,
    CytogeneticSentences,
    MeasuredCopySentences,
)
from tp53annot.knowledge.rules.evidence import LeukaemiaSampleRules, NoteOrder
from tp53annot.knowledge.rules.filters import CallSentences
from tp53annot.knowledge.rules.reads.splicing import RnaSentences
from tp53annot.knowledge.rules.sentence import Sentence


class AssessmentLimits(Struct, frozen=True, kw_only=True):
    """``[limits]``; inclusive unless the name says ``below``.

    Attributes:
        two_hit_vaf: VAF above which both alleles may be hit, whatever the tumour fraction.
        two_hit_margin: VAF above that of a heterozygous variant of every tumour cell, from which both may be hit.
        blast_tolerance_points: what a blast percentage may be off, either way, in percentage points.
        blast_tolerance_share: the most that it may be off, as a share (0..1) of itself.
        blasts_least: fewest blasts (0..1) that a VAF may ask for beside a loss, where they are not declared.
        vaf_margin_uncounted: half width (0..1) of the interval of a VAF that is stated without reads.
        low_hypodiploid_modal: fewest and most chromosomes of a low-hypodiploid clone.
        near_haploid_modal: the same of a near-haploid one.
        masked_modal: the same of a doubled low-hypodiploid one.
        germline_vaf_low, germline_vaf_high: VAFs between which one looks like a heterozygous germline variant's.
        germline_vaf_remission: lowest VAF that does in a remission or control sample.
        germline_vaf_least: VAF below which, interval included, no cell of the germline has it.
        germline_normal_vaf: lowest VAF in the matched normal sample that looks like a germline variant's.
        germline_normal_depth: reads of the matched normal sample from which the variant's absence tells.
        germline_normal_absent_vaf: highest VAF there of an absent variant.
        germline_age_below: age in years below which a germline variant is thought of.
        germline_weak_reasons: weak reasons that together raise the flag.
        many_oncogenic: oncogenic variants from which a sample is implausible.
        odd_low: VAF of a polymorphism up to which it counts as absent.
        odd_het_low: lowest VAF of a heterozygous polymorphism.
        odd_het_high: highest VAF of one.
        odd_high: VAF from which it counts as homozygous.
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
    blast_tolerance_points: float
    blast_tolerance_share: float
    blasts_least: float
    vaf_margin_uncounted: float
    low_hypodiploid_modal: tuple[int, int]
    near_haploid_modal: tuple[int, int]
    masked_modal: tuple[int, int]
    germline_vaf_low: float
    germline_vaf_high: float
    germline_vaf_remission: float
    germline_vaf_least: float
    germline_normal_vaf: float
    germline_normal_depth: int
    germline_normal_absent_vaf: float
    germline_age_below: int
    germline_weak_reasons: int
    many_oncogenic: int
    odd_low: float
    odd_het_low: float
    odd_het_high: float
    odd_high: float
    ch_age_from: int
    ch_vaf_below: float
    clonal_vaf: float
    subclonal_ccf: float
    low_blasts_factor: float
    error_rate: float
    error_chance: float

    def __post_init__(self) -> None:
        check_fractions(self, "two_hit_vaf", "two_hit_margin", "germline_vaf_low", "germline_vaf_high")
        check_fractions(self, "germline_vaf_remission", "germline_vaf_least", "germline_normal_vaf")
        check_fractions(self, "germline_normal_absent_vaf", "blast_tolerance_share", "blasts_least")
        check_fractions(self, "vaf_margin_uncounted", "odd_low", "odd_het_low", "odd_het_high", "odd_high")
        check_fractions(self, "ch_vaf_below", "clonal_vaf", "subclonal_ccf")
        check_fractions(self, "error_rate", "error_chance")
        check_range(self, 0, 100, "blast_tolerance_points")


class ContextGroups(Struct, frozen=True, kw_only=True):
    """``[groups]``: values of context fields that are treated alike.

    Attributes:
        other_diagnoses: of ``diagnosis``, those that are not ALL.
        hypodiploid: of ``ploidy``, the low-hypodiploid ones.
        near_haploid: of ``ploidy``, the near-haploid one.
        masked_hint: of ``ploidy``, those that a doubled low-hypodiploid clone can look like.
        remission_roles: of ``sample_role``, samples without leukaemia.
        remission_phases: of ``disease_phase``, times without leukaemia.
        all_lineages: of ``lineage``, those of ALL.
        other_lineages: of ``lineage``, those of another diagnosis.
        control_roles: of ``sample_role``, samples of the germline.
        control_specimens: of ``specimen_type``, tissues of the germline.
        recipient_specimens: of ``specimen_type``, those that stay the recipient's after a transplantation.
        mrd_roles: of ``sample_role``, samples that look for remaining leukaemia.
        diagnostic_roles: of ``sample_role``, samples of the first leukaemia.
        diagnostic_phases: of ``disease_phase``, times before any transplantation for this leukaemia.
        germline_filters: of the input's FILTER, those by which a caller sets germline variants aside.
        rna_assay_words: lower-case words of ``assay`` that say RNA.
        dna_assay_words: those that say DNA.
        germline_reviews: ClinVar's review statuses with which a published class is a reason for or against the germline.
        pathogenic_words, benign_words: beginnings, in lower case, of classes published on either side.
    """

    other_diagnoses: tuple[str, ...]
    hypodiploid: tuple[str, ...]
    near_haploid: str
    masked_hint: tuple[str, ...]
    remission_roles: tuple[str, ...]
    remission_phases: tuple[str, ...]
    all_lineages: tuple[str, ...]
    other_lineages: tuple[str, ...]
    control_roles: tuple[str, ...]
    control_specimens: tuple[str, ...]
    recipient_specimens: tuple[str, ...]
    mrd_roles: tuple[str, ...]
    diagnostic_roles: tuple[str, ...]
    diagnostic_phases: tuple[str, ...]
    germline_filters: tuple[str, ...]
    germline_reviews: tuple[str, ...]
    pathogenic_words: tuple[str, ...]
    benign_words: tuple[str, ...]
    rna_assay_words: tuple[str, ...]
    dna_assay_words: tuple[str, ...]


class SentenceSources(Struct, frozen=True, kw_only=True):
    """``[sources]``: citation of each kind of sentence."""

    status: str
    allelic: str
    germline: str
    ch: str
    ch_list: str
    published: str
    assay: str
    serial: str
    roles: str
    hypotheses: str
    plausibility: str
    diagnosis: str
    calls: str
    measured_copies: str
    rna: str
    splicing: str


class SummarySentences(Struct, frozen=True, kw_only=True):
    """``[summary]``: the answer in words."""

    mutated: Sentence
    mutated_all: Sentence
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
    incomplete_unread: Sentence
    unread: Sentence
    filtered: Sentence
    too_shallow: Sentence
    coverage_gaps: Sentence


class HaematopoiesisSentences(Struct, frozen=True, kw_only=True):
    """``[ch]``: reasons to think of clonal haematopoiesis, or of the donor's blood."""

    vaf: Sentence
    remission: Sentence
    listed: Sentence
    donor: Sentence


class WarningSentences(Struct, frozen=True, kw_only=True):
    """``[warning]``: what must not be overlooked."""

    low_blasts: Sentence
    vaf_unknown: Sentence
    too_shallow: Sentence
    rejected_oncogenic: Sentence
    uninterpreted: Sentence
    not_assessed: Sentence
    masked_hypodiploidy: Sentence
    ploidy_contradicts: Sentence
    phase_unknown: Sentence
    conflict: Sentence
    published_pathogenic: Sentence
    published_benign: Sentence
    unfiltered: Sentence
    no_chromosome: Sentence
    normal_only: Sentence
    germline_not_found: Sentence
    normal_alike: Sentence
    role_unknown: Sentence
    column_is_normal: Sentence
    vaf_unreadable: Sentence
    copies_contradict: Sentence
    copies_disagree: Sentence
    vaf_contradicts_loss: Sentence
    germline_elsewhere: Sentence
    germline_contradicts: Sentence
    diagnosis_contradicts: Sentence


class LimitationSentences(Struct, frozen=True, kw_only=True):
    """``[limitation]``: what the report cannot say."""

    fixed: Sentence
    literature: Sentence
    scope: Sentence
    no_coverage: Sentence
    listed_exons: Sentence
    blocks: Sentence
    not_considered: Sentence
    tumour_only: Sentence


class ConditionWords(Struct, frozen=True, kw_only=True):
    """``[condition]``: whom a statement applies to, in words.

    Attributes:
        everyone: a statement without conditions.
        at_least: a number from a value (inclusive) on.
        below: a number below a value.
        between: a number within two values, both inclusive.
        or_: between two values.
        label: name of a field.
        value: words for ``field.value``, and for several values together (``field.value|value``, in a rule's order).
    """

    everyone: str
    at_least: str
    below: str
    between: str
    or_: str
    label: Mapping[str, str]
    value: Mapping[str, str]


class SerialRules(Struct, frozen=True, kw_only=True):
    """``[serial]``: several samples of one patient.

    Attributes:
        order: phases and roles in the order of time, for samples without dates.
        control_role: the ``sample_role`` that is no point of the course.
        vaf_unknown: in place of a VAF that is not stated; filtered: beside that of a variant that a filter holds back.
        unclear: of a recorded sample that nothing tells from another; time: words for a phase or role.
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
    unclear: str
    time: Mapping[str, str]


class AssessmentWords(Struct, frozen=True, kw_only=True):
    """``[words]``: what the sentences take in; ``class_`` names the classes, ``gap`` why bases were not assessed."""

    diagnosis_declared: str
    diagnosis_default: str
    diagnosis_unknown: str
    loss_tested: str
    loss_open: str
    loss_part: str
    loss_other_part: str
    trans: str
    and_: str
    fraction_unknown: str
    held_back_more: str
    blasts_unknown: str
    interval: str
    interval_uncounted: str
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
    published: Mapping[str, str]
    germline_status: Mapping[str, str]

    def as_published(self, words: str | None) -> str | None:
        """A published class or its review in the language of the sentences; other words stay as they are."""
        return words if words is None else self.published.get(words, words)


class AssessmentRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        topic_order: topics of notes, in the order of a report.
        defaults: value of a context field that is not declared.
        filter: sentences of filters in another language than that of ``rules/filters.toml``.
    """

    version: str
    topic_order: tuple[str, ...]
    defaults: Mapping[str, str]
    limits: AssessmentLimits
    groups: ContextGroups
    sources: SentenceSources
    summary: SummarySentences
    basis: BasisSentences
    hypothesis: HypothesisSentences
    plausibility: PlausibilitySentences
    diagnosis: DiagnosisSentences
    germline: GermlineSentences
    ch: HaematopoiesisSentences
    warning: WarningSentences
    calls: CallSentences
    limitation: LimitationSentences
    condition: ConditionWords
    serial: SerialRules
    copies: CopySentences
    cytogenetics: CytogeneticSentences
    measured_copies: MeasuredCopySentences
    rna: RnaSentences
    words: AssessmentWords
    leukaemia_sample: LeukaemiaSampleRules
    note_order: NoteOrder
    filter: Mapping[str, str] = field(default_factory=dict)
