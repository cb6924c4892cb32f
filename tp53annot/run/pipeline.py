"""The steps of a run, in order: from the INPUTs to the files of every sample and of the cohort.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.cohort import summary
from tp53annot.errors import StorageError, UsageError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import Resources
from tp53annot.report.model.report import Report
from tp53annot.report.registry import FORMATS, rendered
from tp53annot.run import batch, output_files, patient_comparison
from tp53annot.run.analysis import analyse, check_context, settings_in_force
from tp53annot.run.carry_over import carried_over
from tp53annot.run.inputs.plan import plan
from tp53annot.run.jobs import Job, Plan
from tp53annot.run.outcomes import JobResult, Outcome, RunResult
from tp53annot.run.record.run_record import RunCall, write_run_record
from tp53annot.run.record.written_files import recorded_checksums
from tp53annot.run.settings import InputSettings, OutputSettings, RunSettings
from tp53annot.system.files import check_folder, sweep
from tp53annot.system.folder_lock import alone_in
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import contained

if TYPE_CHECKING:
    from tp53annot.history.snapshot import HistorySnapshot


class RunState(Struct, frozen=True, kw_only=True):
    """A run on its way: what was asked for, and what the steps so far have given.

    Attributes:
        settings: what changes a report.
        output: where and how results are written.
        resources: tables, rules and texts in use.
        say: takes what the user is told.
        plan: the jobs as the inputs gave them.
        jobs: the jobs as they are analysed.
        call: how the run was called, and when.
        results: one for each job, in the same order.
        carried: one line for each suspected carry-over.
        history: the laboratory's earlier samples as they stood before the run; ``None`` where none are kept.
    """

    settings: RunSettings
    output: OutputSettings
    resources: Resources
    say: Say
    plan: Plan
    jobs: tuple[Job, ...]
    call: RunCall
    results: tuple[JobResult, ...] = ()
    carried: tuple[str, ...] = ()
    history: HistorySnapshot | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Finished samples in the order of the inputs."""
        return tuple(outcome for result in self.results for outcome in result.outcomes)

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each job that failed, those without a file first."""
        failed = (result.failure for result in self.results)
        return (*self.plan.missing, *(failure for failure in failed if failure))


def learn_background(state: RunState) -> RunState:
    """With ``--background``, count the reads of every sample and give each job the error rates of the others."""
    if not state.settings.background:
        return state
    from tp53annot.run.background import with_background  # numpy only where reads are read

    jobs = with_background(state.jobs, state.settings, state.resources, state.output.jobs, state.say)
    return replace(state, jobs=jobs)


def compare_depths(state: RunState) -> RunState:
    """Where enough samples have reads, compare the depth of each one's exons with the others'."""
    if not any(job.bam for job in state.jobs):
        return state
    from tp53annot.run.exon_depths import with_exon_depths

    jobs = with_exon_depths(state.jobs, state.settings, state.resources, state.output.jobs, state.say)
    return replace(state, jobs=jobs)


def recall_history(state: RunState) -> RunState:
    """With ``--history``, read what the laboratory's earlier samples say, as they stand before this run."""
    if state.settings.history is None:
        return state
    from tp53annot.run.record.earlier import snapshot_for  # SQLite only where a history is kept

    return replace(
        state,
        history=snapshot_for(state.settings.history, state.plan.jobs, state.settings, state.output.jobs),
    )


def report_samples(state: RunState) -> RunState:
    """Analyse each job in a process of its own and write its samples' reports, or keep finished ones."""
    several = patient_comparison.compared_patients(state.jobs, state.history)
    written = recorded_checksums(state.output.folder) if state.output.resume else {}
    company = batch.Company(serial=several, history=state.history, written=written)
    results = batch.results_of(state.jobs, state.settings, state.output, company, state.say)
    return replace(state, results=tuple(results))


def compare_patients(state: RunState) -> RunState:
    """Compare the samples of each patient and write their reports again with the comparison."""
    results = patient_comparison.link(
        state.plan.jobs, state.results, state.settings, state.output, state.history, state.say
    )
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


def record_samples(state: RunState) -> RunState:
    """With ``--history``, record every finished sample for later runs: all of them or none."""
    if state.settings.history is None:
        return state
    from tp53annot.run.record.earlier import keep

    entries = [outcome.entry for outcome in state.outcomes if outcome.entry is not None]
    new = keep(state.settings.history, entries)
    state.say(f"history: samples recorded: {len(entries)}, of them new: {new}")
    return state


def record_run(state: RunState) -> RunState:
    """Write ``run.json``: settings, inputs, outcomes, failures and tables of the run."""
    write_run_record(
        state.call,
        state.plan,
        state.outcomes,
        state.failures,
        state.settings,
        settings_in_force(state.settings, state.resources),
        state.output,
        state.resources,
        state.carried,
    )
    return state


AS_GIVEN = InputSettings()  # no sheet, no search


