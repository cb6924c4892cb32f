"""``evidence add``: a resources folder of one's own, with statements added to those in use."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tp53annot.errors import OutputError
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.statement_faults import lint
from tp53annot.knowledge.statements import Statement
from tp53annot.knowledge.store import Pedigree, Store
from tp53annot.maintain.manifest import NAME, manifest_text, pedigree_of
from tp53annot.maintain.statement_list import read_statements
from tp53annot.system.files import output_error, safe_name, sha256_file

_HEAD = "# Written by `tp53annot evidence add`; do not edit."


def add(files: Sequence[Path], folder: Path, resources: Resources, *, force: bool) -> tuple[list[str], int]:
    """Write a copy of the resources in use with the statements of ``files`` beside them.

    Returns:
        Faults of the statements (then nothing is written), and how many there are now.

    Raises:
        InputError: a file is not TOML or lacks a field.
        OutputError: the folder is not empty (without ``force``), holds something else, or cannot be written.
    """
    own = {f"evidence/own_{safe_name(path.stem)}.toml": path for path in files}
    kept = [s for s in resources.statements if s.file not in own]
    added = [s for path in files for s in read_statements(path)]
    faults = lint([*kept, *added], resources.vocabulary, resources.rules.evidence)
    if faults:
        return faults, 0
    _check(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".tp53annot-", dir=folder.parent))
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        _fill(draft, own, resources.store)
        draft.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    except OSError as error:
        raise output_error(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [], len(kept) + len(added)


def _check(folder: Path, *, force: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / NAME).is_file()):
        raise OutputError("it holds something else", path=str(folder), fix="choose another folder with -o")
    if any(folder.iterdir()) and not force:
        raise OutputError("the folder is not empty", path=str(folder), fix="use --force or another folder")


def _fill(draft: Path, own: dict[str, Path], base: Store) -> None:
    pedigree: dict[str, Pedigree] = {}
    for name, entry in base.manifest.items():
        if name not in own:
            _put(draft / name, base.read(name))
            pedigree[name] = pedigree_of(entry)
    for name, path in own.items():
        _put(draft / name, path.read_bytes())
        pedigree[name] = {
            "title": f"Statements of {path.name}",
            "source": path.name,
            "version": sha256_file(path)[:12],
            "date": "not stated",
            "licence": "of their owner",
            "citation": _citations(read_statements(path)),
        }
    _put(draft / NAME, manifest_text(draft, pedigree, _HEAD).encode())


def _citations(statements: Sequence[Statement]) -> str:
    return "; ".join(dict.fromkeys(s.reference.short for s in statements))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
