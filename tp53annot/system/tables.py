"""Text tables and workbooks as rows of cells."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.system.files import read_limited
from tp53annot.system.grid import (
    BROKEN,
    MOST_BYTES,
    OLD_WORKBOOK,
    UNWORKED,
    ZIPPED,
    CellKind,
    Grid,
    SheetCell,
)
from tp53annot.system.text_grid import decoded, separated, text_grids

_DATE = "_date"  # columns whose name ends so hold dates
_RETYPE = "format the column as text and type the value again"


class SheetLine(Struct, frozen=True, kw_only=True):
    """A line of a sheet, to name in errors; ``tab``: of a workbook that has several."""

    sheet: Path
    line: int
    tab: str | None = None

    @property
    def place(self) -> str:
        """Where it is in its file."""
        return f"line {self.line}" if self.tab is None else f"tab {self.tab!r}, line {self.line}"

    def error(self, column: str, cause: str, fix: str) -> InputError:
        """The error for what stands in one of its columns."""
        return InputError(cause, path=str(self.sheet), place=f"{self.place}, column {column}", fix=fix)


def grids_of(sheet: Path) -> tuple[Grid, ...]:
    """What a table may be: each tab of a workbook (.xlsx, .ods), a text file with each separator it may have.

    Raises:
        InputError: unreadable.
    """
    data = read_limited(sheet, MOST_BYTES)
    return _workbook(data, sheet) if _is_workbook(data, sheet) else text_grids(data, sheet)


def _is_workbook(data: bytes, sheet: Path) -> bool:
    """By its first bytes, whatever its name; a file that is only named so is damaged."""
    named_so = sheet.suffix.lower() in (".xlsx", ".xlsm", ".ods", ".xls")
    return data.startswith((ZIPPED, OLD_WORKBOOK)) or named_so


def _workbook(data: bytes, sheet: Path) -> tuple[Grid, ...]:
    from tp53annot.system.workbook import workbook_grids  # most runs have none

    return workbook_grids(data, sheet)


def value_fault(cell: SheetCell, *, date: bool) -> tuple[str, str] | None:
    """What is wrong with a cell and how to mend it: a failed formula, a date or a time where none belongs.

    Spreadsheets turn names such as 2024-01-05 or MAR-7 into dates.
    """
    if cell.kind is CellKind.BROKEN and cell.text == UNWORKED:
        return f"the cell holds {cell.text}", "open the workbook in its program, save it, and try again"
    if cell.kind is CellKind.BROKEN or cell.text.startswith(BROKEN):
        return f"the cell holds {cell.text}", _RETYPE
    if cell.kind is CellKind.TIME or (cell.kind is CellKind.DATE and not date):
        return f"the spreadsheet holds a date or time here ({cell.text})", _RETYPE
    return None


def read_table(sheet: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Column names (lower case) and rows (line number, cell by column) of a TSV, CSV, XLSX or ODS table.

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
        if cells[0].startswith("#") and not cells[0].startswith(BROKEN):
            continue
        if any(cells[len(header) :]):
            cause, place = f"{len(cells)} cells under {len(header)} columns", f"line {number}"
            raise InputError(cause, path=str(sheet), place=place, fix="check the separators")
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        broken = next((name for name, cell in row.items() if cell.startswith(BROKEN)), None)
        if broken:
            raise SheetLine(sheet=sheet, line=number).error(broken, f"the cell holds {row[broken]}", _RETYPE)
        rows.append((number, row))
    return header, rows


def numbered_cells(sheet: Path, *, any_dates: bool = False) -> list[tuple[int, list[str]]]:
    """Rows of a TSV, CSV, XLSX or ODS table (its first tab) that are not empty, with the line each begins in (from 1).

    ``any_dates``: a workbook's date cells are text in every column, not only where a date belongs.

    Raises:
        InputError: unreadable.
    """
    data = read_limited(sheet, MOST_BYTES)
    if not _is_workbook(data, sheet):
        return _text(data, sheet)
    grids = _workbook(data, sheet)
    rows = grids[0].rows if grids else ()
    header = [cell.text.lower() for cell in rows[0][1]] if rows else []
    found = []
    for number, cells in rows:
        for name, cell in zip((*header, *("?" for _ in cells[len(header) :])), cells, strict=False):
            fault = None if any_dates else value_fault(cell, date=name.endswith(_DATE))
            if fault is not None and cell.kind in (CellKind.DATE, CellKind.TIME):
                raise SheetLine(sheet=sheet, line=number).error(name, *fault)
        found.append((number, [cell.text for cell in cells]))
    return found


def _text(data: bytes, sheet: Path) -> list[tuple[int, list[str]]]:
    """A text table of one's own making: the first line that is no remark tells the separator."""
    text, _ = decoded(data, sheet)
    first = next((line for line in text.splitlines() if line.strip() and not _remark(line)), "")
    separator = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    return [(number, [cell.text for cell in cells]) for number, cells in separated(text, separator, sheet)]


def _remark(line: str) -> bool:
    """A line above the column names, such as ``#version 2.4``."""
    return line.startswith("##") or (line.startswith("#") and not any(sign in line for sign in "\t,;"))
