"""A copy-number table read: its format recognised, its rows on chromosome 17."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.core.segment import Segment, SegmentTable
from tp53annot.errors import InputError
from tp53annot.segments.format import Row, SegmentFormat, first
from tp53annot.segments.registry import SEGMENT_FORMATS, format_by_header, format_by_shape
from tp53annot.system.files import read_limited, within

_MOST_BYTES = 512 << 20  # windows of a whole genome
_SAMPLE = re.compile(r"@RG\t(?:.*\t)?SM:([^\t]+)")
_CONTIG = re.compile(r"@SQ\t(?:.*\t)?SN:([^\t]+)\t(?:.*\t)?LN:(\d+)")
_MOST_COPIES = 10_000  # far beyond what amplification gives
_MOST_LOG2 = 100.0  # callers write -20 to -40 for no reads at all
_CHROMOSOME = "17"


class _Text(Struct, frozen=True, kw_only=True):
    """A table's lines, comments apart, with the number of each."""

    rows: tuple[tuple[int, list[str]], ...]
    head: tuple[str, ...]


def read_segments(path: Path, reference: Reference) -> SegmentTable:
    """A copy-number table.

    Raises:
        InputError: unreadable, empty, in no format that is known, or a row on chromosome 17 without a place.
    """
    text = _read(path)
    if not text.rows:
        raise InputError("there is no table in it", path=str(path), fix="give the caller's table of segments")
    known, columns, rows = _recognised(path, text)
    _check_cells(path, columns, rows)
    refusal = known.refusal(frozenset(columns), path.name)
    if refusal:
        raise InputError(refusal, path=str(path), fix="--cnv takes segments")
    table = [(n, dict(zip(columns, cells, strict=False))) for n, cells in rows]
    names = [name for line in text.head if (m := _SAMPLE.match(line)) and (name := m[1])]
    names += [name for _, row in table if (name := known.name_of(row))]
    here = [(n, row) for n, row in table if _is_chromosome(first(row, known.chrom), reference)]
    return SegmentTable(
        file=path.name,
        format=known.title,
        samples=tuple(dict.fromkeys(names)),
        segments=tuple(_segments(path, known, here)),
        complete=known.lists_unaltered(path.name),
        build=_build(text.head, reference),
    )


def _segments(path: Path, known: SegmentFormat, rows: Sequence[tuple[int, Row]]) -> Iterator[Segment]:
    try:
        found = known.segments([row for _, row in rows])
        for segment in found:
            _check_copies(segment)
        yield from found
    except ValueError as error:
        place = next((n for n, row in rows if not _has_place(known, row)), rows[0][0])
        raise InputError(str(error), path=str(path), place=f"line {place}", fix="check the table") from error


def _has_place(known: SegmentFormat, row: Row) -> bool:
    try:
        for segment in known.segments([row]):
            _check_copies(segment)
    except ValueError:
        return False
    return True


def _check_copies(segment: Segment) -> None:
    """Refuse what no genome holds, or what contradicts itself: the cells are then of other columns.

    Raises:
        ValueError: with the numbers.
    """
    total, minor, log2 = segment.total, segment.minor, segment.log2
    if total is not None and not -1 < total <= _MOST_COPIES:
        raise ValueError(f"{total:.6g} is no number of copies")
    if minor is not None and (minor <= -1 or (total is not None and minor > max(total, 0) + 1)):
        raise ValueError(
            f"{minor:.6g} copies of the rarer allele of {total if total is None else f'{total:.6g}'}"
        )
    if log2 is not None and abs(log2) > _MOST_LOG2:
        raise ValueError(f"{log2:.6g} is no log2 ratio")


def _recognised(
    path: Path, text: _Text
) -> tuple[SegmentFormat, tuple[str, ...], Sequence[tuple[int, list[str]]]]:
    number, cells = text.rows[0]
    header = tuple(cell.lower() for cell in cells)
    known = format_by_header(header)
    if known is not None:
        return known, header, text.rows[1:]
    shaped = format_by_shape(cells)
    if shaped is not None:
        return *shaped, text.rows
    shown = ", ".join(cells[:8])
    raise InputError(
        f"no copy-number table that is known: its first line is {shown}",
        path=str(path),
        place=f"line {number}",
        fix=f"known are {'; '.join(f.tool for f in SEGMENT_FORMATS)}",
    )


def _check_cells(path: Path, columns: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> None:
    """Refuse a row with more or fewer cells than there are columns: none of them is surely that of its column."""
    for number, cells in rows:
        held = max((i for i, cell in enumerate(cells, 1) if cell), default=0)
        if held > len(columns) or len(cells) < len(columns):
            raise InputError(
                f"{held} cells under {len(columns)} columns",
                path=str(path),
                place=f"line {number}",
                fix="check the separators; row names of R need a column name, too, or row.names = FALSE",
            )


def _read(path: Path) -> _Text:
    data = read_limited(path, _MOST_BYTES)
    if not data:
        raise InputError(
            "the file is empty", path=str(path), fix="an empty file is no result; produce it again"
        )
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(path, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "not UTF-8 text", path=str(path), fix="give the caller's table of segments"
        ) from error
    head: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    sign: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if not rows and (
            line.startswith(("@", "##", "track ")) or (line.startswith("#") and "\t" not in line)
        ):
            head.append(line)
            continue
        sign = sign or ("\t" if "\t" in line else "," if "," in line else " ")
        rows.append((number, _cells(line.lstrip("#") if not rows else line, sign)))
    return _Text(rows=tuple(rows), head=tuple(head))


def _unpacked(path: Path, data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            return within(stream.read(_MOST_BYTES + 1), path, _MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("damaged gzip data", path=str(path), fix="copy or produce the file again") from error


def _cells(line: str, sign: str) -> list[str]:
    """The cells of a line, quotes and blanks around them removed."""
    if sign == " ":
        return [cell.strip('"') for cell in line.split()]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=sign))]


def _is_chromosome(name: str, reference: Reference) -> bool:
    plain = name.strip().lower().removeprefix("chr").removesuffix(".0")
    return plain == _CHROMOSOME or reference.is_chromosome(name)


def _build(head: Sequence[str], reference: Reference) -> Build | None:
    """The build that ``@SQ`` lines state by the length of the chromosome."""
    for line in head:
        found = _CONTIG.match(line)
        if found and _is_chromosome(found[1], reference):
            return reference.build_of_contig(found[1], int(found[2]))
    return None
