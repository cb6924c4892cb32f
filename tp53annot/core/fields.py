"""What a field of a report may hold, and what it is called in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

Scalar = str | int | float | bool | None
Json = Scalar | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The least and the greatest number that a field may hold, both allowed; ``None``: no limit."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """The fewest and the most items of a list; ``None``: no limit."""

    fewest: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The values that a field may hold."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that a text must match somewhere."""

    text: str


Count = Annotated[int, Limits(least=0, most=10**15)]
Position = Annotated[int, Limits(least=1, most=10**15)]  # 1-based
Fraction = Annotated[float, Limits(least=0, most=1)]
Points = Annotated[int, Limits(least=-1000, most=1000)]


def in_json(name: str | None) -> Mapping[str, str | None]:
    """Metadata of a field: its name in JSON, where it has another; ``None``: it is not in the JSON."""
    return {"json": name}


def since(version: str) -> Mapping[str, str]:
    """Metadata of a field that a later form of the report brought: reports of older forms lack it."""
    return {"since": version}
