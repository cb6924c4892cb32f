"""A cohort from its reports: found recursively, read one by one, kept as small rows, written once."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tp53annot.cohort.mutations import render_maf
from tp53annot.cohort.row import ReportRow, row_of
from tp53annot.cohort.tables import entries, multiqc, render_table, write_xlsx
from tp53annot.core.status import Status
from tp53annot.core.text import encode
from tp53annot.core.version import __version__
from tp53annot.errors import InputError
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.cohort import VariantKind
from tp53annot.report.composition import protein_of
from tp53annot.report.document import SCHEMA_VERSION, dump
from tp53annot.report.model.json_form import from_json
from tp53annot.report.stored import load_json
from tp53annot.report.workbook import MAX_ROWS
from tp53annot.system.files import check_folder, ensure_inside, sweep, write_text, write_together
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import run_jobs

if TYPE_CHECKING:
    from tp53annot.cohort.excerpt import Excerpt, ReportLike

ENDING = ".tp53.json"
_CHUNK = 64  # reports a worker reads before it answers


class Reading(Struct, frozen=True, kw_only=True):
    """Rows of the reports that could be read, and one line for each that could not."""

    rows: tuple[ReportRow, ...]
    failures: tuple[str, ...]


def summarise(
    folders: Sequence[Path], folder: Path, resources: Resources, *, jobs: int, language: str, say: Say
) -> Reading:
    """The cohort files of existing reports; reports that cannot be read are failures of the reading.

    Raises:
        InputError: no report at all, or the output folder cannot be written.
    """
    resources.load()
    gc.freeze()  # the tables live as long as the process
    paths, failures = find_reports(folders)
    check_folder(folder)
    found = read_rows(paths, resources.rules.cohort.kinds, jobs=jobs, say=say)
    reading = Reading(rows=found.rows, failures=(*failures, *found.failures))
    if reading.rows:
        for remark in write_cohort(folder, reading.rows, resources, language):
            say(remark)
        write_cohort_record(folder, reading)
    return reading


def closing_lines(
    noun: str, statuses: Sequence[str], failed: int, page: Path, more: Sequence[str] = ()
) -> tuple[str, ...]:
    """What a command says at its end: how many of what, by status in their order, and where the page is.

    Nothing where nothing was done: the errors say all then.

    >>> closing_lines("sample", ["mutated", "incomplete", "mutated"], 1, Path("out/cohort.html"))
    ('3 samples: 2 mutated, 1 incomplete; 1 failed', 'page: out/cohort.html')
    """
    if not statuses:
        return ()
    counts = [f"{n} {status}" for status in Status if (n := statuses.count(status))]
    end = (*more, *([f"{failed} failed"] if failed else ()))
    line = f"{len(statuses)} {noun}{'s' * (len(statuses) != 1)}"
    return ("; ".join((f"{line}: {', '.join(counts)}", *end)), f"page: {page}")


def find_reports(folders: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Every ``*.tp53.json`` under the folders, once, in the order of its path; and unreadable folders.

    Links to folders are followed (engines stage results as links), each folder once.

    Raises:
        InputError: a folder does not exist, or there is no report at all.
    """
    found: dict[str, Path] = {}
    failures: list[str] = []
    for folder in folders:
        if not folder.exists():
            raise InputError("no such file or folder", path=str(folder), fix="check the path")
        of_folder = [(os.path.realpath(folder), folder)] if folder.is_file() else _walk(folder, failures)
        for place, path in of_folder:
            found.setdefault(place, path)
    if not found and not failures:
        raise InputError(
            f"no report (*{ENDING}) found", path=", ".join(map(str, folders)), fix="give the output of run"
        )
    return sorted(found.values()), failures


def _walk(folder: Path, failures: list[str]) -> Iterator[tuple[str, Path]]:
    """The reports under a folder, each behind where it truly lies."""

    def unreadable(error: OSError) -> None:
        failures.append(
            str(InputError(error.strerror or str(error), path=error.filename, fix="check its permissions"))
        )

    seen: set[str] = set()
    for root, folders, files in os.walk(folder, onerror=unreadable, followlinks=True):
        here = os.path.realpath(root)
        seen.add(here)
        folders[:] = sorted(name for name in folders if _true_place(here, name) not in seen)
        for name in files:
            if name.endswith(ENDING) and not name.startswith("."):
                yield _true_place(here, name), Path(root, name)


def _true_place(folder: str, name: str) -> str:
    """Where an entry of a folder truly lies, whose own true place is known."""
    path = os.path.join(folder, name)  # noqa: PTH118 (of the many entries of a cohort)
    return os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114


