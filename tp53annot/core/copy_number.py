"""Copies of the gene: what each piece of evidence says, and the state they give together."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class CopyState(StrEnum):
    """State of the two alleles, as the report names it."""

    LOSS = "loss"
    COPY_NEUTRAL_LOH = "copy_neutral_loh"
    GAIN = "gain"
    NORMAL = "normal"
    UNKNOWN = "unknown"


class CopySource(StrEnum):
    """Where a piece of evidence comes from."""

    STRUCTURAL_RECORD = "structural_record"
    TABLE = "table"
    KARYOTYPE = "karyotype"
    FISH = "fish"
    DECLARED = "declared"
    READ_DEPTH = "read_depth"
    ALLELE_BALANCE = "allele_balance"

    @property
    def is_weak(self) -> bool:
        """Whether it needs confirmation: it never makes a sample ``deletion_only``."""
        return self in (CopySource.READ_DEPTH, CopySource.ALLELE_BALANCE)

    @property
    def is_clinical(self) -> bool:
        """Whether it was declared or seen in cells, not in this sample's sequence."""
        return self in (CopySource.DECLARED, CopySource.KARYOTYPE, CopySource.FISH)


class CopyKind(StrEnum):
    """What a statement says, more closely than its state: each has a sentence in ``[copies]``."""

    LOSS = "loss"
    BOTH_LOST = "both_lost"
    CN_LOH = "cn_loh"
    LOH_OPEN = "loh_open"
    GAIN = "gain"
    NORMAL = "normal"
    NORMAL_LOH_OPEN = "normal_loh_open"
    PART_GAINED = "part_gained"
    CONTRADICTORY = "contradictory"
    SHALLOW = "shallow"
    NOT_COVERED = "not_covered"
    NO_SEGMENT = "no_segment"
    BELOW_SIGHT = "below_sight"
    ALTERED_ONLY = "altered_only"


class CopyStatement(Struct, frozen=True, kw_only=True):
    """What a record or a table states about the copies of the gene, before it is put into words.

    Attributes:
        source: its kind.
        kind: what it says.
        origin: the record, or the file and its segment.
        start: first base concerned (GRCh38, 1-based), ``None`` with ``end``: the whole gene.
        end: last base concerned, inclusive.
        total: copies stated, ``None`` where not.
        minor: copies of the rarer allele, ``None`` where not stated.
        figures: further figures as they stand, by their name ("log2").
    """

    source: CopySource
    kind: CopyKind
    origin: str
    start: int | None = None
    end: int | None = None
    total: int | None = None
    minor: int | None = None
    figures: Mapping[str, str] = field(default_factory=dict)


def kind_of_copies(total: int | None, minor: int | None) -> CopyKind | None:
    """What absolute copies say; ``None`` where they are not stated.

    Args:
        total: copies of both alleles together.
        minor: copies of the rarer allele.

    >>> [kind_of_copies(*c).value for c in ((0, 0), (1, None), (2, 0), (2, 1), (3, None), (None, 0))]
    ['both_lost', 'loss', 'cn_loh', 'normal', 'gain', 'loh_open']
    """
    if total is None:
        return CopyKind.LOH_OPEN if minor == 0 else None
    if total <= 1:
        return CopyKind.LOSS if total else CopyKind.BOTH_LOST
    if minor == 0:
        return CopyKind.CN_LOH
    if total > 2:
        return CopyKind.GAIN
    return CopyKind.NORMAL_LOH_OPEN if minor is None else CopyKind.NORMAL


class CopyEvidence(Struct, frozen=True, kw_only=True):
    """One statement about the copies of TP53.

    Attributes:
        source: its kind; read depth and allele balance never make a sample ``deletion_only``.
        state: what it says alone.
        text: the statement in words, with its figures.
        origin: file, field or caller that states it.
        total: copies as stated (beside a genotype with the reference those of one allele), ``None`` where not stated.
        minor: copies of the rarer allele, ``None`` where not stated.
        none_left: whether no copy of what is concerned is left.
        exons: coding exons concerned, empty: the whole gene.
        modal: chromosomes of the clone that a karyotype states, of a range the least, ``None`` elsewhere.
        modal_most: of a range the most, ``None`` or the same where one number is stated.
    """

    source: CopySource
    state: CopyState
    text: str
    origin: str = ""
    total: int | None = None
    minor: int | None = None
    none_left: bool = False
    exons: tuple[str, ...] = ()
    modal: int | None = None
    modal_most: int | None = None


class ExonDepth(Struct, frozen=True, kw_only=True):
    """Depth of one exon against the run's other samples: ``ratio`` (1 is as expected) and ``z`` (standard deviations)."""

    exon: str
    ratio: float | None
    z: float | None


class GeneCopies(Struct, frozen=True, kw_only=True):
    """Copies of TP53 in one sample: the state in force, all evidence, and the exons' depths where judged."""

    state: CopyState = CopyState.UNKNOWN
    evidence: tuple[CopyEvidence, ...] = ()
    exons: tuple[ExonDepth, ...] = ()

    def stated(self, state: CopyState) -> tuple[CopyEvidence, ...]:
        """The evidence for a state that needs no confirmation."""
        return tuple(e for e in self.evidence if e.state is state and not e.source.is_weak)
