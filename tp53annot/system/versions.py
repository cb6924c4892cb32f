"""Versions of the interpreter and of libraries, without importing them."""

from __future__ import annotations

import platform
import re
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("pysam", "cyvcf2", "numpy", "openpyxl", "xlsxwriter")
_HTSLIB = re.compile(r'^__htslib_version__ = "([^"]+)"', re.MULTILINE)


def versions() -> dict[str, str | None]:
    """Python, the libraries that read and write for us, and the htslib within pysam; ``None`` where it is not to be had."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    found |= {name: _installed(name) for name in LIBRARIES}
    return found | {"htslib": _htslib()}


def _folder(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _installed(name: str) -> str | None:
    """The version in the name of the folder that an installer leaves beside a library."""
    folder = _folder(name)
    beside = folder.parent.glob("*.dist-info") if folder else ()
    named = (path.name.removesuffix(".dist-info").rpartition("-") for path in beside)
    return next((version for library, _, version in named if library.lower() == name), None)


def _htslib() -> str | None:
    folder = _folder("pysam")
    try:
        text = (folder / "version.py").read_text(encoding="utf-8") if folder else ""
    except OSError:
        return None
    found = _HTSLIB.search(text)
    return found[1] if found else None
