"""Sample sheets: TSV, CSV or XLSX with one row per sample."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tp53annot.context import ContextError, declare
from tp53annot.errors import InputError
from tp53annot.inputs import Job, Plan, is_there, kind_of, listed, stem_of
from tp53annot.store import read_limited

_BROKEN = (
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
)  # a spreadsheet's failed formulas
_DATE = "_date"  # columns whose name ends so hold dates
_RETYPE = "format the column as text and type the value again"
_MOST_BYTES = 32 << 20
FILE_COLUMNS = ("sample", "vcf", "bam", "normal", "patient")


def read_sheet(sheet: Path, inputs: Sequence[Path], vocabulary: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The jobs of a sample sheet; relative paths count from the sheet, then from the INPUT folders.

    Raises:
        InputError: line and column of what cannot be used.
    """
    header, rows = read_table(sheet)
    allowed = {*FILE_COLUMNS, *vocabulary}
    for name in header:
        if name not in allowed:
            raise InputError(f"column {name!r} is not known", path=str(sheet), place="line 1",
                             fix=f"columns are {', '.join(FILE_COLUMNS)} and the context fields")  # fmt: skip
    if "sample" not in header:
        raise InputError("there is no column 'sample'", path=str(sheet), place="line 1", fix="add it")
    files = [p for i in inputs for p in (listed(i) if i.is_dir() else [i])]
    seen: dict[str, int] = {}
    jobs = []
    for number, row in rows:
        jobs.append(_job(_Place(sheet=sheet, line=number), row, inputs, files, vocabulary))
        name = row["sample"]
        if name in seen:
            raise _Place(sheet=sheet, line=number).error(
                "sample", f"sample {name!r} stands in line {seen[name]}, too", "give every sample one row"
            )
        seen[name] = number
    if not jobs:
        raise InputError("there is no sample in it", path=str(sheet), fix="add a row per sample")
    return Plan(jobs=tuple(jobs), left=_left(jobs, files, sheet))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A line of a sheet, to name in errors."""

    sheet: Path
    line: int

    def error(self, column: str, cause: str, fix: str) -> InputError:
        place = f"line {self.line}, column {column}"
        return InputError(cause, path=str(self.sheet), place=place, fix=fix)


def _left(jobs: Sequence[Job], files: Sequence[Path], sheet: Path) -> tuple[tuple[str, str], ...]:
    """Files of the INPUTs that no row uses."""
    used = {path.resolve() for job in jobs for path in job.files}
    return tuple(
        (str(path), f"not in {sheet.name}") for path in files if kind_of(path) and path.resolve() not in used
    )


def read_table(sheet: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Column names (lower case) and rows (line number, cell by column) of a TSV, CSV or XLSX table.

    Empty lines, empty columns at the end and lines that begin with ``#`` are left out.

    Raises:
        InputError: unreadable, empty, or rows that do not fit the columns.
    """
    workbook = sheet.suffix.lower() in (".xlsx", ".xlsm")
    numbered = [(n, cells) for n, cells in (_workbook(sheet) if workbook else _text(sheet)) if any(cells)]
    if not numbered:
        raise InputError("the sheet is empty", path=str(sheet), fix="the first line names the columns")
    header = [cell.lower() for cell in numbered[0][1]]
    while header and not header[-1]:
        header.pop()
    double = next((name for name in header if name and header.count(name) > 1), None)
    if double:
        raise InputError(
            f"column {double!r} stands twice", path=str(sheet), place="line 1", fix="drop one of them"
        )
    rows = []
    for number, cells in numbered[1:]:
        if cells[0].startswith("#") and not cells[0].startswith(_BROKEN):
            continue
        if any(cells[len(header) :]):
            raise InputError(f"{len(cells)} cells under {len(header)} columns", path=str(sheet),
                             place=f"line {number}", fix="check the separators")  # fmt: skip
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        broken = next((name for name, cell in row.items() if cell.startswith(_BROKEN)), None)
        if broken:
            raise _Place(sheet=sheet, line=number).error(broken, f"the cell holds {row[broken]}", _RETYPE)
        rows.append((number, row))
    return header, rows


