"""The VAF of a variant with its interval, and the share of blasts with its tolerance: what readings are held against."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.candidate import OF_RNA, ReadSupport
from tp53annot.core.hypotheses import BlastShare, blast_share
from tp53annot.core.statistics import wilson
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.knowledge.rules.assessment import AssessmentRules


class MeasuredVaf(Struct, frozen=True, kw_only=True):
    """A VAF (0..1) with the ends of its interval (95 %, of the reads; a fixed width where none are stated), and in words."""

    vaf: float
    low: float
    high: float
    text: str


def measured_vaf(support: ReadSupport, rules: AssessmentRules) -> MeasuredVaf | None:
    """The VAF in force with its interval, ``None`` where no VAF is stated."""
    vaf, depth = support.vaf, support.depth
    if vaf is None:
        return None
    words = rules.words
    if depth:
        reads = round(vaf * depth) if support.alt_reads is None else min(support.alt_reads, depth)
        low, high = wilson(reads, depth)
        low, high = min(low, vaf), max(high, vaf)
        text = words.interval.format(
            vaf=shown(vaf), low=shown(low), high=shown(high), reads=reads, depth=f"{depth:,}"
        )
    else:
        margin = rules.limits.vaf_margin_uncounted
        low, high = max(0.0, vaf - margin), min(1.0, vaf + margin)
        text = words.interval_uncounted.format(vaf=shown(vaf), low=shown(low), high=shown(high))
    return MeasuredVaf(vaf=vaf, low=low, high=high, text=text)


def measured(variant: ClassifiedVariant, rules: AssessmentRules) -> MeasuredVaf | None:
    """The VAF in force of a variant; ``None`` for RNA, too, whose fractions say how an allele is expressed."""
    support = variant.candidate.support_in_force
    return None if support.unit == OF_RNA else measured_vaf(support, rules)


def blasts_of(findings: Findings, rules: AssessmentRules) -> BlastShare | None:
    """The declared blasts with their tolerance."""
    limits = rules.limits
    return blast_share(
        findings.number("blast_pct"), limits.blast_tolerance_points, limits.blast_tolerance_share
    )


def blasts_in_words(blasts: BlastShare | None, rules: AssessmentRules) -> str:
    """``75-95 %``, or that they are not declared."""
    if blasts is None:
        return rules.words.blasts_unknown
    low, high = f"{100 * blasts.low:.3g}", f"{100 * blasts.high:.3g}"
    return f"{low} %" if low == high else f"{low}-{high} %"


def shown(vaf: float) -> str:
    """Two digits, three below 0.1.

    >>> shown(0.4567), shown(0.0312)
    ('0.46', '0.031')
    """
    return f"{vaf:.2f}" if vaf >= 0.1 or vaf == 0 else f"{vaf:.3f}"


def span(low: float, high: float) -> str:
    """``0.60-0.90``, one number where both ends are the same."""
    first, last = shown(low), shown(high)
    return first if first == last else f"{first}-{last}"
