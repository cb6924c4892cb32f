"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(value: object) -> str:
    """A table cell: one line, no bar."""
    return " ".join(str("" if value is None else value).split()).replace("|", "\\|")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, without trailing line end."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def code(value: object) -> str:
    """Verbatim text in a line."""
    return f"`{value}`"


def prose(value: object) -> str:
    """Text from a table or rule, safe from being read as markup."""
    text = " ".join(str(value).split())
    for mark in ("\\", "`", "*", "_", "[", "]", "<", "{", "|"):
        text = text.replace(mark, f"\\{mark}" if mark != "<" else "&lt;")
    return text
