"""Samples of one patient, compared, and their reports written again with the comparison.

A comparison needs every sample of the patient, so it follows when all samples are there. It is worked
out from the finished reports alone: any number of jobs, and a resumed run, give the same bytes.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from tp53annot.core.allele import Build
from tp53annot.core.fields import Json
from tp53annot.errors import Tp53AnnotError
from tp53annot.interpret.assessment.summary import mutated_all_sentence
from tp53annot.interpret.diagnostic_sample import Standing, standing_of
from tp53annot.interpret.serial import compare_samples
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.report.local_numbers import course_with_local_numbers
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.course import Course
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.report import Report
from tp53annot.run import output_files
from tp53annot.run.jobs import Job
from tp53annot.run.outcomes import JobResult
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.workers import run_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rewrite:
    """One report to write again: position of its job, its folder and JSON, and the comparison it gets."""

    job: int
    folder: str
    report: bytes
    serial: Course | None


def repeated(jobs: Sequence[Job]) -> frozenset[str]:
    """Patients with more than one sample."""
    counts = Counter(job.patient for job in jobs if job.patient)
    return frozenset(patient for patient, n in counts.items() if n > 1)


def link(
    jobs: Sequence[Job], results: Sequence[JobResult], settings: RunSettings, output: OutputSettings
) -> list[JobResult]:
    """Compare the samples of each patient and write their reports again.

    Returns:
        The results; a sample whose reports could not be written is a failure of its job.
    """
    todo = list(_rewrites(jobs, results, settings))
    linked = list(results)
    work = functools.partial(_write, settings=settings, output=output)
    for end in run_jobs(work, todo, output.jobs):
        if end.error is not None and not isinstance(end.error, Tp53AnnotError):
            raise end.error
        if end.error is not None or end.death is not None:
            index = todo[end.index].job
            failure = str(end.error) if end.error else f"{jobs[index].path}: {end.death}"
            linked[index] = replace(linked[index], outcomes=(), failure=failure)
    return linked


def compared(reports: Sequence[Report], settings: RunSettings, resources: Resources) -> list[Report]:
    """Reports held in memory, in their order, with the comparison of each patient's."""
    groups: dict[str, list[Report]] = {}
    for report in reports:
        if report.patient:
            groups.setdefault(report.patient, []).append(report)
    courses = {
        patient: _course(group, (), settings, resources)
        for patient, group in groups.items()
        if len(group) > 1
    }
    rules = resources.rules.assessment(settings.language)
    return [_beside(report, courses.get(report.patient or ""), rules) for report in reports]


def _rewrites(jobs: Sequence[Job], results: Sequence[JobResult], settings: RunSettings) -> Iterator[_Rewrite]:
    resources = resources_of(settings.resources)
    patients = repeated(jobs)
    courses = {p: _patient(p, jobs, results, settings, resources) for p in sorted(patients)}
    for index, result in enumerate(results):
        for outcome in result.outcomes:
            if outcome.report is None:
                continue
            serial = courses.get(outcome.patient or "")
            if outcome.resumed and _read(outcome.report).serial == serial:
                continue
            yield _Rewrite(job=index, folder=outcome.folder, report=outcome.report, serial=serial)


def _patient(
    patient: str,
    jobs: Sequence[Job],
    results: Sequence[JobResult],
    settings: RunSettings,
    resources: Resources,
) -> Course:
    own = [(job, r) for job, r in zip(jobs, results, strict=True) if job.patient == patient]
    reports = [_read(o.report) for _, r in own for o in r.outcomes if o.report is not None]
    failed = [job.label or job.path.name for job, r in own if not r.outcomes]
    return _course(reports, failed, settings, resources)


def _course(
    reports: Sequence[Report], failed: Sequence[str], settings: RunSettings, resources: Resources
) -> Course:
    found = compare_samples(
        [cast(Mapping[str, Json], to_json(report)) for report in reports],
        failed,
        resources.rules.assessment(settings.language),
        lambda pos, assembly: resources.reference.from_build(pos, Build(assembly)),
    )
    return course_with_local_numbers(from_json(Course, cast(Json, found)), resources.texts(settings.language))


def _beside(report: Report, serial: Course | None, rules: AssessmentRules) -> Report:
    """A report with the comparison, and with what the diagnostic sample says of a later one."""
    course = None if serial is None else cast(Mapping[str, Json], to_json(serial))
    standing = standing_of(cast(Mapping[str, Json], to_json(report)), course, rules)
    if standing is None:
        return replace(report, serial=serial)
    return replace(report, serial=serial, assessment=_standing(report, standing, rules))


def _standing(report: Report, standing: Standing, rules: AssessmentRules) -> Assessment:
    """The assessment with another answer to whether this is TP53-mutated ALL, in its key and in its summary."""
    before, ids = report.assessment, list(report.assessment.summary_ids)
    shown = mutated_all_sentence(report.context, rules)
    sentence = standing.reason or shown
    was = before.tp53_mutated_all_reason or shown.text
    place = next(i for i, name in enumerate(ids) if name.startswith("diagnosis.") or name == shown.id)
    ids[place] = sentence.id
    return replace(
        before,
        tp53_mutated_all=standing.mutated_all,
        tp53_mutated_all_reason=None if standing.reason is None else standing.reason.text,
        summary=before.summary.replace(was, sentence.text, 1),
        summary_ids=tuple(ids),
    )


def _read(report: bytes) -> Report:
    return from_json(Report, json.loads(report))


def _write(item: _Rewrite, *, settings: RunSettings, output: OutputSettings) -> None:
    resources = resources_of(settings.resources)
    rules = resources.rules.assessment(settings.language)
    report = _beside(_read(item.report), item.serial, rules)
    folder: Path = output.folder / item.folder
    output_files.write_reports(folder, item.folder, report, output.formats, resources, settings.language)
