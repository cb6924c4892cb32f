"""The whole report of one sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Uninterpreted
from tp53annot.core.coverage import Coverage
from tp53annot.core.fields import Count, Lengths, Limits, Pattern, Scalar, since
from tp53annot.core.molecules import Molecules
from tp53annot.core.platform import Platform
from tp53annot.core.report import ContextValue, InputFile, TableVersion
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.course import Course
from tp53annot.report.model.sample import CopyNumber, History, SplicingEvent
from tp53annot.report.model.variant import Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinDomain:
    """A domain of p53; residues 1-based inclusive."""

    name: str
    label: str
    start: Count
    end: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotResidue:
    """A residue and the tumour samples with a change there."""

    residue: Count
    samples: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How all changes of the gene score in one assay: ``n`` of them in equal ``bins`` from ``low`` to ``high``."""

    n: Count
    low: float
    high: float
    bins: Annotated[tuple[Count, ...], Lengths(fewest=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protein:
    """What the figures of the protein and its assays need; ``length`` in residues."""

    length: Annotated[int, Limits(least=1, most=10_000)]
    domains: tuple[ProteinDomain, ...]
    hotspots: tuple[HotspotResidue, ...]
    assays: Mapping[str, Spread]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the report was made from, and by what."""

    tool: str
    tool_version: str
    settings: Mapping[str, Scalar]
    inputs: tuple[InputFile, ...]
    tables: tuple[TableVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a report says of one sample; positions on ``assembly``, 1-based, forward strand.

    ``None``: not stated or not applicable, also in place of a list.
    """

    schema_version: Annotated[str, Pattern(r"^2\.")]
    sample: str
    patient: str | None
    assembly: Build
    assembly_basis: str
    context: Mapping[str, ContextValue]
    assessment: Assessment
    variants: tuple[Variant, ...]
    rejected: tuple[Variant, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    coverage: Coverage | None
    copy_number: CopyNumber | None = field(default=None, metadata=since("2.0"))
    molecules: Molecules | None = field(default=None, metadata=since("2.0"))
    platform: Platform | None = field(default=None, metadata=since("2.0"))
    splicing: tuple[SplicingEvent, ...] | None = field(default=None, metadata=since("2.0"))
    history: History | None = field(default=None, metadata=since("2.0"))
    serial: Course | None
    protein: Protein
    provenance: Provenance
