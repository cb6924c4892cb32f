"""Text tables and workbooks as rows of cells."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.system.files import read_limited

# A spreadsheet's failed formulas.
_BROKEN = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_DATE = "_date"  # columns whose name ends so hold dates
_RETYPE = "format the column as text and type the value again"
_MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A line of a sheet, to name in errors."""

    sheet: Path
    line: int

    def error(self, column: str, cause: str, fix: str) -> InputError:
        """The error for what stands in one of its columns."""
        place = f"line {self.line}, column {column}"
        return InputError(cause, path=str(self.sheet), place=place, fix=fix)


def read_table(sheet: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Column names (lower case) and rows (line number, cell by column) of a TSV, CSV or XLSX table.

    Empty lines, empty columns at the end and lines that begin with ``#`` are left out.

    Raises:
        InputError: unreadable, empty, or rows that do not fit the columns.
    """
    numbered = numbered_cells(sheet)
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
            cause, place = f"{len(cells)} cells under {len(header)} columns", f"line {number}"
            raise InputError(cause, path=str(sheet), place=place, fix="check the separators")
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        broken = next((name for name, cell in row.items() if cell.startswith(_BROKEN)), None)
        if broken:
            raise SheetLine(sheet=sheet, line=number).error(broken, f"the cell holds {row[broken]}", _RETYPE)
        rows.append((number, row))
    return header, rows


def numbered_cells(sheet: Path, *, any_dates: bool = False) -> list[tuple[int, list[str]]]:
    """Rows of a TSV, CSV or XLSX table (its first tab) that are not empty, with the line each begins in (from 1).

    ``any_dates``: a workbook's date cells are text in every column, not only where a date belongs.

    Raises:
        InputError: unreadable.
    """
    workbook = sheet.suffix.lower() in (".xlsx", ".xlsm")
    rows = _workbook(sheet, any_dates=any_dates) if workbook else _text(sheet)
    return [(number, cells) for number, cells in rows if any(cells)]


def _text(sheet: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells of a TSV or CSV with the line each row begins in."""
    try:
        content = read_limited(sheet, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", path=str(sheet), fix="give a TSV, CSV or XLSX sheet") from error
    lines = content.splitlines()
    first = next((line for line in lines if line.strip() and not _remark(line)), "")
    delimiter = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        cause, fix = f"no table ({error})", "check the quotation marks"
        raise InputError(cause, path=str(sheet), place=f"line {number}", fix=fix) from error


def _remark(line: str) -> bool:
    """A line above the column names, such as ``#version 2.4``."""
    return line.startswith("##") or (line.startswith("#") and not any(sign in line for sign in "\t,;"))


def _workbook(sheet: Path, *, any_dates: bool) -> Iterator[tuple[int, list[str]]]:
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
        place = SheetLine(sheet=sheet, line=number)
        cells = zip(names, row, strict=False)
        yield number, [_cell(value, _DATE if any_dates else name, place) for name, value in cells]


def _cell(value: object, column: str, place: SheetLine) -> str:
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
