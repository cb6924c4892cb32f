"""ASCAT: segments of R's ASCAT, and ascatNgs' table without header."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, signed_number, value

_CAVEMAN = (
    "number",
    "chr",
    "startpos",
    "endpos",
    "normal.total",
    "normal.minor",
    "tumour.total",
    "tumour.minor",
)


class Ascat(SegmentFormat):
    """Copies of the commoner and the rarer allele."""

    name = "ascat"
    tool = "ASCAT (segments.txt), ascatNgs (copynumber.caveman.csv)"
    source = "https://github.com/VanLoo-lab/ascat, https://github.com/cancerit/ascatNgs/wiki"
    headers = (
        frozenset({"chr", "startpos", "endpos", "nmajor", "nminor"}),
        frozenset({"sample", "chr", "startpos", "endpos", "nmajor", "nminor"}),
    )

    def columns(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        """ascatNgs: number of the segment, place, copies in normal and tumour."""
        if len(cells) != len(_CAVEMAN):
            return None
        row = dict(zip(_CAVEMAN, cells, strict=True))
        numbers = [signed_number(row[name]) for name in _CAVEMAN if name != "chr"]
        return _CAVEMAN if all(n is not None and n >= 0 and n.is_integer() for n in numbers) else None

    def lists_unaltered(self, file: str) -> bool:
        """nf-core's ``cnvs.txt`` leaves out what is unaltered."""
        return not file.lower().endswith("cnvs.txt")

    def segment(self, row: Row) -> Segment | None:
        """``nMajor`` and ``nMinor``, or the tumour's total and minor."""
        start, end = self.place(row)
        major, minor = value(row, "nmajor"), value(row, "nminor", "tumour.minor")
        total = value(row, "tumour.total")
        if major is not None:
            total = None if minor is None else major + minor  # one allele's copies alone are no total
        return Segment(sample=self.name_of(row), start=start, end=end, total=total, minor=minor)
