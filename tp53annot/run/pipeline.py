"""The steps of a run, in order: from the INPUTs to the files of every sample and of the cohort.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tp53annot.cohort import summary
from tp53annot.errors import StorageError, UsageError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import Resources
from tp53annot.report.model.report import Report
from tp53annot.report.registry import FORMATS, rendered
from tp53annot.run import batch, output_files, patient_comparison
from tp53annot.run.analysis import analyse, check_context
from tp53annot.run.carry_over import carried_over
from tp53annot.run.jobs import Job, Plan, plan
from tp53annot.run.outcomes import JobResult, Outcome, RunResult
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.files import check_folder, sweep
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import contained


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run on its way: what was asked for, and what the steps so far have given.

    Attributes:
        settings: what changes a report.
        output: where and how results are written.
        resources: tables, rules and texts in use.
        say: takes what the user is told.
        plan: the jobs as the inputs gave them.
        jobs: the jobs as they are analysed.
        results: one for each job, in the same order.
        carried: one line for each suspected carry-over.
    """

    settings: RunSettings
    output: OutputSettings
    resources: Resources
    say: Say
    plan: Plan
    jobs: tuple[Job, ...]
    results: tuple[JobResult, ...] = ()
    carried: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Finished samples in the order of the inputs."""
        return tuple(outcome for result in self.results for outcome in result.outcomes)

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each job that failed."""
        return tuple(result.failure for result in self.results if result.failure)


def learn_background(state: RunState) -> RunState:
    """With ``--background``, count the reads of every sample and give each job the error rates of the others."""
    if not state.settings.background:
        return state
    from tp53annot.run.background import with_background  # numpy only where reads are read

    jobs = with_background(state.jobs, state.settings, state.resources, state.output.jobs)
    return replace(state, jobs=jobs)


def compare_depths(state: RunState) -> RunState:
    """Where enough samples have reads, compare the depth of each one's exons with the others'."""
    if not any(job.bam for job in state.jobs):
        return state
    from tp53annot.run.exon_depths import with_exon_depths

    jobs = with_exon_depths(state.jobs, state.settings, state.resources, state.output.jobs)
    return replace(state, jobs=jobs)


def report_samples(state: RunState) -> RunState:
    """Analyse each job in a process of its own and write its samples' reports, or keep finished ones."""
    several = patient_comparison.repeated(state.jobs)
    results = batch.results_of(state.jobs, state.settings, state.output, several, state.say)
    return replace(state, results=tuple(results))


def compare_patients(state: RunState) -> RunState:
    """Compare the samples of each patient and write their reports again with the comparison."""
    results = patient_comparison.link(state.plan.jobs, state.results, state.settings, state.output)
    return replace(state, results=tuple(results))


def write_overview(state: RunState) -> RunState:
    """Write the overview of all samples: table, workbook, page and the files for MultiQC."""
    rows = [outcome.row for outcome in state.outcomes]
    if rows:
        for remark in summary.write_cohort(
            state.output.folder, rows, state.resources, state.settings.language
        ):
            state.say(remark)
    return state


def find_carry_over(state: RunState) -> RunState:
    """Name rare changes at a low VAF that another patient's sample has at a high one."""
    carried = carried_over(state.outcomes, state.resources.rules.calling.carry_over)
    for remark in carried:
        state.say(remark)
    return replace(state, carried=tuple(carried))


def record_run(state: RunState) -> RunState:
    """Write ``run.json``: settings, inputs, outcomes, failures and tables of the run."""
    output_files.write_run_record(
        state.output.folder,
        state.plan,
        state.outcomes,
        state.failures,
        state.settings,
        state.resources,
        state.carried,
    )
    return state


STEPS: tuple[Callable[[RunState], RunState], ...] = (
    learn_background,
    compare_depths,
    report_samples,
    compare_patients,
    write_overview,
    find_carry_over,
    record_run,
)


def run(
    inputs: Sequence[Path],
    settings: RunSettings,
    output: OutputSettings,
    *,
    sheet: Path | None = None,
    say: Say = silent,
) -> RunResult:
    """Report every sample of the inputs and write the overview: plan the jobs, then every one of :data:`STEPS`.

    Raises:
        InputError: no input can be used at all, or the output folder cannot be written.
        UsageError: options that contradict each other.
    """
    interpreter = interpreter_of(settings.resources)
    interpreter.load()  # here, so that the workers share it
    resources = interpreter.resources
    check_context(settings, resources)
    todo = _plan(inputs, settings, sheet, resources)
    for remark in todo.remarks:
        say(remark)
    for path, reason in todo.left:
        say(f"left out: {path}: {reason}", 1)
    check_folder(output.folder)
    sweep(output.folder)
    state = RunState(
        settings=settings, output=output, resources=resources, say=say, plan=todo, jobs=todo.jobs
    )
    try:
        for step in STEPS:
            state = step(state)
    except StorageError:
        output_files.sweep_samples(output.folder)
        raise
    return RunResult(outcomes=state.outcomes, failures=state.failures, left=todo.left)


def _plan(inputs: Sequence[Path], settings: RunSettings, sheet: Path | None, resources: Resources) -> Plan:
    if sheet is not None:
        from tp53annot.run.sample_sheet import read_sheet

        if settings.context:
            raise UsageError("--context describes one sample; with --samples write it into the sheet")
        todo = read_sheet(sheet, inputs, resources.vocabulary)
    else:
        todo = plan(inputs, bam=settings.bam, context=settings.context)
    if not settings.cnv and not any(job.cnv for job in todo.jobs):
        return todo
    from tp53annot.run.copy_tables import with_tables  # readers of tables only where there are tables

    return replace(todo, jobs=with_tables(todo.jobs, settings.cnv, resources))


def run_to_text(
    inputs: Sequence[Path], settings: RunSettings, formats: Sequence[str], *, sheet: Path | None = None
) -> Iterator[str]:
    """Reports as text for standard output: JSON by default, or one of json, tsv, html, txt.

    Raises:
        InputError: an input cannot be used.
    """
    interpreter = interpreter_of(settings.resources)
    chosen = formats[0] if len(formats) == 1 and FORMATS[formats[0]].text else "json"
    interpreter.load()

    def reports(job: Job) -> list[Report]:
        return [analysed.report for analysed in analyse(job, settings, interpreter)]

    jobs = _plan(inputs, settings, sheet, interpreter.resources).jobs
    if any(job.bam for job in jobs):
        from tp53annot.run.exon_depths import with_exon_depths

        jobs = with_exon_depths(jobs, settings, interpreter.resources, 1)
    found: Iterable[Report] = (
        r for job in jobs for r in contained(functools.partial(reports, job), str(job.path))
    )
    if patient_comparison.repeated(jobs):
        found = patient_comparison.compared(list(found), settings, interpreter.resources)
    for report in found:
        data = rendered(report, chosen, interpreter.resources, settings.language)
        yield data.decode("utf-8", "surrogateescape")
