"""One transcript on the locus: gene-strand sequence, mRNA, CDS and c. coordinates.

TP53 lies on the minus strand. Besides forward-strand genomic positions (1-based, GRCh38) this
module uses *gene-strand offsets*, 0-based, named ``t``: ``t = reference.end - position``. They grow
in the direction of transcription; intervals of them are half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import product

from msgspec import Struct

from tp53annot.core.locus import Reference, TranscriptModel

_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
_AMINO = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODONS = {"".join(bases): amino for bases, amino in zip(product("TCAG", repeat=3), _AMINO, strict=True)}


def reverse_complement(sequence: str) -> str:
    """The other strand, 5' to 3'.

    >>> reverse_complement("AAC")
    'GTT'
    """
    return sequence.translate(_COMPLEMENT)[::-1]


def translate(sequence: str) -> str:
    """Protein of a coding sequence by the standard code; X for a codon with N, rest bases ignored.

    >>> translate("ATGTGA")
    'M*'
    """
    return "".join(CODONS.get(sequence[i : i + 3], "X") for i in range(0, len(sequence) - 2, 3))


class CPosition(Struct, frozen=True, order=True):
    """A position in c. (or n.) coordinates.

    ``base`` counts from the first coding base (c.1), is negative before it (there is no 0), and
    counts from the stop codon's next base when ``after_stop``; ``offset`` is the intronic distance.
    """

    base: int
    offset: int = 0
    after_stop: bool = False

    @classmethod
    def read(cls, text: str) -> CPosition:
        """The position of a c. name.

        Raises:
            ValueError: it is none.

        >>> CPosition.read("*22"), CPosition.read("-5-1").offset
        (CPosition(base=22, offset=0, after_stop=True), -1)
        """
        found = re.fullmatch(r"(\*)?(-?\d+)([+-]\d+)?", text)
        if found is None:
            raise ValueError(f"{text!r} is not a position")
        return cls(int(found[2]), int(found[3] or 0), bool(found[1]))

    def __str__(self) -> str:
        star = "*" if self.after_stop else ""
        return f"{star}{self.base}{self.offset:+d}" if self.offset else f"{star}{self.base}"


class Transcript:
    """A transcript model laid on the reference sequence.

    Attributes:
        exons: ``(t_start, t_end)`` of each exon, gene-strand offsets, half-open, 5' to 3'.
        mrna: spliced sequence; ``cds_start``/``cds_end`` are 0-based half-open indexes in it.
        prefix: ``"c."`` for coding, ``"n."`` for non-coding transcripts.
    """

    def __init__(self, reference: Reference, model: TranscriptModel, gene_strand: str | None = None) -> None:
        self.reference, self.model = reference, model
        self.gene = gene_strand if gene_strand is not None else reverse_complement(reference.sequence)
        self.last_position = reference.end
        self.exons = tuple((reference.end - high, reference.end - low + 1) for low, high in model.exons)
        self.mrna = "".join(self.gene[a:b] for a, b in self.exons)
        self._starts = [a for a, _ in self.exons]
        lengths = [b - a for a, b in self.exons]
        self._offsets = [sum(lengths[:i]) for i in range(len(lengths))]
        self._intron_starts = [b for _, b in self.exons[:-1]]
        self._intron_ends = [a for a, _ in self.exons[1:]]
        self.coding = bool(model.cds)
        self.prefix = "c." if self.coding else "n."
        self.cds_start, self.cds_end = 0, len(self.mrna)
        if self.coding:
            first = self.mrna_index(reference.end - model.cds[0][1])
            last = self.mrna_index(reference.end - model.cds[-1][0])
            if first is None or last is None:
                raise ValueError(f"{model.accession}: coding range leaves its exons")
            self.cds_start, self.cds_end = first, last + 1

    @property
    def accession(self) -> str:
        """Accession with version where established."""
        return self.model.accession

    @cached_property
    def protein(self) -> str:
        """Predicted protein, with the stop as the last letter."""
        return translate(self.mrna[self.cds_start : self.cds_end]) if self.coding else ""

    @cached_property
    def frames(self) -> tuple[str, str, str]:
        """The whole mRNA translated in its three frames, past every stop."""
        first, second, third = (translate(self.mrna[start:]) for start in range(3))
        return first, second, third

    def introns_near(self, start: int, end: int, margin: int) -> tuple[tuple[int, int], ...]:
        """Introns that come within ``margin`` bases of gene-strand offsets start..end."""
        introns = self.introns
        low = bisect_left(self._intron_ends, start - margin)
        high = bisect_right(self._intron_starts, end + margin)
        return introns[low:high]

    def exons_near(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Exons that gene-strand offsets start..end may touch."""
        low = max(bisect_right(self._starts, start) - 1, 0)
        return self.exons[low : bisect_right(self._starts, end)]

    @cached_property
    def introns(self) -> tuple[tuple[int, int], ...]:
        """``(t_start, t_end)`` of each intron, half-open; intron i follows exon i."""
        return tuple((self.exons[i][1], self.exons[i + 1][0]) for i in range(len(self.exons) - 1))

    def exon_index(self, t: int) -> int | None:
        """0-based index of the exon holding gene-strand offset ``t``; ``None`` outside exons."""
        i = bisect_right(self._starts, t) - 1
        return i if i >= 0 and t < self.exons[i][1] else None

    def mrna_index(self, t: int) -> int | None:
        """0-based index in the mRNA of gene-strand offset ``t``; ``None`` outside exons."""
        i = self.exon_index(t)
        return None if i is None else self._offsets[i] + t - self.exons[i][0]

    def gene_offset(self, index: int) -> int:
        """Gene-strand offset of an mRNA index; linear beyond both ends of the transcript."""
        if index < 0:
            return self.exons[0][0] + index
        i = bisect_right(self._offsets, index) - 1
        return self.exons[i][0] + index - self._offsets[i]

    def _base(self, index: int, offset: int) -> CPosition:
        if self.coding and index >= self.cds_end:
            return CPosition(index - self.cds_end + 1, offset, True)
        base = index - self.cds_start
        return CPosition(base + 1 if base >= 0 else base, offset)

    def c_position(self, t: int) -> CPosition:
        """c. position of a gene-strand offset; intronic bases count from the nearer exon."""
        i = bisect_right(self._starts, t) - 1
        if i < 0:
            return self._base(t - self.exons[0][0], 0)
        start, end = self.exons[i]
        if t < end or i == len(self.exons) - 1:
            return self._base(self._offsets[i] + t - start, 0)
        after, before = t - end + 1, self.exons[i + 1][0] - t
        if after <= before:
            return self._base(self._offsets[i] + end - start - 1, after)
        return self._base(self._offsets[i + 1], -before)

    def offset_of(self, position: CPosition) -> int:
        """Gene-strand offset of a c. position.

        Raises:
            ValueError: there is no base 0, or an intronic offset hangs on a base inside an exon.
        """
        if position.base == 0:
            raise ValueError("there is no position 0 in c. coordinates")
        if position.after_stop:
            index = self.cds_end + position.base - 1
        else:
            index = self.cds_start + position.base - (1 if position.base > 0 else 0)
        t = self.gene_offset(index)
        if position.offset:
            exon = self.exon_index(t)
            edge = (
                None
                if exon is None
                else self.exons[exon][1] - 1
                if position.offset > 0
                else self.exons[exon][0]
            )
            if t != edge:
                raise ValueError(f"c.{position}: {position.base} is not the edge of an exon")
        return t + position.offset

    def position(self, t: int) -> int:
        """Forward-strand genomic position (1-based, GRCh38) of a gene-strand offset."""
        return self.last_position - t

    def region(self, t: int) -> tuple[str | None, str | None]:
        """``("5/11", None)`` in exon 5, ``(None, "4/10")`` in intron 4, ``(None, None)`` outside."""
        i = bisect_right(self._starts, t) - 1
        if i < 0 or (i == len(self.exons) - 1 and t >= self.exons[i][1]):
            return None, None
        if t < self.exons[i][1]:
            return f"{i + 1}/{len(self.exons)}", None
        return None, f"{i + 1}/{len(self.exons) - 1}"
