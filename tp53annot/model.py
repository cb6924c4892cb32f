"""The nouns: frozen values that flow from the doors through the core to the report.

Coordinates are 1-based, closed, forward strand. Inside the core every position is a GRCh38
position: the TP53 locus is identical base for base in both builds, so a build is only an offset
(see :class:`tp53annot.transcript.Reference`). Fractions (``vaf``) run from 0 to 1. ``None``
always means "not stated", never zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_BASES = re.compile(r"[ACGTN]+\Z")


class Build(StrEnum):
    """Genome assembly of an input or an output."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Allele:
    """One sequence change on the TP53 locus, VCF style, GRCh38 coordinates.

    Attributes:
        pos: 1-based forward-strand position of the first base of ``ref``.
        ref: reference bases, at least one.
        alt: alternate bases, at least one, different from ``ref``.
    """

    pos: int
    ref: str
    alt: str

    def __post_init__(self) -> None:
        if self.pos < 1:
            raise ValueError(f"position {self.pos} is not 1-based")
        if not _BASES.match(self.ref) or not _BASES.match(self.alt):
            raise ValueError(f"alleles must be upper-case bases: {self.ref!r} {self.alt!r}")
        if self.ref == self.alt:
            raise ValueError(f"alternate equals reference: {self.ref!r}")

    @property
    def end(self) -> int:
        """Last reference base touched, 1-based inclusive."""
        return self.pos + len(self.ref) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSupport:
    """What the reads (or the caller) say about one allele in one sample.

    Counts are reads or fragments as ``unit`` says; ``vaf_source`` names the field it came from.
    """

    vaf: float | None = None
    depth: int | None = None
    alt_reads: int | None = None
    ref_reads: int | None = None
    alt_forward: int | None = None
    alt_reverse: int | None = None
    ref_forward: int | None = None
    ref_reverse: int | None = None
    vaf_source: str | None = None
    unit: str = "reads"

    def __post_init__(self) -> None:
        if self.vaf is not None and not 0.0 <= self.vaf <= 1.0:
            raise ValueError(f"vaf {self.vaf} is not within 0..1")
        for name in ("depth", "alt_reads", "ref_reads", "alt_forward", "alt_reverse"):
            count = getattr(self, name)
            if count is not None and count < 0:
                raise ValueError(f"{name} {count} is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """A record as it stood in the input, never rewritten."""

    file: str
    ordinal: int | None
    chrom: str
    pos: int
    ref: str
    alt: str
    id: str | None = None
    qual: float | None = None
    filters: tuple[str, ...] | None = None
    info: str | None = None
    format: str | None = None
    sample: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Haplotype evidence of a call. ``haplotypes``: 0-based indexes of the GT fields with this ALT."""

    genotype: str | None = None
    phased: bool = False
    phase_set: str | None = None
    haplotypes: tuple[int, ...] = ()
    ploidy: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A named observation with its sentence (a failed filter, a warning, a limitation)."""

    id: str
    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One ALT of one sample, from a record or from reads, before any judgement.

    ``caller_filters`` is ``None`` when the caller stated none ('.'), ``()`` for PASS.
    """

    sample: str
    allele: Allele
    support: ReadSupport
    record: InputRecord
    caller_filters: tuple[str, ...] | None = None
    phase: Phase | None = None
    normal: ReadSupport | None = None
    reads: ReadSupport | None = None
    remarks: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninterpreted:
    """A record that touches TP53 but is no plain sequence change; listed, never dropped."""

    record: InputRecord
    reason: str
    code: str
    deletion: bool = False
    start: int | None = None
    end: int | None = None
    hgvs_c: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoformEffect:
    """What the change does on another transcript. ``name`` is the field's name (p53 beta), if any."""

    transcript: str
    protein: str | None
    name: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    consequences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptVariant:
    """A change named on NM_000546.6 and with its predicted consequence.

    ``hgvs_c``/``hgvs_p`` carry no accession (it is in ``transcript``/``protein``); ``aa_pos`` etc.
    are set when the protein change is one substitution (also stop, also synonymous).
    ``nmd`` is "triggers", "escapes" or None when no premature stop is predicted.
    """

    allele: Allele
    hgvs_c: str
    hgvs_p: str
    hgvs_p_short: str
    transcript: str
    protein: str
    consequences: tuple[str, ...]
    exon: str | None = None
    intron: str | None = None
    codon: int | None = None
    aa_ref: str | None = None
    aa_pos: int | None = None
    aa_alt: str | None = None
    splice_affecting: bool = False
    exon_edge: bool = False
    nmd: str | None = None
    isoforms: tuple[IsoformEffect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One fact with its pedigree: which table, which version, which citation says so."""

    field: str
    value: str | float | int | None
    table: str
    version: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayResult:
    """One functional assay's value for the change; ``assay_class`` in the assay's own words."""

    assay: str
    value: float | None
    unit: str
    assay_class: str | None
    source: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedVariant:
    """A named change with every fact known about it. Mappings become JSON objects as they are."""

    variant: TranscriptVariant
    domain: str | None = None
    functional: tuple[AssayResult, ...] = ()
    functional_summary: Mapping[str, object] | None = None
    hotspot: Mapping[str, object] | None = None
    frequencies: Mapping[str, object] = field(default_factory=dict)
    germline: Mapping[str, object] | None = None
    known: Mapping[str, object] | None = None
    rsid: str | None = None
    claims: tuple[Claim, ...] = ()


class OncogenicityClass(StrEnum):
    """ClinGen/CGC/VICC 2022 classes."""

    ONCOGENIC = "oncogenic"
    LIKELY_ONCOGENIC = "likely_oncogenic"
    UNCERTAIN = "uncertain"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion met: its code, points, reason in words and source."""

    code: str
    points: int
    reason: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Oncogenicity with the criteria that made it; ``conflicts``: assays that disagree;
    ``not_considered``: evidence kinds that are not installed."""

    oncogenicity: OncogenicityClass
    points: int
    criteria: tuple[Criterion, ...]
    conflicts: tuple[Flag, ...] = ()
    not_considered: tuple[str, ...] = ()

    @property
    def is_oncogenic(self) -> bool:
        """Oncogenic or likely oncogenic."""
        return self.oncogenicity in (OncogenicityClass.ONCOGENIC, OncogenicityClass.LIKELY_ONCOGENIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedVariant:
    """A candidate with its name, facts, class and the filters it failed (none = reported)."""

    candidate: Candidate
    annotated: AnnotatedVariant
    classification: Classification
    amp_tier: Mapping[str, object] | None = None
    failures: tuple[Flag, ...] = ()

    @property
    def reportable(self) -> bool:
        """Passed every filter and is oncogenic, likely oncogenic or uncertain."""
        return not self.failures and self.classification.oncogenicity not in (
            OncogenicityClass.BENIGN,
            OncogenicityClass.LIKELY_BENIGN,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonCoverage:
    """Callability of one exon. ``lod_vaf``: lowest VAF excluded with 95 % confidence at its worst base."""

    exon: str
    start: int
    end: int
    required: bool
    mean_depth: float | None
    min_depth: int | None
    fraction_assessed: float
    lod_vaf: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap:
    """Bases not assessed at the threshold, GRCh38, 1-based inclusive."""

    start: int
    end: int
    c_start: str
    c_end: str
    exon: str | None
    min_depth: int | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What could have been seen. ``source``: "reads", "callable BED", "gVCF blocks"."""

    source: str
    threshold_vaf: float
    min_depth_needed: int | None
    required_region_assessed: bool
    exons: tuple[ExonCoverage, ...]
    gaps: tuple[CoverageGap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A prognostic note: one evidence statement as it bears on this sample."""

    id: str
    topic: str
    text: str
    effect: Mapping[str, object]
    population: str
    direction: str
    evidence_level: str
    citation: Mapping[str, object]
    caveats: tuple[str, ...]
    applies: str
    missing_fields: tuple[str, ...]
    publish: str = "note"
    condition_text: str = ""
    therapy_context: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextValue:
    """A clinical context field: its value and where it came from (declared, default, unknown)."""

    value: str | float | int | tuple[str, ...] | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAssessment:
    """The answer for one sample, as CONTRACT's ``assessment`` object."""

    status: str
    tp53_mutated_all: bool | None
    allelic_state: str
    allelic_state_basis: tuple[Flag, ...]
    germline_flag: str
    germline_reasons: tuple[Flag, ...]
    clonal_haematopoiesis_flag: bool
    clonal_haematopoiesis_reasons: tuple[Flag, ...]
    summary: tuple[Flag, ...]
    notes: tuple[Note, ...]
    warnings: tuple[Flag, ...]
    limitations: tuple[Flag, ...]
    status_basis: tuple[Flag, ...] = ()
    clonality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVersion:
    """A resource as used: name, version and checksum (sha256 of the file)."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReport:
    """Everything a report says; ``reporting.document`` turns it into the JSON document."""

    sample: str
    patient: str | None = None
    build: Build
    build_basis: str
    context: Mapping[str, ContextValue]
    assessment: SampleAssessment
    variants: tuple[ClassifiedVariant, ...]
    rejected: tuple[ClassifiedVariant, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    coverage: Coverage | None
    settings: Mapping[str, object]
    inputs: tuple[Mapping[str, object], ...]
    tables: tuple[TableVersion, ...]
