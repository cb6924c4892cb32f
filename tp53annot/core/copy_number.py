"""Copies of the gene: what each piece of evidence says, and the state they give together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CopyState(StrEnum):
    """State of the two alleles, as the report names it."""

    LOSS = "loss"
    COPY_NEUTRAL_LOH = "copy_neutral_loh"
    GAIN = "gain"
    NORMAL = "normal"
    UNKNOWN = "unknown"


class CopySource(StrEnum):
    """Where a piece of evidence comes from."""

    STRUCTURAL_RECORD = "structural_record"
    TABLE = "table"
    KARYOTYPE = "karyotype"
    FISH = "fish"
    DECLARED = "declared"
    READ_DEPTH = "read_depth"
    ALLELE_BALANCE = "allele_balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEvidence:
    """One statement about the copies of TP53.

    Attributes:
        source: its kind; read depth and allele balance never make a sample ``deletion_only``.
        state: what it says alone.
        text: the statement in words, with its figures.
        origin: file, field or caller that states it.
        total: copies in the clone, ``None`` where not stated; 0: both alleles are gone.
        minor: copies of the rarer allele, ``None`` where not stated.
        exons: coding exons concerned, empty: the whole gene.
    """

    source: CopySource
    state: CopyState
    text: str
    origin: str = ""
    total: int | None = None
    minor: int | None = None
    exons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonDepth:
    """Depth of one exon against the run's other samples: ``ratio`` (1 is as expected) and ``z`` (standard deviations)."""

    exon: str
    ratio: float | None
    z: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneCopies:
    """Copies of TP53 in one sample: the state in force, all evidence, and the exons' depths where judged."""

    state: CopyState = CopyState.UNKNOWN
    evidence: tuple[CopyEvidence, ...] = ()
    exons: tuple[ExonDepth, ...] = ()
