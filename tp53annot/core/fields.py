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


def in_json(name: str | None, *, since: str | None = None) -> Mapping[str, str | None]:
    """Metadata of a field: its name in JSON, where it has another (``None``: it is not in the JSON).

    ``since``: version of the form that brought the field, where older reports lack it.
    """
    return {"json": name} if since is None else {"json": name, "since": since}
