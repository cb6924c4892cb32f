"""The files of a sheet's row: by the path in its cells, else by the name of its sample."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.run.inputs.names import names_within
from tp53annot.run.jobs import is_there, kind_of, stem_of
from tp53annot.system.tables import SheetLine

_DRIVE = re.compile(r"([A-Za-z]):[\\/]")
_MOST_COMPARED = 500  # names
_KINDS = {"vcf": "vcf", "bam": "reads"}


class MissingFileError(Exception):
    """A file of a row is not there: the fault, with line and column."""

    def __init__(self, fault: InputError) -> None:
        super().__init__(str(fault))
        self.fault = fault


class FileSearch:
    """Where a row's files may lie; what is searched often is indexed once.

    Args:
        sheet: paths count from its folder first.
        folders: the folders among the INPUTs, from which they count then.
        files: the files of these folders, and the INPUTs that are files.
    """

    def __init__(self, sheet: Path, folders: Sequence[Path], files: Sequence[Path]) -> None:
        self.sheet, self.folders, self.files = sheet, folders, files
        self._by_stem: dict[tuple[str | None, str], list[Path]] = {}
        self._by_beginning: dict[tuple[str | None, str], list[Path]] = {}
        self._beside: dict[str, Mapping[str, list[str]]] = {}
        for path in files:
            kind, parts = kind_of(path), path.name.split(".")
            self._by_stem.setdefault((kind, stem_of(path)), []).append(path)
            for end in range(1, len(parts)):
                self._by_beginning.setdefault((kind, ".".join(parts[:end])), []).append(path)

    @functools.cached_property
    def _by_name_within(self) -> Mapping[tuple[str | None, str], list[Path]]:
        """Every header is read, once, and only where a sample has no file of its name."""
        found: dict[tuple[str | None, str], list[Path]] = {}
        for path in self.files:
            for name in names_within(path) if kind_of(path) else ():
                found.setdefault((kind_of(path), name), []).append(path)
        return found

    def given(self, place: SheetLine, column: str, kind: str, sample: str, text: str) -> Path:
        """The file of a path as a cell of the column ``kind`` (vcf, bam or cnv) has it.

        Raises:
            MissingFileError: there is none.
            InputError: it is calls where reads belong, or the other way round.
        """
        path = self._named(place, column, sample, text)
        other = {"vcf": "bam", "bam": "vcf"}.get(kind)
        if other is not None and kind_of(path) == _KINDS[other]:
            fix = f"write it into the column {other}"
            raise place.error(column, f"{path.name} is no file for this column by its name", fix)
        return path

    def _named(self, place: SheetLine, column: str, sample: str, text: str) -> Path:
        for spelling in _spellings(text):
            for path in self._places(spelling):
                if not is_there(path):
                    continue
                if path.is_dir():
                    cause = f"sample {sample!r}: {text} is a folder"
                    raise MissingFileError(place.error(column, cause, "name the file in it"))
                return path
        raise MissingFileError(
            place.error(column, f"sample {sample!r}: no such file: {text}", self._hint(text))
        )

    def _places(self, text: str) -> Iterator[Path]:
        path = Path(text)
        if path.is_absolute():
            yield path
            return
        yield self.sheet.parent / path
        yield from (folder / path for folder in self.folders)

    def _hint(self, text: str) -> str:
        """How to mend the path: a Windows drive, a name that is near, or where paths count from."""
        drive = _DRIVE.match(text)
        if drive is not None:
            rest = text[drive.end() :].replace("\\", "/")
            return f"under Windows' Linux this is /mnt/{drive[1].lower()}/{rest}"
        wanted = Path(text.replace("\\", "/")).name
        there = self._names_beside(str(Path(text).parent))
        near = there.get(wanted.casefold()) or _near(wanted, there)
        if near:
            return f"there is {' and '.join(near)}: correct the cell"
        return "paths count from the folder of the sheet, then from the INPUT folders"

    def _names_beside(self, folder: str) -> Mapping[str, list[str]]:
        """Names of the files among the INPUTs and in a folder beside the sheet, by the name in small letters."""
        if folder not in self._beside:
            names = {path.name for path in (*self.files, *_children(self.sheet.parent / folder))}
            found: dict[str, list[str]] = {}
            for name in sorted(names):
                found.setdefault(name.casefold(), []).append(name)
            self._beside[folder] = found
        return self._beside[folder]

    def of_sample(self, place: SheetLine, column: str, sample: str, kind: str) -> Path | None:
        """The one file (``kind``: vcf or bam) that is named after the sample, else begins so, else holds the sample.

        Raises:
            InputError: several do.
        """
        key = (_KINDS[kind], sample)
        found = self._by_stem.get(key) or self._by_beginning.get(key) or self._by_name_within.get(key, [])
        if len(found) > 1:
            shown = f"{found[0].name} and {found[1].name}"
            cause = f"{shown} both have the name of sample {sample!r}"
            raise place.error(column, cause, f"name the file in the column {kind}")
        return found[0] if found else None

    def none_found(self, place: SheetLine, column: str, sample: str) -> MissingFileError:
        """The fault of a row without a file."""
        cause = f"sample {sample!r} has neither vcf nor bam, and no file of the INPUTs is named after it or holds it"
        if any(path.is_dir() for folder in self.folders for path in _children(folder)):
            return MissingFileError(
                place.error(column, cause, "fill in one of them; -r searches subfolders, too")
            )
        return MissingFileError(
            place.error(column, cause, "fill in one of them, or give its folder as INPUT")
        )


def _spellings(text: str) -> Iterator[str]:
    """A path as it stands, then as other systems write the same: quotes around it, backslashes, umlauts in two signs."""
    bare = text.strip('"')
    plain = (text, bare, bare.replace("\\", "/"))
    yield from dict.fromkeys(
        (*plain, *(unicodedata.normalize(form, t) for t in plain for form in ("NFC", "NFD")))
    )


def _near(wanted: str, there: Mapping[str, list[str]]) -> list[str]:
    """The names of VCFs and reads that are most like the one wanted, endings aside; none among very many."""
    if len(there) > _MOST_COMPARED:
        return []
    stems = {stem_of(Path(n)): n for names in there.values() for n in names if kind_of(Path(n))}
    return [stems[s] for s in difflib.get_close_matches(stem_of(Path(wanted)), list(stems), n=2, cutoff=0.75)]


def _children(folder: Path) -> Sequence[Path]:
    try:
        return list(folder.iterdir())
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return ()
