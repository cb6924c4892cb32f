"""Which readings of the two alleles a sample's VAF fits: every reading is listed, none is chosen.

The arithmetic is that of ``core/hypotheses.py``. A reading fits when the VAF's interval meets the range that it
predicts over the tolerance of the blasts. Without a blast percentage most readings are open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopyState
from tp53annot.core.hypotheses import (
    AllelicHypothesis,
    BlastShare,
    Hypothesis,
    bounds_of_vaf,
    predicted_vaf,
)
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.alleles.phases import phases_among
from tp53annot.interpret.assessment.findings import Findings, short_name, vaf_of
from tp53annot.interpret.assessment.matched_normal import in_normal
from tp53annot.interpret.assessment.measured_vaf import (
    MeasuredVaf,
    blasts_in_words,
    blasts_of,
    measured,
    shown,
    span,
)
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.haplotype import Phasing

GERMLINE_READINGS = (Hypothesis.GERMLINE, Hypothesis.GERMLINE_AND_LOSS, Hypothesis.GERMLINE_AND_LOH)
# What a somatic variant of the blasts can give; a germline variant and one of other cells stand apart.
BOTH_ALLELES = (Hypothesis.MUTATION_AND_LOSS, Hypothesis.COPY_NEUTRAL_LOH)
_OF_ONE = (
    Hypothesis.ONE_ALLELE,
    Hypothesis.SUBCLONE,
    *BOTH_ALLELES,
    *GERMLINE_READINGS,
    Hypothesis.OTHER_CELLS,
)


class AlleleReading(Struct, frozen=True, kw_only=True):
    """A reading held against a VAF; ``low`` and ``high`` (0..1) are ``None`` where the blasts are not known."""

    hypothesis: Hypothesis
    low: float | None
    high: float | None
    fits: bool | None


def reading(
    hypothesis: Hypothesis, vaf: MeasuredVaf | None, blasts: BlastShare | None, rules: AssessmentRules
) -> AlleleReading:
    """One reading held against one VAF (for two subclones: the sum of two)."""
    limits = rules.limits
    if hypothesis is Hypothesis.GERMLINE:
        fits = None if vaf is None else _meets(vaf, limits.germline_vaf_low, limits.germline_vaf_high)
        low, high = bounds_of_vaf(hypothesis)
        return AlleleReading(hypothesis=hypothesis, low=low, high=high, fits=fits)
    if blasts is None:
        low, high = bounds_of_vaf(hypothesis)
        outside = vaf is not None and not _meets(vaf, low, high)
        return AlleleReading(hypothesis=hypothesis, low=None, high=None, fits=False if outside else None)
    low, high = predicted_vaf(hypothesis, blasts)
    fits = None if vaf is None else _meets(vaf, low, high)
    return AlleleReading(hypothesis=hypothesis, low=low, high=high, fits=fits)


def reads_as(
    findings: Findings, variant: ClassifiedVariant, hypothesis: Hypothesis, rules: AssessmentRules
) -> bool | None:
    """Whether a variant's VAF fits a reading; ``None``: cannot be told."""
    return reading(hypothesis, measured(variant, rules), blasts_of(findings, rules), rules).fits


def together(one: MeasuredVaf, two: MeasuredVaf) -> MeasuredVaf:
    """The sum of two VAFs, at most 1."""
    low, vaf, high = (
        min(1.0, a + b) for a, b in ((one.low, two.low), (one.vaf, two.vaf), (one.high, two.high))
    )
    return MeasuredVaf(vaf=vaf, low=low, high=high, text=f"{shown(vaf)} ({shown(low)}-{shown(high)})")


def hypotheses_of(findings: Findings, rules: AssessmentRules) -> tuple[AllelicHypothesis, ...]:
    """Every reading for the sample's leading variant, and for two variants together; empty without a variant.

    Empty for RNA, too, whose fractions follow the expression of the alleles.
    """
    chosen = leading(findings)
    if not chosen or findings.rna:
        return ()
    return (*_of_variant(findings, chosen[0], rules), *_of_pair(findings, chosen, rules))


def leading(findings: Findings) -> Sequence[ClassifiedVariant]:
    """The variants that readings are about, the one of the highest VAF first.

    Oncogenic ones above the reporting threshold, else oncogenic ones, else all that are reported.
    """
    groups = (findings.above, findings.oncogenic, [v for v in findings.variants if v.reportable])
    chosen = next((group for group in groups if group), [])
    return sorted(chosen, key=lambda v: -(vaf_of(v) or 0.0))


