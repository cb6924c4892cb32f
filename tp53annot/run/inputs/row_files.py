"""The files of a sheet's row: by the path in its cells, else by the name of its sample."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.run.inputs.names import names_within
from tp53annot.run.jobs import is_there, kind_of, stem_of
from tp53annot.system.tables import SheetLine

_DRIVE = re.compile(r"([A-Za-z]):[\\/]")
_KINDS = {"vcf": "vcf", "bam": "reads"}


class MissingFileError(Exception):
    """A file of a row is not there: the fault, with line and column."""

    def __init__(self, fault: InputError) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSearch:
    """Where a row's files may lie.

    Attributes:
        sheet: paths count from its folder first.
        folders: the folders among the INPUTs, from which they count then.
        files: the files of these folders, and the INPUTs that are files.
    """

    sheet: Path
    folders: tuple[Path, ...]
    files: tuple[Path, ...]

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
                if is_there(path):
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
        there = {path.name for path in self.files} | set(_names_in(self.sheet.parent / Path(text).parent))
        near = [name for name in sorted(there) if name.casefold() == wanted.casefold()] or _near(
            wanted, there
        )
        if near:
            return f"there is {' and '.join(near)}: correct the cell"
        return "paths count from the folder of the sheet, then from the INPUT folders"

    def of_sample(self, place: SheetLine, column: str, sample: str, kind: str) -> Path | None:
        """The one file (``kind``: vcf or bam) that is named after the sample, else begins so, else holds the sample.

        Raises:
            InputError: several do.
        """
        kindred = [path for path in self.files if kind_of(path) == _KINDS[kind]]
        found = (
            [path for path in kindred if stem_of(path) == sample]
            or [path for path in kindred if path.name.startswith(f"{sample}.")]
            or [path for path in kindred if sample in names_within(path)]
        )
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


def _near(wanted: str, there: set[str]) -> list[str]:
    """The names of VCFs and reads that are most like the one wanted, endings aside."""
    stems: dict[str, str] = {stem_of(Path(n)): n for n in sorted(there) if kind_of(Path(n))}
    return [stems[s] for s in difflib.get_close_matches(stem_of(Path(wanted)), list(stems), n=2, cutoff=0.75)]


def _names_in(folder: Path) -> Sequence[str]:
    return [path.name for path in _children(folder)]


def _children(folder: Path) -> Sequence[Path]:
    try:
        return list(folder.iterdir())
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return ()
