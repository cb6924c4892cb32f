"""GATK: segments of ModelSegments and CallCopyRatioSegments."""

from __future__ import annotations

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value

_LOG2 = ("log2_copy_ratio_posterior_50", "mean_log2_copy_ratio")
_FRACTION = "minor_allele_fraction_posterior_90"


class GatkSegments(SegmentFormat):
    """Log2 ratios, of ``.modelFinal.seg`` with the fraction of the rarer allele; ``@RG SM`` names the sample."""

    name = "gatk"
    tool = "GATK ModelSegments (.modelFinal.seg, .cr.seg, .called.seg)"
    source = "https://gatk.broadinstitute.org/hc/en-us/articles/360036801931-ModelSegments"
    headers = (
        frozenset({"contig", "start", "end", "mean_log2_copy_ratio"}),
        frozenset({"contig", "start", "end", "log2_copy_ratio_posterior_50", _FRACTION}),
    )

    def segment(self, row: Row) -> Segment | None:
        """By the mean or median log2 ratio; the fraction is the upper end of its interval, none without sites."""
        start, end = self.place(row)
        sites = value(row, "num_points_allele_fraction")
        return Segment(
            start=start,
            end=end,
            log2=value(row, *_LOG2),
            minor_fraction=value(row, _FRACTION) if sites else None,
            figures=figures(row, *_LOG2, "minor_allele_fraction_posterior_50", _FRACTION, "call"),
        )
