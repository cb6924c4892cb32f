"""What the user asked for, as one frozen value that ends Click at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tp53annot.core.allele import Build
from tp53annot.core.fields import Scalar
from tp53annot.report.registry import DEFAULT_FORMATS

MOST_GIB = 256.0  # more than a genome-wide VCF of one run unpacks to


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Options of the main job that change what a report says.

    Thresholds are ``None`` where the default of ``rules/filters.toml`` holds. ``context`` holds
    declared clinical fields; file paths are as the user gave them.
    """

    assembly: Build | None = None
    sample: str | None = None
    normal: str | None = None
    min_vaf: float | None = None
    min_depth: int | None = None
    min_alt_reads: int | None = None
    report_vaf: float | None = None
    include_filtered: bool = False
    background: bool = False
    context: Mapping[str, str] = field(default_factory=dict)
    evidence: str = "default"
    reference: Path | None = None
    bam: Path | None = None
    target: Path | None = None
    callable_bed: Path | None = None
    resources: Path | None = None
    language: str = "en"
    max_uncompressed_gib: float = MOST_GIB

    @property
    def most_bytes(self) -> int:
        """What a compressed VCF may unpack to."""
        return int(self.max_uncompressed_gib * (1 << 30))

    def as_dict(self) -> dict[str, Scalar]:
        """The settings as a report prints them: no paths of the machine, only file names."""
        shown: dict[str, Scalar] = {
            name: getattr(self, name)
            for name in (
                "assembly",
                "sample",
                "normal",
                "min_vaf",
                "min_depth",
                "min_alt_reads",
                "report_vaf",
                "include_filtered",
                "background",
                "evidence",
                "language",
            )
        }
        for name in ("reference", "bam", "target", "callable_bed"):
            path: Path | None = getattr(self, name)
            shown[name] = path.name if path else None
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """Where and how results are written; none of it changes what a report says."""

    folder: Path
    formats: tuple[str, ...] = DEFAULT_FORMATS
    force: bool = False
    resume: bool = False
    jobs: int = 1
