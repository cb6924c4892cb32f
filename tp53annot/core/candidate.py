"""What an input says before any judgement: records, read support, phase, candidates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Struct, field

from tp53annot.core.allele import Allele
from tp53annot.core.fields import NOT_SHOWN, Count, Fraction, Since

OF_RNA = "transcripts"  # unit of counts
AGAINST_CALL = "call."  # how the id begins of what the reads hold against a call
_NOT_CARRIED = "genotype_reference"  # id of the remark on a genotype without the ALT


class ReadSupport(Struct, frozen=True, kw_only=True):
    """What the reads (or the caller) say about one allele in one sample.

    Counts are reads, fragments or transcripts (RNA, whose fractions are those of expression) as ``unit`` says;
    ``vaf_source`` names the field the VAF came from. ``unread``: fields that hold numbers for the sample of which no VAF
    could be made; none where the VAF is known or nothing is stated.
    """

    vaf: Fraction | None = None
    depth: Count | None = None
    alt_reads: Count | None = None
    ref_reads: Count | None = None
    alt_forward: Count | None = None
    alt_reverse: Count | None = None
    ref_forward: Annotated[Count | None, NOT_SHOWN] = None
    ref_reverse: Annotated[Count | None, NOT_SHOWN] = None
    vaf_source: str | None = None
    unit: Annotated[str, NOT_SHOWN] = "reads"
    unread: Annotated[tuple[str, ...], NOT_SHOWN] = ()

    def __post_init__(self) -> None:
        if self.vaf is not None and not 0.0 <= self.vaf <= 1.0:
            raise ValueError(f"vaf {self.vaf} is not within 0..1")
        for name in ("depth", "alt_reads", "ref_reads", "alt_forward", "alt_reverse"):
            count = getattr(self, name)
            if count is not None and count < 0:
                raise ValueError(f"{name} {count} is negative")


class InputRecord(Struct, frozen=True, kw_only=True):
    """A record as it stood in the input, never rewritten."""

    file: str
    ordinal: Count | None
    chrom: str
    pos: Count
    id: str | None = None
    ref: str
    alt: str
    qual: float | None = None
    filters: tuple[str, ...] | None = field(default=None, name="filter")
    info: str | None = None
    format: str | None = None
    sample: str | None = None


class Phase(Struct, frozen=True, kw_only=True):
    """What one field of a record says about the haplotypes of a call.

    Attributes:
        genotype: GT as it stands.
        phased: whether the copies with the ALT are named.
        phase_set: the group of calls whose copies bear the same names; ``None``: all calls without one.
        haplotypes: 0-based indexes of the GT fields with this ALT.
        ploidy: number of GT fields.
        source: the field: ``GT``, ``PGT``, ``HP`` or ``PSL``.
        carrying, free: names of the copies known to have the ALT, and of those known to lack it; names of one source
            are comparable.
        quality: Phred-scaled chance that the phase is wrong; ``None`` where it is not stated.
    """

    genotype: str | None = None
    phased: bool = False
    phase_set: str | None = None
    haplotypes: tuple[Count, ...] = ()
    ploidy: Annotated[int | None, NOT_SHOWN] = None
    source: str | None = None
    carrying: Annotated[tuple[str, ...], NOT_SHOWN] = ()
    free: Annotated[tuple[str, ...], NOT_SHOWN] = ()
    quality: Annotated[float | None, NOT_SHOWN] = None


class Flag(Struct, frozen=True, kw_only=True):
    """A named observation with its sentence (a failed filter, a warning, a limitation)."""

    id: str
    text: str
    source: str | None = None

    @property
    def against_call(self) -> bool:
        """Whether it is what the reads hold against a call."""
        return self.id.startswith(AGAINST_CALL)


def is_background(remarks: Iterable[str]) -> bool:
    """Whether the ids of the remarks on a call say that it is none: genotyped as reference, or reads without a call."""
    return any(name == _NOT_CARRIED or name.startswith(AGAINST_CALL) for name in remarks)


class Candidate(Struct, frozen=True, kw_only=True):
    """One ALT of one sample, from a record or from reads, before any judgement.

    ``caller_filters`` is ``None`` when the caller stated none ('.'), ``()`` for PASS. ``other_phases``: what further
    fields of the record, or other records of the same change, say of its haplotypes. ``fewest``: molecules that a call
    from these reads needs, where they are there; ``None`` where nothing but a fixed limit is known.
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
    fewest: int | None = None
    other_phases: tuple[Phase, ...] = ()

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Everything that is said of its haplotypes."""
        return self.other_phases if self.phase is None else (self.phase, *self.other_phases)

    @property
    def support_in_force(self) -> ReadSupport:
        """What judgements rest on: the support counted in the reads where there are reads, else the caller's."""
        return self.reads or self.support


class Uninterpreted(Struct, frozen=True, kw_only=True):
    """A record that touches TP53 but is no plain sequence change; listed, never dropped.

    ``row``: its line in a variant list, the first line of the file is 1. ``open``: it may be a change of the gene that
    nobody could judge, so that a negative result is open beside it. ``counted``: what it says of the copies of the gene
    was judged.
    """

    record: InputRecord = field(name="input")
    code: str
    reason: str
    deletion: bool = False
    hgvs_c: str | None = None
    start: Count | None = None
    end: Count | None = None
    row: Annotated[Count | None, Since("2.0")] = None
    open: Annotated[bool, NOT_SHOWN] = False
    counted: Annotated[bool, NOT_SHOWN] = False
