"""What in a sample's data does not go together, with what it can mean."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopySource
from tp53annot.interpret.assessment.findings import Findings, name_with_vaf, short_name
from tp53annot.interpret.assessment.measured_vaf import (
    MeasuredVaf,
    blasts_in_words,
    blasts_of,
    measured,
    shown,
)
from tp53annot.interpret.copies.allele_balance import common_polymorphism
from tp53annot.knowledge.rules.assessment import AssessmentLimits, AssessmentRules


def plausibility_of(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """Warnings on fractions and numbers of variants."""
    return (*_above_blasts(findings, rules), *_many(findings, rules), *_odd(findings, rules))


def _above_blasts(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A VAF that no somatic reading gives: copy-neutral loss of heterozygosity gives the share of blasts itself."""
    blasts = blasts_of(findings, rules)
    if blasts is None or findings.word("germline_status") == "confirmed":
        return
    for variant in findings.variants:
        vaf = measured(variant, rules)
        if variant.reportable and vaf is not None and vaf.low > blasts.high:
            yield rules.plausibility.vaf_above_blasts.flag(
                rules.sources.plausibility,
                variant=short_name(variant),
                vaf=vaf.text,
                blasts=blasts_in_words(blasts, rules),
                highest=f"VAF {shown(blasts.high)}",
            )


def _many(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    count = len(findings.oncogenic)
    if count >= rules.limits.many_oncogenic:
        yield rules.plausibility.many_oncogenic.flag(rules.sources.plausibility, count=count)


def _odd(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """Polymorphisms that the balance of alleles does not name already, with counts, among the warnings."""
    named = {e.origin for e in findings.copies.evidence if e.source is CopySource.ALLELE_BALANCE}
    odd = [
        v
        for v in findings.rejected
        if common_polymorphism(v)
        and v.annotated.variant.hgvs_c not in named
        and (vaf := measured(v, rules)) is not None
        and _at_odd_fraction(vaf, rules.limits)
    ]
    if odd:
        names = "; ".join(name_with_vaf(v) for v in odd)
        yield rules.plausibility.odd_polymorphisms.flag(rules.sources.plausibility, variants=names)


def _at_odd_fraction(vaf: MeasuredVaf, limits: AssessmentLimits) -> bool:
    """The whole interval between absent and heterozygous, or between heterozygous and homozygous."""
    low = limits.odd_low < vaf.low and vaf.high < limits.odd_het_low
    return low or (limits.odd_het_high < vaf.low and vaf.high < limits.odd_high)
