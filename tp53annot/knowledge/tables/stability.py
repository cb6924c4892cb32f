"""Measured stability changes of p53 mutants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_change

_FILE = TableFile(
    name="stability", columns=("aa_change", "ddg_kcal_per_mol", "relative_to", "stability", "reference")
)
_WILD_TYPE = "WT"


class Stability(Struct, frozen=True, kw_only=True):
    """A measured change of the folding energy.

    Attributes:
        ddg: kcal/mol; positive: less stable.
        relative_to: "WT", or the mutant in whose background it was measured.
        label: in the words of the source.
        reference: the publication.
    """

    ddg: float
    relative_to: str
    label: str
    reference: str


def _read(rows: RowsOf) -> Mapping[str, tuple[Stability, ...]]:
    found: dict[str, list[Stability]] = {}
    for change, ddg, background, label, reference in rows(_FILE):
        row = Stability(ddg=float(ddg), relative_to=background, label=label, reference=reference)
        found.setdefault(change, []).append(row)
    return {
        change: tuple(sorted(measured, key=lambda row: row.relative_to != _WILD_TYPE))
        for change, measured in found.items()
    }


def _facts(measured: tuple[Stability, ...]) -> Iterator[Fact]:
    for row in measured:
        background = f"relative to {row.relative_to}"
        yield Fact(f"stability change (kcal/mol, {background})", row.ddg, _FILE.name, row.reference)
        yield Fact(f"stability ({background})", row.label, _FILE.name, row.reference)


# By protein change, measurements in the wild-type background first.
STABILITY = Table(files=(_FILE,), read=_read, facts=by_change(_facts))
