"""Workbooks as grids: Excel (.xlsx) by openpyxl, OpenDocument (.ods) by the standard library.

A cell's number format is part of what it says: 0.88 shown as 88 % is 88 %. pandas' readers leave formats out, and
odfpy gives the same XML elements as the standard library does, so that nothing is gained by it.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tp53annot.errors import InputError
from tp53annot.system.grid import (
    BROKEN,
    EMPTY,
    MOST_BYTES,
    OLD_WORKBOOK,
    UNWORKED,
    CellKind,
    Grid,
    SheetCell,
    SheetRow,
    bare,
    date_text,
    number_text,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import EmptyCell

_MOST_CELLS = 16_384  # of a row, as many as Excel has
_MOST_ROWS = 1_048_576  # of a tab, as many as Excel has
_MOST_SPACES = 32_767  # in one place, as many characters as a cell of Excel holds
_MOST_REPEATS = 100_000  # of a row that is written once
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # parts of a number format that are no format
_ZEROS = re.compile(r"0{2,}\Z")


def workbook_grids(data: bytes, path: Path) -> tuple[Grid, ...]:
    """The tabs of a workbook.

    Raises:
        InputError: it is no .xlsx or .ods, damaged, too large, or has a password.
    """
    if data.startswith(OLD_WORKBOOK):
        cause = "an old Excel workbook (.xls), or one with a password"
        raise InputError(cause, path=str(path), fix="save it as .xlsx without a password")
    kind = "XLSX"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > MOST_BYTES:
                raise ValueError(f"{unpacked} bytes unpacked")
            if "mimetype" in parts.namelist() and parts.read("mimetype").strip() == _OPEN_DOCUMENT:
                kind = "ODS"
                return tuple(_open_document(parts.read("content.xml")))
        return tuple(_excel(data))
    except Exception as error:  # openpyxl lets the faults of XML, ZIP and its own types through as they come
        raise InputError(
            f"cannot be read as {kind}", path=str(path), fix="save it again, or as TSV"
        ) from error


def _excel(data: bytes) -> Iterator[Grid]:
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out of a workbook is no part of a sheet
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = _formulas(data)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs state a range that is smaller than what they wrote
            numbered = (
                (y, tuple(_excel_cell(c, (sheet.title, y, x) in formulas) for x, c in enumerate(row, 1)))
                for y, row in _numbered(sheet.iter_rows())
            )
            yield Grid(rows=_filled(numbered), tab=sheet.title)


_Row = TypeVar("_Row")


def _numbered(rows: Iterable[_Row]) -> Iterator[tuple[int, _Row]]:
    """Rows with their numbers, empty ones in between, too: a number beyond what Excel has would fill them for hours."""
    for y, row in enumerate(rows, 1):
        if y > _MOST_ROWS:
            raise ValueError(f"row {y}")
        yield y, row


def _formulas(data: bytes) -> set[tuple[str, int, int]]:
    """Tab, line and column of every formula: one that no spreadsheet has worked out yet has no value."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        pages = (parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))
        if not any(b"<f>" in page or b"<f " in page for page in pages):
            return set()
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
    return {
        (sheet.title, y, x)
        for sheet in book.worksheets
        for y, row in _numbered(sheet.iter_rows())
        for x, cell in enumerate(row, 1)
        if getattr(cell, "data_type", "") == "f"
    }


def _filled(rows: Iterator[SheetRow]) -> tuple[SheetRow, ...]:
    return tuple((number, cells) for number, cells in rows if any(cell.text for cell in cells))


def _excel_cell(cell: Cell | EmptyCell | MergedCell, formula: bool) -> SheetCell:
    """A cell by its value and number format."""
    value = cell.value
    if value is None:
        return SheetCell(text=UNWORKED, kind=CellKind.BROKEN) if formula else EMPTY
    if isinstance(value, datetime.datetime):
        return date_text(value.isoformat())
    if isinstance(value, datetime.date):
        return SheetCell(text=value.isoformat(), kind=CellKind.DATE)
    if isinstance(value, datetime.time | datetime.timedelta):
        return SheetCell(text=str(value), kind=CellKind.TIME)
    if isinstance(value, int | float) and not isinstance(value, bool):
        form = _QUOTED.sub("", str(cell.number_format or ""))
        text = number_text(value, percent="%" in form)
        return SheetCell(text=text.zfill(len(form)) if _ZEROS.match(form) else text, kind=CellKind.NUMBER)
    return _text_cell(str(value))


def _text_cell(text: str) -> SheetCell:
    shown = bare(text)
    return SheetCell(text=shown, kind=CellKind.BROKEN if shown.startswith(BROKEN) else CellKind.TEXT)


# OpenDocument -------------------------------------------------------------------------------

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _open_document(content: bytes) -> Iterator[Grid]:
    """OpenDocument 1.3, part 3: a table is rows of cells, equal neighbours written once with their number."""
    from xml.etree import ElementTree

    for table in ElementTree.fromstring(content).iter(f"{_TABLE}table"):
        yield Grid(rows=_filled(_open_rows(table)), tab=table.get(f"{_TABLE}name", ""))


def _open_rows(table: Element) -> Iterator[SheetRow]:
    number = 1
    for row in table.iter(f"{_TABLE}table-row"):
        times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        cells = tuple(_open_cells(row))
        if any(cell.text for cell in cells):
            yield from ((number + i, cells) for i in range(min(times, _MOST_REPEATS)))
        number += times


def _open_cells(row: Element) -> Iterator[SheetCell]:
    count = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _MOST_CELLS - count)
        count += times
        yield from [_open_cell(cell)] * times


def _open_cell(cell: Element) -> SheetCell:
    kind, value = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value")
    if kind in ("float", "percentage", "currency") and value is not None:
        text = "\n".join(_paragraphs(cell))
        number = number_text(float(value), percent=kind == "percentage")
        padded = text.isdigit() and text.startswith("0") and text.lstrip("0") == number.lstrip("0")
        return SheetCell(text=text if padded else number, kind=CellKind.NUMBER)
    if kind == "date":
        return date_text(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return SheetCell(text=" ".join(_paragraphs(cell)), kind=CellKind.TIME)
    if kind == "boolean":
        return SheetCell(text=cell.get(f"{_OFFICE}boolean-value", "").capitalize())
    return _text_cell("\n".join(_paragraphs(cell)))


def _paragraphs(cell: Element) -> Iterator[str]:
    """The text of a cell, a paragraph a line; notes of reviewers beside it are none of it."""
    for paragraph in cell.findall(f"{_TEXT}p"):
        yield "".join(_pieces(paragraph))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":  # several spaces
            yield " " * min(int(child.get(f"{_TEXT}c", "1")), _MOST_SPACES)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        else:
            yield from _pieces(child)
        yield child.tail or ""
