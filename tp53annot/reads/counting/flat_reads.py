"""The bases and qualities of a block's reads, one after the other."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from tp53annot.calling.arrays import CODE_OF_BYTE, Bools, Codes, Ints, codes_of
from tp53annot.calling.cigar import INSERTION, MATCHES, SOFT_CLIP
from tp53annot.reads.counting.block import ReadBlock
from tp53annot.reads.counting.rows import UNUSABLE, ranges

_WITH_BASES = (INSERTION, *MATCHES)
_SHOWN_OF_BYTE = np.where(CODE_OF_BYTE < 4, CODE_OF_BYTE, UNUSABLE).astype(np.uint8).tobytes()


class FlatReads:
    """Bases and qualities of reads on arrays.

    Args:
        block: the reads.
        assumed: quality of bases where none is stated.
        end_bases: how near to an end of its read a base is an end base.

    Attributes:
        starts: place of each read's first base.
        sizes: bases of each read.
        qualities: Phred-scaled.
    """

    def __init__(self, block: ReadBlock, assumed: int, end_bases: int) -> None:
        self._block, self._end_bases = block, end_bases
        stated = [held[2] or chr(assumed + 33) * len(held[1]) for held in block.held]
        self.qualities: Codes = np.frombuffer("".join(stated).encode(), np.uint8) - 33
        self.sizes: Ints = block.sizes
        self.starts: Ints = np.cumsum(self.sizes) - self.sizes

    def shown(self, least: int) -> Codes:
        """Codes of the bases; unusable ones are none of ACGT, or of a quality below ``least``."""
        text = "".join([held[1] for held in self._block.held]).encode()
        codes = np.frombuffer(bytearray(text.translate(_SHOWN_OF_BYTE)), np.uint8)
        np.putmask(codes, self.qualities < least, UNUSABLE)
        return codes

    def of_read(self, n: int) -> tuple[Codes, Codes]:
        """Codes and qualities of one read."""
        first = int(self.starts[n])
        return codes_of(self._block.held[n][1]), self.qualities[first : first + int(self.sizes[n])]

    @cached_property
    def near(self) -> Bools:
        """Bases near an end of what the aligner aligned of their read."""
        clips = self._clips()
        found = np.zeros(len(self.qualities), np.bool_)
        first, last = self.starts + clips[:, 0], self.starts + self.sizes - 1 - clips[:, 1]
        steps = np.minimum(self._end_bases, last - first + 1)
        found[ranges(first, steps)] = True
        found[ranges(last - steps + 1, steps)] = True
        return found

    def _clips(self) -> Ints:
        """Soft-clipped bases on the left and on the right, where something else is left."""
        found = np.zeros((len(self._block), 2), np.int64)
        for n in np.flatnonzero(~self._block.plain).tolist():
            cigar = self._block.held[n][0]
            if (cigar[0][0] == SOFT_CLIP or cigar[-1][0] == SOFT_CLIP) and any(
                op in _WITH_BASES for op, _ in cigar
            ):
                found[n] = [size if op == SOFT_CLIP else 0 for op, size in (cigar[0], cigar[-1])]
        return found
