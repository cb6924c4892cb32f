"""A variant of a report, positions on the report's build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tp53annot.core.candidate import Flag, InputRecord, Phase, ReadSupport
from tp53annot.core.fields import Count, Fraction, Position, in_json, since
from tp53annot.core.variant import AssayResult, Claim, Classification, GermlineClass, IsoformEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """Bases that a fragment has behind the place ``after`` (1-based) and the reference has not; ``N``: of low quality."""

    after: Count
    bases: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
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
    base_quality: Count | None = field(default=None, metadata=since("2.1"))
    reads: Count | None = field(default=None, metadata=since("2.1"))
    second: bool | None = field(default=None, metadata=since("2.1"))
    inserted: tuple[Inserted, ...] | None = field(default=None, metadata=since("2.2"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPile:
    """The reads around a variant; ``start`` and ``end``: first and last base, 1-based.

    ``fragments``: ``shown`` ``of`` all of them, ``None`` where only counts are kept; ``alt_fragments`` of all show the
    variant. ``second``: another variant of the sample, as its c. name. ``forward``,
    ``reverse``: for each base and ``deleted`` the usable reads at each place. ``quality``: mean Phred
    quality at each place.
    """

    start: Count
    end: Count | None = field(default=None, metadata=since("2.0"))
    reference: str
    fragments: tuple[Fragment, ...] | None = field(default=None, metadata=since("2.0"))
    shown: Count | None = field(default=None, metadata=since("2.0"))
    of: Count | None = field(default=None, metadata=since("2.0"))
    alt_fragments: Count | None = field(default=None, metadata=since("2.1"))
    second: str | None = field(default=None, metadata=since("2.1"))
    forward: Mapping[str, tuple[Count, ...]]
    reverse: Mapping[str, tuple[Count, ...]]
    quality: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GermlineClassification:
    """ClinVar as published, and the expert panel's frequency criteria; counts no points."""

    significance: str | None
    review_status: str | None
    accession: str | None
    oncogenicity: str | None
    source: str | None
    frequency_criterion: str | None
    frequency_source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBefore:
    """In how many of a laboratory's earlier samples the variant was seen, without the patient's own."""

    seen_in: Count
    of: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalSummary:
    """The assays in one word, as published; ``ddg_kcal_per_mol``: loss of stability, kcal/mol."""

    transactivation_class: str | None
    dne_lof_class: str | None
    ddg_kcal_per_mol: float | None
    ddg_reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedHotspot:
    """Tumour samples with a change at the residue, and with this change."""

    residue: str
    residue_count: Count | None
    same_change_count: Count | None
    kind: str
    in_3d_cluster: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFrequency:
    """A count or a fraction, as ``unit`` says, and what was counted."""

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """How often a change was seen: in populations, tumours, and acute lymphoblastic leukaemia."""

    population: tuple[ReportedFrequency, ...]
    tumour: tuple[ReportedFrequency, ...]
    leukaemia: tuple[ReportedFrequency, ...] = field(metadata=in_json("all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVariantEntry:
    """A polymorphism or founder allele."""

    label: str
    kind: str
    description: str
    rsid: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmpTier:
    """AMP/ASCO/CAP tier."""

    tier: str
    level: str | None
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A change with its names, reads, class and facts; what each field means: docs/reference/report.md.

    ``pos``: 1-based, of ``ref`` on the forward strand. ``vaf`` .. ``vaf_source``: the support that the
    report rests on; ``caller_support``: what the caller said, where that is the reads' own.
    """

    chrom: str
    pos: Position
    ref: str
    alt: str
    record: InputRecord = field(metadata=in_json("input"))
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
    germline_class: GermlineClass | None = field(default=None, metadata=since("2.0"))
    functional: tuple[AssayResult, ...]
    functional_summary: FunctionalSummary | None
    hotspot: ReportedHotspot | None
    frequencies: Frequencies
    known_variant: KnownVariantEntry | None
    rsid: str | None
    amp_tier: AmpTier | None
    history: SeenBefore | None = field(default=None, metadata=since("2.0"))
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
