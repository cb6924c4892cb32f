"""Reports read back from disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tp53annot.errors import InputError

_FIX = "give a .tp53.json written by run"


def load_report(path: Path) -> dict[str, Any]:
    """A saved report.

    Raises:
        InputError: not JSON, or not a report of this schema.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError as error:
        raise InputError(error.strerror or str(error), path=str(path), fix="check the path") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})", path=str(path), fix=_FIX) from error
    if not isinstance(document, dict) or str(document.get("schema_version", "")).split(".")[0] != "1":
        raise InputError("not a report of this tool", path=str(path), fix=_FIX)
    return document
