"""The files of finished samples as a run wrote them: their checksums in ``run.json``, by which ``--resume`` knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tp53annot.system.files import sha256_file

Checksums = Mapping[str, str]  # SHA-256 by file name


def checksums(folder: Path) -> dict[str, str]:
    """Of the report files in a sample's folder."""
    return {p.name: sha256_file(p) for p in sorted(folder.glob("*.tp53.*")) if p.is_file()}


def recorded_checksums(output: Path) -> dict[str, Checksums]:
    """What the ``run.json`` of an output folder says, by the sample's folder; nothing where it cannot be read."""
    try:
        record = json.loads((output / "run.json").read_bytes())
        rows = [(str(row["folder"]), dict(row["files"])) for row in record["samples"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return dict(rows)


def as_written(folder: Path, recorded: Checksums) -> bool:
    """Whether no file of a sample is other than it was written; files that are not recorded, or gone, are no matter."""
    there = ((folder / name, digest) for name, digest in recorded.items())
    return all(sha256_file(path) == digest for path, digest in there if path.is_file())
