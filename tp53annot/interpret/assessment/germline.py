"""Whether a germline variant is suspected, with the reasons for and against each variant.

A declared status stands. Else every reportable variant is examined, and every one that is published as pathogenic in
the germline or that the caller set aside as germline. One strong reason suspects a variant, or two weak ones; no
reason does where the VAF is too low for a variant of every cell, or the matched normal sample lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopyState
from tp53annot.core.hypotheses import Hypothesis
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.alleles.hypotheses import BOTH_ALLELES, GERMLINE_READINGS, reading
from tp53annot.interpret.assessment.alleles.ploidy import low_hypodiploid
from tp53annot.interpret.assessment.diagnosis import is_control, no_leukaemia_sample, shows_the_donor
from tp53annot.interpret.assessment.findings import Findings, short_name
from tp53annot.interpret.assessment.matched_normal import in_normal
from tp53annot.interpret.assessment.measured_vaf import MeasuredVaf, blasts_in_words, blasts_of, measured
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.rules.sentence import Sentence

_NOT_CALLED = "genotype_reference"
_HELD_FOR_WHAT_IT_IS = {"caller_filter", "known_polymorphism", "population_frequency", "benign"}


class VariantReasons(Struct, frozen=True, kw_only=True):
    """What speaks for and against one variant in the germline.

    Attributes:
        direct: seen in cells that are not leukaemia; suspects alone, of any class.
        strong: suspects alone.
        weak: suspects only together with others.
        against: excludes the suspicion whatever else speaks for it.
        context: puts the rest into place, decides nothing.
    """

    direct: tuple[Flag, ...] = ()
    strong: tuple[Flag, ...] = ()
    weak: tuple[Flag, ...] = ()
    against: tuple[Flag, ...] = ()
    context: tuple[Flag, ...] = ()

    def suspects(self, weak_needed: int) -> bool:
        """Whether they raise the flag."""
        if self.direct:
            return True
        return not self.against and (bool(self.strong) or len(self.weak) >= weak_needed)

    @property
    def all(self) -> tuple[Flag, ...]:
        """For, then against."""
        return (*self.direct, *self.strong, *self.weak, *self.against, *self.context)


def germline_flag(findings: Findings, rules: AssessmentRules) -> tuple[str, tuple[Flag, ...]]:
    """``confirmed``, ``excluded``, ``suspected`` or ``not_suspected``, with the reasons for and against."""
    words, source = rules.germline, rules.sources.germline
    declared = findings.word("germline_status")
    status = rules.words.germline_status
    stated = () if declared is None else (words.declared.flag(source, value=status[declared]),)
    found = [reasons_of(findings, v, rules) for v in examined(findings, rules)]
    reasons = tuple(flag for reason in found for flag in reason.all)
    if declared in ("confirmed", "excluded"):
        return declared, (*stated, *reasons)
    suspects = any(reason.suspects(rules.limits.germline_weak_reasons) for reason in found)
    if declared == "suspected" or suspects:
        practice = words.advice_control if is_control(findings, rules) else words.advice
        return "suspected", (*stated, *reasons, practice.flag(source))
    return "not_suspected", (*stated, *reasons)


def contradicted(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A declared status that the sample speaks against."""
    declared = findings.word("germline_status")
    if declared not in ("confirmed", "excluded"):
        return
    found = [reasons_of(findings, v, rules) for v in examined(findings, rules)]
    nothing = not (found or findings.held_back or findings.copies.stated(CopyState.LOSS))
    if declared == "confirmed" and nothing:
        yield rules.warning.germline_not_found.flag(rules.sources.germline)
    against = [flag for reasons in found for flag in reasons.direct]
    if declared == "confirmed":  # only where no variant can be the one that is meant
        ruled_out = all(reasons.against for reasons in found)
        against = [flag for reasons in found for flag in reasons.against] if ruled_out else []
    for flag in against:
        yield rules.warning.germline_contradicts.flag(
            rules.sources.germline,
            declared=rules.words.germline_status[declared],
            reason=flag.text,
        )


