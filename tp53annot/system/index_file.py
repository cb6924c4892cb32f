"""What a binary index (.bai, .csi, .tbi) holds, and whether it is whole, told before htslib reads it.

Of an index that ends early or states a negative count htslib frees memory that it never set: the process dies, or
hangs. Layouts: SAM specification 5.2 (BAI), CSIv1, tabix.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

BAI, _CSI, _TBI, _GZIP = b"BAI\x01", b"CSI\x01", b"TBI\x01", b"\x1f\x8b"
_MOST = 1 << 29  # bytes of an unpacked index
_MOST_BITS = 62  # of the positions that the bins of a .csi are of
_DEPTH = 5  # of the bins of .bai and .tbi
_COLUMNS = 28  # bytes of what tabix says of a text's columns, the length of the contigs' names last


class IndexFile:
    """The bytes of an index.

    Attributes:
        names: of the contigs, where the index holds them, as that of a VCF does.

    Raises:
        OSError: unreadable.
        ValueError: none of these indexes, or its beginning is damaged.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as plain:
            packed = plain.read(len(_GZIP)) == _GZIP
        self.names: tuple[bytes, ...] = ()
        try:
            with gzip.open(path) if packed else path.open("rb") as stream:
                self.data = stream.read(_MOST)
            self.magic, self._depth = self.data[:4], _DEPTH
            self._contigs, self._at = self._begin()
        except (struct.error, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError("damaged") from error

    def _begin(self) -> tuple[int, int]:
        """The number of contigs, and where the first one's bins begin."""
        if self.magic == BAI:
            return self._count(4), 8
        if self.magic == _TBI:
            contigs, at = self._count(4), 8 + _COLUMNS
            return contigs, self._end_of_names(contigs, at)
        if self.magic != _CSI:
            raise ValueError("no index of bins")
        shift, self._depth, about = (self._count(at) for at in (4, 8, 12))
        if shift + 3 * self._depth > _MOST_BITS:
            raise ValueError("too large bins")
        contigs, at = self._count(16 + about), 16
        if about >= _COLUMNS and self._end_of_names(contigs, at + _COLUMNS) > at + about:
            raise ValueError("names beyond what holds them")
        return contigs, at + about + 4

    def _end_of_names(self, contigs: int, at: int) -> int:
        end = at + self._count(at - 4)
        self.names = tuple(self.data[at:end].split(b"\0")[:-1])
        if len(self.names) < contigs:
            raise ValueError("a contig without a name")
        return end

    def _count(self, at: int) -> int:
        (count,) = struct.unpack_from("<i", self.data, at)
        if count < 0:
            raise ValueError("a negative count")
        return int(count)

    def bins(self) -> Iterator[tuple[int, int, int, int]]:
        """All bins, contig by contig: the contig's number from 0, the bin's, how many chunks, where they begin in ``data``.

        Raises:
            ValueError: the index ends early or late, or is damaged; raised where that is seen.
        """
        data, at, windows = self.data, self._at, self.magic != _CSI
        head = struct.Struct("<Ii" if windows else "<IQi")
        summary = self._summary
        try:
            for contig in range(self._contigs):
                found, at = self._count(at), at + 4
                for _ in range(found):
                    number, *_offset, chunks = head.unpack_from(data, at)
                    if chunks < 0 or number > summary:
                        raise ValueError("no such bin")
                    at += head.size
                    yield contig, number, chunks, at
                    at += 16 * chunks
                if windows:
                    at += 4 + 8 * self._count(at)
        except struct.error as error:
            raise ValueError("ends early") from error
        if len(data) - at not in (0, 8):  # 8: the number of reads without a place
            raise ValueError("ends early or late")

    @property
    def _summary(self) -> int:
        """The number beyond those of all bins, under which htslib keeps counts."""
        return ((1 << 3 * (self._depth + 1)) - 1) // 7 + 1

    def chunks(self, contig: int) -> list[tuple[int, int]]:
        """Virtual offsets, half-open, of the stretches of a file that hold a contig's records, in order."""
        return sorted(
            struct.unpack_from("<QQ", self.data, at + 16 * chunk)
            for of, number, chunks, at in self.bins()
            if of == contig and number != self._summary
            for chunk in range(chunks)
        )


def whole_index(path: Path) -> IndexFile | None:
    """An index if all that it says is there is there.

    Raises:
        OSError: unreadable.
    """
    try:
        index = IndexFile(path)
        for _ in index.bins():
            pass
    except ValueError:
        return None
    return index
