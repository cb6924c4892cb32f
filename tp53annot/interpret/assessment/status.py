"""The status of a sample, what it rests on, and whether this is TP53-mutated ALL."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.core.status import Status
from tp53annot.core.variant import OncogenicityClass
from tp53annot.interpret.assessment.findings import Findings, name_with_vaf
from tp53annot.interpret.assessment.held_back import unexplained
from tp53annot.knowledge.rules.assessment import AssessmentLimits, AssessmentRules


def status_of(findings: Findings, limits: AssessmentLimits) -> Status:
    """The first status that holds; a filtered oncogenic candidate that nothing explains is no negative result."""
    if findings.above:
        return Status.MUTATED
    if findings.deletion:
        return Status.DELETION_ONLY
    if findings.oncogenic:
        return Status.LOW_LEVEL
    if any(v.classification.oncogenicity is OncogenicityClass.UNCERTAIN for v in findings.variants):
        return Status.UNCERTAIN
    coverage = findings.coverage
    assessed = coverage is not None and coverage.required_region_assessed
    return Status.NOT_DETECTED if assessed and not unexplained(findings, limits) else Status.INCOMPLETE


def status_basis(findings: Findings, status: Status, rules: AssessmentRules) -> tuple[Flag, ...]:
    """The variants that make the status, each with its class."""
    chosen = {
        Status.MUTATED: findings.above,
        Status.LOW_LEVEL: findings.oncogenic,
        Status.UNCERTAIN: findings.variants,
    }
    return tuple(
        Flag(
            id=f"status.{status}",
            text=f"{name_with_vaf(v)}: {rules.words.class_[v.classification.oncogenicity]}",
            source=rules.sources.status,
        )
        for v in chosen.get(status, ())
    )


def is_mutated_all(findings: Findings, status: Status) -> bool | None:
    """Whether this is TP53-mutated ALL; ``None`` when diagnosis or sequence leave it open, or in a normal sample."""
    if findings.is_normal:
        return None
    if status is Status.MUTATED:
        diagnosis = findings.word("diagnosis")
        return None if diagnosis is None else diagnosis == "ALL"
    return False if status is Status.NOT_DETECTED else None
