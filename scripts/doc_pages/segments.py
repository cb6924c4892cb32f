"""The table of copy-number formats in docs/copies.md, from the registry of formats."""

from __future__ import annotations

from doc_pages.markdown import table
from tp53annot.segments.registry import SEGMENT_FORMATS


def segment_formats() -> str:
    rows = [
        (f.tool, (type(f).__doc__ or "").strip(), f.source)
        for f in sorted(SEGMENT_FORMATS, key=lambda f: f.tool)
    ]
    return table(("format", "what is read", "layout as documented in"), rows)
