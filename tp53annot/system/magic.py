"""What a stream holds, by its first bytes, which stay to be read."""

from __future__ import annotations

import sys
import zlib
from contextlib import suppress
from typing import IO

_GZIP, _CRAM, _BAM = b"\x1f\x8b", b"CRAM", b"BAM\x01"
_SAM_LINES = (b"@HD\t", b"@SQ\t", b"@RG\t", b"@PG\t", b"@CO\t")
_FIRST = 4096


def kind_of_reads(first: bytes) -> str | None:
    """``"bam"``, ``"cram"`` or ``"sam"`` by the first bytes of a file, ``None`` for anything else.

    >>> kind_of_reads(b"@SQ\\tSN:chr17"), kind_of_reads(b"##fileformat=VCFv4.2")
    ('sam', None)
    """
    inner = first
    if first.startswith(_GZIP):
        with suppress(zlib.error):
            inner = zlib.decompressobj(31).decompress(first, _FIRST)
    if inner.startswith(_CRAM):
        return "cram"
    if inner.startswith(_BAM):
        return "bam"
    return "sam" if inner.startswith(_SAM_LINES) else None


def first_bytes(stream: IO[bytes]) -> bytes:
    """The first bytes of a stream, as many as are there at once; they stay to be read.

    Raises:
        OSError: it cannot be read.
    """
    peek = getattr(stream, "peek", None)
    if peek is not None:
        return bytes(peek(_FIRST)[:_FIRST])
    place = stream.tell()
    first = stream.read(_FIRST)
    stream.seek(place)
    return first


def reads_on_standard_input() -> bool:
    """Whether standard input holds BAM, CRAM or SAM; what it holds stays to be read."""
    try:
        return kind_of_reads(first_bytes(sys.stdin.buffer)) is not None
    except (OSError, ValueError):  # closed: whoever reads it says so
        return False
