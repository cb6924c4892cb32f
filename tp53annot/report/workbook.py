"""Workbooks by XlsxWriter, row by row: text stays text, the same bytes each time.

No cell is ever a formula, a link or a number made of text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tp53annot.core.text import seen
from tp53annot.system.files import scratch_folder

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576  # what a sheet can hold, header included
_CELL_LIMIT = 32_767  # characters Excel takes in a cell
_LONG = 60  # characters; longer text is wrapped where a sheet wraps
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Cell = str | int | float | bool | None


class Sheet(Struct, frozen=True, kw_only=True):
    """Rows of cells, the first of them the bold header, which stays in view.

    ``widths``: of the columns, in characters. ``wraps``: long text is wrapped, and text is marked as
    text, so that editing a cell in Excel does not make a formula of it.
    """

    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float]
    wraps: bool = False


def write_workbook(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write sheets by title in bounded memory; more than :data:`MAX_ROWS` rows are left to the caller to avoid."""
    with scratch_folder(path.parent) as spool:
        _write(str(path), sheets, {"constant_memory": True, "tmpdir": str(spool)})


def workbook_bytes(sheets: Mapping[str, Sheet]) -> bytes:
    """A small workbook, made in memory."""
    data = io.BytesIO()
    _write(data, sheets, {"in_memory": True})
    return data.getvalue()


def _write(target: str | io.BytesIO, sheets: Mapping[str, Sheet], options: Mapping[str, object]) -> None:
    import datetime

    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(target, {**_PLAIN, **options})
    book.set_properties({"created": datetime.datetime(1980, 1, 1)})
    for title, sheet in sheets.items():
        _fill(book.add_worksheet(title), sheet, _Styles(book, wraps=sheet.wraps))
    try:
        book.close()
    except FileCreateError as error:  # hides what the disk said
        raise error.args[0] from error


class _Styles:
    """The styles of a sheet's text; none below the header where it is plain."""

    def __init__(self, book: Workbook, *, wraps: bool) -> None:
        common = {"valign": "top", "quote_prefix": True} if wraps else {}
        wrapped = {"text_wrap": wraps}
        self._header = book.add_format({"bold": True, **common})
        self._long_header = book.add_format({"bold": True, **common, **wrapped})
        self._text = book.add_format(common) if wraps else None
        self._long_text = book.add_format({**common, **wrapped}) if wraps else None

    def header(self, text: str) -> Format:
        """The style of a text of the first row."""
        return self._long_header if len(text) > _LONG else self._header

    def text(self, text: str) -> Format | None:
        """The style of a text of another row."""
        return self._long_text if len(text) > _LONG else self._text


def _fill(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    page.freeze_panes(1, 0)
    for x, width in enumerate(sheet.widths):
        page.set_column(x, x, width)
    for y, row in enumerate(sheet.rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                if text := _safe(value):
                    page.write_string(y, x, text, styles.text(text) if y else styles.header(text))
            elif isinstance(value, bool):
                page.write_boolean(y, x, value)
            elif value is not None:
                page.write_number(y, x, value)


def _safe(text: str) -> str:
    return (text if text.isprintable() else _NO_TEXT.sub("?", seen(text)))[:_CELL_LIMIT]
