"""The user's own tables: complete resources folders beside the bundled one, swapped as a whole.

A data folder holds ``release-<digest>/`` folders, each complete with its manifest, and ``CURRENT``,
one line that names the one in use. The digest is of the manifest, so that neither a table nor the
manifest can be altered unseen; ``CURRENT`` is replaced in one step, so that a reader sees the old
tables or the new ones, never a mixture.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tp53annot.errors import OutputError, ResourceError, UsageError
from tp53annot.knowledge.store import CURRENT, IMPORTED, RELEASE, Pedigree, Store, release_digest
from tp53annot.maintain.manifest import NAME, manifest_text, pedigree_of
from tp53annot.system.files import output_error, write_text

RELEASE_HEAD = "# Written by `tp53annot resources update`; do not edit."
_DRAFT = ".tp53annot-"
COMPUTED = "derived"


def data_folder() -> Path:
    """The user's data folder: ``$XDG_DATA_HOME/tp53annot``, else ``~/.local/share/tp53annot``."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share") / "tp53annot"


def current(folder: Path) -> Store | None:
    """The release in use, ``None`` before the first update.

    Raises:
        UsageError: the folder is a resources folder of another kind.
    """
    if (folder / CURRENT).exists():
        return Store(folder, check_base=False)
    if (folder / NAME).exists():
        raise UsageError(
            f"{folder} is a resources folder itself; give a folder of its own with --resources-dir"
        )
    return None


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A new folder beside the releases, removed again unless it was installed; one at a time.

    Raises:
        OutputError: the data folder cannot be written, or another update is at work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{_DRAFT}*"):  # of an update that was killed
            shutil.rmtree(left, ignore_errors=True)
        path = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
    except BlockingIOError as error:
        os.close(handle)
        raise OutputError("another update is at work here", path=str(folder), fix="wait for it") from error
    except OSError as error:
        os.close(handle)
        raise output_error(folder, error) from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def lay_base(path: Path, present: Store | None) -> dict[str, Pedigree]:
    """Fill a draft: the bundled files, over them what was imported before; returns their pedigree."""
    bundled = Store()
    pedigree: dict[str, Pedigree] = {}
    for name, entry in bundled.manifest.items():
        _write(path / name, bundled.read(name))
        pedigree[name] = pedigree_of(entry)
    for name, entry in (present.manifest if present else {}).items():
        if present and entry.get("origin") == IMPORTED:
            _write(path / name, present.read(name))
            pedigree[name] = pedigree_of(entry)
    return pedigree


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise output_error(path, error) from error


def write_table(path: Path, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """A TSV; tabs and line ends inside cells become spaces."""
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in (header, *rows)]
    _write(path, ("\n".join(lines) + "\n").encode())


def seal(path: Path, pedigree: Mapping[str, Pedigree]) -> None:
    """Write the manifest of a draft."""
    _write(path / NAME, manifest_text(path, pedigree, RELEASE_HEAD).encode())


def install(path: Path, folder: Path) -> Path:
    """Make a sealed draft the release in use; the one before is kept, older ones are removed.

    Raises:
        ResourceError: the draft does not hold together.
        OutputError: the data folder cannot be written.
    """
    problems = Store(path).problems()
    if problems:
        raise ResourceError(f"the new tables do not hold together: {problems[0]}")
    name = f"{RELEASE}{release_digest((path / NAME).read_bytes())}"
    before = (folder / CURRENT).read_text().strip() if (folder / CURRENT).exists() else None
    target = folder / name
    try:
        if not (target.exists() and not Store(target).problems()):
            shutil.rmtree(target, ignore_errors=True)
            path.chmod(0o755)
            path.rename(target)
    except OSError as error:
        raise output_error(target, error) from error
    write_text(folder / CURRENT, name + "\n")
    for old in folder.glob(f"{RELEASE}*"):
        if old.name not in (name, before):
            shutil.rmtree(old, ignore_errors=True)
    return target
