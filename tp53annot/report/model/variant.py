"""A variant of a report, positions on the report's build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct, field

from tp53annot.core.candidate import Flag, InputRecord, Phase, ReadSupport
from tp53annot.core.fields import Count, Fraction, Position, Since
from tp53annot.core.variant import AssayResult, Claim, Classification, GermlineClass, IsoformEffect


class Inserted(Struct, frozen=True, kw_only=True):
    """Bases that a fragment has behind the place ``after`` (1-based) and the reference has not; ``N``: of low quality."""

    after: Count
    bases: str


class Fragment(Struct, frozen=True, kw_only=True):
    """The bases of one fragment from ``start`` (1-based); ``alt``: whether it shows the variant.

    ``bases``: ``-`` deleted, ``N`` of too low a quality, ``.`` between mates; inserted bases stand in ``inserted``.
    ``base_quality``: lowest Phred quality over the variant. ``reads``: 2 where both mates are over the window.
    ``second``: whether it shows the pile's second variant. ``None``: cannot be told.
    """

    start: Count
    bases: str
    strand: str
    mapping_quality: Count | None
    alt: bool | None
    base_quality: Annotated[Count | None, Since("2.1")] = None
    reads: Annotated[Count | None, Since("2.1")] = None
    second: Annotated[bool | None, Since("2.1")] = None
    inserted: Annotated[tuple[Inserted, ...] | None, Since("2.2")] = None


class ReadPile(Struct, frozen=True, kw_only=True):
    """The reads around a variant; ``start`` and ``end``: first and last base, 1-based.

    ``fragments``: ``shown`` ``of`` all of them, ``None`` where only counts are kept; ``alt_fragments`` of all show the
    variant. ``second``: another variant of the sample, as its c. name. ``forward``,
    ``reverse``: for each base and ``deleted`` the usable reads at each place. ``quality``: mean Phred
    quality at each place.
    """

    start: Count
    end: Annotated[Count | None, Since("2.0")] = None
    reference: str
    fragments: Annotated[tuple[Fragment, ...] | None, Since("2.0")] = None
    shown: Annotated[Count | None, Since("2.0")] = None
    of: Annotated[Count | None, Since("2.0")] = None
    alt_fragments: Annotated[Count | None, Since("2.1")] = None
    second: Annotated[str | None, Since("2.1")] = None
    forward: Mapping[str, tuple[Count, ...]]
    reverse: Mapping[str, tuple[Count, ...]]
    quality: tuple[float | None, ...]


class GermlineClassification(Struct, frozen=True, kw_only=True):
    """ClinVar as published, and the expert panel's frequency criteria; counts no points."""

    significance: str | None
    review_status: str | None
    accession: str | None
    oncogenicity: str | None
    source: str | None
    frequency_criterion: str | None
    frequency_source: str | None


class SeenBefore(Struct, frozen=True, kw_only=True):
    """In how many of a laboratory's earlier samples the variant was seen, without the patient's own."""

    seen_in: Count
    of: Count


class FunctionalSummary(Struct, frozen=True, kw_only=True):
    """The assays in one word, as published; ``ddg_kcal_per_mol``: loss of stability, kcal/mol."""

    transactivation_class: str | None
    dne_lof_class: str | None
    ddg_kcal_per_mol: float | None
    ddg_reference: str | None


class ReportedHotspot(Struct, frozen=True, kw_only=True):
    """Tumour samples with a change at the residue, and with this change."""

    residue: str
    residue_count: Count | None
    same_change_count: Count | None
    kind: str
    in_3d_cluster: bool
    source: str


class ReportedFrequency(Struct, frozen=True, kw_only=True):
    """A count or a fraction, as ``unit`` says, and what was counted."""

    name: str
    value: float
    unit: str
    source: str


class Frequencies(Struct, frozen=True, kw_only=True):
    """How often a change was seen: in populations, tumours, and acute lymphoblastic leukaemia."""

    population: tuple[ReportedFrequency, ...]
    tumour: tuple[ReportedFrequency, ...]
    leukaemia: tuple[ReportedFrequency, ...] = field(name="all")


class KnownVariantEntry(Struct, frozen=True, kw_only=True):
    """A polymorphism or founder allele."""

    label: str
    kind: str
    description: str
    rsid: str | None


class AmpTier(Struct, frozen=True, kw_only=True):
    """AMP/ASCO/CAP tier."""

    tier: str
    level: str | None
    text: str
    source: str


class Variant(Struct, frozen=True, kw_only=True):
    """A change with its names, reads, class and facts; what each field means: docs/reference/report.md.

    ``pos``: 1-based, of ``ref`` on the forward strand. ``vaf`` .. ``vaf_source``: the support that the
    report rests on; ``caller_support``: what the caller said, where that is the reads' own.
    """

    chrom: str
    pos: Position
    ref: str
    alt: str
    record: InputRecord = field(name="input")
    hgvs_g: str
    hgvs_c: str
    hgvs_p: str
    hgvs_p_short: str
    transcript: str
    protein: str
    isoforms: tuple[IsoformEffect, ...]
    exon: str | None
    intron: str | None
    codon: Count | None
    domain: str | None
    consequence: tuple[str, ...]
    nmd: str | None
    vaf: Fraction | None
    depth: Count | None
    alt_reads: Count | None
    ref_reads: Count | None
    alt_forward: Count | None
    alt_reverse: Count | None
    vaf_source: str | None
    caller_support: ReadSupport | None
    normal: ReadSupport | None
    caller_filters: tuple[str, ...] | None
    remarks: tuple[Flag, ...]
    phase: Phase | None
    read_pile: ReadPile | None
    classification: Classification
    germline_classification: GermlineClassification | None
    germline_class: Annotated[GermlineClass | None, Since("2.0")] = None
    functional: tuple[AssayResult, ...]
    functional_summary: FunctionalSummary | None
    hotspot: ReportedHotspot | None
    frequencies: Frequencies
    known_variant: KnownVariantEntry | None
    rsid: str | None
    amp_tier: AmpTier | None
    history: Annotated[SeenBefore | None, Since("2.0")] = None
    claims: tuple[Claim, ...]
    filters_failed: tuple[Flag, ...]
    reportable: bool

    @property
    def published_in_force(self) -> str | None:
        """The germline class that the panel or ClinVar's reviewed submissions give; of older reports what is there.

        A single submission is nobody's verdict but its own.
        """
        return class_in_force(self.germline_class, self.germline_classification)


def class_in_force(rated: GermlineClass | None, published: GermlineClassification | None) -> str | None:
    """The germline class in force; of reports without a rating the published one."""
    if rated is not None:
        return rated.published.name if rated.published else None
    return published.significance if published else None