def _text(sheet: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells of a TSV or CSV with the line each row begins in."""
    try:
        content = read_limited(sheet, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", path=str(sheet), fix="give a TSV, CSV or XLSX sheet") from error
    first = content.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"no table ({error})", path=str(sheet), place=f"line {number}",
                         fix="check the quotation marks") from error  # fmt: skip


def _workbook(sheet: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells of the first sheet of a workbook with their row numbers."""
    import warnings
    import zipfile

    import openpyxl

    data = io.BytesIO(read_limited(sheet, _MOST_BYTES))
    try:
        with zipfile.ZipFile(data) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _MOST_BYTES:
            raise ValueError(f"{unpacked} bytes unpacked")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out of a workbook is no part of a sheet
            book = openpyxl.load_workbook(data, read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    except Exception as error:  # openpyxl lets the faults of XML, ZIP and its own types through as they come
        raise InputError("cannot be read as XLSX", path=str(sheet), fix="save it again, or as TSV") from error
    header = [str(value or "").strip().lower() for value in rows[0]] if rows else []
    for number, row in enumerate(rows, 1):
        names = (*header, *("?" for _ in row[len(header) :]))
        place = _Place(sheet=sheet, line=number)
        yield number, [_cell(value, name, place) for name, value in zip(names, row, strict=False)]


def _cell(value: object, column: str, place: _Place) -> str:
    """A cell as it would stand in a text sheet.

    Raises:
        InputError: a date where none belongs: spreadsheets turn names such as 2024-01-05 or MAR-7 into dates.
    """
    if value is None:
        return ""
    if isinstance(value, datetime.date) and column.endswith(_DATE):
        return (value.date() if isinstance(value, datetime.datetime) else value).isoformat()
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise place.error(column, f"the spreadsheet holds a date or time here ({value})", _RETYPE)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _job(
    place: _Place,
    row: Mapping[str, str],
    inputs: Sequence[Path],
    files: Sequence[Path],
    vocabulary: Mapping[str, Mapping[str, Any]],
) -> Job:
    if not row["sample"]:
        raise place.error("sample", "the sample has no name", "fill in the column")
    context = {name: value for name, value in row.items() if name in vocabulary and value}
    for name, value in context.items():
        try:
            declare({name: value}, vocabulary, {})
        except ContextError as error:
            raise place.error(name, str(error), "correct or empty the cell") from error
    vcf, bam = (_file(place, kind, row.get(kind, ""), inputs) for kind in ("vcf", "bam"))
    if vcf is None and bam is None:
        vcf, bam = (_by_name(place, row["sample"], kind, files) for kind in ("vcf", "reads"))
    if vcf is None and bam is None:
        raise place.error("vcf", f"sample {row['sample']!r} has neither vcf nor bam", "fill in one of them")
    return Job(vcf=vcf, bam=bam, label=row["sample"], normal=row.get("normal") or None, context=context,
               patient=row.get("patient") or None)  # fmt: skip


def _file(place: _Place, column: str, text: str, inputs: Sequence[Path]) -> Path | None:
    if not text:
        return None
    path = Path(text)
    folders = [i for i in inputs if i.is_dir()]
    tried = [path] if path.is_absolute() else [place.sheet.parent / path, *(i / path for i in folders)]
    for candidate in tried:
        if is_there(candidate):
            return candidate
    raise place.error(column, f"no such file: {text}", "paths count from the folder of the sheet")


def _by_name(place: _Place, sample: str, kind: str, files: Sequence[Path]) -> Path | None:
    """The one file of this kind among the INPUTs that is named after the sample, else that begins so."""
    kindred = [p for p in files if kind_of(p) == kind]
    found = [p for p in kindred if stem_of(p) == sample] or [
        p for p in kindred if p.name.startswith(f"{sample}.")
    ]
    if len(found) > 1:
        column = "vcf" if kind == "vcf" else "bam"
        raise place.error(column, f"{found[0].name} and {found[1].name} both have the name of sample {sample!r}",
                          "name the file in the column")  # fmt: skip
    return found[0] if found else None
