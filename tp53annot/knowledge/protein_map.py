"""What the figures of the protein and its assays need, from the tables."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from tp53annot.knowledge.assays import Histogram, histograms
from tp53annot.knowledge.tables.registry import Knowledge


class ProteinMap(Struct, frozen=True, kw_only=True):
    """What the figure of the protein needs; residues 1-based inclusive."""

    length: int
    domains: tuple[tuple[str, str, int, int], ...]
    hotspots: tuple[tuple[int, int], ...]
    assays: Mapping[str, Histogram] = field(default_factory=dict)

    @classmethod
    def of(cls, knowledge: Knowledge, length: int) -> ProteinMap:
        """Domains and hotspot residues from the tables."""
        least = knowledge.rules.hotspot.min_residue_samples
        spots = sorted((r, n) for r, n in knowledge.hotspot_residues.items() if n >= least)
        return cls(
            length=length,
            domains=tuple((d.name, d.label, d.start, d.end) for d in knowledge.domains),
            hotspots=tuple(spots),
            assays=histograms(knowledge),
        )
