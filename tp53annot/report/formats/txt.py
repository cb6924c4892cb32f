"""Plain text to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.text import encode
from tp53annot.report.format import ReportFormat, Words

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report


def _render(report: Report, words: Words) -> bytes:
    from tp53annot.report.pasted_text import pasted_text

    return encode(pasted_text(report, words))


FORMAT = ReportFormat(
    name="txt",
    ending="txt",
    description="plain text for a letter",
    rank=8,
    text=True,
    render=_render,
)
