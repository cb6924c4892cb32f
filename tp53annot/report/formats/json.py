"""The report itself, the one source of every other format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.text import encode
from tp53annot.report.format import ReportFormat, Words

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report


def _render(report: Report, _: Words) -> bytes:
    """The JSON; a report read from an older form is written in the present one."""
    from tp53annot.report.document import report_text

    return encode(report_text(report))


FORMAT = ReportFormat(
    name="json",
    ending="json",
    description="the report; every other format is made from it",
    rank=0,
    text=True,
    default=True,
    render=_render,
)
