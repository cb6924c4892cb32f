"""The report itself, the one source of every other format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import encode
from tp53annot.report.format import Format, Words


def _render(document: Mapping[str, Any], _: Words) -> bytes:
    from tp53annot.report.document import dump

    return encode(dump(document))


FORMAT = Format(
    name="json",
    ending="json",
    description="the report; every other format is made from it",
    rank=0,
    text=True,
    default=True,
    render=_render,
)
