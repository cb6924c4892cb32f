"""Templates of the pages."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from tp53annot.core.text import seen

if TYPE_CHECKING:
    from jinja2 import Environment


@functools.cache
def environment() -> Environment:
    """Templates, escaping everything that is not marked safe."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: seen(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def style() -> str:
    """The style sheet of every page."""
    return (Path(__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
