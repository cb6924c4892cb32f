"""The annotated VCF: the input's own records with INFO fields, so that only ``run`` can write it."""

from __future__ import annotations

from tp53annot.report.format import ReportFormat

FORMAT = ReportFormat(
    name="vcf",
    ending="vcf.gz",
    description="annotated records, with .tbi",
    rank=3,
    text=False,
    default=True,
    render=None,
)
