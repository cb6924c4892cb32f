"""What an input says before any judgement: records, read support, phase, candidates."""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.core.allele import Allele


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

    @property
    def support_in_force(self) -> ReadSupport:
        """What judgements rest on: the support counted in the reads where there are reads, else the caller's."""
        return self.reads or self.support


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
