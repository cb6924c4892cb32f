"""FACETS: the table of ``fit$cncf``, also as facets-suite writes it."""

from __future__ import annotations

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value


class Facets(SegmentFormat):
    """Total and lesser copies of the expectation-maximisation fit (``tcn.em``, ``lcn.em``), else of the first fit."""

    name = "facets"
    tool = "FACETS (cncf)"
    source = "https://github.com/mskcc/facets/blob/master/vignettes/FACETS.Rmd"
    headers = (
        frozenset({"chrom", "seg", "num.mark", "cnlr.median", "tcn.em", "lcn.em"}),
        frozenset({"chrom", "seg", "num.mark", "cnlr.median", "tcn", "lcn"}),
    )

    def segment(self, row: Row) -> Segment | None:
        """``lcn.em`` is NA where too few heterozygous sites tell."""
        start, end = self.place(row)
        return Segment(
            sample=self.name_of(row),
            start=start,
            end=end,
            total=value(row, "tcn.em", "tcn"),
            minor=value(row, "lcn.em", "lcn"),
            log2=value(row, "cnlr.median"),
            figures=figures(row, "cnlr.median", "cf.em"),
        )
