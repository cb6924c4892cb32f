"""DRAGEN: .seg and .seg.called.merged, whose means are ratios and no logarithms."""

from __future__ import annotations

import math

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, value

_PLACE = {"sample", "chromosome", "start", "end", "num_targets", "segment_mean"}


class Dragen(SegmentFormat):
    """Linear ratios by sample; called segments have a filter and copies."""

    name = "dragen"
    tool = "DRAGEN (.seg, .seg.called, .seg.called.merged)"
    source = "https://help.dragen.illumina.com (CNV output); a file of ErasmusMC-Bioinformatics/spyCNV"
    headers = (frozenset(_PLACE), frozenset({*_PLACE, "segment_call", "filter", "copy_number"}))

    def segment(self, row: Row) -> Segment | None:
        """By ``Copy_Number`` where it is there, else by the logarithm of the ratio."""
        start, end = self.place(row)
        mean = value(row, "segment_mean")
        return Segment(
            sample=self.name_of(row),
            start=start,
            end=end,
            total=value(row, "copy_number"),
            minor=value(row, "minor_copy_number"),
            log2=math.log2(mean) if mean else None,
            figures=figures(row, "segment_mean", "segment_call", "filter"),
            failed=row.get("filter", "PASS") not in ("PASS", ".", ""),
        )