STEPS: tuple[Callable[[RunState], RunState], ...] = (
    learn_background,
    compare_depths,
    recall_history,
    report_samples,
    compare_patients,
    write_overview,
    find_carry_over,
    record_run,
    record_samples,
)


def run(
    inputs: Sequence[Path],
    settings: RunSettings,
    output: OutputSettings,
    *,
    found: InputSettings = AS_GIVEN,
    command: Sequence[str] = (),
    say: Say = silent,
) -> RunResult:
    """Report every sample of the inputs and write the overview: plan the jobs, then every one of :data:`STEPS`.

    Raises:
        InputError: no input can be used at all, or the output folder cannot be written.
        UsageError: options that contradict each other.
    """
    call = RunCall(
        command=tuple(command),
        inputs=tuple(inputs),
        sheet=found.sheet,
        started=datetime.datetime.now(datetime.UTC),
    )
    interpreter = interpreter_of(settings.resources)
    interpreter.load()  # here, so that the workers share it
    resources = interpreter.resources
    todo = planned(inputs, settings, found)
    for remark in todo.remarks:
        say(remark)
    for path, reason in todo.left:
        say(f"left out: {path}: {reason}", 1)
    check_folder(output.folder)
    state = RunState(
        settings=settings, output=output, resources=resources, say=say, plan=todo, jobs=todo.jobs, call=call
    )
    with alone_in(output.folder, lambda: say(f"another run writes to {output.folder}: waiting for its end")):
        sweep(output.folder)
        try:
            for step in STEPS:
                state = step(state)
        except StorageError:
            output_files.sweep_samples(output.folder)
            raise
    return RunResult(outcomes=state.outcomes, failures=state.failures, left=todo.left)


def planned(inputs: Sequence[Path], settings: RunSettings, found: InputSettings) -> Plan:
    """What is to be done.

    Raises:
        InputError: no input can be used at all.
        UsageError: options that contradict each other.
    """
    todo = _shown_plan(inputs, settings, found)
    if settings.pseudonymise is None:
        return todo
    from tp53annot.run.record.hidden_names import with_hidden_patients

    return with_hidden_patients(todo, settings)


def _shown_plan(inputs: Sequence[Path], settings: RunSettings, found: InputSettings) -> Plan:
    resources = interpreter_of(settings.resources).resources
    check_context(settings, resources)
    if found.sheet is not None:
        from tp53annot.knowledge.sheet_words import load_sheet_words
        from tp53annot.run.inputs.controls import with_controls
        from tp53annot.run.inputs.sample_sheet import read_sheet

        if settings.context:
            raise UsageError("--context describes one sample; with --samples write it into the sheet")
        if settings.bam is not None:
            raise UsageError("--bam goes with one VCF; with --samples write it into the sheet's column bam")
        words = load_sheet_words(settings.resources)
        todo = read_sheet(found.sheet, inputs, resources.vocabulary, words, found)
        if settings.normal is None:
            todo = replace(todo, jobs=with_controls(todo.jobs, resources.rules.assessment()))
    else:
        _refuse_sheet_options(found)
        todo = plan(inputs, bam=settings.bam, context=settings.context, recursive=found.recursive)
    if not settings.cnv and not any(job.cnv for job in todo.jobs):
        return todo
    from tp53annot.run.copy_tables import with_tables  # readers of tables only where there are tables

    return replace(todo, jobs=with_tables(todo.jobs, settings.cnv, resources))


def _refuse_sheet_options(found: InputSettings) -> None:
    options = {
        "--sheet-tab": found.sheet_tab,
        "--ignore-columns": found.ignore_columns,
        "--strict": found.strict,
    }
    for option, value in options.items():
        if value:
            raise UsageError(f"{option} is about a sample sheet; give one with --samples")


def run_to_text(
    todo: Plan, settings: RunSettings, formats: Sequence[str], say: Say = silent
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

    for remark in todo.remarks:
        say(remark)
    jobs = todo.jobs
    if any(job.bam for job in jobs):
        from tp53annot.run.exon_depths import with_exon_depths

        jobs = with_exon_depths(jobs, settings, interpreter.resources, 1)
    found: Iterable[Report] = (
        r for job in jobs for r in contained(functools.partial(reports, job), str(job.path))
    )
    history = None
    if settings.history is not None:
        from tp53annot.run.record.earlier import entry_of, keep, snapshot_for

        history = snapshot_for(settings.history, jobs, settings, 1)
        found = list(map(history.told, found))
        entries = [entry_of(report, interpreter.resources) for report in found]
        keep(settings.history, entries)
    if history is not None or patient_comparison.repeated(jobs):
        found = patient_comparison.compared(list(found), settings, interpreter.resources, history)
    for report in found:
        data = rendered(report, chosen, interpreter.resources, settings.language)
        yield data.decode("utf-8", "surrogateescape")
