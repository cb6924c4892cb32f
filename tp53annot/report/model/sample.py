"""What is known of a sample beside its variants: copies of the gene, splicing, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tp53annot.core.fields import Count, Fraction, OneOf
from tp53annot.report.model.assessment import StatusName


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNumberBasis:
    """What a copy number rests on, in words."""

    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonRatio:
    """Depth of an exon against what is expected; ``z``: in standard deviations."""

    exon: str
    ratio: float | None
    z: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNumber:
    """Copies of the gene."""

    state: Annotated[str, OneOf(("loss", "copy_neutral_loh", "gain", "normal", "unknown"))]
    basis: tuple[CopyNumberBasis, ...]
    exons: tuple[ExonRatio, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplicingEvent:
    """Splicing seen in RNA; ``start``, ``end``: first and last intronic base, 1-based; ``reads`` of ``of`` reads."""

    event: Annotated[str, OneOf(("exon_skipped", "novel_junction", "intron_retained"))]
    exons: tuple[str, ...]
    start: Count
    end: Count
    hgvs_r: str | None
    reads: Count
    of: Count
    fraction: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVariant:
    """A variant of an earlier sample."""

    hgvs_c: str
    vaf: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSample:
    """An earlier sample of the patient."""

    sample: str
    date: str | None
    status: StatusName
    variants: tuple[EarlierVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A laboratory's earlier samples: their number, and those of this patient."""

    samples: Count
    patient_samples: tuple[EarlierSample, ...]
