"""The clinical context fields of ``evidence/vocabulary.toml``: columns of a sample sheet, keys of ``--context``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import open_store

_DATE_FIELDS = ("sample_date", "collection_date")


def sampled_on(value: Callable[[str], object]) -> str | None:
    """The declared day of a sample: of the fields that date it, the first one stated.

    ``value``: of a context field, ``None`` where it is not stated.
    """
    return next((str(day) for field in _DATE_FIELDS if (day := value(field))), None)


class FieldKind(StrEnum):
    """What a field holds: one of its values, several of them, a number, a date (ISO 8601) or any text."""

    CHOICE = "choice"
    LIST = "list"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    TEXT = "text"


class ShareUnit(StrEnum):
    """How a share is written: 88 or 0.88 for 88 %."""

    PERCENT = "percent"
    FRACTION = "fraction"


class ContextField(Struct, frozen=True, kw_only=True):
    """One field.

    Attributes:
        kind: what it holds.
        values: what a choice or list allows.
        min: lowest number, inclusive.
        max: highest number, inclusive.
        unit: of a number that is a share; a per-cent sign is understood there, and nowhere else.
    """

    kind: FieldKind
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: ShareUnit | None = None

    def __post_init__(self) -> None:
        if (self.kind in (FieldKind.CHOICE, FieldKind.LIST)) is not bool(self.values):
            raise ValueError("values belong to a choice or list, and only there")
        if self.is_number is not (self.min is not None and self.max is not None):
            raise ValueError("min and max belong to a number, and only there")

    @property
    def is_number(self) -> bool:
        """Whether it holds a number."""
        return self.kind in (FieldKind.NUMBER, FieldKind.INTEGER)


Vocabulary = Mapping[str, ContextField]


@functools.cache
def load_vocabulary(root: Path | None = None) -> Vocabulary:
    """The fields by name.

    Raises:
        ResourceError: the file is missing or altered, or a field is not of this form.
    """
    source, name = open_store(root), "evidence/vocabulary.toml"
    try:
        return {field: read_rules(ContextField, entry, field) for field, entry in source.toml(name).items()}
    except RuleError as error:
        raise ResourceError(f"{source.root / name}: {error}; {source.mend}") from error
