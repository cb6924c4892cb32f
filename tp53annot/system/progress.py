"""How long work tells its user where it stands."""

from __future__ import annotations

from typing import Protocol


class Say(Protocol):
    """Takes a line and its level: 0 is always shown, 1 on request.

    ``fields`` of progress are ``done``, ``total`` and ``failed``, in jobs or files.
    """

    def __call__(self, line: str, level: int = 0, **fields: int) -> None:
        """Say the line."""


def silent(line: str, level: int = 0, **fields: int) -> None:
    """Says nothing."""
