"""What an update was asked for, and what it gave."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Build


class UpdateSettings(Struct, frozen=True, kw_only=True):
    """What to bring, and from where.

    ``names``: sources; ``files``: releases downloaded elsewhere; ``label``: their version, where the
    file does not state it; ``url``: another server that has the same paths; ``force``: also take a
    table that has become much smaller.
    """

    folder: Path | None = None
    names: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    label: str | None = None
    assembly: Build | None = None
    url: str | None = None
    force: bool = False


class UpdateResult(Struct, frozen=True, kw_only=True):
    """The release written (``None`` when nothing could be), lines to read, and one line a failure."""

    release: Path | None
    text: str
    failures: tuple[str, ...]
