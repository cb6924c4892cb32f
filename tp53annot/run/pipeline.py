"""The one file that knows the order: records or reads -> named -> classified -> assessed -> files.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tp53annot.cohort import summary
from tp53annot.core.version import __version__
from tp53annot.errors import (
    InputError,
    StorageError,
    UsageError,
)
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.maintain import statement_list
from tp53annot.maintain.outcome import UpdateResult, UpdateSettings
from tp53annot.report.model.report import Report
from tp53annot.report.registry import FORMATS, rendered
from tp53annot.run import batch, output_files, serial_rewrite
from tp53annot.run.analysis import analyse, check_context
from tp53annot.run.batch import Log
from tp53annot.run.carry_over import carried_over
from tp53annot.run.jobs import Job, Plan, plan
from tp53annot.run.outcomes import RunResult
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.files import check_folder, sweep
from tp53annot.system.workers import contained


def run(
    inputs: Sequence[Path],
    settings: RunSettings,
    output: OutputSettings,
    *,
    sheet: Path | None = None,
    log: Log | None = None,
) -> RunResult:
    """Report every sample of the inputs and write the overview.

    Raises:
        InputError: no input can be used at all, or the output folder cannot be written.
        UsageError: options that contradict each other.
    """
    say: Log = log or (lambda _line, level=0, **_fields: None)
    interpreter_of(settings.resources).load()  # here, so that the workers share it
    resources = resources_of(settings.resources)
    check_context(settings.context, resources)
    todo = _plan(inputs, settings, sheet, resources)
    for remark in todo.remarks:
        say(remark)
    for path, reason in todo.left:
        say(f"left out: {path}: {reason}", 1)
    check_folder(output.folder)
    sweep(output.folder)
    serial = serial_rewrite.repeated(todo.jobs)
    jobs: Sequence[Job] = todo.jobs
    if settings.background:
        from tp53annot.run.background import with_background  # numpy only where reads are read

        jobs = with_background(jobs, settings, resources, output.jobs)
    try:
        results = batch.results_of(jobs, settings, output, serial, say)
        results = serial_rewrite.link(todo.jobs, results, settings, output)
    except StorageError:
        output_files.sweep_samples(output.folder)
        raise
    outcomes = [outcome for result in results for outcome in result.outcomes]  # in input order
    failures = [result.failure for result in results if result.failure]
    if outcomes:
        for remark in summary.write_cohort(
            output.folder, [o.row for o in outcomes], resources, settings.language
        ):
            say(remark)
    carried = carried_over(outcomes, resources.raw_rules("calling")["carry_over"])
    for remark in carried:
        say(remark)
    output_files.write_run_record(output.folder, todo, outcomes, failures, settings, resources, carried)
    return RunResult(outcomes=tuple(outcomes), failures=tuple(failures), left=todo.left)


def _plan(inputs: Sequence[Path], settings: RunSettings, sheet: Path | None, resources: Resources) -> Plan:
    if sheet is not None:
        from tp53annot.run.sample_sheet import read_sheet

        if settings.context:
            raise UsageError("--context describes one sample; with --samples write it into the sheet")
        return read_sheet(sheet, inputs, resources.vocabulary)
    return plan(inputs, bam=settings.bam, context=settings.context)


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
    found: Iterable[Report] = (
        r for job in jobs for r in contained(functools.partial(reports, job), str(job.path))
    )
    if serial_rewrite.repeated(jobs):
        found = serial_rewrite.compared(list(found), settings, interpreter.resources)
    for report in found:
        yield rendered(report, chosen, interpreter.resources, settings.language).decode(
            "utf-8", "surrogateescape"
        )


def demo(folder: Path, *, force: bool, jobs: int) -> RunResult:
    """The whole main job on the example that ships."""
    resources = resources_of(None)
    example = resources.store.root / "example"
    output = OutputSettings(folder=folder, force=force, jobs=jobs)
    result = run([example], RunSettings(), output, sheet=example / "samples.tsv")
    if result.failures:
        raise InputError(result.failures[0])
    return result


def annotate_file(vcf: Path, output: Path, settings: RunSettings, *, force: bool) -> None:
    """Add the annotation to a VCF, streaming.

    Raises:
        InputError: unreadable input, undecided build, existing output without ``force``.
    """
    from tp53annot.system.files import atomic_path, refuse_existing
    from tp53annot.vcf.info_values import InfoAnnotator
    from tp53annot.vcf.writer import annotate_stream, index

    interpreter = interpreter_of(settings.resources)
    interpreter.load()
    gc.freeze()  # the tables live as long as the process: collecting them again and again is a third of the time
    tool, annotator = f"{__version__}", InfoAnnotator(interpreter)

    def work(target: Path) -> None:
        annotate_stream(
            vcf,
            target,
            interpreter.resources.reference,
            annotator,
            tool,
            settings.assembly,
            settings.most_bytes,
        )
        index(target)

    if str(output) == "-":
        contained(functools.partial(work, output), str(vcf))
        return
    refuse_existing(output, force=force)
    with atomic_path(output) as temporary:
        contained(functools.partial(work, temporary), str(vcf))


def explain(
    changes: Sequence[str], settings: RunSettings, *, lineage: str | None, as_json: bool
) -> tuple[str, list[str]]:
    """Facts and rules of each change as text or JSON, and one line per change not understood."""
    from tp53annot.run.explain import explain_changes

    return explain_changes(
        changes, interpreter_of(settings.resources), settings.assembly, lineage, as_json=as_json
    )


def render_again(
    report: Path, output: Path | None, formats: Sequence[str], *, force: bool, language: str | None
) -> dict[str, bytes]:
    """Other formats of a saved report; returns the names written and their bytes.

    Raises:
        InputError: the file is no report of this tool.
    """
    return output_files.render_saved(
        report, output, formats, force=force, language=language, resources=resources_of(None)
    )


def version_text() -> str:
    """Tool, schema and table versions."""
    return output_files.versions(resources_of(None))


def list_resources(root: Path | None, *, as_json: bool) -> str:
    """What is bundled, as a table or JSON."""
    from tp53annot.maintain import listing

    return listing.list_resources(resources_of(root), as_json=as_json)


def verify_resources(root: Path | None) -> tuple[list[str], int]:
    """Problems found, and how many files were checked."""
    from tp53annot.maintain import differences

    interpreter = interpreter_of(root)
    return interpreter.resources.store.problems() or differences.stale_classes(interpreter), len(
        interpreter.resources.store.manifest
    )


def diff_resources(before: Path | None, after: Path | None, *, as_json: bool) -> str:
    """Files and classes that differ between two resources folders."""
    from tp53annot.maintain import differences

    return differences.diff_resources(before, after, as_json=as_json)


def update_resources(settings: UpdateSettings, say: Callable[[str], None]) -> UpdateResult:
    """Bring newer tables into the user's data folder; the only way to the network."""
    from tp53annot.maintain import update

    return update.update(settings, say)