def _of_variant(
    findings: Findings, variant: ClassifiedVariant, rules: AssessmentRules
) -> Iterator[AllelicHypothesis]:
    vaf, blasts = measured(variant, rules), blasts_of(findings, rules)
    against = _not_germline(findings, variant, rules)
    gained = (Hypothesis.GAINED,) if findings.copies.state is CopyState.GAIN else ()
    for hypothesis in (*_OF_ONE, *gained):
        if against is not None and hypothesis in GERMLINE_READINGS:
            found = reading(hypothesis, None, blasts, rules)
            reason = rules.hypothesis.germline_excluded.text.format(
                variant=short_name(variant), reason=against.text
            )
            yield _shown(found, False, reason, rules)
            continue
        found = reading(hypothesis, vaf, blasts, rules)
        yield _shown(found, found.fits, _reason(found, short_name(variant), vaf, blasts, rules), rules)


def _not_germline(findings: Findings, variant: ClassifiedVariant, rules: AssessmentRules) -> Flag | None:
    """What rules a germline variant out: the declared status, or a matched normal sample without the variant."""
    words, source = rules.germline, rules.sources.germline
    if findings.word("germline_status") == "excluded":
        return words.declared.flag(source, value="excluded")
    normal = variant.candidate.normal
    if in_normal(variant, rules.limits) is False and normal is not None:
        return rules.hypothesis.not_in_normal.flag(rules.sources.hypotheses, depth=normal.depth)
    return None


def _of_pair(
    findings: Findings, variants: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> Iterator[AllelicHypothesis]:
    """Two variants of the highest VAFs: in trans in the same blasts, or in blasts of their own."""
    if len(variants) < 2:
        return
    pair, blasts, words = variants[:2], blasts_of(findings, rules), rules.hypothesis
    names = f" {rules.words.and_} ".join(map(short_name, pair))
    one, two = (measured(v, rules) for v in pair)
    cis = phases_among(findings, pair) == {Phasing.CIS}
    both = [reading(Hypothesis.TWO_IN_TRANS, vaf, blasts, rules) for vaf in (one, two)]
    known = [r.fits for r in both]
    fits = False if False in known else None if None in known else True
    reason = "; ".join(
        _reason(r, short_name(v), vaf, blasts, rules).removesuffix(".")
        for r, v, vaf in zip(both, pair, (one, two), strict=True)
    )
    if cis:
        yield _shown(both[0], False, words.in_cis.text.format(variant=names), rules)
    else:
        yield _shown(both[0], fits, f"{reason}.", rules)
    total = together(one, two) if one and two else None
    apart = reading(Hypothesis.TWO_SUBCLONES, total, blasts, rules)
    if cis:
        yield _shown(apart, False, words.in_cis.text.format(variant=names), rules)
    else:
        yield _shown(
            apart,
            apart.fits,
            _reason(apart, words.sum.text.format(variant=names), total, blasts, rules),
            rules,
        )


def _shown(found: AlleleReading, fits: bool | None, reason: str, rules: AssessmentRules) -> AllelicHypothesis:
    return AllelicHypothesis(
        id=found.hypothesis.value,
        label=rules.hypothesis.label[found.hypothesis],
        predicted_vaf_low=found.low,
        predicted_vaf_high=found.high,
        fits=fits,
        reason=reason,
    )


def _reason(
    found: AlleleReading,
    name: str,
    vaf: MeasuredVaf | None,
    blasts: BlastShare | None,
    rules: AssessmentRules,
) -> str:
    words = rules.hypothesis
    if vaf is None:
        return words.no_vaf.text.format(variant=name)
    anywhere = blasts is None or found.hypothesis is Hypothesis.GERMLINE
    low, high = (
        bounds_of_vaf(found.hypothesis)
        if found.low is None or found.high is None
        else (found.low, found.high)
    )
    if found.hypothesis is Hypothesis.GERMLINE:
        low, high = rules.limits.germline_vaf_low, rules.limits.germline_vaf_high
    templates = {
        True: words.fits_any if anywhere else words.fits,
        False: words.contradicted_any if anywhere else words.contradicted,
        None: words.open,
    }
    return templates[found.fits].text.format(
        variant=name, vaf=vaf.text, expected=span(low, high), blasts=blasts_in_words(blasts, rules)
    )


def _meets(vaf: MeasuredVaf, low: float, high: float) -> bool:
    return vaf.low <= high and low <= vaf.high
