"""The whole report of one sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Uninterpreted
from tp53annot.core.coverage import Coverage
from tp53annot.core.fields import Count, Lengths, Limits, Pattern, Scalar, Since
from tp53annot.core.molecules import Molecules, SplicingEvent
from tp53annot.core.platform import Platform
from tp53annot.core.report import ContextValue, InputFile, TableVersion
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.course import Course
from tp53annot.report.model.laboratory import Laboratory
from tp53annot.report.model.sample import CopyNumber, History
from tp53annot.report.model.variant import Variant


class ProteinDomain(Struct, frozen=True, kw_only=True):
    """A domain of p53; residues 1-based inclusive."""

    name: str
    label: str
    start: Count
    end: Count


class HotspotResidue(Struct, frozen=True, kw_only=True):
    """A residue and the tumour samples with a change there."""

    residue: Count
    samples: Count


class Spread(Struct, frozen=True, kw_only=True):
    """How all changes of the gene score in one assay: ``n`` of them in equal ``bins`` from ``low`` to ``high``."""

    n: Count
    low: float
    high: float
    bins: Annotated[tuple[Count, ...], Lengths(fewest=1)]


class Protein(Struct, frozen=True, kw_only=True):
    """What the figures of the protein and its assays need; ``length`` in residues.

    ``transcript``: the one that names are on, with its version.
    """

    transcript: Annotated[str | None, Since("2.1")] = None
    length: Annotated[int, Limits(least=1, most=10_000)]
    domains: tuple[ProteinDomain, ...]
    hotspots: tuple[HotspotResidue, ...]
    assays: Mapping[str, Spread]


class Provenance(Struct, frozen=True, kw_only=True):
    """What the report was made from, and by what."""

    tool: str
    tool_version: str
    settings: Mapping[str, Scalar]
    inputs: tuple[InputFile, ...]
    tables: tuple[TableVersion, ...]


class Report(Struct, frozen=True, kw_only=True):
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
    copy_number: Annotated[CopyNumber | None, Since("2.0")] = None
    molecules: Annotated[Molecules | None, Since("2.0")] = None
    platform: Annotated[Platform | None, Since("2.0")] = None
    splicing: Annotated[tuple[SplicingEvent, ...] | None, Since("2.0")] = None
    history: Annotated[History | None, Since("2.0")] = None
    laboratory: Annotated[Laboratory | None, Since("2.1")] = None
    serial: Course | None
    protein: Protein
    provenance: Provenance
