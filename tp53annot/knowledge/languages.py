"""The languages a report can be written in: those with a file of texts."""

from __future__ import annotations

import functools
from pathlib import Path

DEFAULT_LANGUAGE = "en"
_TEXTS = Path(__file__).parents[1] / "resources" / "texts"


@functools.cache
def languages() -> tuple[str, ...]:
    """Names of the bundled ``texts/*.toml``, the default first; only the folder is read.

    >>> languages()
    ('en', 'de')
    """
    found = sorted(path.stem for path in _TEXTS.glob("*.toml"))
    return (DEFAULT_LANGUAGE, *(name for name in found if name != DEFAULT_LANGUAGE))
