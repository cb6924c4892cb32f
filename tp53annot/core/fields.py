"""What a field of a report may hold, and what it is called in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Struct

Scalar = str | int | float | bool | None
Json = Scalar | Sequence["Json"] | Mapping[str, "Json"]


class Limits(Struct, frozen=True, kw_only=True):
    """The least and the greatest number that a field may hold, both allowed; ``None``: no limit."""

    least: float | None = None
    most: float | None = None


class Lengths(Struct, frozen=True, kw_only=True):
    """The fewest and the most items of a list; ``None``: no limit."""

    fewest: int | None = None
    most: int | None = None


class OneOf(Struct, frozen=True):
    """The values that a field may hold."""

    values: tuple[str, ...]


class Pattern(Struct, frozen=True):
    """A regular expression that a text must match somewhere."""

    text: str


Count = Annotated[int, Limits(least=0, most=10**15)]
Position = Annotated[int, Limits(least=1, most=10**15)]  # 1-based
Fraction = Annotated[float, Limits(least=0, most=1)]
Points = Annotated[int, Limits(least=-1000, most=1000)]


class Since(Struct, frozen=True):
    """A field that a later form of the report brought: reports of older forms lack it."""

    version: str


class NotShown(Struct, frozen=True):
    """A field that is not in the JSON."""


NOT_SHOWN = NotShown()
