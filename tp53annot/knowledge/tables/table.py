"""What a table is: its file, how its rows are read, and what it says of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, NoReturn, TypeVar, cast

from msgspec import Struct, field

from tp53annot.core.variant import TranscriptVariant

_T = TypeVar("_T")
_R = TypeVar("_R")
_F = TypeVar("_F")


class TableFile(Struct, frozen=True, kw_only=True):
    """``tables/<name>.tsv``: tab-separated, one header line, no quoted cells.

    Attributes:
        name: of the file, without ending.
        columns: of the header, in order.
        imported: only a folder that ``resources update`` wrote has it; elsewhere it has no rows.
        part: the column that names a part of the table, where an imported file replaces only the parts it
            holds (the scores of one predictor, say).
    """

    name: str
    columns: tuple[str, ...]
    imported: bool = False
    part: str | None = None


Cells = list[list[str]]
RowsOf = Callable[[TableFile], Cells]


class ChangeKeys(NamedTuple):
    """The change that tables are asked about (a tuple: one is made for every change of a VCF).

    Attributes:
        name: c. name on the reference transcript, without accession: the key of tables of DNA changes.
        change: one residue for another or for a stop (R175H, R213*): the key of tables of protein changes.
        residue: the reference residue with its number (R175), set with ``change``.
        position: number of that residue (1-based), set with ``change``.
        place: number of the residue, or of the codon a change without protein change lies in.
    """

    name: str
    change: str | None = None
    residue: str | None = None
    position: int | None = None
    place: int | None = None

    @classmethod
    def of(cls, variant: TranscriptVariant) -> ChangeKeys:
        """What the tables' keys are made of, from a named change."""
        change = variant.substitution
        return cls(
            name=variant.hgvs_c,
            change=change,
            residue=f"{variant.aa_ref}{variant.aa_pos}" if change else None,
            position=variant.aa_pos if change else None,
            place=variant.aa_pos or variant.codon,
        )


class Fact(Struct, frozen=True):
    """One thing a table says of a change, for the claims of a report.

    Attributes:
        field: what it is, with its unit where it has one.
        value: as the table gives it.
        table: name of the file it stands in.
        citation: of the row, where it has one of its own; else the table's holds.
        addition: what is added to the table's citation.
    """

    field: str
    value: str | float | None
    table: str
    citation: str | None = None
    addition: str = ""


class FrequencyFact(Struct, frozen=True):
    """How often a change was seen, for the frequencies of a report.

    Attributes:
        label: key of ``[labels]`` in ``rules/oncogenicity.toml``: its name, unit and place in the report.
        group: "population", "tumour" or "all" (acute lymphoblastic leukaemia).
        value: a fraction (0 to 1) or a count, as the label's unit says.
        table: name of the file it stands in.
        words: fills the braces of the label's name.
    """

    label: str
    group: str
    value: float
    table: str
    words: Mapping[str, str] = field(default_factory=dict)


class Table(Struct, Generic[_T], frozen=True, kw_only=True):
    """One field of :class:`Knowledge`: the files it is read from and what it says of a change.

    Attributes:
        files: the files; their names, version and citation stand in the manifest.
        read: makes the value from the rows of its files.
        facts: what it says of a change, from the value.
        frequencies: how often it saw the change, from the value.
    """

    files: tuple[TableFile, ...]
    read: Callable[[RowsOf], _T]
    facts: Callable[[_T, ChangeKeys], Iterable[Fact]] | None = None
    frequencies: Callable[[_T, ChangeKeys], Iterable[FrequencyFact]] | None = None


def by_name(tell: Callable[[_R], Iterable[_F]]) -> Callable[[Mapping[str, _R], ChangeKeys], Iterable[_F]]:
    """Asks for the row of the c. name; a table says nothing of a change that it has no row of."""

    def told(rows: Mapping[str, _R], keys: ChangeKeys) -> Iterable[_F]:
        row = rows.get(keys.name)
        return () if row is None else tell(row)

    return told


def by_change(tell: Callable[[_R], Iterable[_F]]) -> Callable[[Mapping[str, _R], ChangeKeys], Iterable[_F]]:
    """Asks for the row of the protein change."""

    def told(rows: Mapping[str, _R], keys: ChangeKeys) -> Iterable[_F]:
        row = rows.get(keys.change or "")
        return () if row is None else tell(row)

    return told


def by_position(tell: Callable[[_R], Iterable[_F]]) -> Callable[[Mapping[int, _R], ChangeKeys], Iterable[_F]]:
    """Asks for the row of the residue that a protein change replaces."""

    def told(rows: Mapping[int, _R], keys: ChangeKeys) -> Iterable[_F]:
        row = rows.get(keys.position or 0)
        return () if row is None else tell(row)

    return told


def table_field(table: Table[_T]) -> _T:
    """A field of :class:`Knowledge` that is read as the table says."""
    return cast(_T, field(default_factory=Unread(cast("Table[object]", table))))


class Unread:
    """Stands for the value of a table until it is read."""

    def __init__(self, table: Table[object]) -> None:
        self.table = table

    def __call__(self) -> NoReturn:
        """Knowledge is never made without its tables."""
        raise TypeError("knowledge is made of tables that were read")


def number_or_none(text: str) -> float | None:
    """A cell that may be empty."""
    return float(text) if text else None
