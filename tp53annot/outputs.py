"""Which files a run writes and what goes into them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tp53annot import __version__
from tp53annot.errors import InputError, OutputError
from tp53annot.formats import ENDINGS, render
from tp53annot.info import InfoAnnotator
from tp53annot.inputs import Plan
from tp53annot.kit import Kit
from tp53annot.reporting.check import first_fault, report_schema
from tp53annot.reporting.document import SCHEMA_VERSION, Document, dump
from tp53annot.reporting.overview import COHORT_COLUMNS, cohort_row, multiqc, render_cohort
from tp53annot.reporting.table import text, tsv
from tp53annot.results import Outcome
from tp53annot.sample import Analysed
from tp53annot.settings import RunSettings
from tp53annot.store import (
    atomic_path,
    ensure_inside,
    output_error,
    read_limited,
    sha256_file,
    sweep,
    write_bytes,
    write_text,
)
from tp53annot.vcf_write import LineAnnotator, index
from tp53annot.vcf_write import write_sample as write_sample_vcf

_MOST_BYTES = 64 << 20


def check_folder(folder: Path) -> None:
    """Make the output folder and prove that it can be written.

    Raises:
        OutputError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise output_error(folder, error) from error


def write_sample(
    folder: Path, name: str, analysed: Analysed, formats: Sequence[str], tools: Kit, language: str
) -> None:
    """All files of one sample; the JSON comes last, so that it stands only beside finished others."""
    sweep(folder)
    if "vcf" in formats:
        _write_vcf(folder / f"{name}.tp53.vcf.gz", analysed, tools)
    write_reports(folder, name, analysed.document, formats, tools, language)


def write_reports(
    folder: Path, name: str, document: Document, formats: Sequence[str], tools: Kit, language: str
) -> None:
    """The files that render from a document, the JSON last."""
    for kind in sorted((k for k in formats if k != "vcf"), key=lambda k: k == "json"):
        write_bytes(folder / f"{name}.tp53.{ENDINGS[kind]}", render(document, kind, tools, language))


def sweep_samples(folder: Path) -> None:
    """Remove what a worker that died left half-written in the samples' folders."""
    for sample in folder.iterdir():
        if sample.is_dir() and not sample.is_symlink():
            sweep(sample)


def _write_vcf(path: Path, analysed: Analysed, tools: Kit) -> None:
    work = LineAnnotator(tools.reference, analysed.build, InfoAnnotator(tools))
    records = analysed.records
    with atomic_path(path) as temporary:
        write_sample_vcf(temporary, records.header, records.rows, work, __version__, records.column)
        index(temporary)


