"""Checks a document against the shipped schema: the part of JSON Schema that the schema uses.

A report from outside may hold anything; after this check the renderers need not doubt a key or a type.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


SINCE = "x-since"  # on a key of the schema: the version of the form that brought it


@functools.cache
def report_schema() -> Schema:
    """The JSON Schema of a report."""
    path = Path(__file__).parent / "schema" / "report.schema.json"
    found: Schema = json.loads(path.read_text(encoding="utf-8"))
    return found


@functools.cache
def first_schema() -> Schema:
    """What reports of version 1 obey: the same without the keys that later versions brought."""
    schema = _without_later(report_schema())
    versions = {"type": "string", "pattern": r"^1\."}
    return {**schema, "properties": schema["properties"] | {"schema_version": versions}}


def _without_later(schema: Any) -> Any:
    """A part of the schema in which keys of later versions may be missing."""
    if isinstance(schema, list):
        return [_without_later(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _without_later(value) for key, value in schema.items()}
    if isinstance(schema.get("required"), list):
        keys = schema["properties"]
        plain["required"] = [key for key in schema["required"] if SINCE not in keys[key]]
    return plain


def first_fault(value: Any, schema: Schema) -> str | None:
    """Where and how a JSON value first breaks the schema; ``None`` when it obeys.

    >>> first_fault({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}})
    'a[1] is not of type integer'
    >>> first_fault({}, {"type": "object", "required": ["a"]})
    'the report lacks a'
    """
    return next(_faults(value, schema, ""), None)


def _faults(value: Any, schema: Schema, place: str) -> Iterator[str]:
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


def _is_of(value: Any, kinds: list[str]) -> bool:
    return any(type(value) in _TYPES[kind] for kind in kinds)


def _text(value: Any, schema: Schema) -> bool:
    return not isinstance(value, str) or "pattern" not in schema or bool(re.search(schema["pattern"], value))


def _number(value: Any, schema: Schema) -> bool:
    if type(value) not in _TYPES["number"]:
        return True
    low, high = schema.get("minimum"), schema.get("maximum")
    return (low is None or value >= low) and (high is None or value <= high)


def _size(value: Any, schema: Schema) -> bool:
    return not isinstance(value, list) or schema.get("minItems", 0) <= len(value) <= schema.get(
        "maxItems", len(value)
    )


def _inner(value: Any, schema: Schema, place: str) -> Iterator[tuple[Any, Schema, str]]:
    """Items and keys with the schema each must obey."""
    if isinstance(value, list) and "items" in schema:
        yield from ((item, schema["items"], f"{place}[{n}]") for n, item in enumerate(value))
    elif isinstance(value, dict):
        named, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, item in value.items():
            inner = named.get(key, others)
            if inner is not None:
                yield item, inner, f"{place}.{key}" if place else key
