"""``example/reads.toml``: how the reads of the invented samples are made, and what each sample has."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.allele import Build


class ExampleChange(Struct, frozen=True, kw_only=True):
    """A change by its c. name, and its fraction (0..1) of the reads."""

    name: str
    vaf: float


class ExampleSample(Struct, frozen=True, kw_only=True):
    """An invented sample. ``without_exons``: numbers of the exons that no read covers."""

    name: str
    build: Build
    changes: tuple[ExampleChange, ...]
    without_exons: tuple[int, ...] = ()


class ExampleReads(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        read_length: bases of a read.
        depth: reads over each base.
        error_rate: share (0..1) of the bases that are drawn at random.
        base_quality: of every base, Phred.
        mapping_quality: of every read, Phred.
        indel_margin: reads that end so many bases from an insertion or deletion, or nearer, are left out.
        exon_margin: bases beside each exon that are read.
        sample: the samples.
    """

    read_length: int
    depth: int
    error_rate: float
    base_quality: int
    mapping_quality: int
    indel_margin: int
    exon_margin: int
    sample: tuple[ExampleSample, ...]