def _files(folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    endings = ["vcf.gz" if kind == "vcf" else ENDINGS[kind] for kind in formats]
    return [folder / f"{name}.tp53.{ending}" for ending in endings]


def refuse_existing(folder: Path, name: str, formats: Sequence[str]) -> None:
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


def finished_report(folder: Path, name: str, formats: Sequence[str]) -> Document | None:
    """The report of a finished sample with all its files; ``None`` when one is missing."""
    if not all(path.is_file() for path in _files(folder, name, formats)):
        return None
    try:
        return load_report(folder / f"{name}.tp53.json")
    except InputError:
        return None


def overview_row(document: Mapping[str, Any], folder: str) -> dict[str, object]:
    """The sample's line in the overview."""
    return cohort_row(document, folder)


def write_overview(
    folder: Path, rows: Sequence[Mapping[str, object]], tools: Kit, settings: RunSettings
) -> None:
    """cohort.tsv, cohort.html and the MultiQC content."""
    body = [[text(row[name]) for name in COHORT_COLUMNS] for row in rows]
    write_text(folder / "cohort.tsv", tsv(COHORT_COLUMNS, body))
    write_text(folder / "cohort.html", render_cohort(rows, tools.texts(settings.language), __version__))
    ensure_inside(folder / "multiqc", folder)
    write_text(folder / "multiqc" / "tp53annot_mqc.json", multiqc(rows))


def write_run_record(
    folder: Path,
    plan: Plan,
    outcomes: Sequence[Outcome],
    failures: Sequence[str],
    settings: RunSettings,
    tools: Kit,
) -> None:
    """run.json: the facts of the run."""
    import datetime

    inputs = []
    for path in dict.fromkeys(p for job in plan.jobs for p in (job.vcf, job.bam) if p is not None):
        readable = str(path) != "-" and path.is_file()
        try:
            digest = sha256_file(path) if readable else None
        except OSError:
            digest = None
        inputs.append({"path": str(path), "sha256": digest})
    record = {
        "tool": "tp53annot",
        "tool_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "settings": settings.as_dict() | {"context": dict(settings.context)},
        "inputs": inputs,
        "samples": [
            {
                "sample": o.sample,
                "status": o.status,
                "folder": o.folder,
                "outcome": "resumed" if o.resumed else "done",
            }
            for o in outcomes
        ],
        "failures": list(failures),
        "left_out": [{"path": path, "reason": reason} for path, reason in plan.left],
        "remarks": list(plan.remarks),
        "tables": [
            {"name": t.name, "version": t.version, "sha256": t.sha256} for t in tools.store.versions()
        ],
    }
    write_text(folder / "run.json", dump(record))


def render_saved(
    report: Path,
    output: Path | None,
    formats: Sequence[str],
    *,
    force: bool,
    language: str | None,
    tools: Kit,
) -> dict[str, bytes]:
    """Formats of a saved report, beside it or in ``output``; ``-`` writes nothing."""
    document = load_report(report)
    words = language or str(document["provenance"]["settings"].get("language") or "en")
    stem = report.name.removesuffix(".json").removesuffix(".tp53")
    written = {}
    for name in formats:
        if name not in ENDINGS:
            raise InputError(
                f"{name} cannot be rendered from a report",
                path=str(report),
                fix=f"use {', '.join(ENDINGS)}; annotate writes VCF",
            )
        data = render(document, name, tools, words)
        if output is not None and str(output) == "-":
            written[name] = data
            continue
        path = (output or report.parent) / f"{stem}.tp53.{ENDINGS[name]}"
        if path.exists() and not force and path.read_bytes() != data:
            raise OutputError("the file is already there and differs", path=str(path), fix="use --force")
        write_bytes(path, data)
        written[str(path)] = data
    return written


def load_report(path: Path) -> dict[str, Any]:
    """A saved report.

    Raises:
        InputError: not JSON, or not a report of this schema.
    """
    fix = "give a .tp53.json written by run"
    try:
        text = read_limited(path, _MOST_BYTES).decode("utf-8-sig")
        document = json.loads(text, parse_constant=_no_constant)
        dump(document).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})", path=str(path), fix=fix) from error
    fault = first_fault(document, report_schema())
    if fault is not None:
        raise InputError(f"not a report of this tool ({fault})", path=str(path), fix=fix)
    found: dict[str, Any] = document
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def version_text(tools: Kit) -> str:
    """Tool, schema and table versions, one a line."""
    lines = [f"tp53annot {__version__}", f"schema {SCHEMA_VERSION}"]
    lines += [f"{name} {entry['version']}" for name, entry in sorted(tools.store.manifest.items())]
    return "\n".join(lines)


def list_resources(tools: Kit, *, as_json: bool) -> str:
    """Every bundled file with its pedigree."""
    manifest = tools.store.manifest
    if as_json:
        return dump([{"name": name, **entry} for name, entry in sorted(manifest.items())])
    header = ("name", "version", "rows", "licence", "sha256", "citation")
    body = [
        [
            name,
            str(e["version"]),
            str(e.get("rows", "")),
            str(e["licence"]),
            e["sha256"][:12],
            str(e["citation"]),
        ]
        for name, e in sorted(manifest.items())
    ]
    return tsv(header, body)