def examined(findings: Findings, rules: AssessmentRules) -> list[ClassifiedVariant]:
    """The variants that are looked at, reported ones first."""
    reported = [v for v in findings.variants if v.reportable]
    return [*reported, *(v for v in findings.rejected if _set_aside(v, rules))]


def _set_aside(variant: ClassifiedVariant, rules: AssessmentRules) -> bool:
    """Held back as germline or as benign, not as doubtful, and pathogenic by class or publication."""
    failed, filters = {f.id for f in variant.failures}, variant.candidate.caller_filters or ()
    if of_normal_alone(variant, rules):
        return True
    if not failed <= _HELD_FOR_WHAT_IT_IS or not set(filters) <= set(rules.groups.germline_filters):
        return False
    return variant.classification.is_oncogenic or published_pathogenic(variant, rules) is not None


def of_normal_alone(variant: ClassifiedVariant, rules: AssessmentRules) -> bool:
    """Whether the matched normal has a change that counts, and this sample has not."""
    filters = set(variant.candidate.caller_filters or ())
    absent = _NOT_CALLED in {f.id for f in variant.failures} and filters <= set(rules.groups.germline_filters)
    if not absent or not in_normal(variant, rules.limits):
        return False
    return variant.classification.is_oncogenic or published_pathogenic(variant, rules) is not None


def reasons_of(findings: Findings, variant: ClassifiedVariant, rules: AssessmentRules) -> VariantReasons:
    """Everything that speaks for or against one variant."""
    if of_normal_alone(variant, rules):
        return VariantReasons(direct=(_only_in_normal(variant, rules.germline.normal_only, rules),))
    vaf = measured(variant, rules)
    direct, against = tuple(_direct(findings, variant, rules)), tuple(_against(variant, vaf, rules))
    pathogenic = published_pathogenic(variant, rules)
    if not (variant.classification.is_oncogenic or pathogenic is not None):
        source = rules.sources.germline
        unpublished = rules.germline.against_class.flag(source, variant=short_name(variant))
        return VariantReasons(
            direct=direct,
            against=(*against, unpublished, *_published_benign(variant, rules)),
            context=tuple(_without_criteria(variant, rules)),
        )
    return VariantReasons(
        direct=direct,
        strong=tuple(_strong(findings, variant, vaf, rules)),
        weak=tuple(_weak(findings, variant, vaf, rules)),
        against=against,
        context=tuple(_context(findings, variant, vaf, rules)),
    )


class PublishedGermline(Struct, frozen=True, kw_only=True):
    """A class published for the germline: its words and its review, as the source has them."""

    significance: str
    review: str


def _published(variant: ClassifiedVariant) -> PublishedGermline | None:
    """The published germline class, whatever its review."""
    row = variant.annotated.germline or {}
    significance, review = row.get("significance"), row.get("review_status")
    return (
        PublishedGermline(significance=str(significance), review=str(review or "-")) if significance else None
    )


def _begins(published: PublishedGermline, words: tuple[str, ...]) -> bool:
    """Whether the class is one of these, or one of them and others (``Pathogenic/Likely pathogenic``)."""
    return published.significance.lower().startswith(words)


def published_pathogenic(variant: ClassifiedVariant, rules: AssessmentRules) -> PublishedGermline | None:
    """The published class where it is pathogenic and rests on stated criteria; of a founder allele whatever it rests on."""
    published = _published(variant)
    pathogenic = published is not None and _begins(published, rules.groups.pathogenic_words)
    if published is not None and pathogenic and _has_criteria(published, rules):
        return published
    known = variant.annotated.known or {}
    if known.get("kind") != "founder_allele":
        return None
    return PublishedGermline(significance=rules.words.founder, review=str(known.get("description")))


def _has_criteria(published: PublishedGermline, rules: AssessmentRules) -> bool:
    return published.review in rules.groups.germline_reviews


