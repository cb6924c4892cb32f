"""What the reads show on the TP53 locus, as counts: the value between reads and judgement."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BASES = "ACGT"
FORWARD, REVERSE = 0, 1
Counts = npt.NDArray[np.int32]
Sums = npt.NDArray[np.float64]
# A change as (GRCh38 position, REF, ALT), normalised.
Change = tuple[int, str, str]


@dataclass(slots=True)
class IndelCount:
    """Fragments whose alignment shows one insertion, deletion or replaced stretch."""

    forward: int = 0
    reverse: int = 0
    near_end: int = 0

    @property
    def total(self) -> int:
        """Both strands."""
        return self.forward + self.reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Fragments told apart by the sequence each was most likely read from.

    ``alt``, ``ref``: distinct fragments by strand (forward, reverse); ``vaf``: fraction of molecules
    with the change (0..1), each end of the change counted by the reads that can show that end;
    ``None`` without such a read. ``depth``: fragments that can show it, so that the alternate ones
    are ``vaf`` of them.
    """

    alt: tuple[int, int]
    ref: tuple[int, int]
    vaf: float | None
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """Fragments that errors on the molecules of another change give; ``spread`` as of an error rate."""

    expected: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Primers:
    """Where reads of amplicons begin. Arrays by strand and place.

    ``begin``: many reads begin here; ``over``: reads that may show a primer here; ``most``: most reads of
    the file begin at such places.
    """

    begin: npt.NDArray[np.bool_]
    over: Counts
    most: bool


@dataclass(slots=True, kw_only=True)
class Pileup:
    """Counts over GRCh38 positions ``start``..``start + length - 1`` (1-based).

    ``bases[strand, base, i]``: usable bases (A C G T); ``ends[base, i]``: those near a read's end;
    ``errors[i]``: sum of error probabilities of all usable bases;
    ``spans[strand, i]``: usable fragments over the position (deleted bases counted).
    ``indels``: as aligned. ``pairs``: neighbouring changes seen on the same fragment.
    ``hints``: changes that clipped ends point to, by number of reads, none of which shows one whole.
    ``least_quality``: bases of a lower one do not count; ``firm``: ``spans`` of those good enough for a place to
    be called assessed, where it lies below that.
    ``primers``: where reads of amplicons begin.
    ``echoes``: changes one error away from a more frequent one.
    ``shares``: changes counted anew by sequence (call_haplotype).
    """

    start: int
    length: int
    bases: Counts
    ends: Counts
    errors: Sums
    spans: Counts
    indels: dict[Change, IndelCount] = field(default_factory=dict)
    pairs: dict[Change, int] = field(default_factory=dict)
    hints: dict[Change, int] = field(default_factory=dict)
    echoes: dict[Change, Echo] = field(default_factory=dict)
    shares: dict[Change, Shares] = field(default_factory=dict)
    reads: int = 0
    least_quality: int = 0
    firm: Counts | None = None
    primers: Primers | None = None
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

    def holds(self, change: Change) -> bool:
        """True when a change lies within the counted stretch."""
        low = change[0] - self.start
        return low >= 1 and low + len(change[1]) < self.length

    @property
    def depth(self) -> Counts:
        """Usable fragments over each position."""
        total: Counts = self.spans.sum(axis=0)
        return total

    @property
    def shown(self) -> dict[Change, int]:
        """Indels and neighbouring changes as aligned, with their fragments."""
        return {change: count.total for change, count in self.indels.items()} | self.pairs

    @property
    def assessed(self) -> Counts:
        """The depth that callability rests on."""
        total: Counts = (self.spans if self.firm is None else self.firm).sum(axis=0)
        return total
