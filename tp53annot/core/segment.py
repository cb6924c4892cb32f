"""Segments of chromosome 17 as a copy-number table states them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from tp53annot.core.allele import Build
from tp53annot.core.copy_number import CopyStatement


class Segment(Struct, frozen=True, kw_only=True):
    """One segment; positions are the table's own build, 1-based, both ends inclusive.

    Attributes:
        sample: as the table names it, ``None`` in a table that names none.
        start: first base.
        end: last base.
        total: absolute copies of both alleles, ``None`` where not stated.
        minor: absolute copies of the rarer allele, ``None`` where not stated.
        log2: depth against a balanced state, as log2 of the ratio, ``None`` where not stated.
        minor_fraction: share (0..0.5) of the rarer allele in the reads, the highest that fits; ``None``: not stated.
        figures: figures as they stand, by their name.
        failed: it failed a filter of its caller.
    """

    sample: str | None = None
    start: int
    end: int
    total: float | None = None
    minor: float | None = None
    log2: float | None = None
    minor_fraction: float | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False


class SegmentTable(Struct, frozen=True, kw_only=True):
    """A table of segments.

    Attributes:
        file: its name, without folders.
        format: whose format it is, in words.
        samples: as it names them, in its order; none in a table that names none.
        segments: those on chromosome 17.
        complete: it lists what is unaltered, too.
        build: as it states it, ``None`` where it does not.
    """

    file: str
    format: str
    samples: tuple[str, ...]
    segments: tuple[Segment, ...]
    complete: bool
    build: Build | None = None


class RecordTable(Struct, frozen=True, kw_only=True):
    """A VCF of copy-number calls, given as a table.

    Attributes:
        file: its name, without folders.
        build: that of its records.
        statements: what they say, by sample; ``None`` in a file without sample columns.
    """

    file: str
    build: Build
    statements: Mapping[str | None, tuple[CopyStatement, ...]]

    @property
    def samples(self) -> tuple[str, ...]:
        """Its sample columns."""
        return tuple(name for name in self.statements if name is not None)
