"""How many molecules show each junction, and how many run on over the edge of an exon."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import Ints
from tp53annot.calling.splicing.junctions import Junction


class JunctionCounts(Struct, frozen=True, kw_only=True):
    """Molecules on the gene's splice sites.

    Attributes:
        junctions: molecules that leave out a stretch, by that stretch.
        stretches: what reads show without a gap: first position, last position (GRCh38, inclusive), molecule.
        anchor: bases a read must show on either side of a place.
    """

    junctions: Mapping[Junction, int]
    stretches: Ints
    anchor: int

    def run_on(self, place: int) -> int:
        """Molecules that show a place and the base before it, and bases enough on either side, without a gap."""
        first, last, molecule = self.stretches.T
        over = (first <= place - self.anchor) & (last >= place + self.anchor - 1)
        return len(np.unique(molecule[over]))

    def at_first(self, place: int) -> int:
        """Molecules with a junction whose first intronic base this is."""
        return sum(n for j, n in self.junctions.items() if j.first == place)

    def at_last(self, place: int) -> int:
        """Molecules with a junction whose last intronic base this is."""
        return sum(n for j, n in self.junctions.items() if j.last == place)
