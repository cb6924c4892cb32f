"""Splice junctions of the gene: those of the known transcripts, and gaps in reads as junctions or deletions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from tp53annot.core.locus import Reference, TranscriptModel

# First and last two bases of an intron on the forward strand; the gene lies on the other (GT-AG, GC-AG, AT-AC).
_MOTIFS = {("CT", "AC"), ("CT", "GC"), ("GT", "AT")}
_REVIEWED = ("RefSeq", "LRG")
_FARTHEST = 12  # bases by which a gap is displaced at the most where the reads' bases fit as well


class Junction(NamedTuple):
    """What is spliced out: first and last intronic base, GRCh38, 1-based inclusive."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """Bases of the intron."""
        return self.last - self.first + 1


class KnownJunctions:
    """The junctions of all transcripts of the gene, and those of the main one.

    Args:
        reference: the locus with its transcripts.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference

    @cached_property
    def main(self) -> tuple[Junction, ...]:
        """Of NM_000546.6, intron 1 first."""
        return tuple(_introns(self.reference.main_transcript))

    @cached_property
    def all(self) -> frozenset[Junction]:
        """Of every transcript."""
        return frozenset(j for model in self.reference.transcripts for j in _introns(model))

    @cached_property
    def reviewed(self) -> frozenset[Junction]:
        """Of the transcripts of RefSeq and LRG; Ensembl holds those of tumours and of decay, too."""
        models = (m for m in self.reference.transcripts if m.source in _REVIEWED)
        return frozenset(j for model in models for j in _introns(model))

    @cached_property
    def retained(self) -> frozenset[Junction]:
        """Introns of the main transcript that a named isoform (p53 beta ...) keeps."""
        kept = [exon for m in self.reference.transcripts if m.name for exon in m.exons]
        return frozenset(j for j in self.main if any(low < j.first and j.last < high for low, high in kept))

    def settled(self, first: int, last: int) -> Junction:
        """A gap in its known or canonical place among those that fit the reads' bases alike."""
        given = Junction(first, last)
        if given in self.all:
            return given
        alike = [given, *self._alike(given)]
        known = [j for j in alike if j in self.all]
        canonical = [j for j in alike if self.canonical(j)]
        return (known or canonical or [given])[0]

    def canonical(self, junction: Junction) -> bool:
        """Whether its ends are those of an intron of the gene's strand."""
        if not self.reference.covers(junction.first, junction.last) or junction.size < 2 * len("GT"):
            return False
        ends = (
            self.reference.bases(junction.first, junction.first + 1),
            self.reference.bases(junction.last - 1, junction.last),
        )
        return ends in _MOTIFS

    def within_exon(self, junction: Junction) -> bool:
        """Whether it lies within one exon of the main transcript."""
        exons = self.reference.main_transcript.exons
        return any(low <= junction.first and junction.last <= high for low, high in exons)

    def _alike(self, given: Junction) -> Iterator[Junction]:
        """Displaced gaps that leave the same bases, the nearest first."""
        reference, (first, last) = self.reference, given
        if not reference.covers(first - _FARTHEST, last + _FARTHEST):
            return
        right = left = True
        for step in range(1, _FARTHEST + 1):
            right = right and _same(reference, first + step - 1, last + step)
            left = left and _same(reference, first - step, last - step + 1)
            if right:
                yield Junction(first + step, last + step)
            if left:
                yield Junction(first - step, last - step)


def _same(reference: Reference, one: int, two: int) -> bool:
    return reference.bases(one, one) == reference.bases(two, two)


def _introns(model: TranscriptModel) -> Iterator[Junction]:
    """Between the exons of a transcript, 5' to 3' of the gene (on the reverse strand)."""
    for upstream, downstream in zip(model.exons, model.exons[1:], strict=False):
        yield Junction(downstream[1] + 1, upstream[0] - 1)
