"""BED files: regions of the input's build as GRCh38 positions of the TP53 locus."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.core.text import whole
from tp53annot.errors import InputError
from tp53annot.system.files import read_limited, within

_MOST_BYTES = 256 << 20
_SKIP = (b"#", b"track", b"browser")


class Region(Struct, frozen=True, kw_only=True):
    """A stretch on the TP53 locus, GRCh38, 1-based inclusive; ``fields`` are the BED's further columns."""

    start: int
    end: int
    fields: tuple[str, ...] = ()


def read_bed(path: Path, reference: Reference, build: Build) -> tuple[Region, ...]:
    """Regions of a BED (plain or gzip) that lie on the TP53 locus.

    Raises:
        InputError: unreadable, or a line without chromosome, start and end.
    """
    data = read_limited(path, _MOST_BYTES)
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = within(stream.read(_MOST_BYTES + 1), path, _MOST_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"cannot be read ({error})", path=str(path), fix="check the file") from error
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip() or line.startswith(_SKIP):
            continue
        fields = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
        if len(fields) < 3 or any(whole(f) is None for f in fields[1:3]):
            cause = "is no BED line: chromosome, start and end, separated by tabs"
            raise InputError(cause, path=str(path), place=f"line {number}", fix="check the file")
        if not reference.is_chromosome(fields[0]):
            continue
        start = reference.from_build(int(fields[1]) + 1, build)
        end = reference.from_build(int(fields[2]), build)
        if end >= reference.start and start <= reference.end:
            found.append(Region(start=start, end=end, fields=tuple(fields[3:])))
    return tuple(found)
