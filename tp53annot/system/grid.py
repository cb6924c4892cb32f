"""Cells of a table before anything is known of its columns: text, and what kind of value stood there."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

MOST_BYTES = 32 << 20  # of a table, unpacked
# A spreadsheet's failed formulas, in English and German.
BROKEN = (
    "#N/A",
    "#NV",
    "#REF!",
    "#BEZUG!",
    "#VALUE!",
    "#WERT!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#ZAHL!",
)
UNWORKED = "a formula without a value"  # in place of one that no spreadsheet has worked out
ZIPPED = b"PK\x03\x04"  # the first bytes of .xlsx and .ods
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # those of .xls, and of workbooks with a password


class CellKind(StrEnum):
    """What a cell holds. A text file holds texts only; a spreadsheet says of each cell what it is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    BROKEN = "broken"


class SheetCell(Struct, frozen=True, kw_only=True):
    """One cell.

    Attributes:
        text: as it would stand in a text file, without white space around it; dates are ISO 8601.
        kind: what the spreadsheet says of it.
    """

    text: str
    kind: CellKind = CellKind.TEXT


_EDGES = " \t\r\n\v\f\xa0\u200b\u2060\ufeff"  # white space, also what is not seen


def bare(text: str) -> str:
    """A cell's text without the white space around it, seen or unseen."""
    return text.strip().strip(_EDGES)


EMPTY = SheetCell(text="")
SheetRow = tuple[int, tuple[SheetCell, ...]]


class Grid(Struct, frozen=True, kw_only=True):
    """One tab of a spreadsheet, or a text file read with one separator.

    Attributes:
        rows: those that are not empty, with the line each begins in (from 1).
        tab: its name; ``None`` for a text file.
        separator: of a text file.
        encoding: of a text file, where it is not UTF-8.
    """

    rows: tuple[SheetRow, ...]
    tab: str | None = None
    separator: str | None = None
    encoding: str | None = None


def number_text(value: float, *, percent: bool = False) -> str:
    """A number as a person would type it; ``percent``: as the cell shows it, with its sign.

    >>> number_text(34.0), number_text(0.88, percent=True), number_text(0.075, percent=True), number_text(7.5)
    ('34', '88%', '7.5%', '7.5')
    """
    from decimal import Decimal

    exact = Decimal(repr(value)) * (100 if percent else 1)
    whole = exact == exact.to_integral_value() and abs(exact) < Decimal(10) ** 15
    shown = str(int(exact)) if whole else str(exact.normalize())
    return f"{shown}%" if percent else shown


def date_text(text: str) -> SheetCell:
    """A date as ISO 8601, which may have a time behind it: midnight is none."""
    day, _, time = text.partition("T")
    return SheetCell(text=day if time.strip("0:.") == "" else text, kind=CellKind.DATE)
