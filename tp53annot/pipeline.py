"""The one file that knows the order: records or reads -> named -> classified -> assessed -> files.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import contextlib
import functools
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tp53annot import __version__, cohort, evidence_view, outputs
from tp53annot import formats as formatting
from tp53annot.errors import InputError, OutputError, StorageError, Tp53AnnotError, UsageError
from tp53annot.inputs import Job, Plan, plan
from tp53annot.kit import Kit, kit
from tp53annot.material import job_names
from tp53annot.reporting.document import Document
from tp53annot.results import JobResult, Outcome, RunResult
from tp53annot.sample import analyse, check_context, same_question
from tp53annot.settings import OutputSettings, RunSettings
from tp53annot.store import ensure_inside, safe_name, sweep
from tp53annot.workers import run_jobs

Log = Callable[..., None]


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
    tools = kit(settings.resources)
    tools.load()
    check_context(settings.context, tools)
    todo = _plan(inputs, settings, sheet, tools)
    for remark in todo.remarks:
        say(remark)
    for path, reason in todo.left:
        say(f"left out: {path}: {reason}", 1)
    outputs.check_folder(output.folder)
    sweep(output.folder)
    work = functools.partial(_guarded, settings=settings, output=output)
    try:
        results = _results(work, todo.jobs, output.jobs, say)
    except (StorageError, KeyboardInterrupt):
        outputs.sweep_samples(output.folder)
        raise
    outcomes, failures = _collect(results)
    if outcomes:
        for remark in cohort.write_cohort(output.folder, [o.row for o in outcomes], tools, settings.language):
            say(remark)
    outputs.write_run_record(output.folder, todo, outcomes, failures, settings, tools)
    return RunResult(outcomes=tuple(outcomes), failures=tuple(failures), left=todo.left)


Claimed = tuple[Job, Mapping[str, str]]


def _results(
    work: Callable[[Claimed], JobResult], jobs: Sequence[Job], processes: int, say: Log
) -> list[JobResult]:
    """Every job's result in the order of the jobs.

    Raises:
        StorageError: no further result can be written; finished samples stay.
    """
    claimed = list(zip(jobs, _taken_names(jobs), strict=True))
    if len(jobs) == 1:
        return [_go_on(work(claimed[0]))]
    results = [JobResult()] * len(jobs)
    failed = 0
    with contextlib.closing(run_jobs(work, claimed, processes)) as ends:
        for done, end in enumerate(ends, 1):
            result = end.result or JobResult(failure=f"{jobs[end.index].path}: {end.death}")
            results[end.index] = _go_on(result)
            failed += result.failure is not None
            say(_progress(end.index, result), 1, done=done, total=len(jobs), failed=failed)
    return results


def _go_on(result: JobResult) -> JobResult:
    if result.ended_by is not None:
        raise result.ended_by
    return result


def _plan(inputs: Sequence[Path], settings: RunSettings, sheet: Path | None, tools: Kit) -> Plan:
    if sheet is not None:
        from tp53annot.sheet import read_sheet

        if settings.context:
            raise UsageError("--context describes one sample; with --samples write it into the sheet")
        return read_sheet(sheet, inputs, tools.vocabulary)
    return plan(inputs, bam=settings.bam, context=settings.context)


def _progress(index: int, result: JobResult) -> str:
    names = ", ".join(f"{o.sample} {o.status}" for o in result.outcomes)
    return f"[{index + 1}] {names or result.failure}"


def _collect(results: Sequence[JobResult]) -> tuple[list[Outcome], list[str]]:
    """Outcomes and failures in input order."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    return outcomes, [result.failure for result in results if result.failure]


def _taken_names(jobs: Sequence[Job]) -> list[Mapping[str, str]]:
    """For each job, the sample names that belong to an earlier one, with its file."""
    first: dict[str, str] = {}
    taken: list[Mapping[str, str]] = []
    for job in jobs:
        names = job_names(job) if len(jobs) > 1 else ()
        taken.append({name: first[name] for name in names if name in first and first[name] != str(job.path)})
        for name in names:
            first.setdefault(name, str(job.path))
    return taken


