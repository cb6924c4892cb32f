"""From the tables of a TOML file to typed values, every key checked."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.sentence import Sentence

T = TypeVar("T")
_WORDS = {float: "a number", int: "a whole number", str: "text", bool: "true or false"}


class RuleError(ResourceError):
    """A key of a rules file that is unknown, missing or of the wrong kind; the message names it in full."""


def read_rules(kind: type[T], data: object, place: str = "") -> T:
    """A value of a type from what a TOML file holds.

    Args:
        kind: a struct, ``float`` (takes whole numbers, too), ``int``, ``str``, ``bool``, an enumeration,
            ``tuple[X, ...]``, ``tuple[X, Y]``, ``Mapping[str, X]``, a mapping by an enumeration (which must have every
            member), ``X | None`` or :class:`~tp53annot.knowledge.rules.sentence.Sentence`. A field that ends in ``_``
            is the key without it (``class_``); a field with a default may be left out.
        data: the parsed value.
        place: the key so far, for messages.

    Raises:
        RuleError: an unknown, missing or unfitting key.

    >>> read_rules(tuple[float, ...], [1, 2.5])
    (1.0, 2.5)
    """
    return typing.cast(T, _value(kind, data, place))


def _value(kind: object, data: object, place: str) -> object:
    origin = get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _value(next(k for k in get_args(kind) if k is not type(None)), data, place)
    if origin is tuple:
        return _tuple(get_args(kind), data, place)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(kind), _table(data, place), place)
    if kind is Sentence:
        return Sentence(id=place, text=str(_plain(str, data, place)))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(kind, _table(data, place), place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(kind, data, place)
    return _plain(kind, data, place)


def _mapping(kinds: tuple[object, ...], data: Mapping[str, object], place: str) -> dict[object, object]:
    """By text, or by enumeration with every member."""
    names, kind = kinds
    values: dict[object, object] = {n: _value(kind, value, _join(place, n)) for n, value in data.items()}
    if not (isinstance(names, type) and issubclass(names, Enum)):
        return values
    for member in names:
        if member.value not in data:
            raise RuleError(f"{_join(place, str(member.value))} is missing")
    return {_member(names, name, _join(place, str(name))): value for name, value in values.items()}


def _plain(kind: object, data: object, place: str) -> object:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if kind in (object, typing.Any):
        return data
    if not isinstance(kind, type) or type(data) is not kind:
        wanted = _WORDS.get(typing.cast(type, kind), str(kind))
        raise RuleError(f"{place} must be {wanted}, not {data!r}")
    return data


def _member(kind: type[Enum], data: object, place: str) -> Enum:
    try:
        return kind(data)
    except ValueError as error:
        allowed = ", ".join(str(member.value) for member in kind)
        raise RuleError(f"{place} is {data!r}, not one of {allowed}") from error


def _tuple(kinds: tuple[object, ...], data: object, place: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise RuleError(f"{place} must be a list, not {data!r}")
    if len(kinds) == 2 and kinds[1] is ...:
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise RuleError(f"{place} must have {len(kinds)} values, not {len(data)}")
    return tuple(
        _value(kind, item, f"{place}[{i}]") for i, (kind, item) in enumerate(zip(kinds, data, strict=True))
    )


def _table(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise RuleError(f"{place or 'the file'} must be a table, not {data!r}")
    return data


@functools.cache
def _fields(kind: type[Struct]) -> dict[str, FieldInfo]:
    """Key of the file and field of every field."""
    return {f.name.removesuffix("_"): f for f in fields(kind)}


def _struct(kind: type[Struct], data: Mapping[str, object], place: str) -> object:
    known = _fields(kind)
    for key in data:
        if key not in known:
            raise RuleError(f"{_join(place, key)} is not known; keys here are {', '.join(known)}")
    values = {}
    for key, field in known.items():
        if key in data:
            values[field.name] = _value(field.type, data[key], _join(place, key))
        elif field.required:
            raise RuleError(f"{_join(place, key)} is missing")
    try:
        return kind(**values)
    except ValueError as error:
        raise RuleError(f"{place or 'the file'}: {error}") from error


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
