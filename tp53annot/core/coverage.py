"""What could have been seen: callability of exons, gaps, and stretches called reference."""

from __future__ import annotations

from dataclasses import dataclass


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
    start: int
    end: int
    required: bool
    mean_depth: float | None
    min_depth: int | None
    fraction_assessed: float
    lod_vaf: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap:
    """Bases not assessed at the threshold, GRCh38, 1-based inclusive."""

    start: int
    end: int
    c_start: str
    c_end: str
    exon: str | None
    min_depth: int | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What could have been seen. ``source``: "reads", "callable BED", "gVCF blocks"."""

    source: str
    threshold_vaf: float
    min_depth_needed: int | None
    required_region_assessed: bool
    exons: tuple[ExonCoverage, ...]
    gaps: tuple[CoverageGap, ...]
