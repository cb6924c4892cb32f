"""What a cohort reads of a report: a few fields of its model, so that 100,000 reports are read soon.

Checking or making the whole model takes several times as long as reading the JSON. Each field is one
of :mod:`tp53annot.report.model` by name and type, so that a whole report can stand in for its excerpt.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from tp53annot.core.fields import Json
from tp53annot.core.report import ContextValue
from tp53annot.report.formats.maf import MafVariant
from tp53annot.report.model.report import Report


class ClassExcerpt(Struct, frozen=True, kw_only=True):
    """The class of a variant."""

    oncogenicity: str = field(name="class")


class VariantExcerpt(MafVariant, frozen=True, kw_only=True):
    """A reported variant."""

    classification: ClassExcerpt
    vaf: float | None


class ExonExcerpt(Struct, frozen=True, kw_only=True):
    """An exon and the lowest VAF that its coverage excludes."""

    exon: str
    lod_vaf: float | None


class CoverageExcerpt(Struct, frozen=True, kw_only=True):
    """What could have been seen."""

    required_region_assessed: bool
    exons: tuple[ExonExcerpt, ...]


class AssessmentExcerpt(Struct, frozen=True, kw_only=True):
    """The answer."""

    status: str
    tp53_mutated_all: bool | None
    allelic_state: str
    germline_flag: str
    clonal_haematopoiesis_flag: bool
    warnings: tuple[Json, ...]


class Excerpt(Struct, frozen=True, kw_only=True):
    """A report, as far as a cohort shows it. ``patient`` is missing in the first reports."""

    sample: str
    patient: str | None = None
    assembly: str
    context: Mapping[str, ContextValue]
    assessment: AssessmentExcerpt
    variants: tuple[VariantExcerpt, ...]
    rejected: tuple[Json, ...]
    uninterpreted: tuple[Json, ...]
    coverage: CoverageExcerpt | None


ReportLike = Excerpt | Report
