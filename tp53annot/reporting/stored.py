"""Reports read back from disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tp53annot.errors import InputError
from tp53annot.reporting.check import first_fault, report_schema


def load_report(path: Path) -> dict[str, Any]:
    """A saved report.

    Raises:
        InputError: not JSON, or not a report of this schema.
    """
    fix = "give a .tp53.json written by run"
    try:
        document = json.loads(
            path.read_bytes().decode("utf-8-sig", "surrogateescape"), parse_constant=_no_constant
        )
    except OSError as error:
        raise InputError(error.strerror or str(error), path=str(path), fix="check the path") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})", path=str(path), fix=fix) from error
    fault = first_fault(document, report_schema())
    if fault is not None:
        raise InputError(f"not a report of this tool ({fault})", path=str(path), fix=fix)
    found: dict[str, Any] = document
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
