"""The TP53 locus: one sequence for both builds, and where each transcript lies on it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.allele import Allele, Build


class BuildInfo(Struct, frozen=True, kw_only=True):
    """Chromosome 17 of one assembly.

    Attributes:
        build: which.
        accession: its accession with version.
        contig_names: what files call it.
        length: its bases.
        md5: of its sequence.
        offset: add it to a GRCh38 position to get this build's.
        other_lengths: bases of the other chromosomes, none of which has the same in another build.
    """

    build: Build
    accession: str
    contig_names: tuple[str, ...]
    length: int
    md5: str
    offset: int
    other_lengths: frozenset[int] = frozenset()


class ForeignGenome(Struct, frozen=True, kw_only=True):
    """A genome that is neither GRCh37 nor GRCh38.

    Attributes:
        name: as people call it, with its short name.
        length: bases of its chromosome 17; ``None`` for a species, whatever its assembly.
        accessions: of its chromosome 17, with version.
        names: what file names and headers call it, any case.
    """

    name: str
    length: int | None
    accessions: tuple[str, ...]
    names: tuple[str, ...]


class TranscriptModel(Struct, frozen=True, kw_only=True):
    """Exons and coding parts of one transcript, GRCh38, 1-based inclusive, in transcript order.

    ``accession`` carries the version where it is established. ``name`` is the field's name of the
    protein ("p53 beta") where there is one. ``cds`` is empty for a non-coding transcript.
    """

    accession: str
    protein: str | None
    name: str | None
    source: str
    exons: tuple[tuple[int, int], ...]
    cds: tuple[tuple[int, int], ...]


class Reference(Struct, frozen=True, kw_only=True):
    """Forward-strand sequence of the locus (GRCh38 coordinates) and the transcripts on it.

    ``main_transcript`` is NM_000546.6 (MANE Select); the gene is on the minus strand. ``foreign``: other genomes whose
    files must not be taken for one of ``builds``.
    """

    start: int
    sequence: str
    builds: Mapping[Build, BuildInfo]
    transcripts: tuple[TranscriptModel, ...]
    main_accession: str
    foreign: tuple[ForeignGenome, ...] = ()

    @property
    def end(self) -> int:
        """Last position of the stored sequence, inclusive."""
        return self.start + len(self.sequence) - 1

    @property
    def main_transcript(self) -> TranscriptModel:
        """The transcript that names are given on."""
        return next(t for t in self.transcripts if t.accession == self.main_accession)

    @property
    def gene(self) -> tuple[int, int]:
        """First and last base of the gene's transcripts, GRCh38, inclusive."""
        exons = [exon for model in self.transcripts for exon in model.exons]
        return min(start for start, _ in exons), max(end for _, end in exons)

    def bases(self, start: int, end: int) -> str:
        """Forward-strand bases start..end (GRCh38, inclusive).

        Raises:
            IndexError: the range leaves the stored locus.
        """
        if start < self.start or end > self.end:
            raise IndexError(f"{start}-{end} is outside the stored locus {self.start}-{self.end}")
        return self.sequence[start - self.start : end - self.start + 1]

    def covers(self, start: int, end: int) -> bool:
        """True when start..end (GRCh38, inclusive) lies within the stored sequence."""
        return self.start <= start and end <= self.end

    def to_build(self, position: int, build: Build) -> int:
        """A GRCh38 position on another build."""
        return position + self.builds[build].offset

    def from_build(self, position: int, build: Build) -> int:
        """A position of ``build`` as the GRCh38 position used inside the core."""
        return position - self.builds[build].offset

    def window(self, build: Build) -> tuple[int, int]:
        """First and last position of the stored sequence on a build, 1-based inclusive."""
        return self.to_build(self.start, build), self.to_build(self.end, build)

    def matches(self, allele: Allele) -> bool:
        """True when ``allele.ref`` is what the reference has there (N matches anything)."""
        if not self.covers(allele.pos, allele.end):
            return False
        there = self.bases(allele.pos, allele.end)
        return allele.ref == there or all(a in (b, "N") for a, b in zip(allele.ref, there, strict=True))

    def build_of_contig(self, name: str, length: int | None) -> Build | None:
        """The build a contig belongs to, by its length or a name only one build uses; None if open."""
        by_length = [info.build for info in self.builds.values() if info.length == length]
        by_name = [info.build for info in self.builds.values() if name in info.contig_names]
        if by_length:
            return by_length[0]
        return by_name[0] if len(by_name) == 1 else None

    def build_of_length(self, length: int) -> Build | None:
        """The build that has another chromosome than 17 of this length; ``None`` for any other length."""
        return next((info.build for info in self.builds.values() if length in info.other_lengths), None)

    def foreign_contig(self, name: str, length: int | None) -> ForeignGenome | None:
        """The other genome a contig belongs to: by its accession, or by the length of a chromosome 17."""
        by_name = (genome for genome in self.foreign if name in genome.accessions)
        known = length is not None and self.is_chromosome(name)
        by_length = (genome for genome in self.foreign if known and genome.length == length)
        return next(by_name, None) or next(by_length, None)

    def is_chromosome(self, name: str) -> bool:
        """True for every usual name of chromosome 17 (17, chr17, CHR17, NC_000017.*, CM000679.*)."""
        return any(name in info.contig_names for info in self.builds.values())
