"""Whether a BAM index can be that of a file: the places it points at must be beginnings of the file's blocks.

The index of another file with the same first reads would give some reads and hide the rest.
"""

from __future__ import annotations

from pathlib import Path

from tp53annot.system.index_file import BAI, IndexFile

_BLOCK = b"\x1f\x8b\x08\x04"
# Bytes of an index that is looked through: beyond, reads lie far into the file, and chance fails.
_MOST = 2 << 20


def index_fits(index: Path, reads: Path, contig: int) -> bool:
    """False when an index points into the midst of the file's blocks; True when it does not, or cannot be told.

    Args:
        index: beside the reads, whole.
        reads: BAM.
        contig: number of the contig in the header, from 0.

    Raises:
        OSError: unreadable.
    """
    if index.stat().st_size > _MOST:
        return True
    found = IndexFile(index)
    chunks = found.chunks(contig) if found.magic == BAI else []
    ends = (chunks[0][0], max(end for _, end in chunks)) if chunks else ()
    size = reads.stat().st_size
    with reads.open("rb") as file:
        for place in (offset >> 16 for offset in ends):
            file.seek(place)
            if place > size or (place < size and file.read(len(_BLOCK)) != _BLOCK):
                return False
    return True
