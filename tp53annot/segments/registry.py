"""The formats there are, and the one a table is in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from tp53annot.segments import formats
from tp53annot.segments.format import SegmentFormat


def _all() -> tuple[SegmentFormat, ...]:
    """One of each format, by name."""
    for module in pkgutil.iter_modules(formats.__path__, f"{formats.__name__}."):
        importlib.import_module(module.name)
    return tuple(sorted((kind() for kind in SegmentFormat.__subclasses__()), key=lambda f: f.name))


SEGMENT_FORMATS = _all()


def format_by_header(header: Sequence[str]) -> SegmentFormat | None:
    """The format whose columns (lower case) a header has; of several the one with most of them."""
    names = frozenset(header)
    best = max(SEGMENT_FORMATS, key=lambda f: f.fit(names))
    return best if best.fit(names) else None


def format_by_shape(cells: Sequence[str]) -> tuple[SegmentFormat, tuple[str, ...]] | None:
    """The format without header that a first row fits, and names for its columns."""
    found = ((f, f.columns(cells)) for f in SEGMENT_FORMATS)
    return next(((f, columns) for f, columns in found if columns), None)
