"""Whether a BAM index can be that of a file: the places it points at must be beginnings of the file's blocks.

The index of another file with the same first reads would give some reads and hide the rest.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC, _BLOCK = b"BAI\x01", b"\x1f\x8b\x08\x04"
_WHOLE = 37450  # the bin that holds where a contig's reads begin and end (SAM specification, 5.2)
_MOST = (
    2 << 20
)  # bytes of an index that is looked through: beyond, reads lie far into the file, and chance fails


def index_fits(index: Path, reads: Path, contig: int) -> bool:
    """False when an index points into the midst of the file's blocks; True when it does not, or cannot be told.

    Args:
        index: beside the reads.
        reads: BAM.
        contig: number of the contig in the header, from 0.

    Raises:
        OSError: unreadable.
    """
    if index.stat().st_size > _MOST:
        return True
    data = index.read_bytes()
    if not data.startswith(_MAGIC):
        return True
    try:
        places = _places(data, contig)
    except struct.error:
        return False
    size = reads.stat().st_size
    with reads.open("rb") as file:
        for place in places:
            file.seek(place)
            if place > size or (place < size and file.read(len(_BLOCK)) != _BLOCK):
                return False
    return True


def _places(data: bytes, contig: int) -> tuple[int, ...]:
    """Where the blocks with the first and behind the last read of a contig begin; nothing without reads."""
    (contigs,), at = struct.unpack_from("<i", data, 4), 8
    for number in range(min(contigs, contig + 1)):
        (bins,), at = struct.unpack_from("<i", data, at), at + 4
        for _ in range(bins):
            name, chunks = struct.unpack_from("<Ii", data, at)
            if number == contig and name == _WHOLE:
                first, last = struct.unpack_from("<QQ", data, at + 8)
                return first >> 16, last >> 16
            at += 8 + 16 * chunks
        (windows,), at = struct.unpack_from("<i", data, at), at + 4
        at += 8 * windows
    return ()
