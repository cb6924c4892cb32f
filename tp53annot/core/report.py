"""The answer for one sample, with its notes, context and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Flag, Uninterpreted
from tp53annot.core.coverage import Coverage
from tp53annot.core.variant import ClassifiedVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A prognostic note: one evidence statement as it bears on this sample."""

    id: str
    topic: str
    text: str
    effect: Mapping[str, object]
    population: str
    direction: str
    evidence_level: str
    citation: Mapping[str, object]
    caveats: tuple[str, ...]
    applies: str
    missing_fields: tuple[str, ...]
    publish: str = "note"
    condition_text: str = ""
    therapy_context: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextValue:
    """A clinical context field: its value and where it came from (declared, default, unknown)."""

    value: str | float | int | tuple[str, ...] | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAssessment:
    """The answer for one sample, as CONTRACT's ``assessment`` object."""

    status: str
    tp53_mutated_all: bool | None
    allelic_state: str
    allelic_state_basis: tuple[Flag, ...]
    germline_flag: str
    germline_reasons: tuple[Flag, ...]
    clonal_haematopoiesis_flag: bool
    clonal_haematopoiesis_reasons: tuple[Flag, ...]
    summary: tuple[Flag, ...]
    notes: tuple[Note, ...]
    warnings: tuple[Flag, ...]
    limitations: tuple[Flag, ...]
    status_basis: tuple[Flag, ...] = ()
    clonality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVersion:
    """A resource as used: name, version and checksum (sha256 of the file)."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReport:
    """Everything a report says; ``report/document.py`` turns it into the JSON document."""

    sample: str
    patient: str | None = None
    build: Build
    build_basis: str
    context: Mapping[str, ContextValue]
    assessment: SampleAssessment
    variants: tuple[ClassifiedVariant, ...]
    rejected: tuple[ClassifiedVariant, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    coverage: Coverage | None
    settings: Mapping[str, object]
    inputs: tuple[Mapping[str, object], ...]
    tables: tuple[TableVersion, ...]