def normal_alone(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A warning for each change that counts and only the matched normal has."""
    for variant in findings.rejected:
        if of_normal_alone(variant, rules):
            yield _only_in_normal(variant, rules.warning.normal_only, rules)


def _only_in_normal(variant: ClassifiedVariant, sentence: Sentence, rules: AssessmentRules) -> Flag:
    normal = variant.candidate.normal
    assert normal is not None
    return sentence.flag(rules.sources.germline, variant=short_name(variant), vaf=normal.vaf)


def _direct(findings: Findings, variant: ClassifiedVariant, rules: AssessmentRules) -> Iterator[Flag]:
    words, source, name = rules.germline, rules.sources.germline, short_name(variant)
    normal, vaf = variant.candidate.normal, measured(variant, rules)
    if in_normal(variant, rules.limits) and normal is not None:
        yield words.normal.flag(source, variant=name, vaf=normal.vaf)
    elsewhere = no_leukaemia_sample(findings, rules) is not None and not shows_the_donor(findings, rules)
    if elsewhere and vaf is not None and vaf.vaf >= rules.limits.germline_vaf_remission:
        yield words.remission.flag(source, variant=name, vaf=vaf.vaf)


def _strong(
    findings: Findings, variant: ClassifiedVariant, vaf: MeasuredVaf | None, rules: AssessmentRules
) -> Iterator[Flag]:
    words, source, name, limits = rules.germline, rules.sources.germline, short_name(variant), rules.limits
    published, age = published_pathogenic(variant, rules), findings.number("age_years")
    if _caller_filters(variant, rules):
        filters = ", ".join(_caller_filters(variant, rules))
        yield words.caller.flag(source, variant=name, filters=filters)
    if vaf is not None and _unexplained(findings, vaf, rules):
        yield words.unexplained.flag(
            source,
            variant=name,
            vaf=vaf.text,
            low=limits.germline_vaf_low,
            high=limits.germline_vaf_high,
            blasts=blasts_in_words(blasts_of(findings, rules), rules),
        )
    if published is not None and _rather_germline(variant):
        yield words.known_allele.flag(
            source,
            variant=name,
            significance=rules.words.as_published(published.significance),
            review=rules.words.as_published(published.review),
        )
    if findings.word("family_history_lfs") == "yes":
        yield words.family.flag(source, variant=name)
    if age is not None and age < limits.germline_age_below:
        yield words.age.flag(source, variant=name, limit=limits.germline_age_below)


def _weak(
    findings: Findings, variant: ClassifiedVariant, vaf: MeasuredVaf | None, rules: AssessmentRules
) -> Iterator[Flag]:
    words, source, name = rules.germline, rules.sources.germline, short_name(variant)
    if low_hypodiploid(findings, rules):
        yield words.hypodiploid.flag(source, variant=name)
    readings = _fitting(findings, vaf, GERMLINE_READINGS, rules)
    if readings and vaf is not None and not _unexplained(findings, vaf, rules):
        yield words.compatible.flag(source, variant=name, vaf=vaf.text, readings=readings)


def _against(variant: ClassifiedVariant, vaf: MeasuredVaf | None, rules: AssessmentRules) -> Iterator[Flag]:
    words, source, name = rules.germline, rules.sources.germline, short_name(variant)
    normal, least = variant.candidate.normal, rules.limits.germline_vaf_least
    if in_normal(variant, rules.limits) is False and normal is not None:
        reads = round((normal.vaf or 0) * (normal.depth or 0))
        yield words.against_normal.flag(
            source,
            variant=name,
            reads=reads if normal.alt_reads is None else normal.alt_reads,
            depth=normal.depth,
        )
    if vaf is not None and vaf.high < least:
        yield words.against_low.flag(source, variant=name, vaf=vaf.text, least=f"{least:.2f}")


def _context(
    findings: Findings, variant: ClassifiedVariant, vaf: MeasuredVaf | None, rules: AssessmentRules
) -> Iterator[Flag]:
    """What the blasts explain, and a published class that a common somatic change has as well."""
    words, source, name = rules.germline, rules.sources.germline, short_name(variant)
    published, blasts = published_pathogenic(variant, rules), blasts_of(findings, rules)
    if vaf is not None and vaf.high >= rules.limits.germline_vaf_least and shows_the_donor(findings, rules):
        yield words.donor.flag(source, variant=name, vaf=vaf.text)
    if published is not None and not _rather_germline(variant):
        yield words.published.flag(
            source, variant=name, significance=rules.words.as_published(published.significance)
        )
    yield from _without_criteria(variant, rules)
    if vaf is None or blasts is None:
        return
    shown = blasts_in_words(blasts, rules)
    readings = _fitting(findings, vaf, _somatic(findings, rules), rules)
    if readings:
        yield words.against_explained.flag(
            source, variant=name, vaf=vaf.text, blasts=shown, readings=readings
        )
    if vaf.high >= rules.limits.germline_vaf_least and not _fitting(findings, vaf, GERMLINE_READINGS, rules):
        yield words.against_other.flag(source, variant=name, vaf=vaf.text, blasts=shown)


def _published_benign(variant: ClassifiedVariant, rules: AssessmentRules) -> Iterator[Flag]:
    published = _published(variant)
    if published is None or not _has_criteria(published, rules):
        return
    if _begins(published, rules.groups.benign_words):
        yield rules.germline.against_published.flag(
            rules.sources.germline,
            variant=short_name(variant),
            significance=rules.words.as_published(published.significance),
            review=rules.words.as_published(published.review),
        )


def _without_criteria(variant: ClassifiedVariant, rules: AssessmentRules) -> Iterator[Flag]:
    """A published class that names no criteria: said, because a reader finds it in ClinVar, and no reason."""
    published = _published(variant)
    if published is None or _has_criteria(published, rules):
        return
    if _begins(published, (*rules.groups.pathogenic_words, *rules.groups.benign_words)):
        yield rules.germline.no_criteria.flag(
            rules.sources.germline,
            variant=short_name(variant),
            significance=rules.words.as_published(published.significance),
            review=rules.words.as_published(published.review),
        )


def _explained(findings: Findings, vaf: MeasuredVaf, rules: AssessmentRules) -> bool:
    """Whether the declared blasts give the VAF of a somatic variant; without them nothing is explained."""
    blasts = blasts_of(findings, rules)
    somatic = _somatic(findings, rules)
    return blasts is not None and any(reading(h, vaf, blasts, rules).fits for h in somatic)


def _somatic(findings: Findings, rules: AssessmentRules) -> tuple[Hypothesis, ...]:
    """What a somatic variant may be read as: both alleles only where a loss is on record or usual."""
    states = {e.state for e in findings.copies.evidence}
    lost = bool(states & {CopyState.LOSS, CopyState.COPY_NEUTRAL_LOH})
    both = BOTH_ALLELES if lost or low_hypodiploid(findings, rules) else ()
    return (Hypothesis.ONE_ALLELE, *both)


def _unexplained(findings: Findings, vaf: MeasuredVaf, rules: AssessmentRules) -> bool:
    """A heterozygous germline variant's VAF that no somatic reading gives."""
    alike = rules.limits.germline_vaf_low <= vaf.vaf <= rules.limits.germline_vaf_high
    return alike and not (_explained(findings, vaf, rules) or shows_the_donor(findings, rules))


def _fitting(
    findings: Findings, vaf: MeasuredVaf | None, readings: tuple[Hypothesis, ...], rules: AssessmentRules
) -> str:
    """The readings that fit, in words."""
    blasts = blasts_of(findings, rules)
    fits = [h for h in readings if vaf is not None and reading(h, vaf, blasts, rules).fits]
    return "; ".join(rules.hypothesis.label[h] for h in fits)


def _rather_germline(variant: ClassifiedVariant) -> bool:
    """Known from families rather than from tumours: a founder allele, or no oncogenic class for a pathogenic one."""
    founder = (variant.annotated.known or {}).get("kind") == "founder_allele"
    return founder or not variant.classification.is_oncogenic


def _caller_filters(variant: ClassifiedVariant, rules: AssessmentRules) -> list[str]:
    known = rules.groups.germline_filters
    return [f for f in variant.candidate.caller_filters or () if f in known]
