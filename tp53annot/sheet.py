"""Sample sheets: TSV, CSV or XLSX with one row per sample."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tp53annot.context import ContextError, declare
from tp53annot.errors import InputError
from tp53annot.inputs import Job, Plan, is_there

FILE_COLUMNS = ("sample", "vcf", "bam", "normal", "patient")


def read_sheet(sheet: Path, inputs: Sequence[Path], vocabulary: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The jobs of a sample sheet; relative paths count from the sheet, then from the INPUT folders.

    Raises:
        InputError: line and column of what cannot be used.
    """
    header, rows = _table(sheet)
    allowed = {*FILE_COLUMNS, *vocabulary}
    for name in header:
        if name not in allowed:
            raise InputError(f"column {name!r} is not known", path=str(sheet), place="line 1",
                             fix=f"columns are {', '.join(FILE_COLUMNS)} and the context fields")  # fmt: skip
    if "sample" not in header:
        raise InputError("there is no column 'sample'", path=str(sheet), place="line 1", fix="add it")
    seen: dict[str, int] = {}
    jobs = []
    for number, row in rows:
        jobs.append(_job(sheet, number, row, inputs, vocabulary))
        name = row["sample"]
        if name in seen:
            raise InputError(f"sample {name!r} stands in line {seen[name]}, too", path=str(sheet),
                             place=f"line {number}", fix="give every sample one row")  # fmt: skip
        seen[name] = number
    if not jobs:
        raise InputError("there is no sample in it", path=str(sheet), fix="add a row per sample")
    return Plan(jobs=tuple(jobs))


def _table(sheet: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    if sheet.suffix.lower() in (".xlsx", ".xlsm"):
        lines = _workbook(sheet)
    else:
        try:
            content = sheet.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            cause = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            raise InputError(str(cause), path=str(sheet), fix="give a TSV, CSV or XLSX sheet") from error
        first = content.split("\n", 1)[0]
        delimiter = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
        lines = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    if not lines:
        raise InputError("the sheet is empty", path=str(sheet), fix="the first line names the columns")
    header = [cell.strip().lower() for cell in lines[0]]
    double = next((name for name in header if name and header.count(name) > 1), None)
    if double:
        raise InputError(
            f"column {double!r} stands twice", path=str(sheet), place="line 1", fix="drop one of them"
        )
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            if len(cells) > len(header):
                raise InputError(f"{len(cells)} cells under {len(header)} columns", path=str(sheet),
                                 place=f"line {number}", fix="check the separators")  # fmt: skip
            cells = cells + [""] * (len(header) - len(cells))
            rows.append((number, {n: c.strip() for n, c in zip(header, cells, strict=True)}))
    return header, rows


def _workbook(sheet: Path) -> list[list[str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(sheet, read_only=True, data_only=True)
        return [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # openpyxl lets the faults of XML, ZIP and its own types through as they come
        raise InputError("cannot be read as XLSX", path=str(sheet), fix="save it again, or as TSV") from error


def _cell(value: object) -> str:
    import datetime

    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _job(
    sheet: Path,
    number: int,
    row: Mapping[str, str],
    inputs: Sequence[Path],
    vocabulary: Mapping[str, Mapping[str, Any]],
) -> Job:
    place = f"line {number}"
    if not row["sample"]:
        raise InputError(
            "the sample has no name", path=str(sheet), place=place, fix="fill in the column 'sample'"
        )
    context = {name: value for name, value in row.items() if name in vocabulary and value}
    try:
        declare(context, vocabulary, {})
    except ContextError as error:
        raise InputError(str(error), path=str(sheet), place=place, fix="correct or empty the cell") from error
    vcf, bam = (_file(sheet, place, row.get(kind, ""), inputs) for kind in ("vcf", "bam"))
    if vcf is None and bam is None:
        vcf = _by_name(row["sample"], inputs)
        if vcf is None:
            raise InputError(f"sample {row['sample']!r} has neither vcf nor bam", path=str(sheet), place=place,
                             fix="fill in one of them")  # fmt: skip
    return Job(vcf=vcf, bam=bam, label=row["sample"], normal=row.get("normal") or None, context=context,
               patient=row.get("patient") or None)  # fmt: skip


def _file(sheet: Path, place: str, text: str, inputs: Sequence[Path]) -> Path | None:
    if not text:
        return None
    path = Path(text)
    tried = [path] if path.is_absolute() else [sheet.parent / path, *(i / path for i in inputs if i.is_dir())]
    for candidate in tried:
        if is_there(candidate):
            return candidate
    raise InputError(f"no such file: {text}", path=str(sheet), place=place,
                     fix="paths count from the folder of the sheet")  # fmt: skip


def _by_name(sample: str, inputs: Sequence[Path]) -> Path | None:
    files = [p for i in inputs for p in (sorted(i.iterdir()) if i.is_dir() else [i])]
    return next((p for p in files if p.name.split(".")[0] == sample), None)
