"""Samples of one patient, compared, and their reports written again with the comparison.

A comparison needs every sample of the patient, so it follows when all samples are there. It is worked
out from the finished reports alone: any number of jobs, and a resumed run, give the same bytes.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tp53annot.core.allele import Build
from tp53annot.errors import Tp53AnnotError
from tp53annot.interpret.serial import compare_samples
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.report.document import Document
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
    serial: Document | None


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


def compared(documents: Sequence[Document], settings: RunSettings, resources: Resources) -> None:
    """Fill in the comparison of documents held in memory, in their order."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        if document["patient"]:
            groups.setdefault(document["patient"], []).append(document)
    for group in groups.values():
        if len(group) > 1:
            found = _course(group, (), settings, resources)
            for document in group:
                document["serial"] = found


def _rewrites(jobs: Sequence[Job], results: Sequence[JobResult], settings: RunSettings) -> Iterator[_Rewrite]:
    resources = resources_of(settings.resources)
    patients = repeated(jobs)
    courses = {p: _patient(p, jobs, results, settings, resources) for p in sorted(patients)}
    for index, result in enumerate(results):
        for outcome in result.outcomes:
            if outcome.report is None:
                continue
            serial = courses.get(outcome.patient or "")
            if outcome.resumed and json.loads(outcome.report)["serial"] == serial:
                continue
            yield _Rewrite(job=index, folder=outcome.folder, report=outcome.report, serial=serial)


def _patient(
    patient: str,
    jobs: Sequence[Job],
    results: Sequence[JobResult],
    settings: RunSettings,
    resources: Resources,
) -> Document:
    own = [(job, r) for job, r in zip(jobs, results, strict=True) if job.patient == patient]
    reports = [json.loads(o.report) for _, r in own for o in r.outcomes if o.report is not None]
    failed = [job.label or job.path.name for job, r in own if not r.outcomes]
    return _course(reports, failed, settings, resources)


def _course(
    documents: Sequence[Document], failed: Sequence[str], settings: RunSettings, resources: Resources
) -> Document:
    return compare_samples(
        documents,
        failed,
        resources.rules.assessment(settings.language),
        lambda pos, assembly: resources.reference.from_build(pos, Build(assembly)),
    )


def _write(item: _Rewrite, *, settings: RunSettings, output: OutputSettings) -> None:
    document = json.loads(item.report) | {"serial": item.serial}
    folder: Path = output.folder / item.folder
    resources = resources_of(settings.resources)
    output_files.write_reports(folder, item.folder, document, output.formats, resources, settings.language)
