"""The one file that knows the order: records or reads -> named -> classified -> assessed -> files.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import functools
import gc
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tp53annot import __version__, courses, evidence_view, outputs
from tp53annot import formats as formatting
from tp53annot.errors import InputError, OutputError, Tp53AnnotError, UsageError, environment_fault, printable
from tp53annot.inputs import Job, Plan, plan
from tp53annot.kit import Kit, kit
from tp53annot.material import job_names
from tp53annot.reporting.document import Document, dump
from tp53annot.results import JobResult, Outcome, RunResult, UpdateResult
from tp53annot.sample import analyse, check_context, same_question
from tp53annot.settings import OutputSettings, RunSettings, UpdateSettings
from tp53annot.store import ensure_inside, safe_name, sweep
from tp53annot.workers import Finished, contained, run_jobs

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
    say: Log = log or (lambda _line, level=0: None)
    tools = kit(settings.resources)
    tools.load()
    _ = tools.protein  # here, so that the workers share it
    check_context(settings.context, tools)
    todo = _plan(inputs, settings, sheet, tools)
    for remark in todo.remarks:
        say(remark)
    for path, reason in todo.left:
        say(f"left out: {path}: {reason}", 1)
    outputs.check_folder(output.folder)
    sweep(output.folder)
    serial = courses.repeated(todo.jobs)
    work = functools.partial(_guarded, settings=settings, output=output, serial=serial)
    results: list[JobResult] = [JobResult()] * len(todo.jobs)
    jobs: Sequence[Job] = todo.jobs
    if settings.background:
        from tp53annot.background import with_background  # numpy only where reads are read

        jobs = with_background(jobs, settings, tools, output.jobs)
    claimed = list(zip(jobs, _taken_names(jobs, output.jobs), strict=True))
    for end in run_jobs(work, claimed, output.jobs):
        if end.error is not None and len(todo.jobs) == 1:
            raise end.error
        results[end.index] = end.result or _lost(todo.jobs[end.index], end)
        say(_progress(end.index, results[end.index]), 1)
        if end.result is None:
            outputs.sweep_samples(output.folder)
    outcomes, failures = _collect(courses.link(todo.jobs, results, settings, output))
    if outcomes:
        outputs.write_overview(output.folder, [o.row for o in outcomes], tools, settings)
    outputs.write_run_record(output.folder, todo, outcomes, failures, settings, tools)
    return RunResult(outcomes=tuple(outcomes), failures=tuple(failures), left=todo.left)


def _plan(inputs: Sequence[Path], settings: RunSettings, sheet: Path | None, tools: Kit) -> Plan:
    if sheet is not None:
        from tp53annot.sheet import read_sheet

        if settings.context:
            raise UsageError("--context describes one sample; with --samples write it into the sheet")
        return read_sheet(sheet, inputs, tools.vocabulary)
    return plan(inputs, bam=settings.bam, context=settings.context)


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


def _collect(results: Sequence[JobResult]) -> tuple[list[Outcome], list[str]]:
    """Outcomes and failures in input order."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    return outcomes, [result.failure for result in results if result.failure]


def _taken_names(jobs: Sequence[Job], processes: int) -> list[Mapping[str, str]]:
    """For each job, the sample names that belong to an earlier one, with its file."""
    first: dict[str, str] = {}
    taken: list[Mapping[str, str]] = []
    ends = sorted(run_jobs(job_names, jobs, processes), key=lambda e: e.index) if len(jobs) > 1 else ()
    for job, end in itertools.zip_longest(jobs, ends):
        names = end.result or () if end else ()
        taken.append({name: first[name] for name in names if name in first and first[name] != str(job.path)})
        for name in names:
            first.setdefault(name, str(job.path))
    return taken


