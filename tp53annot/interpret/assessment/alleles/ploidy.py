"""The ploidy of the leukaemia: as declared, else by the number of chromosomes."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.candidate import Flag
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.knowledge.rules.assessment import AssessmentRules


def low_hypodiploid(findings: Findings, rules: AssessmentRules) -> bool:
    """By the declared ploidy, else by the number of chromosomes: as declared, else of the karyotype's clone."""
    return ploidy_of(findings, rules) in rules.groups.hypodiploid


def ploidy_of(findings: Findings, rules: AssessmentRules) -> str | None:
    """The declared ploidy, else low hypodiploid or near haploid by the number of chromosomes, else ``None``."""
    return findings.word("ploidy") or _by_number(findings, rules)


def ploidy_contradiction(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A declared ploidy that is not what the number of chromosomes tells."""
    declared, read = findings.word("ploidy"), _by_number(findings, rules)
    groups = rules.groups
    alike = groups.hypodiploid if read in groups.hypodiploid else (groups.near_haploid,)
    if declared is None or read is None or declared in alike:
        return
    words = rules.condition.value
    yield rules.warning.ploidy_contradicts.flag(
        rules.sources.allelic,
        declared=words.get(f"ploidy.{declared}", declared.replace("_", " ")),
        read=words[f"ploidy.{read}"],
    )


def _by_number(findings: Findings, rules: AssessmentRules) -> str | None:
    """A low-hypodiploid clone goes before a near-haploid one of the same karyotype."""
    limits, groups = rules.limits, rules.groups
    if _has_clone(findings, limits.low_hypodiploid_modal):
        return groups.hypodiploid[0]
    return groups.near_haploid if _has_clone(findings, limits.near_haploid_modal) else None


def may_be_masked(findings: Findings, rules: AssessmentRules) -> bool:
    """Whether a doubled low-hypodiploid clone could look like this: by the declared ploidy, else by the number of chromosomes."""
    ploidy = ploidy_of(findings, rules)
    if ploidy is not None:
        return ploidy in rules.groups.masked_hint
    return _has_clone(findings, rules.limits.masked_modal)


def _has_clone(findings: Findings, between: tuple[int, int]) -> bool:
    """Of a range, all of it lies between: 30-34 chromosomes tell neither near haploid nor low hypodiploid."""
    number, (low, high) = findings.number("modal_chromosome_number"), between
    if number is not None:
        return low <= number <= high
    return any(
        low <= e.modal and (e.modal_most or e.modal) <= high
        for e in findings.copies.evidence
        if e.modal is not None
    )
