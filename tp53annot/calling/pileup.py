"""What the reads show on the TP53 locus, as counts: the value between reads and judgement."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from msgspec import Struct, field

from tp53annot.calling.arrays import BASES, Bools, Counts, Floats, Ints
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.calling.splicing.counts import JunctionCounts
from tp53annot.core.allele import Allele
from tp53annot.core.molecules import Molecules
from tp53annot.core.platform import Platform

FORWARD, REVERSE = 0, 1


class ReadChange(NamedTuple):
    """A change as reads show it, VCF style, GRCh38, normalised unless said otherwise.

    It is an allele without its checks, light enough to count by.
    """

    pos: int
    ref: str
    alt: str

    @classmethod
    def of(cls, allele: Allele) -> ReadChange:
        """An allele as what is counted."""
        return cls(allele.pos, allele.ref, allele.alt)

    @property
    def net(self) -> int:
        """Bases gained (+) or lost (-)."""
        return len(self.alt) - len(self.ref)

    @property
    def single_base(self) -> bool:
        """One base for another."""
        return len(self.ref) == len(self.alt) == 1


class IndelCount(Struct):
    """Fragments whose alignment shows one insertion, deletion or replaced stretch.

    Attributes:
        forward: on the forward strand.
        reverse: on the reverse strand.
        near_end: those in which it lies near the read's end.
    """

    forward: int = 0
    reverse: int = 0
    near_end: int = 0

    @property
    def total(self) -> int:
        """Both strands."""
        return self.forward + self.reverse


class Shares(Struct, frozen=True, kw_only=True):
    """Fragments for and against a change, each counted by the sequence it fits best.

    Attributes:
        alt: distinct fragments with the change, forward and reverse.
        ref: distinct fragments without it, forward and reverse.
        vaf: fraction of molecules with it (0..1), where each of its two ends is counted by the reads that can show
            that end; ``None`` where none can.
        depth: fragments that can show it, so that ``alt`` is ``vaf`` of them.
    """

    alt: tuple[int, int]
    ref: tuple[int, int]
    vaf: float | None
    depth: int


class Echo(Struct, frozen=True, kw_only=True):
    """A change that may be a more frequent one with an error in it.

    Attributes:
        expected: fragments that errors on the molecules of the frequent one give.
        spread: variance beyond Poisson, as a share of ``expected`` squared.
    """

    expected: float
    spread: float


class Primers(Struct, frozen=True, kw_only=True):
    """Where the reads of amplicons begin, by strand and place in the pileup.

    Attributes:
        begin: whether many reads begin here.
        over: reads that may show a primer here.
        most: whether most reads of the file begin at such places.
        hidden: molecules over each place that may show a primer there, by either end.
    """

    begin: Bools
    over: Counts
    most: bool
    hidden: Counts | None = None


class LongGroup(NamedTuple):
    """Reads that show about the same long insertion or deletion, of machines whose errors make it look different.

    Attributes:
        first: GRCh38 position of the last base before it, leftmost.
        last: of the last base that it deletes or copies.
        share: of the reads there (0..1).
        change: as most of them show it; ``None`` where it leaves the locus.
    """

    first: int
    last: int
    share: float
    change: ReadChange | None


class ClipPile(NamedTuple):
    """Molecules whose reads are clipped at one place and agree on what follows.

    Attributes:
        pos: GRCh38 position of the last aligned base before the clips (of left ones: the first behind them).
        left: whether the clips lie on the left.
        molecules: how many.
        onward: GRCh38 position at which they go on, where the locus has one such place.
        turned: whether they go on there on the other strand.
        cut: whether what follows was cut off (hard clips), so that none tells what it is.
    """

    pos: int
    left: bool
    molecules: int
    onward: int | None = None
    turned: bool = False
    cut: bool = False


class Pileup(Struct, kw_only=True):
    """Counts over GRCh38 positions ``start`` to ``start + length - 1`` (1-based).

    In the arrays, strand is 0 (forward) or 1 (reverse), base a place in ``BASES``, and i counts from ``start``.

    Attributes:
        bases: usable bases by [strand, base, i].
        ends: usable bases near a read's end by [base, i].
        errors: sum of the error probabilities of all usable bases, by [i].
        spans: usable fragments over a position, deleted bases included, by [strand, i].
        indels: insertions, deletions and replaced stretches as aligned.
        pairs: neighbouring mismatches of one read as one change each, and their fragments.
        hints: changes that clipped ends point to, and their reads, none of which shows one whole.
        far: long events to count by sequence, of which one end may lie outside the counted stretch; with further
            GRCh38 positions at which their molecules are clipped.
        piles: clips that agree on something else than the reference, explained by a change or not.
        echoes: changes that are one error away from a more frequent one.
        shares: changes counted anew by sequence (``calling/fragments.py``).
        reads: usable reads.
        least_quality: lowest quality of a base that counts.
        firm: as ``spans``, of bases good enough for a position to count as assessed, where ``least_quality`` is
            lower than that; else ``None``.
        unsure: molecules over a position that do not count, for their mapping quality or because they differ from the
            gene in many places; ``None`` where there are none, or not all are counted.
        primers: where reads of amplicons begin; ``None`` until all reads are counted.
        molecules: how many the reads stem from.
        long_groups: long insertions and deletions of reads that slip, called or not.
        platform: what sequenced them; ``None`` without reads.
        noise: how often errors lose and gain bases, of machines that do; else ``None``.
        junctions: molecules on the splice sites, of RNA; else ``None``.
        begins: of RNA, where reads with a base other than the reference's begin, by [i, base] and strand.
        remarks: what a reader must know about these reads, by the remark's name.
    """

    start: int
    length: int
    bases: Counts
    ends: Counts
    errors: Floats
    spans: Counts
    indels: dict[ReadChange, IndelCount] = field(default_factory=dict)
    pairs: dict[ReadChange, int] = field(default_factory=dict)
    hints: dict[ReadChange, int] = field(default_factory=dict)
    far: dict[ReadChange, tuple[int, ...]] = field(default_factory=dict)
    piles: tuple[ClipPile, ...] = ()
    echoes: dict[ReadChange, Echo] = field(default_factory=dict)
    shares: dict[ReadChange, Shares] = field(default_factory=dict)
    reads: int = 0
    least_quality: int = 0
    firm: Counts | None = None
    unsure: Counts | None = None
    primers: Primers | None = None
    molecules: Molecules | None = None
    long_groups: tuple[LongGroup, ...] = ()
    platform: Platform | None = None
    noise: SlipNoise | None = None
    junctions: JunctionCounts | None = None
    begins: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, start: int, end: int) -> Pileup:
        """No read yet over start..end (inclusive)."""
        size = end - start + 1
        return cls(
            start=start,
            length=size,
            bases=np.zeros((2, 4, size), np.int32),
            ends=np.zeros((4, size), np.int32),
            errors=np.zeros(size, np.float64),
            spans=np.zeros((2, size), np.int32),
        )

    def holds(self, change: ReadChange) -> bool:
        """True when a change lies within the counted stretch, with a base on either side, or is a far one."""
        low = change[0] - self.start
        return (low >= 1 and low + len(change[1]) < self.length) or change in self.far

    def index_of(self, change: ReadChange) -> int:
        """Index of a change's first base, or of its last one where the first lies before the counted stretch."""
        low = change.pos - self.start
        return max(min(low if low >= 0 else low + len(change.ref) - 1, self.length - 1), 0)

    def note_begins(self, index: Ints, codes: Ints, begins: Ints) -> None:
        """Note where reads begin that show a base other than the reference's."""
        for at, code, begin in zip(index.tolist(), codes.tolist(), begins.tolist(), strict=True):
            self.begins.setdefault((at, code), set()).add(begin)

    def distinct(self, change: ReadChange) -> int:
        """Different places and strands at which reads with a single base begin: what copies of a molecule share."""
        return len(self.begins.get((change.pos - self.start, BASES.index(change.alt)), ()))

    @property
    def rna(self) -> bool:
        """Whether the reads are known to be RNA's."""
        return self.platform is not None and self.platform.molecule == "rna"

    @property
    def depth(self) -> Counts:
        """Usable fragments over each position."""
        total: Counts = self.spans.sum(axis=0)
        return total

    @property
    def shown(self) -> dict[ReadChange, int]:
        """Indels and neighbouring changes as aligned, with their fragments."""
        return {change: count.total for change, count in self.indels.items()} | self.pairs

    @property
    def assessed(self) -> Counts:
        """Fragments over each position that callability rests on."""
        total: Counts = (self.spans if self.firm is None else self.firm).sum(axis=0)
        return total
