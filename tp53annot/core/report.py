"""The answer for one sample, with its notes, context and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, TypedDict

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Flag, Uninterpreted
from tp53annot.core.copy_number import GeneCopies
from tp53annot.core.coverage import Coverage
from tp53annot.core.fields import Lengths, OneOf, Scalar, Since
from tp53annot.core.hypotheses import AllelicHypothesis
from tp53annot.core.molecules import Molecules, SplicingEvent
from tp53annot.core.platform import Platform
from tp53annot.core.variant import ClassifiedVariant


class Arm(TypedDict):
    """One arm of a comparison as published: the group, its figure, and the figure's own 95 % interval and patients.

    ``interval``: lower and upper end. ``None``: the source does not give it.
    """

    group: str
    value: str | float
    interval: Annotated[Sequence[float], Lengths(fewest=2, most=2)] | None
    n: str | int | None


class Effect(TypedDict, total=False):
    """An effect as published: a key is absent where the source gives none, and there may be others.

    ``ci``: lower and upper end of the interval of ``value``. ``n``: patients. ``arms``: a comparison, arm by arm;
    ``value`` then repeats their figures in words and there is no ``ci``. ``further``, ``note``: what else the source
    prints beside the figure.
    """

    measure: str | None
    value: str | float | None
    p: str | None
    ci: Annotated[Sequence[float], Lengths(fewest=2, most=2)] | None
    n: str | int | None
    comparator: str
    arms: Sequence[Arm]
    further: str
    note: str


class Note(Struct, frozen=True, kw_only=True):
    """A prognostic note: one evidence statement as it bears on this sample.

    ``strength``: how it was published (``peer_reviewed``, ``congress``, ``opinion``); ``None``: not stated.
    """

    id: str
    topic: str
    text: str
    effect: Effect
    population: str
    direction: str
    evidence_level: str
    citation: Mapping[str, Scalar]
    caveats: tuple[str, ...]
    applies: Annotated[str, OneOf(("applies", "context_missing"))]
    missing_fields: tuple[str, ...]
    publish: str = "note"
    strength: Annotated[str | None, Since("2.0")] = None
    condition_text: str = ""
    endpoint: str = ""
    therapy_context: str = ""


class ContextValue(Struct, frozen=True, kw_only=True):
    """A clinical context field: its value and where it came from (declared, default, unknown)."""

    value: str | int | float | tuple[str, ...] | None
    origin: Annotated[str, OneOf(("declared", "default", "unknown"))]


class SampleAssessment(Struct, frozen=True, kw_only=True):
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
    tp53_mutated_all_reason: Flag | None = None
    allelic_hypotheses: tuple[AllelicHypothesis, ...] = ()
    plausibility: tuple[Flag, ...] = ()


class TableVersion(Struct, frozen=True, kw_only=True):
    """A resource as used: name, version, checksum (sha256 of the file), licence, and terms that restrict its use."""

    name: str
    version: str
    sha256: str
    licence: Annotated[str | None, Since("2.0")] = None
    terms: Annotated[str | None, Since("2.0")] = None


class InputFile(Struct, frozen=True, kw_only=True):
    """A file that a report was made from; ``sha256`` is empty where it was read from a pipe."""

    name: str
    sha256: str


class SampleReport(Struct, frozen=True, kw_only=True):
    """The answer for one sample with all that it rests on, GRCh38; ``report/composition.py`` makes the report of it."""

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
    copies: GeneCopies
    molecules: Molecules | None = None
    platform: Platform | None = None
    splicing: tuple[SplicingEvent, ...] | None = None
    settings: Mapping[str, Scalar]
    inputs: tuple[InputFile, ...]
    tables: tuple[TableVersion, ...]
