"""Recurrent residues in cancer, with tumour samples of each change (cancerhotspots.org, 3dhotspots.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile, by_change

HOTSPOTS_FILE = TableFile(
    name="hotspots",
    columns=("residue", "change", "type", "residue_samples", "change_samples"),
    part="type",
)
SINGLE_RESIDUE, SPLICE_SITE, SPATIAL, IN_FRAME = "single residue", "splice site", "3d", "in-frame indel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """Tumour samples with any change at the residue and with this change.

    Attributes:
        residue: R175, or X125 at a splice site.
        kind: "single residue", "splice site" or "in-frame indel".
        residue_samples: with any change at the residue.
        change_samples: with this change (at a splice site: with any splice change of the residue).
    """

    residue: str
    kind: str
    residue_samples: int
    change_samples: int


def _rows(rows: RowsOf, *kinds: str) -> Iterator[tuple[str, Hotspot]]:
    """Change and row, of these kinds."""
    for residue, change, kind, samples, count in rows(HOTSPOTS_FILE):
        if kind in kinds:
            yield (
                change,
                Hotspot(residue=residue, kind=kind, residue_samples=int(samples), change_samples=int(count)),
            )


def _by_change(rows: RowsOf) -> Mapping[str, Hotspot]:
    return {change.rpartition(":")[2]: spot for change, spot in _rows(rows, SINGLE_RESIDUE, IN_FRAME)}


def _by_residue(rows: RowsOf) -> Mapping[int, int]:
    return {int(spot.residue[1:]): spot.residue_samples for _, spot in _rows(rows, SINGLE_RESIDUE)}


def _splice(rows: RowsOf) -> Mapping[int, Hotspot]:
    return {int(spot.residue[1:]): spot for _, spot in _rows(rows, SPLICE_SITE)}


def _spatial(rows: RowsOf) -> frozenset[str]:
    return frozenset(row[0] for row in rows(HOTSPOTS_FILE) if row[2] == SPATIAL)


def _facts(spot: Hotspot) -> Iterator[Fact]:
    yield Fact("hotspot samples with this change", spot.change_samples, HOTSPOTS_FILE.name)


def _spatial_facts(residues: frozenset[str], keys: ChangeKeys) -> Iterator[Fact]:
    if keys.residue in residues:
        yield Fact("3D hotspot residue", keys.residue, HOTSPOTS_FILE.name)


# Single residues and in-frame changes, by short protein change.
HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_by_change, facts=by_change(_facts))
# Samples with any change at a residue, by its number.
HOTSPOT_RESIDUES = Table(files=(HOTSPOTS_FILE,), read=_by_residue)
# Splice sites, by the number of the residue at the exon's edge.
SPLICE_HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_splice)
# Residues (R175) of clusters in the folded protein.
SPATIAL_HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_spatial, facts=_spatial_facts)
