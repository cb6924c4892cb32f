"""The door to resources/: reads bundled files, each against its checksum in the manifest."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import tomli

from tp53annot.core.report import TableVersion
from tp53annot.errors import ResourceError

BUNDLED = Path(__file__).parents[1] / "resources"
_KEYS = {"version", "sha256"}
CURRENT, RELEASE = "CURRENT", "release-"
IMPORTED = "imported"


class Pedigree(TypedDict):
    """What a file is, where it comes from and under which terms; ``origin`` only where an update wrote it.

    ``terms``: a restriction of its use, in the words of who gave the copy.
    """

    title: str
    source: str
    version: str
    date: str
    licence: str
    citation: str
    terms: NotRequired[str]
    source_sha256: NotRequired[str]
    origin: NotRequired[str]


class ManifestEntry(Pedigree):
    """A file's pedigree, the rows of a table, and its checksum."""

    rows: NotRequired[int]
    sha256: str


_NO_GROUND = ("example/", "derived/")  # no report rests on them


class Store:
    """One complete resources folder: the bundled one, one made by hand, or a user's updated release.

    Args:
        root: the folder, or a data folder whose ``CURRENT`` names the release in use.
        check_base: refuse a release whose rules, texts or bundled tables are not this version's.

    Raises:
        ResourceError: the manifest is missing or altered, or the release is a mixture.
    """

    def __init__(self, root: Path | None = None, *, check_base: bool = True) -> None:
        self.root = _in_use(root) if root else BUNDLED
        self.mend = "run `tp53annot resources update` again" if self.is_release else "reinstall tp53annot"
        path = self.root / "MANIFEST.toml"
        try:
            data = path.read_bytes()
            self.manifest = cast(dict[str, ManifestEntry], tomli.loads(data.decode("utf-8")))
        except (OSError, tomli.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ResourceError(f"{path}: the manifest cannot be read ({error}); {self.mend}") from error
        lacking = [n for n, e in self.manifest.items() if not (isinstance(e, dict) and e.keys() >= _KEYS)]
        if lacking:
            raise ResourceError(f"{path}: the entry {lacking[0]!r} is not complete; {self.mend}")
        if self.is_release:
            if self.root.name != f"{RELEASE}{release_digest(data)}":
                raise ResourceError(f"{path}: altered (checksum differs); {self.mend}")
            if check_base and (foreign := self.foreign()):
                raise ResourceError(
                    f"{self.root}: mixed with files of another version of tp53annot "
                    f"({', '.join(foreign[:3])}); {self.mend}"
                )

    @property
    def is_release(self) -> bool:
        """True for a folder written by ``resources update``."""
        return self.root.name.startswith(RELEASE)

    def foreign(self) -> list[str]:
        """Files of a release that no update wrote and that are not what this version of the tool ships."""
        bundled = Store().manifest
        ours = {name: entry["sha256"] for name, entry in self.manifest.items() if "origin" not in entry}
        other = [n for n, sha256 in ours.items() if n not in bundled or bundled[n]["sha256"] != sha256]
        return sorted([*other, *(bundled.keys() - self.manifest.keys())])

    def read(self, name: str) -> bytes:
        """Bytes of a file, checked."""
        entry = self.manifest.get(name)
        if entry is None:
            raise ResourceError(f"{self.root / name}: not in the manifest; {self.mend}")
        path = self.root / name
        try:
            if not path.resolve().is_relative_to(self.root.resolve()) or (
                path.exists() and not path.is_file()
            ):
                raise ResourceError(f"{path}: leads out of the folder or is no file; {self.mend}")
            data = path.read_bytes()
        except (OSError, ValueError, RuntimeError) as error:  # a loop of links, a NUL in the name
            cause = error.strerror if isinstance(error, OSError) else error
            raise ResourceError(f"{path}: {cause}; {self.mend}") from error
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise ResourceError(f"{self.root / name}: altered (checksum differs); {self.mend}")
        return data

    def rows(self, name: str) -> list[dict[str, str]]:
        """A TSV as dictionaries."""
        with self.sound(name):
            return list(
                csv.DictReader(io.StringIO(self.read(name).decode("utf-8")), delimiter="\t", restval="")
            )

    def toml(self, name: str) -> dict[str, object]:
        """A TOML file."""
        with self.sound(name):
            return tomli.loads(self.read(name).decode("utf-8"))

    @contextmanager
    def sound(self, name: str) -> Iterator[None]:
        """Say what a file holds wrongly as damage of the resources, not as a fault of the program.

        Raises:
            ResourceError: the block met a missing or senseless value.
        """
        try:
            yield
        except (LookupError, ValueError, TypeError, AttributeError, csv.Error) as error:
            raise ResourceError(f"{self.root / name}: cannot be used ({error!r}); {self.mend}") from error

    def versions(self) -> tuple[TableVersion, ...]:
        """Name, version and checksum of every file a report can rest on."""
        return tuple(
            TableVersion(
                name=name,
                version=str(entry["version"]),
                sha256=entry["sha256"],
                licence=entry.get("licence"),
                terms=entry.get("terms"),
            )
            for name, entry in sorted(self.manifest.items())
            if not name.startswith(_NO_GROUND)
        )

    def problems(self) -> list[str]:
        """One line for every file that is missing, altered or not in the manifest."""
        found = []
        for name in sorted(self.manifest):
            try:
                self.read(name)
            except ResourceError as error:
                found.append(str(error))
        skip = {"MANIFEST.toml", "PEDIGREE.toml", "README.md"}
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if path.is_file() and name not in self.manifest and name not in skip:
                found.append(f"{path}: not in the manifest")
        return found


def release_digest(manifest: bytes) -> str:
    """What a release folder is named after: the beginning of its manifest's sha256."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def _in_use(root: Path) -> Path:
    """The release that a data folder names, or the folder itself."""
    pointer = root / CURRENT
    if not pointer.is_file():
        if not (root / "MANIFEST.toml").exists():
            fix = "run `tp53annot resources update` first, or leave --resources-dir out"
            raise ResourceError(f"{root}: holds no tables; {fix}")
        return root
    name = pointer.read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(RELEASE + "[0-9a-f]{16}", name):
        raise ResourceError(f"{pointer}: names no release; run `tp53annot resources update` again")
    return root / name


@functools.cache
def open_store(root: Path | None = None) -> Store:
    """The resources folder in use, opened once."""
    return Store(root)
