"""The status of a sample and what it rests on."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.core.status import Status
from tp53annot.core.variant import OncogenicityClass
from tp53annot.interpret.assessment.findings import Findings, name_with_vaf
from tp53annot.interpret.assessment.held_back import unexplained, unread
from tp53annot.knowledge.rules.assessment import AssessmentLimits, AssessmentRules


def status_of(findings: Findings, limits: AssessmentLimits) -> Status:
    """The first status that holds; no negative result from RNA, or beside a candidate or record that nothing explains."""
    if findings.above:
        return Status.MUTATED
    if findings.deletion:
        return Status.DELETION_ONLY
    if findings.oncogenic:
        return Status.LOW_LEVEL
    if any(v.classification.oncogenicity is OncogenicityClass.UNCERTAIN for v in findings.variants):
        return Status.UNCERTAIN
    is_open = bool(unexplained(findings, limits) or unread(findings))
    return (
        Status.NOT_DETECTED
        if findings.required_assessed and not is_open and not findings.rna
        else Status.INCOMPLETE
    )


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
