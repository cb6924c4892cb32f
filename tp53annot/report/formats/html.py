"""The self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import encode
from tp53annot.report.format import Format, Words


def _render(document: Mapping[str, Any], words: Words) -> bytes:
    from tp53annot.report.page import render_page

    return encode(render_page(document, words))


FORMAT = Format(
    name="html",
    ending="html",
    description="self-contained page: no network, no JavaScript",
    rank=2,
    text=True,
    default=True,
    render=_render,
)
