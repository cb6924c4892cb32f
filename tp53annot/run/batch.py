"""The samples of a run, each in a process of its own: analysed, written, resumed, or failed alone."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from tp53annot.cohort import summary
from tp53annot.core.text import encode
from tp53annot.errors import (
    InputError,
    ResourceError,
    StorageError,
    Tp53AnnotError,
    environment_fault,
    printable,
)
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.report.document import report_text
from tp53annot.report.model.report import Report
from tp53annot.run import output_files
from tp53annot.run.analysis import analyse, same_question
from tp53annot.run.carry_over import seen_changes
from tp53annot.run.jobs import Job
from tp53annot.run.observations import job_names
from tp53annot.run.outcomes import JobResult, Outcome
from tp53annot.run.record.written_files import Checksums, as_written
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.files import ensure_inside, safe_name
from tp53annot.system.progress import Say
from tp53annot.system.workers import Finished, run_jobs

if TYPE_CHECKING:
    from tp53annot.history.snapshot import HistorySnapshot

Claimed = tuple[Job, Mapping[str, str]]


class Company(Struct, frozen=True, kw_only=True):
    """What stands beside a sample: ``serial``, patients with several samples; ``history``, as it was before the run.

    ``written``: with ``--resume``, checksums of the files of the run before, by the sample's folder.
    """

    serial: frozenset[str] = field(default_factory=frozenset)
    history: HistorySnapshot | None = None
    written: Mapping[str, Checksums] = field(default_factory=dict)


def results_of(
    jobs: Sequence[Job], settings: RunSettings, output: OutputSettings, company: Company, say: Say
) -> list[JobResult]:
    """Every job's result in the order of the jobs.

    Raises:
        StorageError: no further result can be written; finished samples stay.
        Tp53AnnotError: the only input cannot be used.
    """
    work = functools.partial(_guarded, settings=settings, output=output, company=company)
    results = [JobResult()] * len(jobs)
    failed = 0
    say("samples", 1, done=0, total=len(jobs), failed=0)
    claimed = list(zip(jobs, _taken_names(jobs, settings, output.jobs), strict=True))
    with contextlib.closing(run_jobs(work, claimed, output.jobs)) as ends:
        for done, end in enumerate(ends, 1):
            if end.error is not None and (len(jobs) == 1 or isinstance(end.error, ResourceError)):
                raise end.error
            result = results[end.index] = end.result or _lost(jobs[end.index], end)
            if result.ended_by is not None:
                raise result.ended_by
            failed += result.failure is not None
            say(_progress(end.index, result), 1, done=done, total=len(jobs), failed=failed)
            if end.result is None:
                output_files.sweep_samples(output.folder)
    return results


def _lost(job: Job, end: Finished[JobResult]) -> JobResult:
    """The outcome of a job that gave no result: its process died, or a fault of this program."""
    if end.death is not None:
        cause, fix = end.death, "check that the file is whole"
    else:
        cause, fix = f"a fault of tp53annot ({end.error!r})", "run it alone to see where, and report it"
    return JobResult(failure=str(InputError(cause, path=str(job.path), fix=fix)))


def _progress(index: int, result: JobResult) -> str:
    names = ", ".join(f"{o.sample} {o.status}" for o in result.outcomes)
    return f"[{index + 1}] {names or result.failure}"


def _taken_names(jobs: Sequence[Job], settings: RunSettings, processes: int) -> list[Mapping[str, str]]:
    """For each job, the sample names that belong to an earlier one, with its file."""
    first: dict[str, str] = {}
    taken: list[Mapping[str, str]] = []
    ends = sorted(run_jobs(job_names, jobs, processes), key=lambda e: e.index) if len(jobs) > 1 else ()
    for job, end in itertools.zip_longest(jobs, ends):
        names = [_shown(name, settings) for name in (end.result or () if end else ())]
        taken.append({name: first[name] for name in names if name in first and first[name] != str(job.path)})
        for name in names:
            first.setdefault(name, str(job.path))
    return taken


def _guarded(
    claimed: Claimed, *, settings: RunSettings, output: OutputSettings, company: Company
) -> JobResult:
    """One job; samples finished before a failure are kept beside it."""
    job, taken = claimed
    done: list[Outcome] = []
    try:
        done += _resumed(job, settings, output, company) or ()
        if not done:
            for outcome in _do(job, taken, settings, output, company):
                done.append(outcome)
    except ResourceError:  # no fault of this input
        raise
    except StorageError as error:
        return JobResult(outcomes=tuple(done), ended_by=error)
    except Tp53AnnotError as error:
        return JobResult(outcomes=tuple(done), failure=str(error))
    except (OSError, MemoryError) as error:
        where = printable(str(job.path))
        return JobResult(outcomes=tuple(done), failure=f"{where}: {environment_fault(error)}")
    return JobResult(outcomes=tuple(done))


def _do(
    job: Job,
    taken: Mapping[str, str],
    settings: RunSettings,
    output: OutputSettings,
    company: Company,
) -> Iterator[Outcome]:
    """One job: analyse and write each of its samples.

    Where the patient has further samples, what renders from the comparison is written when all are there.
    """
    interpreter = interpreter_of(settings.resources)
    for analysed in analyse(job, settings, interpreter):
        if company.history is not None:
            analysed = replace(analysed, report=company.history.told(analysed.report))
        sample = analysed.report.sample
        if sample in taken:
            raise InputError(
                f"sample {sample!r} is also in {taken[sample]}",
                path=str(job.path),
                fix="leave one of them out, or give them different names in a sample sheet (--samples)",
            )
        name = safe_name(sample)
        folder = output.folder / name
        ensure_inside(folder, output.folder)
        if not (output.force or output.resume):
            output_files.refuse_existing_report(folder, name, output.formats)
        waits = job.patient in company.serial
        now = tuple(f for f in output.formats if f in ("json", "vcf", "html")) if waits else output.formats
        output_files.write_sample_files(folder, name, analysed, now, interpreter, settings.language)
        found = _outcome(job, analysed.report, name, output, interpreter.resources, keep=waits)
        yield _recorded(found, analysed.report, company, interpreter.resources)


def _recorded(outcome: Outcome, report: Report, company: Company, resources: Resources) -> Outcome:
    """The outcome with what the history keeps of it, where one is kept."""
    if company.history is None:
        return outcome
    from tp53annot.run.record.earlier import entry_of

    return replace(outcome, entry=entry_of(report, resources))


def _outcome(
    job: Job,
    report: Report,
    name: str,
    output: OutputSettings,
    resources: Resources,
    *,
    keep: bool,
    resumed: bool = False,
    stale: bool = False,
) -> Outcome:
    html = output.folder / name / f"{name}.tp53.html"
    return Outcome(
        sample=report.sample,
        status=report.assessment.status,
        folder=name,
        html=str(html) if "html" in output.formats else None,
        row=summary.read_row(report, html.with_suffix(".json"), resources.rules.cohort.kinds),
        resumed=resumed,
        stale=stale,
        patient=report.patient,
        report=encode(report_text(report)) if keep else None,
        changes=seen_changes(report, resources.rules.calling.carry_over),
        inputs=tuple(zip(job.files, (i.sha256 for i in report.provenance.inputs), strict=False)),
    )


def _resumed(
    job: Job, settings: RunSettings, output: OutputSettings, company: Company
) -> list[Outcome] | None:
    """Finished reports of the same inputs, settings, context and tables; ``None`` when one is missing, or was altered.

    With a background each report depends on the other samples, too, and is made anew.
    """
    if not output.resume or settings.background:
        return None
    resources = resources_of(settings.resources)
    kept = []
    for own in job_names(job):
        sample = _shown(own, settings)
        name = safe_name(sample)
        report = output_files.finished_report(output.folder / name, name, output.formats)
        if (
            report is None
            or not as_written(output.folder / name, company.written.get(name, {}))
            or report.sample != sample
            or not same_question(report, own, job, settings, resources)
        ):
            return None
        now = _told_again(report, company)
        compared = job.patient in company.serial or report.serial is not None or now != report
        found = _outcome(job, now, name, output, resources, keep=compared, resumed=True, stale=now != report)
        kept.append(_recorded(found, now, company, resources))
    return kept


def _told_again(report: Report, company: Company) -> Report:
    """A finished report with what the history says now; its patient's samples are compared afterwards."""
    if company.history is None or report.history is None:
        return report
    told = company.history.told(report)
    assert told.history is not None
    listed = report.history.patient_samples
    return replace(told, history=replace(told.history, patient_samples=listed))


def _shown(name: str, settings: RunSettings) -> str:
    """What a sample is called in what is written."""
    if settings.pseudonymise is None:
        return name
    from tp53annot.run.record.hidden_names import shown_name

    return shown_name(name, settings)
