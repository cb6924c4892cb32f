"""Sentences of ``rules/assessment.toml`` on the alleles of a sample: state, readings, germline, whose variant it is."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.hypotheses import Hypothesis
from tp53annot.knowledge.rules.sentence import Sentence


class BasisSentences(Struct, frozen=True, kw_only=True):
    """``[basis]``: what the allelic state rests on."""

    two_variants: Sentence
    trans_apart: Sentence
    trans_without_vaf: Sentence
    phase_open: Sentence
    loss: Sentence
    loss_against_vaf: Sentence
    loss_few_blasts: Sentence
    loss_without_vaf: Sentence
    loss_disputed: Sentence
    cn_loh: Sentence
    weak_loss: Sentence
    karyotype: Sentence
    karyotype_open: Sentence
    high_vaf: Sentence
    single: Sentence
    deletion: Sentence
    both_lost: Sentence
    in_cis: Sentence
    trans_contradicted: Sentence
    none: Sentence
    unknown: Sentence
    left_open: Sentence
    uncertain: Sentence
    low_level: Sentence
    unconfirmed_loss: Sentence
    not_leukaemia: Sentence


class HypothesisSentences(Struct, frozen=True, kw_only=True):
    """``[hypothesis]``: why a reading of the alleles fits the VAF or not; ``label`` names the readings."""

    fits: Sentence
    contradicted: Sentence
    fits_any: Sentence
    contradicted_any: Sentence
    open: Sentence
    no_vaf: Sentence
    in_cis: Sentence
    germline_excluded: Sentence
    not_in_normal: Sentence
    sum: Sentence
    label: Mapping[Hypothesis, str]


class PlausibilitySentences(Struct, frozen=True, kw_only=True):
    """``[plausibility]``: what in a sample's data does not go together, and what it can mean."""

    vaf_above_blasts: Sentence
    many_oncogenic: Sentence
    odd_polymorphisms: Sentence


class DiagnosisSentences(Struct, frozen=True, kw_only=True):
    """``[diagnosis]``: why a sample is not called TP53-mutated ALL."""

    other: Sentence
    contradiction: Sentence
    unknown: Sentence
    control: Sentence
    normal_column: Sentence
    remission: Sentence
    mrd: Sentence
    transplanted: Sentence
    donor: Sentence
    unexplained: Sentence
    deletion_only: Sentence
    low_level: Sentence
    uncertain: Sentence
    incomplete: Sentence
    left_open: Sentence
    few_blasts: Sentence
    not_detected: Sentence
    persists: Sentence
    not_diagnostic: Sentence


class GermlineSentences(Struct, frozen=True, kw_only=True):
    """``[germline]``: reasons for and against a germline variant, and how it is confirmed."""

    declared: Sentence
    caller: Sentence
    normal: Sentence
    remission: Sentence
    unexplained: Sentence
    normal_only: Sentence
    other_cells: Sentence
    other_cells_without: Sentence
    other_cells_assessed: Sentence
    known_allele: Sentence
    donor: Sentence
    family: Sentence
    age: Sentence
    hypodiploid: Sentence
    compatible: Sentence
    published: Sentence
    against_normal: Sentence
    against_low: Sentence
    against_explained: Sentence
    against_other: Sentence
    against_published: Sentence
    no_criteria: Sentence
    against_class: Sentence
    advice: Sentence
    advice_control: Sentence
