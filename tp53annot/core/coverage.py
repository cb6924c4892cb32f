"""What could have been seen: callability of exons, gaps, and stretches called reference."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from tp53annot.core.fields import Count, Fraction, Since

FROM_BLOCKS = "gVCF reference blocks"  # source of a coverage that rests on them


class GapCause(StrEnum):
    """Why bases were not assessed. Where several hold, the first counts.

    ``no_call``: no genotype was called (or only half of one). ``other_allele``: a genotype with an allele that is not
    named. ``filtered``: the caller's filter. ``low_quality``: the genotype is too uncertain, or its quality is not
    stated. ``alternate_reads``: reads of other bases reach the threshold. ``depth_unstated``: no depth is stated.
    ``errors``: the platform errs too often there to tell a change at the threshold. ``run_errors``: it loses and gains
    bases too often in this run of one base to tell that from a change; other bases are assessed. ``unreadable``: too few
    of the reads that show another base there can be read, for what lies beside it. ``mapping_quality``: so many of the
    reads there are left out for their mapping quality, or because they are not of the gene, that a change at the threshold may lie in them. ``shallow``: too few reads.
    ``no_record``: no record of the file covers them. ``not_callable``: outside the callable regions. ``low_expression``:
    too few reads of RNA, which follow the expression of the gene. ``spliced_out``: a base of an intron, which RNA lacks.
    """

    NO_CALL = "no_call"
    OTHER_ALLELE = "other_allele"
    FILTERED = "filtered"
    LOW_QUALITY = "low_quality"
    ALTERNATE_READS = "alternate_reads"
    DEPTH_UNSTATED = "depth_unstated"
    ERRORS = "errors"
    RUN_ERRORS = "run_errors"
    UNREADABLE = "unreadable"
    MAPPING_QUALITY = "mapping_quality"
    SHALLOW = "shallow"
    NO_RECORD = "no_record"
    NOT_CALLABLE = "not_callable"
    LOW_EXPRESSION = "low_expression"
    SPLICED_OUT = "spliced_out"


class CalledGenotype(StrEnum):
    """What a caller says of the genotype of a stretch; ``nothing``: the sample's entry is empty, as merging writes it."""

    REFERENCE = "reference"
    NO_CALL = "no_call"
    OTHER = "other"
    NOTHING = "nothing"


class GenotypeConfidence(Struct, frozen=True, kw_only=True):
    """How sure a caller was of a reference genotype, by one of its fields.

    Attributes:
        field: the field's name.
        value: Phred-scaled probability that the genotype is wrong, or ``odds``: log10 odds of a change; ``None`` where
            the field is there without a value.
        odds: whether the value is such odds.
    """

    field: str
    value: float | None
    odds: bool = False


class Block(Struct, frozen=True, kw_only=True):
    """A stretch of which a record states the reference (gVCF, all-positions VCF), positions GRCh38, inclusive.

    Attributes:
        depth: lowest stated depth.
        genotype: what was called.
        genotype_text: as it stands.
        filters: names of failed filters.
        confidence: of the genotype; ``None`` where the caller writes none.
        alternate: share (0..1) of the reads that have other bases; ``None`` where not stated.
        site: the record names a change, which this sample does not have.
    """

    start: int
    end: int
    depth: int | None
    genotype: CalledGenotype = CalledGenotype.REFERENCE
    genotype_text: str = ""
    filters: tuple[str, ...] = ()
    confidence: GenotypeConfidence | None = None
    alternate: float | None = None
    site: bool = False


class ExonCoverage(Struct, frozen=True, kw_only=True):
    """Callability of one exon. ``lod_vaf``: lowest VAF excluded with 95 % confidence at its worst base."""

    exon: str
    start: Count
    end: Count
    required: bool
    mean_depth: float | None
    min_depth: Count | None
    fraction_assessed: Fraction
    lod_vaf: float | None


class CoverageGap(Struct, frozen=True, kw_only=True):
    """Bases not assessed at the threshold, GRCh38, 1-based inclusive; ``detail``: the values that say so."""

    start: Count
    end: Count
    c_start: str
    c_end: str
    exon: str | None
    min_depth: Count | None
    required: bool
    cause: Annotated[GapCause | None, Since("2.0")] = None
    detail: Annotated[str | None, Since("2.0")] = None


class Coverage(Struct, frozen=True, kw_only=True):
    """What could have been seen. ``source``: "reads", "callable BED", "gVCF blocks"."""

    source: str
    threshold_vaf: float
    min_depth_needed: Count | None
    required_region_assessed: bool
    exons: tuple[ExonCoverage, ...]
    gaps: tuple[CoverageGap, ...]