def _guarded(claimed: Claimed, *, settings: RunSettings, output: OutputSettings) -> JobResult:
    """One job; samples finished before a failure are kept beside it."""
    job, taken = claimed
    done: list[Outcome] = []
    try:
        done += _resumed(job, settings, output) or ()
        if not done:
            for outcome in _do(job, taken, settings, output):
                done.append(outcome)
    except StorageError as error:
        return JobResult(outcomes=tuple(done), ended_by=error)
    except Tp53AnnotError as error:
        return JobResult(outcomes=tuple(done), failure=str(error))
    return JobResult(outcomes=tuple(done))


def _do(
    job: Job, taken: Mapping[str, str], settings: RunSettings, output: OutputSettings
) -> Iterator[Outcome]:
    """One job: analyse and write each of its samples."""
    tools = kit(settings.resources)
    for analysed in analyse(job, settings, tools):
        sample = analysed.document["sample"]
        if sample in taken:
            raise InputError(
                f"sample {sample!r} is also in {taken[sample]}",
                path=str(job.path),
                fix="give the samples different names with a sample sheet (--samples)",
            )
        name = safe_name(sample)
        folder = output.folder / name
        ensure_inside(folder, output.folder)
        if not (output.force or output.resume):
            outputs.refuse_existing(folder, name, output.formats)
        outputs.write_sample(folder, name, analysed, output.formats, tools, settings.language)
        yield _outcome(analysed.document, name, output, tools)


def _outcome(
    document: Document, name: str, output: OutputSettings, tools: Kit, *, resumed: bool = False
) -> Outcome:
    html = output.folder / name / f"{name}.tp53.html"
    return Outcome(
        sample=document["sample"],
        status=document["assessment"]["status"],
        folder=name,
        html=str(html) if "html" in output.formats else None,
        row=cohort.read_row(document, html.with_suffix(".json"), tools.rules("cohort")["kinds"]),
        resumed=resumed,
    )


def _resumed(job: Job, settings: RunSettings, output: OutputSettings) -> list[Outcome] | None:
    """Finished reports of the same inputs, settings, context and tables; ``None`` when one is missing."""
    if not output.resume:
        return None
    tools = kit(settings.resources)
    kept = []
    for sample in job_names(job):
        name = safe_name(sample)
        document = outputs.finished_report(output.folder / name, name, output.formats)
        if (
            document is None
            or document["sample"] != sample
            or not same_question(document, job, settings, tools)
        ):
            return None
        kept.append(_outcome(document, name, output, tools, resumed=True))
    return kept


def run_to_text(
    inputs: Sequence[Path], settings: RunSettings, formats: Sequence[str], *, sheet: Path | None = None
) -> Iterator[str]:
    """Reports as text for standard output: JSON by default, or one of json, tsv, html, txt.

    Raises:
        InputError: an input cannot be used.
    """
    tools = kit(settings.resources)
    chosen = formats[0] if len(formats) == 1 and formats[0] in formatting.TEXT else "json"
    for job in _plan(inputs, settings, sheet, tools).jobs:
        for analysed in analyse(job, settings, tools):
            yield formatting.render(analysed.document, chosen, tools, settings.language).decode(
                "utf-8", "surrogateescape"
            )


def cohort_summary(
    folders: Sequence[Path], folder: Path, *, jobs: int, language: str, resources: Path | None, log: Log
) -> cohort.Reading:
    """The cohort files of existing reports; reports that cannot be read are failures of the reading.

    Raises:
        InputError: no report at all, or the output folder cannot be written.
    """
    tools = kit(resources)
    tools.load()
    gc.freeze()  # the tables live as long as the process
    paths, failures = cohort.find_reports(folders)
    outputs.check_folder(folder)
    found = cohort.read_reports(paths, tools.rules("cohort")["kinds"], jobs=jobs, say=log)
    reading = cohort.Reading(rows=found.rows, failures=(*failures, *found.failures))
    if reading.rows:
        for remark in cohort.write_cohort(folder, reading.rows, tools, language):
            log(remark)
        cohort.write_record(folder, reading)
    return reading


