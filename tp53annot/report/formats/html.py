"""The self-contained HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.text import encode
from tp53annot.report.format import ReportFormat, Words

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report


def _render(report: Report, words: Words) -> bytes:
    from tp53annot.report.page import render_page

    return encode(render_page(report, words))


FORMAT = ReportFormat(
    name="html",
    ending="html",
    description="self-contained page: no network, no JavaScript",
    rank=2,
    text=True,
    default=True,
    render=_render,
)
