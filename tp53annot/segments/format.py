"""What a format of copy-number tables is, and how its cells are read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from tp53annot.core.segment import Segment

Row = Mapping[str, str]
_MISSING = ("", ".", "na", "nan", "none", "null", "-", "inf", "-inf")


class SegmentFormat:
    """A table's columns and what they mean. Subclasses state theirs.

    Attributes:
        name: short name, the registry's key.
        tool: who writes it, in words.
        source: where its layout is documented.
        headers: groups of columns (lower case); a table with all of one group is in this format.
        complete: whether it lists unaltered segments, too.
        chrom, start, end: columns of the place, the first that is there counts.
        sample: columns with the sample's name.
        shift: what to add to a start for a 1-based one.
    """

    name: ClassVar[str]
    tool: ClassVar[str]
    source: ClassVar[str]
    headers: ClassVar[tuple[frozenset[str], ...]] = ()
    complete: ClassVar[bool] = True
    chrom: ClassVar[tuple[str, ...]] = ("chrom", "chromosome", "chr", "contig")
    start: ClassVar[tuple[str, ...]] = ("start", "loc.start", "startpos", "start.pos")
    end: ClassVar[tuple[str, ...]] = ("end", "loc.end", "endpos", "end.pos")
    sample: ClassVar[tuple[str, ...]] = ("sample", "id")
    shift: ClassVar[int] = 0

    @property
    def title(self) -> str:
        """The tool without its files."""
        return self.tool.partition(" (")[0]

    def fit(self, header: frozenset[str]) -> int:
        """How many of its columns a header has: all of one group, or 0."""
        return max((len(group) for group in self.headers if group <= header), default=0)

    def columns(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        """Names for the columns of a table without header, by the shape of its first row; ``None``: not this format."""
        return None

    def refusal(self, header: frozenset[str], file: str) -> str | None:
        """Why a table that looks like this format is none that can be used; ``None``: it can."""
        return None

    def lists_unaltered(self, file: str) -> bool:
        """Whether a table of this file name lists what is unaltered, too."""
        return self.complete

    def segment(self, row: Row) -> Segment | None:
        """A row as a segment; ``None`` for one that states nothing.

        Raises:
            ValueError: the place is no place.
        """
        raise NotImplementedError

    def segments(self, rows: Sequence[Row]) -> list[Segment]:
        """The rows of chromosome 17, in the order of the table.

        Raises:
            ValueError: as :meth:`segment`.
        """
        return [found for row in rows if (found := self.segment(row)) is not None]

    def place(self, row: Row) -> tuple[int, int]:
        """First and last base of a row, 1-based inclusive.

        Raises:
            ValueError: they are no positions.
        """
        start, end = (_position(first(row, names)) for names in (self.start, self.end))
        if start is None or end is None or end < start:
            raise ValueError(
                f"start {first(row, self.start)!r} and end {first(row, self.end)!r} are no place"
            )
        return start + self.shift, end

    def name_of(self, row: Row) -> str | None:
        """The sample a row is of."""
        return first(row, self.sample) or None


def first(row: Row, names: Sequence[str]) -> str:
    """What the first of the columns that are there holds."""
    return next((row[name] for name in names if name in row), "")


def value(row: Row, *names: str) -> float | None:
    """A number, signed or not, of the first of the columns that are there; ``None`` when missing.

    >>> value({"log2": "-0.61"}, "log2"), value({"log2": "NA"}, "log2")
    (-0.61, None)

    Raises:
        ValueError: something else stands there.
    """
    text = first(row, names).strip()
    found = signed_number(text)
    if found is None and text.lower() not in _MISSING:
        column = next(name for name in names if name in row)
        raise ValueError(f"{column} {text[:40]!r} is no number")
    return found


def signed_number(text: str) -> float | None:
    """A finite number in plain digits, or ``None`` (float() would take "1_0" and "１")."""
    try:
        found = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def figures(row: Row, *names: str) -> dict[str, str]:
    """Cells as they stand, of those columns that state something; long numbers are cut to four digits."""
    shown = {}
    for name in names:
        text = row.get(name, "").strip()
        if text.lower() not in _MISSING:
            found = signed_number(text)
            shown[name] = text if found is None or len(text) < 8 else f"{found:.4g}"
    return shown


def _position(text: str) -> int | None:
    number = signed_number(text)
    return int(number) if number is not None and number.is_integer() and 0 <= number < 1e10 else None
