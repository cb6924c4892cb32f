"""Whether a germline variant is suspected, and why."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.candidate import Flag
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.findings import Findings, short_name, vaf_of
from tp53annot.knowledge.rules.assessment import AssessmentRules


def germline_flag(findings: Findings, rules: AssessmentRules) -> tuple[str, tuple[Flag, ...]]:
    """``confirmed``, ``excluded``, ``suspected`` or ``not_suspected``, with the reasons.

    A declared status stands; else VAF, age, karyotype, family history and published alleles are looked at.
    """
    words, source = rules.germline, rules.sources.germline
    declared = findings.word("germline_status")
    if declared in ("confirmed", "excluded"):
        return declared, (words.declared.flag(source, value=declared),)
    reasons: list[Flag] = []
    if findings.oncogenic:
        reasons = [flag for v in findings.oncogenic for flag in _of_variant(findings, v, rules)]
        reasons += _of_patient(findings, rules)
    if declared == "suspected":
        reasons.append(words.declared.flag(source, value=declared))
    if not reasons:
        return "not_suspected", ()
    return "suspected", (*reasons, words.advice.flag(source))


def _of_variant(findings: Findings, variant: ClassifiedVariant, rules: AssessmentRules) -> Iterator[Flag]:
    words, source, limits = rules.germline, rules.sources.germline, rules.limits
    vaf, name, normal = vaf_of(variant), short_name(variant), variant.candidate.normal
    if vaf is not None:
        low, high = limits.germline_vaf_low, limits.germline_vaf_high
        if findings.in_remission(rules.groups) and vaf >= limits.germline_vaf_remission:
            yield words.remission.flag(source, variant=name, vaf=vaf)
        elif low <= vaf <= high:
            yield words.vaf.flag(source, variant=name, vaf=vaf, low=low, high=high)
    if normal is not None and normal.vaf is not None and normal.vaf >= limits.germline_normal_vaf:
        yield words.normal.flag(source, variant=name, vaf=normal.vaf)
    significance = published_pathogenic(variant)
    if significance is not None and (vaf is None or vaf >= limits.germline_known_allele_vaf):
        shown = significance or rules.words.founder
        yield words.known_allele.flag(source, variant=name, significance=shown)


def published_pathogenic(variant: ClassifiedVariant) -> str | None:
    """A published germline classification as pathogenic, empty for a founder allele without one."""
    published, known = variant.annotated.germline or {}, variant.annotated.known or {}
    significance = str(published.get("significance") or "")
    pathogenic = known.get("kind") == "founder_allele" or "athogenic" in significance
    return significance if pathogenic and "onflict" not in significance else None


def _of_patient(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    words, source, age = rules.germline, rules.sources.germline, findings.number("age_years")
    below = rules.limits.germline_age_below
    if findings.word("ploidy") in rules.groups.hypodiploid:
        yield words.hypodiploid.flag(source)
    if age is not None and age < below:
        yield words.age.flag(source, limit=below)
    if findings.word("family_history_lfs") == "yes":
        yield words.family.flag(source)
