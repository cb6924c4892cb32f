"""Recurrent residues in cancer, with tumour samples of each change (cancerhotspots.org, 3dhotspots.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile, by_change

HOTSPOTS_FILE = TableFile(
    name="hotspots",
    columns=("residue", "change", "type", "residue_samples", "change_samples"),
    part="type",
)
SINGLE_RESIDUE, SPLICE_SITE, SPATIAL, IN_FRAME = "single residue", "splice site", "3d", "in-frame indel"


# Its third release holds exchanges and stop gains; the newer table and the older stand side by side.
_V3 = TableFile(name="hotspots_v3", columns=("residue", "change", "residue_samples", "change_samples"))
_STOP = "*"


class Hotspot(Struct, frozen=True, kw_only=True):
    """Tumour samples with any change at the residue and with this change.

    Attributes:
        residue: R175, or X125 at a splice site.
        kind: "single residue", "splice site" or "in-frame indel".
        residue_samples: with any change at the residue; stop gains are left out where the change is none.
        change_samples: with this change (at a splice site: with any splice change of the residue).
        stop_samples: with a stop gain at the residue.
        table: name of the file.
    """

    residue: str
    kind: str
    residue_samples: int
    change_samples: int
    stop_samples: int
    table: str


_Row = tuple[str, str, str, str]  # residue, change, samples at the residue, samples with the change


def _of_kind(rows: RowsOf, kind: str) -> list[_Row]:
    return [
        (residue, change, samples, count)
        for residue, change, row_kind, samples, count in rows(HOTSPOTS_FILE)
        if row_kind == kind
    ]


def _newer(rows: RowsOf) -> list[_Row]:
    return [(residue, change, samples, count) for residue, change, samples, count in rows(_V3)]


def _spots(rows: list[_Row], kind: str, table: str) -> Iterator[tuple[str, Hotspot]]:
    """Change and row; samples with a stop gain say nothing of an exchange at the residue."""
    stops = {residue: int(count) for residue, change, _, count in rows if change.endswith(_STOP)}
    for residue, change, samples, count in rows:
        at_residue = stops.get(residue, 0)
        left_out = 0 if change.endswith(_STOP) else at_residue
        yield (
            change.rpartition(":")[2],
            Hotspot(
                residue=residue,
                kind=kind,
                residue_samples=int(samples) - left_out,
                change_samples=int(count),
                stop_samples=at_residue,
                table=table,
            ),
        )


def _older_spots(rows: RowsOf) -> Mapping[str, Hotspot]:
    return {
        change: spot
        for kind in (SINGLE_RESIDUE, IN_FRAME)
        for change, spot in _spots(_of_kind(rows, kind), kind, HOTSPOTS_FILE.name)
    }


def _newer_spots(rows: RowsOf) -> Mapping[str, Hotspot]:
    return dict(_spots(_newer(rows), SINGLE_RESIDUE, _V3.name))


def _by_residue(rows: RowsOf) -> Mapping[int, int]:
    """The larger count of the two tables; stop gains are left out."""
    found: dict[int, int] = {}
    for table in (_of_kind(rows, SINGLE_RESIDUE), _newer(rows)):
        stops = {residue: int(count) for residue, change, _, count in table if change.endswith(_STOP)}
        samples = {residue: all_ for residue, change, all_, _ in table if not change.endswith(_STOP)}
        for residue, all_ in samples.items():
            number = int(residue[1:])
            found[number] = max(found.get(number, 0), int(all_) - stops.get(residue, 0))
    return found


def _splice(rows: RowsOf) -> Mapping[int, Hotspot]:
    found = _of_kind(rows, SPLICE_SITE)
    return {int(spot.residue[1:]): spot for _, spot in _spots(found, SPLICE_SITE, HOTSPOTS_FILE.name)}


def _spatial(rows: RowsOf) -> frozenset[str]:
    return frozenset(residue for residue, *_ in _of_kind(rows, SPATIAL))


def _older_facts(spot: Hotspot) -> Iterator[Fact]:
    shown = f"{spot.change_samples} of {spot.residue_samples}"
    yield Fact("hotspot samples with this change (v2)", shown, spot.table)


def _newer_facts(spot: Hotspot) -> Iterator[Fact]:
    shown = f"{spot.change_samples} of {spot.residue_samples}"
    yield Fact("hotspot samples with this change (v3)", shown, spot.table)


def _spatial_facts(residues: frozenset[str], keys: ChangeKeys) -> Iterator[Fact]:
    if keys.residue in residues:
        yield Fact("3D hotspot residue", keys.residue, HOTSPOTS_FILE.name)


# Single residues and in-frame changes of the second release or an imported one, by short protein change.
HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_older_spots, facts=by_change(_older_facts))
# Single residues of the third release, by short protein change.
HOTSPOTS_V3 = Table(files=(_V3,), read=_newer_spots, facts=by_change(_newer_facts))
# Samples with any exchange at a residue, by its number.
HOTSPOT_RESIDUES = Table(files=(HOTSPOTS_FILE, _V3), read=_by_residue)
# Splice sites, by the number of the residue at the exon's edge.
SPLICE_HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_splice)
# Residues (R175) of clusters in the folded protein.
SPATIAL_HOTSPOTS = Table(files=(HOTSPOTS_FILE,), read=_spatial, facts=_spatial_facts)
