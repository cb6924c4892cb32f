"""Sequenza: segments.txt."""

from __future__ import annotations

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value


class Sequenza(SegmentFormat):
    """Copies in ``CNt``, of the rarer allele in ``B``."""

    name = "sequenza"
    tool = "Sequenza (_segments.txt)"
    source = "https://cran.r-project.org/web/packages/sequenza/vignettes/sequenza.html"
    headers = (frozenset({"chromosome", "start.pos", "end.pos", "depth.ratio", "cnt", "a", "b"}),)

    def segment(self, row: Row) -> Segment | None:
        """``A`` and ``B`` are NA where the allele frequencies did not tell."""
        start, end = self.place(row)
        return Segment(
            start=start,
            end=end,
            total=value(row, "cnt"),
            minor=value(row, "b"),
            figures=figures(row, "bf", "depth.ratio"),
        )