def _guarded(
    claimed: tuple[Job, Mapping[str, str]],
    *,
    settings: RunSettings,
    output: OutputSettings,
    serial: frozenset[str],
) -> JobResult:
    """One job; samples finished before a failure are kept beside it. ``serial``: patients with several."""
    job, taken = claimed
    done: list[Outcome] = []
    try:
        done += _resumed(job, settings, output, serial) or ()
        if not done:
            for outcome in _do(job, taken, settings, output, serial):
                done.append(outcome)
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
    serial: frozenset[str],
) -> Iterator[Outcome]:
    """One job: analyse and write each of its samples.

    Where the patient has further samples, what renders from the comparison is written when all are there.
    """
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
        waits = job.patient in serial
        now = tuple(f for f in output.formats if f in ("json", "vcf")) if waits else output.formats
        outputs.write_sample(folder, name, analysed, now, tools, settings.language)
        yield _outcome(analysed.document, name, job, output, keep=waits)


def _outcome(
    document: Document, name: str, job: Job, output: OutputSettings, *, keep: bool, resumed: bool = False
) -> Outcome:
    html = output.folder / name / f"{name}.tp53.html"
    return Outcome(
        sample=document["sample"],
        status=document["assessment"]["status"],
        folder=name,
        html=str(html) if "html" in output.formats else None,
        row=outputs.overview_row(document, name) | {"patient": job.patient},
        resumed=resumed,
        patient=job.patient,
        report=formatting.encode(dump(document)) if keep else None,
    )


def _resumed(
    job: Job, settings: RunSettings, output: OutputSettings, serial: frozenset[str]
) -> list[Outcome] | None:
    """Finished reports of the same inputs, settings, context and tables; ``None`` when one is missing.

    With a background each report depends on the other samples, too, and is made anew.
    """
    if not output.resume or settings.background:
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
        compared = job.patient in serial or document["serial"] is not None
        kept.append(_outcome(document, name, job, output, keep=compared, resumed=True))
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
    tools.load()

    def documents(job: Job) -> list[Document]:
        return [analysed.document for analysed in analyse(job, settings, tools)]

    jobs = _plan(inputs, settings, sheet, tools).jobs
    found: Iterable[Document] = (
        d for job in jobs for d in contained(functools.partial(documents, job), str(job.path))
    )
    if courses.repeated(jobs):
        found = list(found)
        courses.compared(found, settings, tools)
    for document in found:
        yield formatting.render(document, chosen, tools, settings.language).decode("utf-8", "surrogateescape")


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

    def work(target: Path) -> None:
        annotate_stream(vcf, target, tools.reference, annotator, tool, settings.assembly, settings.most_bytes)
        index(target)

    if str(output) == "-":
        contained(functools.partial(work, output), str(vcf))
        return
    if output.exists() and not force:
        raise OutputError("the file is already there", path=str(output), fix="use --force to overwrite it")
    with atomic_path(output) as temporary:
        contained(functools.partial(work, temporary), str(vcf))


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
    from tp53annot import differences

    tools = kit(root)
    return tools.store.problems() or differences.stale_classes(tools), len(tools.store.manifest)


def diff_resources(before: Path | None, after: Path | None, *, as_json: bool) -> str:
    """Files and classes that differ between two resources folders."""
    from tp53annot import differences

    return differences.diff_resources(before, after, as_json=as_json)


def update_resources(settings: UpdateSettings, say: Callable[[str], None]) -> UpdateResult:
    """Bring newer tables into the user's data folder; the only way to the network."""
    from tp53annot import updating

    return updating.update(settings, say)


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

    tools = kit(settings.resources)
    return contained(lambda: reads_view.coverage_text(bam, settings, tools, as_json=as_json), str(bam))


def why_text(bam: Path, change: str, settings: RunSettings) -> str:
    """Why a change is or is not called."""
    from tp53annot import reads_view

    tools = kit(settings.resources)
    return contained(lambda: reads_view.why_text(bam, change, settings, tools), str(bam))


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
    tools = kit(settings.resources)
    header, rows = contained(lambda: reads_view.call_text(bam, settings, tools), str(bam))
    lines = (header.encode("utf-8", "surrogateescape"), *rows)
    if str(output) == "-":
        write_lines(output, lines)
        return
    with atomic_path(output) as temporary:
        write_lines(temporary, lines)
        index(temporary)
