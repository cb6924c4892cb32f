"""Error rates by place, as other samples show them.

Some places err more than their class of change does, in every sample of a laboratory alike. What the
other samples show there at a low fraction is taken as error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import BASES, Counts
from tp53annot.calling.pileup import Pileup

# Error rate (0..1) by GRCh38 position and the base that is wrongly read.
Background = Mapping[tuple[int, str], float]


class ErrorTable(Struct, frozen=True, kw_only=True):
    """Errors by base and place, over one sample or several.

    Attributes:
        start: GRCh38 position of the first place.
        seen: fragments with the base, by [base, place].
        depth: fragments among which they were seen, by [base, place].
    """

    start: int
    seen: Counts
    depth: Counts

    @classmethod
    def of(cls, pileup: Pileup, highest_vaf: float) -> ErrorTable:
        """Errors of one sample; what stands above ``highest_vaf`` (0..1) may be a variant and is left out."""
        seen, depth = pileup.bases.sum(axis=0), np.broadcast_to(pileup.depth, (len(BASES), pileup.length))
        error = seen <= highest_vaf * depth
        return cls(start=pileup.start, seen=np.where(error, seen, 0), depth=np.where(error, depth, 0))

    def with_another(self, other: ErrorTable) -> ErrorTable:
        """Both samples together; ``other`` counts the same places."""
        return ErrorTable(
            start=self.start,
            seen=np.add(self.seen, other.seen, dtype=np.int32),
            depth=np.add(self.depth, other.depth, dtype=np.int32),
        )

    def rates(self, least: int) -> Background:
        """Rates where ``least`` fragments or more tell."""
        known = (self.seen > 0) & (self.depth >= least)
        return {
            (self.start + int(i), BASES[b]): float(self.seen[b, i] / self.depth[b, i])
            for b, i in zip(*known.nonzero(), strict=True)
        }


def rates_of_others(tables: Sequence[ErrorTable | None], least: int) -> list[Background]:
    """For each sample, the rates that the others show.

    Args:
        tables: one for each sample, ``None`` for one without reads.
        least: fragments of the others, at least, from which their rate at a place counts.
    """
    present = [t for t in tables if t is not None]
    if not present:
        return [{} for _ in tables]
    seen: Counts = np.sum([t.seen for t in present], axis=0, dtype=np.int32)
    depth: Counts = np.sum([t.depth for t in present], axis=0, dtype=np.int32)
    found = []
    for own in tables:
        others = ErrorTable(
            start=present[0].start,
            seen=np.subtract(seen, own.seen, dtype=np.int32) if own else seen,
            depth=np.subtract(depth, own.depth, dtype=np.int32) if own else depth,
        )
        found.append(others.rates(least))
    return found
