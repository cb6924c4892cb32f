"""Releases of other databases as streams of rows: compressed or not, VCF, table or JSON.

A file is known by its columns or INFO fields (``[[format]]`` of ``rules/sources.toml``), never by
its name. Damage, another kind of file or a web page is one line.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.knowledge.rules.sources import DownloadLimits, FileFormat, SourcesRules
from tp53annot.vcf.bgzf import bgzf_chunks, block_size, gzip_chunks

_READ = 1 << 20
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_LINE_LIMIT = 1 << 24
_RIGHT_FILE = "check that it is the right file"
_INFO_ID = re.compile(r"##INFO=<ID=([^,>]+)")
_PAGE = re.compile(rb"\s*(<!doctype html|<html|<\?xml|<head)", re.IGNORECASE)
FileRow = Mapping[str, str]
_Json: TypeAlias = Any  # what another server answered: its form is checked where it is read


class ReleaseFile(Struct, frozen=True, kw_only=True):
    """A file to import: what it is, its header lines, and the way to its rows.

    Attributes:
        path: of the file.
        format: the kind of file it is.
        meta: the ``##`` lines of a VCF, or the ``#`` lines before the header of a table.
        columns: header cells without a leading ``#``.
        delimiter: of a table.
        document: content of a JSON file.
        limits: of unpacking.
    """

    path: Path
    format: FileFormat
    meta: tuple[str, ...]
    columns: tuple[str, ...]
    delimiter: str
    document: _Json
    limits: DownloadLimits

    def lines(self) -> Iterator[bytes]:
        """Data lines, the header left out.

        Raises:
            InputError: the file is cut off or damaged.
        """
        skip = len(self.meta) + 1
        return itertools.islice(_lines(self.path, self.limits), skip, None)

    def rows(self) -> Iterator[FileRow]:
        """Table rows by column; only those that hold the format's ``only_with`` text, if it has one.

        Raises:
            InputError: a row is shorter than the header (a file that was cut off).
        """
        for cells in self._cells():
            if not any(cells):
                continue
            if len(cells) != len(self.columns):
                raise InputError(
                    f"a row has {len(cells)} cells, the header {len(self.columns)}",
                    path=str(self.path),
                    place=f"row that begins with {cells[0][:40]!r}",
                    fix="the file was cut off or altered; download it again",
                )
            yield dict(zip(self.columns, cells, strict=True))

    def _cells(self) -> Iterator[list[str]]:
        needle = self.format.only_with.encode()
        text = (line.decode("utf-8", "replace").rstrip("\r") for line in self.lines() if needle in line)
        if self.delimiter == "\t":
            yield from (line.split("\t") for line in text)
            return
        try:
            yield from csv.reader(text)
        except csv.Error as error:
            raise InputError(
                f"no valid table ({error})", path=str(self.path), fix="download it again"
            ) from error


def open_release(path: Path, rules: SourcesRules, source: str | None) -> ReleaseFile:
    """Find out what a file is.

    Args:
        path: the file.
        rules: ``rules/sources.toml``.
        source: the source it must be of, ``None`` for any.

    Raises:
        InputError: unreadable, a web page, an unknown kind of file, or one of another source.
    """
    limits = rules.limits
    first = next(_chunks(path, limits), b"")
    if not first:
        raise InputError("the file is empty", path=str(path), fix="download it again")
    if _PAGE.match(first):
        raise InputError(
            "is a web page, not data", path=str(path), fix="open the address in a browser to see why"
        )
    meta, columns, delimiter, document = _describe(path, first, limits)
    for form in rules.format:
        if _fits(form, meta, columns, document) and (source or not form.named_only):
            if source is not None and form.source != source:
                raise InputError(
                    f"is a {form.name}, not a file of {source}",
                    path=str(path),
                    fix=f"name {form.source}, or no source",
                )
            return ReleaseFile(
                path=path,
                format=form,
                meta=meta,
                columns=columns,
                delimiter=delimiter,
                document=document,
                limits=limits,
            )
    known = ", ".join(form.name for form in rules.format if source in (None, form.source))
    raise InputError(
        f"not a kind of file that can be imported; known: {known}",
        path=str(path),
        fix="give one of these; a plain table needs the name of its source before --from",
    )


def _describe(
    path: Path, first: bytes, limits: DownloadLimits
) -> tuple[tuple[str, ...], tuple[str, ...], str, _Json]:
    """Header lines, columns, delimiter and (of JSON) the document."""
    if first.lstrip()[:1] in (b"{", b"["):
        return (), (), "", _document(path, limits)
    head = _head(path, limits)
    text = [line.decode("utf-8-sig", "replace").rstrip("\r\n") for line in head]
    count = 0
    while count < len(text) - 1 and _is_meta(text[count], text[count + 1]):
        count += 1
    header = text[count].lstrip("#")
    delimiter = "\t" if "\t" in header else ","
    columns = tuple(cell.strip() for cell in next(csv.reader([header], delimiter=delimiter), []))
    return tuple(text[:count]), columns, delimiter, None


def _is_meta(line: str, following: str) -> bool:
    """A comment before the header: ``##`` lines, and ``#`` lines that another ``#`` line follows."""
    return line.startswith("##") or (line.startswith("#") and following.startswith("#"))


