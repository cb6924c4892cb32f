"""Whether clonal haematopoiesis, or a donor's blood, could explain a variant."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.interpret.assessment.diagnosis import donor_open, in_remission, therapies_of
from tp53annot.interpret.assessment.findings import Findings, short_name, vaf_of
from tp53annot.knowledge.rules.assessment import AssessmentRules


def haematopoiesis_reasons(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """Reasons to think of it: age with a low VAF, a remission sample, a donor."""
    words, source, limits = rules.ch, rules.sources.ch, rules.limits
    age = findings.number("age_years")
    old = age is not None and age >= limits.ch_age_from
    remission = in_remission(findings, rules)
    open_age = age is None or findings.word("mrd_status") == "negative"
    reasons: list[Flag] = []
    for variant in findings.oncogenic:
        vaf, name = vaf_of(variant), short_name(variant)
        if remission and (old or open_age):
            shown = rules.words.age_unknown if age is None else f"{age:g}"
            reasons.append(words.remission.flag(source, variant=name, age=shown))
        elif old and vaf is not None and not findings.rna and vaf < limits.ch_vaf_below:
            reasons.append(words.vaf.flag(source, variant=name, vaf=vaf, age=age))
        else:
            continue
        if variant.annotated.chip:  # adds to a reason, is none by itself
            reasons.append(words.listed.flag(rules.sources.ch_list, variant=name))
    if findings.oncogenic and donor_open(findings.word, therapies_of(findings), rules) is not None:
        reasons.append(words.donor.flag(source))
    return tuple(reasons)
