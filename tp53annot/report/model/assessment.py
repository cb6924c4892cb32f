"""The answer for one sample, as a report states it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import OneOf
from tp53annot.core.report import Note

Status = Annotated[
    str, OneOf(("mutated", "deletion_only", "low_level", "uncertain", "not_detected", "incomplete"))
]
AllelicState = Annotated[str, OneOf(("multi_hit", "possible_multi_hit", "single_hit", "none", "unknown"))]
GermlineFlag = Annotated[str, OneOf(("suspected", "confirmed", "excluded", "not_suspected"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Status, allelic state, flags and statements; ``summary_ids``: names of the summary's sentences."""

    status: Status
    tp53_mutated_all: bool | None
    allelic_state: AllelicState
    allelic_state_basis: tuple[Flag, ...]
    germline_flag: GermlineFlag
    germline_reasons: tuple[Flag, ...]
    clonal_haematopoiesis_flag: bool
    clonal_haematopoiesis_reasons: tuple[Flag, ...]
    clonality: str | None
    summary: str
    summary_ids: tuple[str, ...]
    status_basis: tuple[Flag, ...]
    notes: tuple[Note, ...]
    warnings: tuple[Flag, ...]
    limitations: tuple[Flag, ...]
