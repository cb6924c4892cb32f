"""The page as PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tp53annot.errors import UsageError
from tp53annot.report.format import ReportFormat, Words
from tp53annot.report.templating import style

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report


def _render(report: Report, words: Words) -> bytes:
    from tp53annot.report.page import render_page

    return pdf_of(render_page(report, words))


def pdf_of(page: str) -> bytes:
    """A page as PDF.

    Raises:
        UsageError: the optional library is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise UsageError(f"pdf needs the extra 'pdf': pip install 'tp53annot[pdf]' ({error})") from error
    return bytes(HTML(string=_styled_figures(page)).write_pdf(pdf_variant="pdf/ua-1"))


def _styled_figures(page: str) -> str:
    """The page with its figures' rules inside each figure: the library does not apply the page's to them."""
    sheet = style()
    colours = dict(re.findall(r"(--\w+):(#\w+)", sheet[: sheet.index("@media")]))
    rules = re.findall(
        r"(?:^|\})\s*(svg [^{}@]*\{[^{}]*)(?=\})", sheet[: sheet.index("@media (max")], re.MULTILINE
    )
    text = "}".join(rule.replace("svg ", "") for rule in rules) + "}"
    text = re.sub(
        r"paint-order:stroke;.*?(?=text-anchor)", "", text
    )  # not known to it: the halo would cover the words
    for name, colour in colours.items():
        text = text.replace(f"var({name})", colour)
    return re.sub(r"(<svg [^>]*>)", lambda m: f"{m[1]}<style>{text}</style>", page)


FORMAT = ReportFormat(
    name="pdf",
    ending="pdf",
    description="the page as PDF, where the extra 'pdf' is installed",
    rank=6,
    text=False,
    render=_render,
)