def _fits(form: FileFormat, meta: tuple[str, ...], columns: tuple[str, ...], document: _Json) -> bool:
    if form.info:
        declared = {m[1] for line in meta if (m := _INFO_ID.match(line))}
        return set(form.info) <= declared and any(form.meta_words in line for line in meta)
    if form.columns:
        return set(form.columns) <= set(columns)
    sample = document[0] if isinstance(document, list) and document else document
    return isinstance(sample, dict) and set(form.keys) <= set(sample)


def _document(path: Path, limits: DownloadLimits) -> _Json:
    data, limit = b"", limits.max_document_bytes
    for chunk in _chunks(path, limits):
        data += chunk
        if len(data) > limit:
            raise InputError(f"larger than allowed (at most {limit} bytes)", path=str(path), fix=_RIGHT_FILE)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"no valid JSON ({error})", path=str(path), fix="download the file again") from error


def _head(path: Path, limits: DownloadLimits) -> list[bytes]:
    """The first lines, up to and with the header and one more."""
    head: list[bytes] = []
    for line in _lines(path, limits):
        head.append(line)
        if not line.startswith(b"#") or len(head) > 20_000:
            break
    return head


def _lines(path: Path, limits: DownloadLimits) -> Iterator[bytes]:
    rest = b""
    for chunk in _chunks(path, limits):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > _LINE_LIMIT:
            raise InputError("a line is longer than 16 MiB", path=str(path), fix="is it a text file?")
    if rest:
        yield rest


def _chunks(path: Path, limits: DownloadLimits) -> Iterator[bytes]:
    """The unpacked bytes, never more than allowed."""
    limit, size = limits.max_unpacked_bytes, 0
    try:
        for chunk in _unpacked(path):
            size += len(chunk)
            if size > limit:
                raise InputError(f"unpacks to more than {limit} bytes", path=str(path), fix=_RIGHT_FILE)
            yield chunk
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError("the file is cut off or damaged", path=str(path), fix="download it again") from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", path=str(path), fix="check its permissions"
        ) from error


def _unpacked(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        head = stream.read(64)
        stream.seek(0)
        if head.startswith(_ZIP):
            yield from _zipped(path)
        elif block_size(head) is not None:
            yield from bgzf_chunks(stream)
        elif head.startswith(_GZIP):
            yield from gzip_chunks(stream)
        else:
            yield from iter(lambda: stream.read(_READ), b"")


def _zipped(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) != 1:
            raise InputError(
                f"holds {len(members)} files", path=str(path), fix="unpack it and give the one file"
            )
        with archive.open(members[0]) as stream:
            yield from iter(lambda: stream.read(_READ), b"")


def info_fields(text: str) -> dict[str, str]:
    """An INFO column as a dictionary; a flag is an empty text."""
    pairs: Iterable[tuple[str, str, str]] = (item.partition("=") for item in text.split(";"))
    return {key: value for key, _, value in pairs}
