"""What a format of a report is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report

Words = Mapping[str, Any]  # texts/<language>.toml
Render = Callable[["Report", Words], bytes]


class ReportFormat(Struct, frozen=True, kw_only=True):
    """One format of a report, declared as ``FORMAT`` by its module in ``formats/``.

    ``name``: as ``--format`` takes it. ``ending``: of its file, behind ``<sample>.tp53.``. ``rank``: its
    place in lists, the first is 0. ``text``: whether it is lines of text. ``default``: whether ``run``
    writes it unasked. ``render``: its bytes from a report and the texts of one language; ``None`` where a
    report alone is not enough.
    """

    name: str
    ending: str
    description: str
    rank: int
    text: bool
    default: bool = False
    render: Render | None
