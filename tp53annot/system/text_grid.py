"""Text tables as grids: encodings and separators as laboratories' programs write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.system.grid import Grid, SheetCell, SheetRow, bare

SEPARATORS = ("\t", ";", ",", "|")
_LOOKED_AT = 400  # bytes
_SAVE = "save it as UTF-8 (in Excel: 'CSV UTF-8') or as .xlsx"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STATED = re.compile(r"\s*\"?sep=(.|\\t)\"?\s*\Z", re.IGNORECASE)
# Letters of other code pages (Macintosh, DOS) that cp1252 would turn into these, or into quotes within a word.
_STRANGE = re.compile(r"[ŠšŽžŸŒœƒˆ˜†‡•‰‹›™]|(?<=\w)[„”“‘…](?=\w)")


def decoded(data: bytes, path: Path) -> tuple[str, str | None]:
    """The text, and its encoding where that is not UTF-8.

    Raises:
        InputError: it is neither UTF-8, UTF-16 nor Windows text, or it is another code page's.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, name, path), None if name == "utf-8-sig" else name.upper()
    unmarked = _unmarked(data[:_LOOKED_AT])
    if unmarked is not None:
        return _decode(data, unmarked, path), unmarked.upper()
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        text = _decode(data, "cp1252", path)
    strange = _STRANGE.search(text)
    if strange is not None:
        cause = f"its letters are of an unknown code page ({strange[0]!r} stands where a letter belongs)"
        raise InputError(cause, path=str(path), place=_line(text, strange.start()), fix=_SAVE)
    return text, "cp1252"


def _unmarked(start: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of most letters is a zero."""
    for name, zeros, others in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        if zeros.count(0) * 2 > len(zeros) and 0 not in others:
            return name
    return None


def _decode(data: bytes, name: str, path: Path) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise InputError("not a text table", path=str(path), fix=_SAVE) from error


def _line(text: str, offset: int) -> str:
    return f"line {text.count(chr(10), 0, offset) + 1}"


def text_grids(data: bytes, path: Path) -> tuple[Grid, ...]:
    """A text file, read with each separator that it may have; with the one alone that its first line states (``sep=;``).

    Raises:
        InputError: no text, or no table with any separator.
    """
    text, encoding = decoded(data, path)
    first, _, rest = text.partition("\n")
    stated = _STATED.match(first)
    if stated is not None:
        chosen: Sequence[str] = (stated[1].replace("\\t", "\t"),)
        text = f"\n{rest}"  # the lines keep their numbers
    else:
        chosen = [sign for sign in SEPARATORS if sign in text] or [SEPARATORS[0]]
    grids, faults = [], []
    for separator in chosen:
        try:
            rows = tuple(separated(text, separator, path))
        except InputError as error:
            faults.append(error)
        else:
            grids.append(Grid(rows=rows, separator=separator, encoding=encoding))
    if not grids:
        raise faults[0]
    return tuple(grids)


def separated(text: str, separator: str, path: Path) -> Iterator[SheetRow]:
    """The rows of a text that are not empty.

    Raises:
        InputError: quotation marks that do not fit.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, tuple(SheetCell(text=bare(cell)) for cell in cells)
            number = reader.line_num + 1
    except csv.Error as error:
        cause, fix = f"no table ({error})", "check the quotation marks"
        raise InputError(cause, path=str(path), place=f"line {number}", fix=fix) from error
