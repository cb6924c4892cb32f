"""Whether an index can be that of a bgzipped VCF or a BCF: where it says that a contig begins and ends, it does.

The index of another file with the same first records would give some and hide the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pysam

from tp53annot.system.index_file import IndexFile

_RECORD = 12  # bytes of a BCF record up to its contig's number, which are the last four


def is_index_of(path: Path, index: IndexFile, contigs: Sequence[str]) -> bool:
    """False when a contig's first record is not where the index has it, one follows the last, or some lie in no bin.

    Args:
        path: a bgzipped VCF or a BCF.
        index: whole.
        contigs: those looked for.

    Raises:
        OSError: the file is damaged.
    """
    known = {name: number for number, name in enumerate(index.names)} or _numbers(path)
    size = path.stat().st_size
    with pysam.BGZFile(str(path), "rb", None) as stream:
        for number in (known[name] for name in map(str.encode, contigs) if name in known):
            chunks = index.chunks(number)
            if not chunks:
                continue
            begin, end = chunks[0]
            for start, stop in chunks:
                if start > end:
                    return False
                end = max(end, stop)
            if end >> 16 > size:
                return False
            text = bool(index.names)
            first, following = (_contig_at(stream, place, known, text=text) for place in (begin, end))
            if first != number or following == number or following not in (None, *known.values()):
                return False
    return True


def _contig_at(stream: pysam.BGZFile, offset: int, known: Mapping[bytes, int], *, text: bool) -> int | None:
    """The number of the contig of the record that begins there, -1 where none does; ``None`` at the file's end."""
    stream.seek(offset)
    start = stream.readline() if text else stream.read(_RECORD)
    if not start:
        return None
    if text:
        return known.get(start.split(b"\t", 1)[0], -1)
    return int.from_bytes(start[-4:], "little", signed=True)


def _numbers(path: Path) -> Mapping[bytes, int]:
    with pysam.VariantFile(str(path)) as source:
        return {contig.name.encode(): contig.id for contig in source.header.contigs.values()}
