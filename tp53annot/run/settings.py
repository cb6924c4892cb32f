"""What the user asked for, as frozen values that end Click at the door."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import asdict

from tp53annot.core.allele import Build
from tp53annot.core.fields import Scalar
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.report.registry import DEFAULT_FORMATS

if TYPE_CHECKING:
    from tp53annot.run.lab_file import LabFile

MOST_GIB = 256.0  # more than a genome-wide VCF of one run unpacks to
_NOT_PRINTED = ("context", "lab", "resources", "max_uncompressed_gib", "history", "pseudonymise")


class RunSettings(Struct, frozen=True, kw_only=True):
    """Options of the main job that change what a report says, in the order a report prints them.

    An option of the command line fills the field of its name (:mod:`tp53annot.commands.options`). Thresholds
    are ``None`` where the default of ``rules/filters.toml`` holds; VAFs are fractions (0..1). ``context``
    holds declared clinical fields; ``lab`` is the laboratory's own file; paths are as the user gave them.
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
    primers_trimmed: bool = False
    evidence: str = "default"
    language: str = DEFAULT_LANGUAGE
    reference: Path | None = None
    bam: Path | None = None
    cnv: tuple[Path, ...] = ()
    target: Path | None = None
    callable_bed: Path | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    lab: LabFile | None = None
    resources: Path | None = None
    history: Path | None = None
    pseudonymise: Path | None = None
    max_uncompressed_gib: float = MOST_GIB

    @property
    def most_bytes(self) -> int:
        """What a compressed VCF may unpack to, as far as bytes can be counted."""
        most = sys.maxsize >> 30
        return sys.maxsize if self.max_uncompressed_gib > most else int(self.max_uncompressed_gib * (1 << 30))

    def as_dict(self) -> dict[str, Scalar]:
        """The settings as a report prints them: no paths of the machine, only file names."""
        shown = {name: value for name, value in asdict(self).items() if name not in _NOT_PRINTED}
        shown["cnv"] = ", ".join(path.name for path in self.cnv) or None
        return {name: value.name if isinstance(value, Path) else value for name, value in shown.items()}


class InputSettings(Struct, frozen=True, kw_only=True):
    """How samples and their files are found.

    Attributes:
        sheet: the sample sheet.
        sheet_tab: its tab, where the workbook has several that fit.
        ignore_columns: whether columns that are not known are left out; else they are faults.
        strict: whether a missing file of the sheet ends the run; else it fails its sample alone.
        recursive: whether folders below the INPUT folders are searched, too.
    """

    sheet: Path | None = None
    sheet_tab: str | None = None
    ignore_columns: bool = False
    strict: bool = False
    recursive: bool = False


class OutputSettings(Struct, frozen=True, kw_only=True):
    """Where and how results are written; none of it changes what a report says."""

    folder: Path
    formats: tuple[str, ...] = DEFAULT_FORMATS
    force: bool = False
    resume: bool = False
    jobs: int = 1