def read_rows(
    paths: Sequence[Path], kinds: Sequence[VariantKind], *, jobs: int = 1, say: Say = silent
) -> Reading:
    """One small row for each report; a damaged one becomes a failure that names it."""
    chunks = [paths[i : i + _CHUNK] for i in range(0, len(paths), _CHUNK)]
    work = functools.partial(_read_chunk, kinds=kinds)
    answers: dict[int, tuple[list[ReportRow], list[str]]] = {}
    done = failed = 0
    say("reports", 1, done=0, total=len(paths), failed=0)
    for index, answer, death in _answers(work, chunks, jobs):
        answers[index] = answer or ([], [f"{path}: {death}" for path in chunks[index]])
        done += len(chunks[index])
        failed += len(answers[index][1])
        say(f"{done} of {len(paths)} reports read", 1, done=done, total=len(paths), failed=failed)
    ordered = [answers[index] for index in range(len(chunks))]
    return Reading(
        rows=tuple(row for rows, _ in ordered for row in rows),
        failures=tuple(line for _, lines in ordered for line in lines),
    )


Answer = tuple[list[ReportRow], list[str]]


def _answers(
    work: Callable[[Sequence[Path]], Answer], chunks: Sequence[Sequence[Path]], jobs: int
) -> Iterator[tuple[int, Answer | None, str | None]]:
    if jobs == 1:
        for index, chunk in enumerate(chunks):
            yield index, work(chunk), None
        return
    for end in run_jobs(work, chunks, jobs):
        yield end.index, end.result, end.death


def _read_chunk(paths: Sequence[Path], *, kinds: Sequence[VariantKind]) -> Answer:
    rows: list[ReportRow] = []
    failures: list[str] = []
    for path in paths:
        try:
            rows.append(read_row(_excerpt(path), path, kinds))
        except InputError as error:
            failures.append(str(error))
    return rows, failures


def _excerpt(path: Path) -> Excerpt:
    from tp53annot.cohort.excerpt import Excerpt  # a run has its reports whole

    document = load_json(path)
    try:
        return from_json(Excerpt, document)
    except ValueError as error:
        raise _not_whole(path, error) from error


def read_row(report: ReportLike, path: Path, kinds: Sequence[VariantKind]) -> ReportRow:
    """The row of a report that is or will be at ``path``.

    Raises:
        InputError: the report holds what a report cannot.
    """
    try:
        return row_of(report, str(path), kinds)
    except ValueError as error:
        raise _not_whole(path, error) from error


def _not_whole(path: Path, error: ValueError) -> InputError:
    return InputError(f"not a whole report: {error}", path=str(path), fix="run the sample again")


def write_cohort(folder: Path, rows: Sequence[ReportRow], resources: Resources, language: str) -> list[str]:
    """cohort.tsv, cohort.xlsx, cohort.html, cohort.maf, multiqc/ and versions.yml; returns what is to be said."""
    from tp53annot.cohort.page import render_cohort

    here = os.path.abspath(folder)  # noqa: PTH100 (a link is resolved by the browser, not here)
    found = entries(rows, [_link(row.report, here) for row in rows])
    words, rules = resources.texts(language), resources.rules.cohort
    shape = protein_of(resources.protein)
    page = render_cohort(found, words, rules, resources.statements, shape, __version__)
    versions = (
        f'"tp53annot":\n    tp53annot: "{__version__}"\n    tp53annot_report_schema: "{SCHEMA_VERSION}"\n'
    )
    texts = {
        "cohort.tsv": render_table(found),
        "cohort.html": page,
        "cohort.maf": render_maf(found, resources.reference.from_build),
        "multiqc/tp53annot_mqc.json": multiqc(found),
        "multiqc/tp53annot_mqc_versions.yml": versions,
        "versions.yml": versions,
    }
    files: dict[Path, Callable[[Path], object]] = {
        folder / name: functools.partial(_write, encode(text)) for name, text in texts.items()
    }
    remarks = []
    if max(len(found), sum(len(e.row.marks) for e in found)) < MAX_ROWS:
        files[folder / "cohort.xlsx"] = functools.partial(write_xlsx, found=found, words=words)
    else:
        (folder / "cohort.xlsx").unlink(missing_ok=True)
        remarks = [f"cohort.xlsx is not written: a sheet holds at most {MAX_ROWS} rows; use cohort.tsv"]
    ensure_inside(folder / "multiqc", folder)
    sweep(folder / "multiqc")
    write_together(files)
    return remarks


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def _link(report: str, folder: str) -> str | None:
    """Path from the folder to the page beside a report, else to the report, if either is there by now."""
    page = report.removesuffix(".json") + ".html"
    found = next((path for path in (page, report) if Path(path).is_file()), None)
    return None if found is None else Path(os.path.relpath(found, folder)).as_posix()


def write_cohort_record(folder: Path, reading: Reading) -> None:
    """cohort.json: what the cohort was made of, with the reports that could not be read."""
    record = {
        "tool": "tp53annot",
        "tool_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "reports": len(reading.rows),
        "failures": list(reading.failures),
    }
    write_text(folder / "cohort.json", dump(record))
