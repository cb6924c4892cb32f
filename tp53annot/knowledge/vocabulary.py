"""The clinical context: which fields there are, and which values each allows."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import store

_NAME = "evidence/vocabulary.toml"
_KINDS = ("choice", "list", "number", "integer", "date", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextField:
    """One field of the clinical context.

    Attributes:
        kind: "choice" (one of ``values``), "list" (several of them), "number", "integer", "date" (ISO 8601) or
            "text".
        values: allowed, of a choice or list.
        min: lowest value of a number, inclusive.
        max: highest value of a number, inclusive.
    """

    kind: str
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"kind is {self.kind!r}, not one of {', '.join(_KINDS)}")
        if self.is_number and None in (self.min, self.max):
            raise ValueError("a number needs min and max")
        if self.kind in ("choice", "list") and not self.values:
            raise ValueError(f"a {self.kind} needs values")

    @property
    def limits(self) -> tuple[float, float]:
        """Lowest and highest value of a number, both inclusive."""
        assert self.min is not None and self.max is not None
        return self.min, self.max

    @property
    def is_number(self) -> bool:
        """A number, whole or not."""
        return self.kind in ("number", "integer")


Vocabulary = Mapping[str, ContextField]


@functools.cache
def load_vocabulary(root: Path | None = None) -> Vocabulary:
    """Every field by its name, in the order of the file.

    Raises:
        ResourceError: the file is altered, or a field is not described as it must be.
    """
    source = store(root)
    try:
        return {name: read_rules(ContextField, entry, name) for name, entry in source.toml(_NAME).items()}
    except RuleError as error:
        raise ResourceError(f"{source.root / _NAME}: {error}; {source.mend}") from error
