"""What a cohort reads of a report: a few fields of its model, so that 100,000 reports are read soon.

Checking or making the whole model takes several times as long as reading the JSON. Each field is one
of :mod:`tp53annot.report.model` by name and type, so that a whole report can stand in for its excerpt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tp53annot.core.fields import Json, in_json
from tp53annot.core.report import ContextValue
from tp53annot.report.formats.maf import MafVariant
from tp53annot.report.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassExcerpt:
    """The class of a variant."""

    oncogenicity: str = field(metadata=in_json("class"))


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantExcerpt(MafVariant):
    """A reported variant."""

    classification: ClassExcerpt
    vaf: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonExcerpt:
    """An exon and the lowest VAF that its coverage excludes."""

    exon: str
    lod_vaf: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageExcerpt:
    """What could have been seen."""

    required_region_assessed: bool
    exons: tuple[ExonExcerpt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentExcerpt:
    """The answer."""

    status: str
    tp53_mutated_all: bool | None
    allelic_state: str
    germline_flag: str
    clonal_haematopoiesis_flag: bool
    warnings: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
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
