"""SEG: log2 ratios by sample, with a header (IGV, GDC, CBS) or without (GISTIC)."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, signed_number, value

_GISTIC = ("id", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean")
_PLAIN = frozenset({"sample", "chromosome", "start", "end", "segment_mean"})
_FRACTIONS = ".af.igv.seg"


class Seg(SegmentFormat):
    """A row a segment of a sample; ``seg.mean`` is a log2 ratio. GDC's allele-specific tables state copies."""

    name = "seg"
    tool = "SEG (CBS, IGV, GISTIC, GDC)"
    source = "https://software.broadinstitute.org/software/igv/SEG, https://docs.gdc.cancer.gov/Data/Bioinformatics_Pipelines/CNV_Pipeline/"
    headers = (
        frozenset(_GISTIC),
        frozenset({"chrom", "loc.start", "loc.end", "seg.mean"}),
        _PLAIN,
        _PLAIN | {"num_probes"},
        frozenset({"gdc_aliquot", "chromosome", "start", "end", "segment_mean"}),
        frozenset({"gdc_aliquot", "chromosome", "start", "end", "copy_number", "minor_copy_number"}),
    )
    sample = ("id", "sample", "gdc_aliquot")

    def fit(self, header: frozenset[str]) -> int:
        """``Segment_Mean`` of other programs is a ratio: beside a column that SEG does not have it is none of ours."""
        ours = header & {"num_probes", "gdc_aliquot"} or header <= _PLAIN
        return super().fit(header) if ours or "segment_mean" not in header else 0

    def columns(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        """GISTIC's six columns: name, chromosome, two positions, markers, log2."""
        if len(cells) != len(_GISTIC):
            return None
        row = dict(zip(_GISTIC, cells, strict=True))
        start, end, markers = (signed_number(row[name]) for name in ("loc.start", "loc.end", "num.mark"))
        if start is None or end is None or markers is None or signed_number(row["seg.mean"]) is None:
            return None
        return _GISTIC if end >= start else None

    def refusal(self, header: frozenset[str], file: str) -> str | None:
        """GATK writes fractions of the rarer allele in the same columns."""
        if file.lower().endswith(_FRACTIONS):
            return "the table holds allele fractions, not ratios; give .modelFinal.seg or .cr.igv.seg"
        return None

    def segment(self, row: Row) -> Segment | None:
        """By ``seg.mean``, or by copies where they are stated."""
        start, end = self.place(row)
        return Segment(
            sample=self.name_of(row),
            start=start,
            end=end,
            total=value(row, "copy_number"),
            minor=value(row, "minor_copy_number"),
            log2=value(row, "seg.mean", "segment_mean"),
            figures=figures(row, "seg.mean", "segment_mean", "call"),
        )
