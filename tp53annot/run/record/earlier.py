"""``--history``: what a laboratory's earlier samples say beside a run's, and the run's samples recorded after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tp53annot.cohort.summary import find_reports
from tp53annot.core.allele import Build
from tp53annot.errors import InputError, OutputError
from tp53annot.history.course import EarlierSamples, recorded_beside
from tp53annot.history.database import open_history
from tp53annot.history.entry import RecordedSample, recorded_sample, storable
from tp53annot.history.snapshot import HistorySnapshot, read_snapshot
from tp53annot.knowledge.resources import Resources
from tp53annot.report.model.report import Report
from tp53annot.report.stored import load_report
from tp53annot.run.jobs import Job
from tp53annot.run.observations import job_names
from tp53annot.run.record.hidden_names import shown_name
from tp53annot.run.settings import RunSettings
from tp53annot.system.workers import run_jobs


def snapshot_for(path: Path, jobs: Sequence[Job], settings: RunSettings, processes: int) -> HistorySnapshot:
    """The history as it stands before a run of these jobs.

    Raises:
        InputError: its file cannot be used.
    """
    ends = sorted(run_jobs(job_names, jobs, processes), key=lambda end: end.index)
    names = [end.result or () for end in ends]
    run = [
        (job.patient, shown_name(name, settings))
        for job, found in zip(jobs, names, strict=True)
        for name in found
    ]
    patients = {job.patient for job in jobs if job.patient}
    return read_snapshot(path, run, patients, names_known=all(names))


def entry_of(report: Report, resources: Resources) -> RecordedSample:
    """What the history keeps of a finished report."""
    return recorded_sample(report, lambda pos, assembly: resources.reference.from_build(pos, Build(assembly)))


def beside_reports(
    snapshot: HistorySnapshot, patient: str, reports: Sequence[Report], remark: str
) -> EarlierSamples:
    """The patient's recorded samples, but those that the run's reports are of."""
    return recorded_beside(snapshot.recorded.get(storable(patient), ()), reports, remark)


def keep(path: Path, entries: Sequence[RecordedSample]) -> int:
    """Record the samples of a run, all or none of them.

    Returns:
        How many are new.

    Raises:
        OutputError: the file cannot be written; the reports stay, and ``--resume`` records their samples.
    """
    try:
        with open_history(path, create=True) as history:
            return history.record(entries)
    except (InputError, OutputError) as error:
        raise OutputError(
            f"{error.cause}: the reports are complete, but not recorded",
            path=error.path,
            fix=f"{error.fix}, then run again with --resume",
        ) from error


def add_reports(
    path: Path, folders: Sequence[Path], resources: Resources
) -> tuple[int, int, tuple[str, ...]]:
    """Record the samples of saved reports, of version 1, too; those that can be read, all or none of them.

    Returns:
        How many were recorded, how many of them are new, and one line for each report that cannot be read.

    Raises:
        InputError: there is no report at all, or the history cannot be used.
    """
    reports, failures = find_reports(folders)
    entries: list[RecordedSample] = []
    for file in reports:
        try:
            entries.append(entry_of(load_report(file), resources))
        except InputError as error:
            failures.append(str(error))
    with open_history(path, create=True) as history:
        return len(entries), history.record(entries), tuple(failures)
