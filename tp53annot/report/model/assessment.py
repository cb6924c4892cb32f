"""The answer for one sample, as a report states it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import OneOf, Since
from tp53annot.core.hypotheses import AllelicHypothesis
from tp53annot.core.report import Note
from tp53annot.core.status import AllelicState, Status

StatusName = Annotated[str, OneOf(tuple(Status))]
AllelicStateName = Annotated[str, OneOf(tuple(AllelicState))]
GermlineFlag = Annotated[str, OneOf(("suspected", "confirmed", "excluded", "not_suspected"))]


class Remark(Struct, frozen=True, kw_only=True):
    """A named sentence."""

    id: str
    text: str


class Assessment(Struct, frozen=True, kw_only=True):
    """Status, allelic state, flags and statements.

    ``summary_ids``: names of the summary's sentences. ``None`` in place of a list: not stated.
    """

    status: StatusName
    tp53_mutated_all: bool | None
    tp53_mutated_all_reason: Annotated[str | None, Since("2.0")] = None
    allelic_state: AllelicStateName
    allelic_state_basis: tuple[Flag, ...]
    allelic_hypotheses: Annotated[tuple[AllelicHypothesis, ...] | None, Since("2.0")] = None
    germline_flag: GermlineFlag
    germline_reasons: tuple[Flag, ...]
    clonal_haematopoiesis_flag: bool
    clonal_haematopoiesis_reasons: tuple[Flag, ...]
    clonality: str | None
    summary: str
    summary_ids: tuple[str, ...]
    status_basis: tuple[Flag, ...]
    plausibility: Annotated[tuple[Remark, ...] | None, Since("2.0")] = None
    notes: tuple[Note, ...]
    warnings: tuple[Flag, ...]
    limitations: tuple[Flag, ...]
