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
    """Fragments that show one insertion or deletion."""

    forward: int = 0
    reverse: int = 0
    near_end: int = 0


@dataclass(slots=True, kw_only=True)
class Pileup:
    """Counts over GRCh38 positions ``start``..``start + length - 1`` (1-based).

    ``bases[strand, base, i]``: usable bases (A C G T); ``ends``: those near a read's end;
    ``errors[base, i]``: sum of error probabilities of all usable bases by the base they show;
    ``spans[strand, i]``: usable fragments over the position (deleted bases counted).
    ``indels``: by (GRCh38 position, REF, ALT), normalised. ``pairs``: neighbouring changes seen on
    the same fragment.
    """

    start: int
    length: int
    bases: Counts
    ends: Counts
    errors: Sums
    spans: Counts
    indels: dict[tuple[int, str, str], IndelCount] = field(default_factory=dict)
    pairs: dict[tuple[int, str, int, str], int] = field(default_factory=dict)
    reads: int = 0
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

    @property
    def depth(self) -> Counts:
        """Usable fragments over each position."""
        total: Counts = self.spans.sum(axis=0)
        return total
