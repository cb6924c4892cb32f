"""Checks a document against the shipped schema: the part of JSON Schema that the schema uses.

A report from outside may hold anything; after this check the renderers need not doubt a key or a type.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TypedDict

from tp53annot.core.fields import Json, Scalar

# The part of JSON Schema that the report's schema uses, and the version that brought a key.
Schema = TypedDict(
    "Schema",
    {
        "type": str | list[str],
        "enum": list[Scalar],
        "pattern": str,
        "minimum": float,
        "maximum": float,
        "minItems": int,
        "maxItems": int,
        "items": "Schema",
        "properties": dict[str, "Schema"],
        "additionalProperties": "Schema",
        "required": list[str],
        "x-since": str,
    },
    total=False,
)
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


@functools.cache
def report_schema() -> Schema:
    """The JSON Schema of a report."""
    path = Path(__file__).parent / "schema" / "report.schema.json"
    found: Schema = json.loads(path.read_text(encoding="utf-8"))
    return found


@functools.cache
def schema_of_version(version: str) -> Schema:
    """What reports of a version ("1.1") obey: the same without the keys that later versions brought."""
    schema = _without_later(report_schema(), _ordered(version))
    schema["properties"]["schema_version"] = {"type": "string"}
    return schema


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _without_later(schema: Schema, version: tuple[int, ...]) -> Schema:
    """A part of the schema in which keys of versions after this one may be missing."""
    plain = schema.copy()
    if "items" in schema:
        plain["items"] = _without_later(schema["items"], version)
    if "additionalProperties" in schema:
        plain["additionalProperties"] = _without_later(schema["additionalProperties"], version)
    if "properties" in schema:
        keys = schema["properties"]
        plain["properties"] = {name: _without_later(inner, version) for name, inner in keys.items()}
        plain["required"] = [
            name for name in schema.get("required", ()) if _ordered(keys[name].get("x-since", "")) <= version
        ]
    return plain


def first_fault(value: Json, schema: Schema) -> str | None:
    """Where and how a JSON value first breaks the schema; ``None`` when it obeys.

    >>> first_fault({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}})
    'a[1] is not of type integer'
    >>> first_fault({}, {"type": "object", "required": ["a"]})
    'the report lacks a'
    """
    return next(_faults(value, schema, ""), None)


def _faults(value: Json, schema: Schema, place: str) -> Iterator[str]:
    kinds = schema.get("type")
    if kinds is not None and not _is_of(value, [kinds] if isinstance(kinds, str) else kinds):
        yield f"{place or 'the report'} is not of type {kinds if isinstance(kinds, str) else ' or '.join(kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is not one of {', '.join(map(str, schema['enum']))}"
    for holds in (_text, _number, _size):
        if not holds(value, schema):
            yield f"{place} is out of the range that the schema allows"
    yield from chain.from_iterable(
        _faults(item, inner, where) for item, inner, where in _inner(value, schema, place)
    )
    if isinstance(value, dict):
        yield from (
            f"{place or 'the report'} lacks {k}" for k in schema.get("required", ()) if k not in value
        )


def _is_of(value: Json, kinds: list[str]) -> bool:
    return any(type(value) in _TYPES[kind] for kind in kinds)


def _text(value: Json, schema: Schema) -> bool:
    return not isinstance(value, str) or "pattern" not in schema or bool(re.search(schema["pattern"], value))


def _number(value: Json, schema: Schema) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    low, high = schema.get("minimum"), schema.get("maximum")
    return (low is None or value >= low) and (high is None or value <= high)


def _size(value: Json, schema: Schema) -> bool:
    return not isinstance(value, list) or schema.get("minItems", 0) <= len(value) <= schema.get(
        "maxItems", len(value)
    )


def _inner(value: Json, schema: Schema, place: str) -> Iterator[tuple[Json, Schema, str]]:
    """Items and keys with the schema each must obey."""
    if isinstance(value, list) and "items" in schema:
        yield from ((item, schema["items"], f"{place}[{n}]") for n, item in enumerate(value))
    elif isinstance(value, dict):
        named, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, item in value.items():
            inner = named.get(key, others)
            if inner is not None:
                yield item, inner, f"{place}.{key}" if place else key
