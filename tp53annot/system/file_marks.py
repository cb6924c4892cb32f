"""Files that are written while they are read: what was learnt of one may be of another."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from tp53annot.errors import InputError

FileMark = tuple[int, int, int, int]  # device, inode, bytes, time of the last change in ns


def marks_of(paths: Iterable[Path]) -> Mapping[Path, FileMark]:
    """What tells whether a regular file is still the same; streams have nothing of the kind."""
    found = ((path, _mark(path)) for path in paths)
    return {path: mark for path, mark in found if mark is not None}


def check_same(marks: Mapping[Path, FileMark]) -> None:
    """Refuse what was read of files that have changed since.

    Raises:
        InputError: one of them was replaced, written to or removed.
    """
    for path, mark in marks.items():
        if _mark(path) != mark:
            fix = "run again when nothing writes to it any more"
            raise InputError("changed while it was read", path=str(path), fix=fix)


def _mark(path: Path) -> FileMark | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (
        (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        if stat.S_ISREG(found.st_mode)
        else None
    )
