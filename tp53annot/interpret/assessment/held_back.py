"""What leaves a negative result open: oncogenic candidates that a filter holds back, and records nobody could judge.

A candidate leaves it open unless one of these explains it: its VAF is below the lowest that is reported (it would not be
reported without the filter either); the caller genotyped the reference and its reads stay below the reporting
threshold; or errors of sequencing give as many reads at that depth (``rules/assessment.toml`` ``[limits]``).

A call that a VCF passes at the reporting threshold and the reads beside it do not show is explained by none of them:
one of the two is of another sample, or wrong. Nor is one outside the regions of ``--target``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.candidate import Uninterpreted
from tp53annot.core.statistics import binomial_at_most
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.errors import printable
from tp53annot.interpret.assessment.findings import Findings, name_with_vaf, vaf_of
from tp53annot.knowledge.rules.assessment import AssessmentLimits

_LONGEST_LINE = 80


def unexplained(findings: Findings, limits: AssessmentLimits) -> list[ClassifiedVariant]:
    """Those of the sample, most important first."""
    return [v for v in findings.held_back if not _explained(v, findings.report_vaf, limits)]


def unread(findings: Findings) -> list[Uninterpreted]:
    """Records that may be a change of the gene and could not be judged."""
    return [record for record in findings.uninterpreted if record.open]


def unread_in_words(records: Sequence[Uninterpreted]) -> str:
    """``chr17:7675088 C>Y (ALT Y is not written in the bases A, C, G, T); ...``."""
    return "; ".join(f"{_place(entry)} ({entry.reason})" for entry in records)


def _place(entry: Uninterpreted) -> str:
    record = entry.record
    if entry.row is not None:
        return f"row {entry.row}"
    if not record.pos:
        return printable(" ".join((record.info or record.chrom).split()), _LONGEST_LINE)
    return printable(f"{record.chrom}:{record.pos} {record.ref}>{record.alt}", _LONGEST_LINE)


def _explained(variant: ClassifiedVariant, report_vaf: float, limits: AssessmentLimits) -> bool:
    failed, vaf = {failure.id for failure in variant.failures}, vaf_of(variant)
    if vaf is None or _denied_by_reads(variant, failed, report_vaf):
        return False
    if "min_vaf" in failed or ("genotype_reference" in failed and vaf < report_vaf):
        return True
    support = variant.candidate.support_in_force
    if support.alt_reads is None or support.depth is None:
        return False
    chance = 1 - binomial_at_most(support.alt_reads - 1, support.depth, limits.error_rate)
    return chance >= limits.error_chance


def _denied_by_reads(variant: ClassifiedVariant, failed: set[str], report_vaf: float) -> bool:
    """Whether a caller passed it at the reporting threshold, or without a VAF, and the reads counted say otherwise."""
    candidate = variant.candidate
    if candidate.reads is None or candidate.caller_filters or "genotype_reference" in failed:
        return False
    stated = candidate.support.vaf
    return stated is None or stated >= report_vaf


def names_with_reasons(variants: Sequence[ClassifiedVariant]) -> str:
    """``R175H (c.524G>A), VAF 0.17 (the caller filtered it: weak_evidence); ...``."""
    return "; ".join(f"{name_with_vaf(v)} ({'; '.join(f.text for f in v.failures)})" for v in variants)
