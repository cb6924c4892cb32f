"""MANIFEST.toml as text: every file of a resources folder with its pedigree, rows and sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from tp53annot.knowledge.store import ManifestEntry, Pedigree

NAME = "MANIFEST.toml"
_HEAD = "# Written by scripts/build_resources.py; do not edit. Pedigree: PEDIGREE.toml."


def manifest_text(root: Path, pedigree: Mapping[str, Pedigree], head: str = _HEAD) -> str:
    """Pedigree of each file under ``root``, with rows (of a table) and checksum as they are now."""
    lines = [head]
    for name in sorted(pedigree):
        data = (root / name).read_bytes()
        lines.append(f'\n["{name}"]')
        lines += [f"{key} = {_toml(value)}" for key, value in pedigree[name].items()]
        if name.endswith(".tsv"):
            rows = sum(1 for line in data.splitlines() if line and not line.startswith(b"#")) - 1
            lines.append(f"rows = {max(0, rows)}")
        lines.append(f'sha256 = "{hashlib.sha256(data).hexdigest()}"')
    return "\n".join(lines) + "\n"


def pedigree_of(entry: ManifestEntry) -> Pedigree:
    """An entry without what is worked out anew when the manifest is written."""
    return cast(Pedigree, {key: value for key, value in entry.items() if key not in ("rows", "sha256")})


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
