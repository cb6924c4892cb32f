"""Typed values to plain JSON values and back, as the fields of their classes say."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from tp53annot.core.fields import NOT_SHOWN, Json, Scalar

_T = TypeVar("_T")
Decoder = Callable[[Json], object]


def json_name(field: FieldInfo) -> str | None:
    """The key of a field; ``None`` for one that no report shows."""
    return None if NOT_SHOWN in typing.get_args(field.type) else field.encode_name


def to_json(value: object) -> Json:
    """Plain JSON values: objects for typed values and mappings, lists for tuples.

    Raises:
        TypeError: a value that has no JSON form.
    """
    if value is None or type(value) in _PLAIN:
        return cast(Scalar, value)
    if isinstance(value, Struct):
        return {key: to_json(getattr(value, name)) for name, key in _keys(type(value))}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Enum):
        return cast(str, value.value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, str | int | float):  # of a kind of its own, as numpy's
        return value
    raise TypeError(f"{value!r} has no place in JSON")


_PLAIN = {str, bool, int, float}


@functools.cache
def _keys(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Attribute and key of each field that a report shows."""
    pairs = ((field.name, json_name(field)) for field in fields(kind))
    return tuple((name, key) for name, key in pairs if key is not None)


def from_json(kind: type[_T], value: Json) -> _T:
    """A typed value from plain JSON values; keys that its class does not know are passed over.

    Raises:
        ValueError: a key is missing, or a value is of the wrong kind.
    """
    try:
        return cast(_T, _decoder(cast(Hashable, kind))(value))
    except KeyError as error:
        raise ValueError(f"it lacks {error}") from error
    except (TypeError, AttributeError) as error:
        raise ValueError(f"a value of the wrong type ({error})") from error


@functools.cache
def _decoder(kind: Hashable) -> Decoder:
    """What makes a value of a type; the numbers and texts are not checked, see ``report/schema_check.py``."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _decoder(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return _optional([a for a in arguments if a is not types.NoneType])
    if origin is tuple:
        return _many(_decoder(arguments[0]))
    if typing.is_typeddict(kind):
        return _same
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _same


def _same(value: Json) -> object:
    return value


def _optional(kinds: list[Hashable]) -> Decoder:
    if len(kinds) == 1:
        inner = _decoder(kinds[0])
        return _same if inner is _same else lambda value: None if value is None else inner(value)
    return lambda value: tuple(value) if isinstance(value, list) else value


def _many(inner: Decoder) -> Decoder:
    def decode(value: Json) -> object:
        if not isinstance(value, list):
            raise TypeError(f"{value!r} is no list")
        return tuple(value) if inner is _same else tuple([inner(item) for item in value])

    return decode


def _mapping(inner: Decoder) -> Decoder:
    def decode(value: Json) -> object:
        if not isinstance(value, dict):
            raise TypeError(f"{value!r} is no object")
        return value if inner is _same else {key: inner(item) for key, item in value.items()}

    return decode


def _object(kind: type[Struct]) -> Decoder:
    needed: list[tuple[str, str, Decoder]] = []
    others: list[tuple[str, str, Decoder]] = []
    for field in fields(kind):
        key = json_name(field)
        if key is None:
            continue
        (needed if field.required else others).append((field.name, key, _decoder(field.type)))

    def decode(value: Json) -> object:
        if not isinstance(value, dict):
            raise TypeError(f"{value!r} is no object")
        found = {name: inner(value[key]) for name, key, inner in needed}
        found |= {name: inner(value[key]) for name, key, inner in others if key in value}
        return kind(**found)

    return decode
