"""What could have been seen: callability of exons, gaps, and stretches called reference."""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.core.fields import Count, Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch called reference (gVCF), positions GRCh38; ``depth`` is its lowest stated depth."""

    start: int
    end: int
    depth: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonCoverage:
    """Callability of one exon. ``lod_vaf``: lowest VAF excluded with 95 % confidence at its worst base."""

    exon: str
    start: Count
    end: Count
    required: bool
    mean_depth: float | None
    min_depth: Count | None
    fraction_assessed: Fraction
    lod_vaf: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap:
    """Bases not assessed at the threshold, GRCh38, 1-based inclusive."""

    start: Count
    end: Count
    c_start: str
    c_end: str
    exon: str | None
    min_depth: Count | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What could have been seen. ``source``: "reads", "callable BED", "gVCF blocks"."""

    source: str
    threshold_vaf: float
    min_depth_needed: Count | None
    required_region_assessed: bool
    exons: tuple[ExonCoverage, ...]
    gaps: tuple[CoverageGap, ...]
