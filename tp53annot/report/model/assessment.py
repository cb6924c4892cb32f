"""The answer for one sample, as a report states it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import OneOf, since
from tp53annot.core.hypotheses import AllelicHypothesis
from tp53annot.core.report import Note
from tp53annot.core.status import AllelicState, Status

StatusName = Annotated[str, OneOf(tuple(Status))]
AllelicStateName = Annotated[str, OneOf(tuple(AllelicState))]
GermlineFlag = Annotated[str, OneOf(("suspected", "confirmed", "excluded", "not_suspected"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A named sentence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Status, allelic state, flags and statements.

    ``summary_ids``: names of the summary's sentences. ``None`` in place of a list: not stated.
    """

    status: StatusName
    tp53_mutated_all: bool | None
    tp53_mutated_all_reason: str | None = field(default=None, metadata=since("2.0"))
    allelic_state: AllelicStateName
    allelic_state_basis: tuple[Flag, ...]
    allelic_hypotheses: tuple[AllelicHypothesis, ...] | None = field(default=None, metadata=since("2.0"))
    germline_flag: GermlineFlag
    germline_reasons: tuple[Flag, ...]
    clonal_haematopoiesis_flag: bool
    clonal_haematopoiesis_reasons: tuple[Flag, ...]
    clonality: str | None
    summary: str
    summary_ids: tuple[str, ...]
    status_basis: tuple[Flag, ...]
    plausibility: tuple[Remark, ...] | None = field(default=None, metadata=since("2.0"))
    notes: tuple[Note, ...]
    warnings: tuple[Flag, ...]
    limitations: tuple[Flag, ...]
