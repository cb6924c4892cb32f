"""Tabix indexes (.tbi, .csi) of bgzipped VCF: fetch lines by position.

Bins and chunks as in the SAM and tabix specifications; positions here are 0-based half-open (``_0``)
inside the index and 1-based closed in the functions' arguments.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tp53annot.vcf.bgzf import gzip_chunks, read_range

_SHIFT, _DEPTH = 14, 5
_DEEPEST = 10  # levels that 64-bit positions can need
_MOST_BYTES = 256 << 20


class UnfitError(Exception):
    """The index is damaged or not this file's: the file must be scanned."""


@dataclass(frozen=True, slots=True)
class _Contig:
    bins: dict[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Index:
    shift: int
    depth: int
    contigs: dict[str, _Contig]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def bytes(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise UnfitError
        self.at += size
        return self.data[self.at - size : self.at]


def fetch(path: Path, names: tuple[str, ...], low: int, high: int) -> list[bytes] | None:
    """Lines of the contigs ``names`` that may overlap low..high; ``None``: scan the file instead.

    ``None`` also when nothing is found: an index of another file must not make records vanish.
    """
    found = next((p for p in (Path(f"{path}.tbi"), Path(f"{path}.csi")) if p.is_file()), None)
    try:
        if found is None or found.stat().st_mtime < path.stat().st_mtime:
            return None
        index = _read(found)
        lines = [line for name in names for line in _lines(path, index, name, low, high)]
    except (UnfitError, OSError, EOFError, zlib.error, struct.error, ValueError, MemoryError):
        return None
    return lines or None


def _read(path: Path) -> _Index:
    data = bytearray()
    with path.open("rb") as stream:
        for piece in gzip_chunks(stream):
            data += piece
            if len(data) > _MOST_BYTES:
                raise UnfitError
    cursor = _Cursor(bytes(data))
    magic = cursor.bytes(4)
    if magic == b"TBI\x01":
        (count,) = cursor.take("<i")
        names = _names(cursor)
        shift, depth = _SHIFT, _DEPTH
    elif magic == b"CSI\x01":
        shift, depth, size = cursor.take("<3i")
        if not (1 <= shift <= 30 and 0 <= depth <= _DEEPEST):
            raise UnfitError
        names = _names(_Cursor(cursor.bytes(size)))
        (count,) = cursor.take("<i")
    else:
        raise UnfitError
    if count != len(names):
        raise UnfitError
    return _Index(shift, depth, {name: _contig(cursor, magic[:3]) for name in names})


def _names(cursor: _Cursor) -> list[str]:
    size = cursor.take("<7i")[6]
    return [name.decode("utf-8", "surrogateescape") for name in cursor.bytes(size).split(b"\0")[:-1]]


def _contig(cursor: _Cursor, kind: bytes) -> _Contig:
    bins: dict[int, list[tuple[int, int]]] = {}
    for _ in range(cursor.take("<i")[0]):
        (number,) = cursor.take("<I")
        if kind == b"CSI":
            cursor.take("<Q")
        chunks = cursor.take("<i")[0]
        offsets = cursor.take(f"<{2 * chunks}Q")
        bins[number] = list(zip(offsets[::2], offsets[1::2], strict=True))
    if kind == b"TBI":
        cursor.bytes(8 * cursor.take("<i")[0])
    return _Contig(bins)


def _bins(begin_0: int, end_0: int, shift: int, depth: int) -> Iterator[int]:
    first, level_shift = 0, shift + 3 * depth
    for level in range(depth + 1):
        yield from range(first + (begin_0 >> level_shift), first + ((end_0 - 1) >> level_shift) + 1)
        first += 1 << (3 * level)
        level_shift -= 3


def _lines(path: Path, index: _Index, name: str, low: int, high: int) -> Iterator[bytes]:
    contig = index.contigs.get(name)
    if contig is None:
        return
    numbers = _bins(low - 1, high, index.shift, index.depth)
    chunks = sorted(chunk for number in numbers for chunk in contig.bins.get(number, ()))
    prefix = name.encode("utf-8", "surrogateescape") + b"\t"
    with path.open("rb") as stream:
        for begin, end in chunks:
            data = read_range(stream, begin, end)
            if data is None:
                raise UnfitError
            for line in _split(data):
                if not line.startswith(prefix):
                    raise UnfitError
                if int(line.split(b"\t", 2)[1]) <= high:
                    yield line


def _split(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n") if line]
