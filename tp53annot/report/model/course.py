"""The samples of one patient compared: every change followed through all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import Count, Fraction, OneOf, in_json
from tp53annot.core.variant import OncogenicityClass
from tp53annot.report.model.assessment import StatusName

CourseState = Annotated[str, OneOf(("reported", "filtered", "trace", "absent", "not_assessed"))]
CourseChange = Annotated[
    str, OneOf(("persisted", "gained", "returned", "lost", "trace", "not_assessed", "control"))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSample:
    """One of the patient's samples, with what was declared of it."""

    sample: str
    date: str | None
    phase: str | None
    role: str | None
    status: StatusName
    coverage_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """A change in one sample; ``excluded_vaf``: lowest VAF that the sample excludes there."""

    sample: str
    state: CourseState
    vaf: Fraction | None
    depth: Count | None
    alt_reads: Count | None
    excluded_vaf: Fraction | None
    change: CourseChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseVariant:
    """A change that one of the samples reports, sample by sample."""

    hgvs_c: str
    hgvs_p_short: str
    oncogenicity: OncogenicityClass = field(metadata=in_json("class"))
    points: tuple[CoursePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The comparison; ``order``: what puts the samples in order."""

    order: Annotated[str, OneOf(("date", "phase", "sheet", "recorded"))]
    samples: tuple[CourseSample, ...]
    unavailable: tuple[str, ...]
    variants: tuple[CourseVariant, ...]
    summary: tuple[Flag, ...]
