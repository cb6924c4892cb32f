"""Which files a run writes and what goes into them."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tp53annot.core.version import __version__
from tp53annot.errors import InputError, OutputError
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.resources import Resources
from tp53annot.report.document import SCHEMA_VERSION
from tp53annot.report.model.report import Report
from tp53annot.report.registry import FORMATS, RENDERED, format_of, rendered
from tp53annot.report.stored import load_report
from tp53annot.run.analysis import Analysed
from tp53annot.system.files import (
    sweep,
    write_bytes,
    write_together,
)
from tp53annot.vcf.annotation.annotator import AlleleAnnotator, LineAnnotator
from tp53annot.vcf.index import write_index
from tp53annot.vcf.writer import write_sample_vcf

_INDEX_ROOM = 65_536  # bytes, more than the index of a gene takes


def write_sample_files(
    folder: Path,
    name: str,
    analysed: Analysed,
    formats: Sequence[str],
    interpreter: Interpreter,
    language: str,
) -> None:
    """All files of one sample, or none; the JSON comes last, so that it stands only beside the others."""

    def write(kind: str, path: Path) -> None:
        if format_of(kind).render is None:
            _write_vcf(path, analysed, interpreter)
        else:
            path.write_bytes(rendered(analysed.report, kind, interpreter.resources, language))

    _write_formats(folder, name, formats, write)


def write_reports(
    folder: Path, name: str, report: Report, formats: Sequence[str], resources: Resources, language: str
) -> None:
    """The files that render from a report alone, or none."""

    def write(kind: str, path: Path) -> None:
        path.write_bytes(rendered(report, kind, resources, language))

    _write_formats(folder, name, [kind for kind in formats if kind in RENDERED], write)


def _write_formats(
    folder: Path, name: str, formats: Sequence[str], write: Callable[[str, Path], None]
) -> None:
    sweep(folder)
    ordered = sorted(formats, key=lambda kind: kind != "json")
    write_together({_file(folder, name, kind): functools.partial(write, kind) for kind in ordered})


def sweep_samples(folder: Path) -> None:
    """Remove what a worker that died left half-written in the samples' folders."""
    for sample in folder.iterdir():
        if sample.is_dir() and not sample.is_symlink():
            sweep(sample)


def _write_vcf(path: Path, analysed: Analysed, interpreter: Interpreter) -> None:
    work = LineAnnotator(interpreter.resources.reference, analysed.build, AlleleAnnotator(interpreter))
    records = analysed.records
    write_sample_vcf(path, records.header, records.rows, work, __version__, records.column)
    write_index(path)
    if not Path(f"{path}.tbi").exists():  # unsorted records have none, but nor has a full disk
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(bytes(_INDEX_ROOM))


def _files(folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    return [_file(folder, name, kind) for kind in formats]


def _file(folder: Path, name: str, kind: str) -> Path:
    return folder / f"{name}.tp53.{format_of(kind).ending}"


def refuse_existing_report(folder: Path, name: str, formats: Sequence[str]) -> None:
    """Refuse to write over a report.

    Raises:
        OutputError: one of the files is there.
    """
    for path in _files(folder, name, formats):
        if path.exists():
            raise OutputError(
                "a report is already there",
                path=str(path),
                fix="use --force to overwrite or --resume to keep it",
            )


def finished_report(folder: Path, name: str, formats: Sequence[str]) -> Report | None:
    """The report of a finished sample with all its files; ``None`` when one is missing."""
    if not all(path.is_file() for path in _files(folder, name, formats)):
        return None
    try:
        return load_report(folder / f"{name}.tp53.json")
    except InputError:
        return None


def render_saved(
    report: Path,
    output: Path | None,
    formats: Sequence[str],
    *,
    force: bool,
    language: str | None,
    resources: Resources,
) -> dict[str, bytes]:
    """Formats of a saved report, beside it or in ``output``; ``-`` writes nothing."""
    saved = load_report(report)
    words = language or str(saved.provenance.settings.get("language") or "en")
    stem = report.name.removesuffix(".json").removesuffix(".tp53")
    written = {}
    for name in formats:
        if name not in RENDERED:
            raise InputError(
                f"{name} cannot be rendered from a report",
                path=str(report),
                fix=f"use {', '.join(RENDERED)}; annotate writes VCF",
            )
        data = rendered(saved, name, resources, words)
        if output is not None and str(output) == "-":
            written[name] = data
            continue
        path = (output or report.parent) / f"{stem}.tp53.{FORMATS[name].ending}"
        if path.exists() and not force and path.read_bytes() != data:
            raise OutputError("the file is already there and differs", path=str(path), fix="use --force")
        write_bytes(path, data)
        written[str(path)] = data
    return written


def version_text(resources: Resources) -> str:
    """Tool, schema and table versions, one a line."""
    lines = [f"tp53annot {__version__}", f"schema {SCHEMA_VERSION}"]
    lines += [f"{name} {entry['version']}" for name, entry in sorted(resources.store.manifest.items())]
    return "\n".join(lines)
