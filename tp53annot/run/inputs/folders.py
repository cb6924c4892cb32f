"""What lies in the folders among the INPUTs: files to read, and what is left alone."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.knowledge.sheet_words import load_sheet_words
from tp53annot.lists.table import is_list
from tp53annot.run.jobs import kind_of

_COMPANIONS = (".tbi", ".csi", ".bai", ".crai", ".tp53.vcf.gz")
_OWN_FILES = ("run.json", "cohort.json")  # of a folder that this program wrote
_SHEETS = (".xlsx", ".xlsm", ".ods", ".tsv", ".csv")
Left = tuple[str, str]


class FolderFiles(Struct, frozen=True, kw_only=True):
    """The files of a folder that can be read, by path, and the others with the reason they are left alone."""

    files: tuple[Path, ...]
    left: tuple[Left, ...]


def files_of(folder: Path, *, recursive: bool) -> FolderFiles:
    """The VCFs and reads in a folder, and with ``recursive`` in the folders below it.

    Raises:
        InputError: the folder cannot be read.
    """
    files: list[Path] = []
    left: list[Left] = []
    for path in _walk(folder, left) if recursive else listed(folder):
        reason = reason_left(path)
        if reason is None:
            files.append(path)
        elif not path.name.lower().endswith(_COMPANIONS):
            left.append((str(path), reason))
    return FolderFiles(files=tuple(files), left=tuple(left))


def reason_left(path: Path) -> str | None:
    """Why an entry of a folder is left alone; ``None`` for what can be read."""
    maker = leftover_of(path)
    if maker is not None:
        return f"a leftover of {maker}"
    if kind_of(path) is None:
        if path.is_dir():
            return "a folder; -r looks into it, too"
        if is_list(path) or path.name.lower().endswith(_SHEETS):
            return "a table: a sample sheet goes to --samples, a variant list is named itself"
        return "not a VCF, BCF, BAM or CRAM by its name"
    if path.exists() and not (path.is_file() or path.is_dir()):
        return "not a regular file"
    return None


def leftover_of(path: Path) -> str | None:
    """Who left a file of this name; ``None`` for one that somebody meant."""
    name = path.name.lower()
    makers = load_sheet_words().leftovers
    return next((maker for pattern, maker in makers.items() if fnmatch.fnmatchcase(name, pattern)), None)


def listed(folder: Path) -> list[Path]:
    """What a folder holds, by name.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        raise InputError(
            error.strerror or str(error), path=str(folder), fix="check the folder's permissions"
        ) from error


def _walk(folder: Path, left: list[Left]) -> Iterator[Path]:
    """Everything below a folder but what this program wrote; links to folders are followed, each folder once."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        place = os.path.realpath(here)
        if place in seen:
            continue
        seen.add(place)
        entries = listed(here)
        if here != folder and any(path.name in _OWN_FILES for path in entries):
            left.append((str(here), "results of tp53annot"))
            continue
        below = [path for path in entries if path.is_dir() and _is_branch(path)]
        waiting += reversed(below)
        yield from (path for path in entries if path not in below)


def _is_branch(path: Path) -> bool:
    return leftover_of(path) is None and not path.name.startswith(".")


def refusal(folder: Path, *, recursive: bool) -> InputError:
    """What to say of a folder without a file that can be read."""
    fix = "check the path"
    if not recursive and _deeper(folder):
        fix = "its subfolders hold some; -r looks into them, too"
    return InputError("the folder holds no VCF, BCF, BAM or CRAM file", path=str(folder), fix=fix)


def _deeper(folder: Path) -> bool:
    below: Sequence[Path] = [path for path in listed(folder) if path.is_dir()]
    try:
        return any(kind_of(path) and leftover_of(path) is None for each in below for path in listed(each))
    except InputError:
        return False
