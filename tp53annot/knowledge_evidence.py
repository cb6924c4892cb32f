"""Part of the knowledge door: evidence statements and the context vocabulary."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tp53annot.evidence import Statement
from tp53annot.knowledge import store


@functools.cache
def load_statements(root: Path | None = None) -> tuple[Statement, ...]:
    """All statements, in the order of their files and ids.

    Raises:
        ResourceError: a file is altered or a statement lacks a field.
    """
    source = store(root)
    found: list[Statement] = []
    for name in sorted(source.manifest):
        if not name.startswith("evidence/") or name.endswith("vocabulary.toml"):
            continue
        with source.sound(name):
            found += [Statement.from_toml(entry, name) for entry in source.toml(name).get("statement", [])]
    return tuple(found)


@functools.cache
def load_vocabulary(root: Path | None = None) -> Mapping[str, Mapping[str, Any]]:
    """Context fields: kind, allowed values, ranges."""
    return store(root).toml("evidence/vocabulary.toml")
