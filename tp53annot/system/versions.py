"""Versions of the interpreter and of libraries, without importing them."""

from __future__ import annotations

import os
import platform
import re
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("pysam", "cyvcf2", "numpy", "openpyxl", "xlsxwriter")
_HTSLIB = re.compile(r'^__htslib_version__ = "([^"]+)"', re.MULTILINE)


def versions() -> dict[str, str | None]:
    """Python, the libraries that read and write for us, and the htslib within pysam; ``None`` where it is not to be had."""
    folders = {name: _folder(name) for name in LIBRARIES}
    stated: dict[str, str] = {}
    for place in {str(folder.parent) for folder in folders.values() if folder}:
        for entry in os.listdir(place):  # noqa: PTH208  # the folder that an installer leaves beside a library
            library, _, version = entry.removesuffix(".dist-info").rpartition("-")
            if entry.endswith(".dist-info"):
                stated[library.lower()] = version
    found: dict[str, str | None] = {"python": platform.python_version()}
    return found | {name: stated.get(name) for name in LIBRARIES} | {"htslib": _htslib(folders["pysam"])}


def _folder(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _htslib(pysam: Path | None) -> str | None:
    try:
        text = (pysam / "version.py").read_text(encoding="utf-8") if pysam else ""
    except OSError:
        return None
    found = _HTSLIB.search(text)
    return found[1] if found else None
