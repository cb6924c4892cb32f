"""Common polymorphisms at fractions that a person's two alleles do not give, as evidence on the copies of the gene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tp53annot.core.copy_number import CopyEvidence, CopySource, CopyState
from tp53annot.core.statistics import wilson
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.knowledge.rules.copy_number import BalanceRules
from tp53annot.knowledge.rules.copy_sentences import MeasuredCopySentences

# Filters that hold a polymorphism back for what it is, not for how it was called.
_BENIGN = {"known_polymorphism", "population_frequency", "benign", "published_benign"}


def balance_evidence(
    variants: Sequence[ClassifiedVariant], rules: BalanceRules, words: MeasuredCopySentences
) -> Iterator[CopyEvidence]:
    """Each common polymorphism in allelic imbalance, with its counts; which kind of loss it is stays open."""
    for variant in variants:
        support = variant.candidate.support_in_force
        reads, depth = support.alt_reads, support.depth
        if not common_polymorphism(variant) or reads is None or not depth or depth < rules.least_depth:
            continue
        low, high = wilson(min(reads, depth), depth, rules.level)
        if _balanced(low, high, variant, rules):
            continue
        named = variant.annotated.variant
        yield CopyEvidence(
            source=CopySource.ALLELE_BALANCE,
            state=CopyState.UNKNOWN,
            text=words.imbalance.text.format(
                variant=f"{named.hgvs_p_short} ({named.hgvs_c})" if named.hgvs_p_short else named.hgvs_c,
                reads=reads,
                depth=f"{depth:,}",
                share=f"{reads / depth:.2f}",
                low=f"{low:.2f}",
                high=f"{high:.2f}",
                level=f"{100 * rules.level:g} %",
            ),
            origin=named.hgvs_c,
        )


def common_polymorphism(variant: ClassifiedVariant) -> bool:
    """A common variant, called well: it is held back for what it is alone."""
    failed = {f.id for f in variant.failures}
    common = failed & {"known_polymorphism", "population_frequency"}
    return bool(common) and failed <= _BENIGN


def _balanced(low: float, high: float, variant: ClassifiedVariant, rules: BalanceRules) -> bool:
    """Whether the interval of the fraction reaches absent, heterozygous or homozygous."""
    allele = variant.candidate.allele
    first, last = rules.balanced if len(allele.ref) == len(allele.alt) else rules.balanced_indel
    heterozygous = low <= last and high >= first
    return low <= rules.low or high >= rules.high or heterozygous
