"""The samples of one patient compared: every change followed through all of them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import Count, Fraction, OneOf
from tp53annot.core.variant import OncogenicityClass
from tp53annot.report.model.assessment import StatusName

CourseState = Annotated[str, OneOf(("reported", "filtered", "trace", "absent", "not_assessed"))]
CourseChange = Annotated[
    str, OneOf(("persisted", "gained", "returned", "lost", "trace", "not_assessed", "control"))
]


class CourseSample(Struct, frozen=True, kw_only=True):
    """One of the patient's samples, with what was declared of it."""

    sample: str
    date: str | None
    phase: str | None
    role: str | None
    status: StatusName
    coverage_known: bool


class CoursePoint(Struct, frozen=True, kw_only=True):
    """A change in one sample; ``excluded_vaf``: lowest VAF that the sample excludes there."""

    sample: str
    state: CourseState
    vaf: Fraction | None
    depth: Count | None
    alt_reads: Count | None
    excluded_vaf: Fraction | None
    change: CourseChange | None


class CourseVariant(Struct, frozen=True, kw_only=True):
    """A change that one of the samples reports, sample by sample."""

    hgvs_c: str
    hgvs_p_short: str
    oncogenicity: OncogenicityClass = field(name="class")
    points: tuple[CoursePoint, ...]


class Course(Struct, frozen=True, kw_only=True):
    """The comparison; ``order``: what puts the samples in order."""

    order: Annotated[str, OneOf(("date", "phase", "sheet", "recorded"))]
    samples: tuple[CourseSample, ...]
    unavailable: tuple[str, ...]
    variants: tuple[CourseVariant, ...]
    summary: tuple[Flag, ...]
