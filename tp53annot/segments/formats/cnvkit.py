"""CNVkit: .cns and .call.cns."""

from __future__ import annotations

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value


class Cnvkit(SegmentFormat):
    """Segments in BED coordinates with log2, after ``call`` with copies, too."""

    name = "cnvkit"
    tool = "CNVkit (.cns, .call.cns)"
    source = "https://cnvkit.readthedocs.io/en/stable/fileformats.html"
    headers = (
        frozenset({"chromosome", "start", "end", "gene", "log2"}),
        frozenset({"chromosome", "start", "end", "gene", "log2", "probes"}),
    )
    shift = 1

    def refusal(self, header: frozenset[str], file: str) -> str | None:
        """Bins (.cnr, .cnn) are no segments."""
        bins = not header & {"probes", "cn"}
        return "the table holds bins, not segments; give .cns or .call.cns" if bins else None

    def segment(self, row: Row) -> Segment | None:
        """By ``cn`` where it is there, else by ``log2`` and ``baf``."""
        start, end = self.place(row)
        one, other, baf = (value(row, name) for name in ("cn1", "cn2", "baf"))
        return Segment(
            start=start,
            end=end,
            total=value(row, "cn"),
            minor=None if one is None or other is None else min(one, other),
            log2=value(row, "log2"),
            minor_fraction=None if baf is None else min(baf, 1 - baf),
            figures=figures(row, "log2", "baf"),
        )
