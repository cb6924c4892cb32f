"""What the reads show on the TP53 locus, as counts: the value between reads and judgement."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BASES = "ACGT"
FORWARD, REVERSE = 0, 1
Counts = npt.NDArray[np.int32]
Sums = npt.NDArray[np.float64]


@dataclass(slots=True)
class IndelCount:
    """Fragments that show one insertion or deletion.

    ``reads``: for each, the aligned read bases before and after the change, and the first and last
    0-based index of its counted part.
    """

    forward: int = 0
    reverse: int = 0
    near_end: int = 0
    reads: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Pileup:
    """Counts over GRCh38 positions ``start``..``start + length - 1`` (1-based).

    ``bases[strand, base, i]``: usable bases (A C G T); ``ends``: those near a read's end;
    ``errors[base, i]``: sum of error probabilities of all usable bases by the base they show;
    ``spans[strand, i]``: usable fragments over the position (deleted bases counted).
    ``indels``: by (GRCh38 position, REF, ALT), normalised. ``pairs``: neighbouring changes seen on
    the same fragment. ``stretches``: first and last 0-based index and strand of each read's counted part.
    """

    start: int
    length: int
    bases: Counts
    ends: Counts
    errors: Sums
    spans: Counts
    indels: dict[tuple[int, str, str], IndelCount] = field(default_factory=dict)
    pairs: dict[tuple[int, str, int, str], int] = field(default_factory=dict)
    stretches: list[tuple[int, int, int]] = field(default_factory=list)
    reads: int = 0
    remarks: dict[str, str] = field(default_factory=dict)
    table: Counts | None = None  # ``stretches`` as an array, made when first asked for

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

    def spanning(self, low: int, high: int) -> tuple[int, int]:
        """Forward and reverse reads whose counted part holds both 0-based indexes."""
        if self.table is None or len(self.table) != len(self.stretches):
            self.table = np.array(self.stretches, np.int32).reshape(-1, 3)
        table = self.table
        over = table[(table[:, 0] <= low) & (table[:, 1] >= high), 2]
        reverse = int(over.sum())
        return len(over) - reverse, reverse

    @property
    def depth(self) -> Counts:
        """Usable fragments over each position."""
        total: Counts = self.spans.sum(axis=0)
        return total
