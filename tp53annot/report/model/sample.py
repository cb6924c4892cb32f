"""What is known of a sample beside its variants: copies of the gene, history."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from tp53annot.core.fields import Count, Fraction, OneOf
from tp53annot.report.model.assessment import StatusName


class CopyNumberBasis(Struct, frozen=True, kw_only=True):
    """What a copy number rests on, in words."""

    source: str
    text: str


class ExonRatio(Struct, frozen=True, kw_only=True):
    """Depth of an exon against what is expected; ``z``: in standard deviations."""

    exon: str
    ratio: float | None
    z: float | None


class CopyNumber(Struct, frozen=True, kw_only=True):
    """Copies of the gene."""

    state: Annotated[str, OneOf(("loss", "copy_neutral_loh", "gain", "normal", "unknown"))]
    basis: tuple[CopyNumberBasis, ...]
    exons: tuple[ExonRatio, ...]


class EarlierVariant(Struct, frozen=True, kw_only=True):
    """A variant of an earlier sample."""

    hgvs_c: str
    vaf: Fraction | None


class EarlierSample(Struct, frozen=True, kw_only=True):
    """An earlier sample of the patient."""

    sample: str
    date: str | None
    status: StatusName
    variants: tuple[EarlierVariant, ...]


class History(Struct, frozen=True, kw_only=True):
    """A laboratory's earlier samples: their number, and those of this patient."""

    samples: Count
    patient_samples: tuple[EarlierSample, ...]
