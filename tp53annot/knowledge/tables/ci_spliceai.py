"""CI-SpliceAI: predicted change of splice-site probability by every base exchange in and beside the coding exons."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile

_BASES = "ACGT"
_FILE = TableFile(name="ci_spliceai", columns=("place", *(f"to_{base.lower()}" for base in _BASES)))


class SpliceDeltas(Struct, frozen=True, kw_only=True):
    """Rise or fall of the probability of a splice site within 300 bases, each 0 to 1."""

    acceptor_gain: float
    acceptor_loss: float
    donor_gain: float
    donor_loss: float

    @property
    def largest(self) -> float:
        """Of the four."""
        return max(self.acceptor_gain, self.acceptor_loss, self.donor_gain, self.donor_loss)

    def __str__(self) -> str:
        return (
            f"acceptor gain {self.acceptor_gain:g}, acceptor loss {self.acceptor_loss:g}, "
            f"donor gain {self.donor_gain:g}, donor loss {self.donor_loss:g}"
        )


class SplicePredictions:
    """Deltas by c. name, kept as text until they are asked for: most runs ask for few."""

    def __init__(self, lines: dict[str, list[str]]) -> None:
        self._lines = lines

    def get(self, name: str) -> SpliceDeltas | None:
        """Of a single-base exchange; ``None`` where the table has none."""
        place, _, base = name.partition(">")
        cells = self._lines.get(place)
        text = cells[_BASES.index(base)] if cells and len(base) == 1 and base in _BASES else ""
        if not text:
            return None
        gain, loss, donor_gain, donor_loss = (int(part) / 100 for part in text.split(" "))
        return SpliceDeltas(
            acceptor_gain=gain, acceptor_loss=loss, donor_gain=donor_gain, donor_loss=donor_loss
        )


def _read(rows: RowsOf) -> SplicePredictions:
    return SplicePredictions({place: cells for place, *cells in rows(_FILE)})


def _facts(predictions: SplicePredictions, keys: ChangeKeys) -> Iterator[Fact]:
    deltas = predictions.get(keys.name)
    if deltas is not None:
        yield Fact("CI-SpliceAI", str(deltas), _FILE.name)


CI_SPLICEAI = Table(files=(_FILE,), read=_read, facts=_facts)
