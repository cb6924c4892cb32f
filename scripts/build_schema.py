"""The JSON Schema of a report, from the classes of ``tp53annot/report/model``."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from tp53annot.core.fields import Lengths, Limits, OneOf, Pattern, Since
from tp53annot.report.model.json_form import json_name
from tp53annot.report.model.report import Report

TARGET = Path(__file__).resolve().parents[1] / "tp53annot" / "report" / "schema" / "report.schema.json"
SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number", types.NoneType: "null"}
Schema = dict[str, object]


def schema_of(kind: object) -> Schema:
    """The schema of a type.

    Raises:
        TypeError: a type that no report can hold.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    if origin is typing.Annotated:
        return _limited(schema_of(arguments[0]), arguments[1:])
    if origin in (typing.Union, types.UnionType):
        return _union([schema_of(argument) for argument in arguments])
    if origin is tuple or origin is Sequence:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if typing.is_typeddict(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        needed = sorted(getattr(kind, "__required_keys__", ()))
        keys = {name: schema_of(hint) for name, hint in hints.items()}
        return {"type": "object", "properties": keys} | ({"required": needed} if needed else {})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _object(kind)
    raise TypeError(f"{kind} has no place in a report")


def _object(kind: type[Struct]) -> Schema:
    shown = {key: field for field in fields(kind) if (key := json_name(field)) is not None}
    keys = {key: schema_of(field.type) for key, field in shown.items()}
    return {"type": "object", "properties": keys, "required": sorted(keys)}


def _limited(schema: Schema, limits: Sequence[object]) -> Schema:
    for limit in limits:
        match limit:
            case Limits(least=least, most=most):
                schema |= _stated(minimum=least, maximum=most)
            case Lengths(fewest=fewest, most=most):
                schema |= _stated(minItems=fewest, maxItems=most)
            case OneOf(values):
                schema = {"enum": list(values)}
            case Pattern(text):
                schema["pattern"] = text
            case Since(version):
                schema["x-since"] = version
    return schema


def _stated(**limits: float | None) -> Schema:
    return {name: limit for name, limit in limits.items() if limit is not None}


def _union(options: Sequence[Schema]) -> Schema:
    """One schema of several; an integer beside a number is a number."""
    if any("enum" in option for option in options):
        return {"enum": [value for option in options for value in option.get("enum", [None])]}
    names = [str(option["type"]) for option in options]
    kinds = [name for name in names if name != "integer" or "number" not in names]
    merged: Schema = {}
    for option in options:
        merged |= option
    return merged | {"type": kinds}


REPORT = schema_of(Report)


def build() -> Path:
    """Write the schema next to the code that writes reports."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tp53annot report",
        "description": "One sample's report. Keys are always present; null means not stated or not applicable.",
        **REPORT,
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(schema, indent=1) + "\n")
    return TARGET


if __name__ == "__main__":
    print(build())
