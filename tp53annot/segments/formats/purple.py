"""PURPLE: copies by gene and by segment."""

from __future__ import annotations

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value

_GENE = "TP53"


class Purple(SegmentFormat):
    """``.purple.cnv.gene.tsv`` (its row of TP53) and ``.purple.cnv.somatic.tsv``; copies are broken numbers."""

    name = "purple"
    tool = "PURPLE (.purple.cnv.gene.tsv, .purple.cnv.somatic.tsv)"
    source = "https://github.com/hartwigmedical/hmftools/tree/master/purple"
    headers = (
        frozenset({"chromosome", "start", "end", "gene", "mincopynumber"}),
        frozenset({"chromosome", "start", "end", "copynumber", "minorallelecopynumber"}),
    )

    def segment(self, row: Row) -> Segment | None:
        """By gene the least copies stand for the part that has them (``minRegionStart`` to ``minRegionEnd``)."""
        start, end = self.place(row)
        if "gene" not in row:
            total, minor = value(row, "copynumber"), value(row, "minorallelecopynumber")
            shown = figures(row, "copynumber", "minorallelecopynumber", "baf")
            return Segment(start=start, end=end, total=total, minor=minor, figures=shown)
        if row["gene"].upper() != _GENE:
            return None
        least, most = value(row, "mincopynumber"), value(row, "maxcopynumber")
        low, high = value(row, "minregionstart"), value(row, "minregionend")
        partly = least is not None and most is not None and int(least + 0.5) != int(most + 0.5)
        if partly and low is not None and high is not None:
            start, end = max(start, int(low)), min(end, int(high))
        return Segment(
            start=start,
            end=max(start, end),
            total=least,
            minor=value(row, "minminorallelecopynumber", "minminoralleleploidy"),
            figures=figures(row, "mincopynumber", "maxcopynumber", "minminorallelecopynumber"),
        )
