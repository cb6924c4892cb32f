"""Outside text made safe to read, to show and to paste: numbers, cells, lines."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_MOST = 1e15


def number(text: str) -> float | None:
    """A number as callers write it; ``None`` when missing, negative or beyond any count of reads.

    >>> number("1e-3"), number("."), number("-2147483648"), number("1e300")
    (0.001, None, None, None)
    """
    try:
        value = float(text) if text.isascii() and "_" not in text else -1.0
    except ValueError:
        return None
    return value if 0 <= value <= _MOST else None


def whole(text: str) -> int | None:
    """A plain count or position; ``None`` for anything else (int() would take "1_0" and "²").

    >>> whole("42"), whole("1_0"), whole("-3"), whole("9" * 50)
    (42, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def in_per_cent(fraction: float) -> str:
    """A fraction (0..1) as per cent, with as many digits as it has.

    >>> in_per_cent(0.05), in_per_cent(0.004), in_per_cent(0.025)
    ('5%', '0.4%', '2.5%')
    """
    return f"{fraction * 100:.4g}%"


# C0 and C1 controls (also as stray bytes), separators of lines, and marks that turn the writing direction.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udc9f]+")
_FORMULA = re.compile(r"[=@]|[+-](?!\Z)(?!\d*\.?\d+(e[+-]?\d+)?\Z)")


def cell(value: object) -> str:
    """A value as a table's cell: no tabs, line ends or control characters, and no formula; empty for ``None``.

    >>> cell("=1+1"), cell("-3.5"), cell("-"), cell("a\\tb")
    ("'=1+1", '-3.5', '-', 'a b')
    """
    shown = seen(value)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def seen(value: object) -> str:
    """A value as one line without control characters; empty for ``None``."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return text if text.isprintable() else _UNSEEN.sub(" ", text)


def escape(value: object) -> str:
    """A value inside a figure: no markup, no control characters."""
    return html.escape(seen(value))


def tsv(header: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Tab-separated text."""
    return "\n".join("\t".join(line) for line in [header, *body]) + "\n"


def encode(text: str) -> bytes:
    """UTF-8; bytes of the input that were no UTF-8 come out as they went in."""
    return text.encode("utf-8", "surrogateescape")