def evidence_list(root: Path | None, *, as_json: bool) -> str:
    """All statements of the evidence base."""
    return statement_list.listing(resources_of(root), as_json=as_json)


def evidence_show(root: Path | None, ids: tuple[str, ...], *, as_json: bool) -> str:
    """Statements in full."""
    return statement_list.show(resources_of(root), ids, as_json=as_json)


def evidence_lint(root: Path | None, files: tuple[Path, ...]) -> tuple[list[str], int]:
    """Faults of the evidence base or of files, and how many statements were checked."""
    return statement_list.lint_all(resources_of(root), files)


def coverage_text(bam: Path, settings: RunSettings, *, as_json: bool) -> str:
    """Callability of a BAM or CRAM as text or JSON."""
    from tp53annot.run import read_reports

    resources = resources_of(settings.resources)
    return contained(
        lambda: read_reports.callability_text(bam, settings, resources, as_json=as_json), str(bam)
    )


def why_text(bam: Path, change: str, settings: RunSettings) -> str:
    """Why a change is or is not called."""
    from tp53annot.run import read_reports

    resources = resources_of(settings.resources)
    return contained(lambda: read_reports.reasons_text(bam, change, settings, resources), str(bam))


def call_file(bam: Path, output: Path, settings: RunSettings, *, force: bool) -> None:
    """Call variants from reads into a VCF (``-`` is stdout; indexed when it ends in .gz).

    Raises:
        InputError: the reads cannot be used.
        OutputError: the output exists, without ``force``.
    """
    from tp53annot.run import read_reports
    from tp53annot.system.files import atomic_path, refuse_existing
    from tp53annot.vcf.writer import index, write_lines

    if str(output) != "-":
        refuse_existing(output, force=force)
    resources = resources_of(settings.resources)
    lines = contained(lambda: read_reports.call_lines(bam, settings, resources), str(bam))
    if str(output) == "-":
        write_lines(output, lines)
        return
    with atomic_path(output) as temporary:
        write_lines(temporary, lines)
        index(temporary)
