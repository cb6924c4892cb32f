"""Header and footer of every printed page: sample, report, laboratory, date, and the number of the page."""

from __future__ import annotations

import hashlib

from tp53annot.core.text import seen
from tp53annot.report.document import report_text
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report
from tp53annot.report.wording import local_date

_DIGITS = 12
_LONGEST = 80  # characters of a name in a margin
_FONT = "font:7pt Arial,Helvetica,'Liberation Sans',sans-serif;color:#333"


def report_id(report: Report) -> str:
    """The report's own number: the first digits of the sha256 of its JSON, the same wherever it is rendered."""
    return hashlib.sha256(report_text(report).encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def page_marks(report: Report, words: Words, own_id: str) -> str:
    """Style rules that put header and footer into the margins of each page; ``own_id``: of :func:`report_id`."""
    number, pages = words["page_of"].split("{n}")
    between, behind = pages.split("{m}")
    counted = " ".join(
        (_quoted(number), "counter(page)", _quoted(between), "counter(pages)", _quoted(behind))
    )
    boxes = {
        "top-left": _quoted(f"{words['title']}: {_short(report.sample)}"),
        "top-right": _quoted(f"{words['report_id']} {own_id}"),
        "bottom-left": _quoted(_short(_bottom(report, words))),
        "bottom-right": counted,
    }
    return "@page{" + "".join(f"@{box}{{content:{text};{_FONT}}}" for box, text in boxes.items()) + "}"


def _bottom(report: Report, words: Words) -> str:
    """Laboratory and date, as far as the lab file gives them, and the program."""
    lab = report.laboratory
    told = [lab.name if lab else None, local_date(lab.date, words) if lab and lab.date else None]
    return " · ".join(part for part in (*told, f"tp53annot {report.provenance.tool_version}") if part)


def _short(name: str) -> str:
    shown = seen(name)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _quoted(text: str) -> str:
    """A text as a string of a style sheet; whatever is no plain letter or digit is written as its number."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'