def demo(folder: Path, *, force: bool, jobs: int) -> RunResult:
    """The whole main job on the example that ships."""
    tools = kit(None)
    example = tools.store.root / "example"
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
    from tp53annot.info import InfoAnnotator
    from tp53annot.store import atomic_path
    from tp53annot.vcf_write import annotate_stream, index

    tools = kit(settings.resources)
    tools.load()
    gc.freeze()  # the tables live as long as the process: collecting them again and again is a third of the time
    tool, annotator = f"{__version__}", InfoAnnotator(tools)
    if str(output) == "-":
        annotate_stream(vcf, output, tools.reference, annotator, tool, settings.assembly)
        return
    if output.exists() and not force:
        raise OutputError("the file is already there", path=str(output), fix="use --force to overwrite it")
    with atomic_path(output) as temporary:
        annotate_stream(vcf, temporary, tools.reference, annotator, tool, settings.assembly)
    if output.name.lower().endswith((".gz", ".bgz")):
        index(output)


def explain(
    changes: Sequence[str], settings: RunSettings, *, lineage: str | None, as_json: bool
) -> tuple[str, list[str]]:
    """Facts and rules of each change as text or JSON, and one line per change not understood."""
    from tp53annot.explain import explain_changes

    return explain_changes(changes, kit(settings.resources), settings.assembly, lineage, as_json=as_json)


def render(
    report: Path, output: Path | None, formats: Sequence[str], *, force: bool, language: str | None
) -> dict[str, bytes]:
    """Other formats of a saved report; returns the names written and their bytes.

    Raises:
        InputError: the file is no report of this tool.
    """
    return outputs.render_saved(report, output, formats, force=force, language=language, tools=kit(None))


def version_text() -> str:
    """Tool, schema and table versions."""
    return outputs.version_text(kit(None))


def list_resources(root: Path | None, *, as_json: bool) -> str:
    """What is bundled, as a table or JSON."""
    return outputs.list_resources(kit(root), as_json=as_json)


def verify_resources(root: Path | None) -> tuple[list[str], int]:
    """Problems found, and how many files were checked."""
    source = kit(root).store
    return source.problems(), len(source.manifest)


def diff_resources(before: Path | None, after: Path | None, *, as_json: bool) -> str:
    """Files and classes that differ between two resources folders."""
    from tp53annot import differences

    return differences.diff_resources(before, after, as_json=as_json)


def evidence_list(root: Path | None, *, as_json: bool) -> str:
    """All statements of the evidence base."""
    return evidence_view.listing(kit(root), as_json=as_json)


def evidence_show(root: Path | None, ids: tuple[str, ...], *, as_json: bool) -> str:
    """Statements in full."""
    return evidence_view.show(kit(root), ids, as_json=as_json)


def evidence_lint(root: Path | None, files: tuple[Path, ...]) -> tuple[list[str], int]:
    """Faults of the evidence base or of files, and how many statements were checked."""
    return evidence_view.lint_all(kit(root), files)


def coverage_text(bam: Path, settings: RunSettings, *, as_json: bool) -> str:
    """Callability of a BAM or CRAM as text or JSON."""
    from tp53annot import reads_view

    return reads_view.coverage_text(bam, settings, kit(settings.resources), as_json=as_json)


def why_text(bam: Path, change: str, settings: RunSettings) -> str:
    """Why a change is or is not called."""
    from tp53annot import reads_view

    return reads_view.why_text(bam, change, settings, kit(settings.resources))


def call_file(bam: Path, output: Path, settings: RunSettings, *, force: bool) -> None:
    """Call variants from reads into a VCF (``-`` is stdout; indexed when it ends in .gz).

    Raises:
        InputError: the reads cannot be used.
        OutputError: the output exists, without ``force``.
    """
    from tp53annot import reads_view
    from tp53annot.store import atomic_path
    from tp53annot.vcf_write import index, write_lines

    if str(output) != "-" and output.exists() and not force:
        raise OutputError("the file is already there", path=str(output), fix="use --force to overwrite it")
    header, rows = reads_view.call_text(bam, settings, kit(settings.resources))
    lines = (header.encode("utf-8", "surrogateescape"), *rows)
    if str(output) == "-":
        write_lines(output, lines)
        return
    with atomic_path(output) as temporary:
        write_lines(temporary, lines)
    if output.name.lower().endswith((".gz", ".bgz")):
        index(output)
