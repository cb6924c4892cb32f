"""A germline control that a sheet declares: the matched normal of its patient's other samples in the same VCF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from tp53annot.interpret.assessment.diagnosis import can_be_the_donors, declared_control
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.run.jobs import Job


def with_controls(jobs: Sequence[Job], rules: AssessmentRules) -> tuple[Job, ...]:
    """The jobs; a row without a normal of its own has its patient's control, where the same VCF has just one.

    A control that can be the donor's, after a transplantation, is none. The control's own row stays.
    """
    controls: dict[tuple[Path, str], list[str]] = {}
    for job in jobs:
        if _is_control(job, rules) and job.vcf is not None and job.patient and job.label:
            controls.setdefault((job.vcf, job.patient), []).append(job.label)
    return tuple(_with_control(job, controls, rules) for job in jobs)


def _with_control(job: Job, controls: dict[tuple[Path, str], list[str]], rules: AssessmentRules) -> Job:
    control = declared_control(job.context.get, rules.groups)
    if job.vcf is None or not job.patient or job.normal is not None or control:
        return job
    found = controls.get((job.vcf, job.patient), [])
    return replace(job, normal=found[0]) if len(found) == 1 else job


def _is_control(job: Job, rules: AssessmentRules) -> bool:
    if not declared_control(job.context.get, rules.groups):
        return False
    therapies = tuple(part.strip() for part in job.context.get("therapy", "").replace(",", ";").split(";"))
    return not can_be_the_donors(job.context.get, therapies, rules)
