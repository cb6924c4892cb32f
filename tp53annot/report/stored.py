"""Reports read back from disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import msgspec

from tp53annot.core.fields import Json
from tp53annot.errors import InputError
from tp53annot.report.model.json_form import from_json
from tp53annot.report.model.report import Report
from tp53annot.report.schema_check import Schema, first_fault, schema_of_version
from tp53annot.system.files import read_limited

_MOST_BYTES = 64 << 20
_VERSION: Schema = {
    "type": "object",
    "required": ["schema_version"],
    "properties": {"schema_version": {"type": "string", "pattern": r"^[12]\."}},
}
_FIX = "give a .tp53.json written by run"


def load_report(path: Path) -> Report:
    """A saved report, of version 1 or 2; what version 1 lacks is not stated.

    Raises:
        InputError: not JSON, or not a report of this schema.
    """
    document = load_json(path)
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogateescape")  # no half of a character
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})", path=str(path), fix=_FIX) from error
    try:
        return report_of(document)
    except ValueError as error:
        raise InputError(f"not a report of this tool ({error})", path=str(path), fix=_FIX) from error


def report_of(document: Json) -> Report:
    """A report from its plain JSON values, checked against the schema; also one of version 1.

    Raises:
        ValueError: where and how they break the schema.
    """
    fault = first_fault(document, _VERSION)
    if fault is None and isinstance(document, dict):
        fault = first_fault(document, schema_of_version(str(document["schema_version"])))
    if fault is not None:
        raise ValueError(fault)
    return from_json(Report, document)


def load_json(path: Path) -> Json:
    """A document of a version that can be read, its inside not checked: that takes 15 times as long as reading.

    Raises:
        InputError: not JSON, or of another schema.
    """
    try:
        document = _values(read_limited(path, _MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})", path=str(path), fix=_FIX) from error
    fault = first_fault(document, _VERSION)
    if fault is not None:
        raise InputError(f"not a report of this tool ({fault})", path=str(path), fix=_FIX)
    return document


def _values(data: bytes) -> Json:
    """What a JSON text holds. What the quicker reader refuses (halves of characters, numbers without end) the other may take."""
    try:
        return cast(Json, msgspec.json.decode(data))
    except msgspec.DecodeError:
        return cast(Json, json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
