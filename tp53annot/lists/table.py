"""A table of variants as rows of fields, whatever its columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.knowledge.rules.variant_list import VariantListRules
from tp53annot.system.tables import numbered_cells

LIST_ENDINGS = (".tsv", ".csv", ".txt", ".maf", ".xlsx")
_PLACE = ("chrom", "pos", "ref", "alt")


class ListLine(Struct, frozen=True, kw_only=True):
    """One row.

    Attributes:
        line: of the file, from 1.
        cells: text by column name in small letters.
        fields: text by field (rules/variant_list.toml); what states nothing is left out.
        surplus: cells that hold something beyond the last column.
    """

    line: int
    cells: Mapping[str, str]
    fields: Mapping[str, str]
    surplus: int

    def first(self, columns: tuple[str, ...], absent: tuple[str, ...]) -> str | None:
        """What the first of these columns that states something says."""
        stated = (self.cells.get(name, "") for name in columns)
        return next((text for text in stated if text.lower() not in absent), None)


def is_list(path: Path) -> bool:
    """Whether a file is a table by its name's ending."""
    return path.name.lower().endswith(LIST_ENDINGS)


def read_list(path: Path, rules: VariantListRules) -> tuple[ListLine, ...]:
    """The rows of a table of variants.

    Raises:
        InputError: unreadable, empty, or without a column that states a variant.
    """
    rows = numbered_cells(path, any_dates=True)
    while rows and rows[0][1][0].startswith("#") and not any(rows[0][1][1:]):
        rows = rows[1:]  # a comment above the column names
    if not rows:
        raise InputError("the table is empty", path=str(path), fix="the first line names the columns")
    header = [cell.strip().lower() for cell in rows[0][1]]
    column_of = {
        field: next((name for name in names if name in header), None)
        for field, names in rules.columns.items()
    }
    named = any(name in header for name in (*rules.names.dna, *rules.names.protein))
    if not named and not all(column_of[field] for field in _PLACE):
        raise InputError(
            f"no column states a variant: {', '.join(header[:12])}",
            path=str(path),
            place=f"line {rows[0][0]}",
            fix="columns are chrom, pos, ref and alt, or a name (hgvs, HGVSc, HGVSp ...); a sample sheet goes to --samples",
        )
    return tuple(
        _line(number, header, cells, column_of, rules) for number, cells in rows[1:] if not _comment(cells)
    )


def _comment(cells: list[str]) -> bool:
    """Whether a line below the header is a remark: ``#`` and nothing in any further column."""
    return cells[:1] != [] and cells[0].startswith("#") and not any(cells[1:])


def _line(
    number: int,
    header: list[str],
    cells: list[str],
    column_of: Mapping[str, str | None],
    rules: VariantListRules,
) -> ListLine:
    row: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        row.setdefault(name, cell.strip())
    fields = {field: row.get(name, "") for field, name in column_of.items() if name is not None}
    alleles = ("ref", "alt", "alt_first")  # where "-" is an allele without bases
    stated = {
        field: text
        for field, text in fields.items()
        if text.lower() not in rules.absent or (field in alleles and text == "-")
    }
    last = max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return ListLine(line=number, cells=row, fields=stated, surplus=max(last - len(header), 0))


def sample_names(path: Path, rules: VariantListRules) -> tuple[str, ...]:
    """The samples a table names, in the order of their first rows.

    Raises:
        InputError: as :func:`read_list`.
    """
    named = (row.fields.get("sample") for row in read_list(path, rules))
    return tuple(dict.fromkeys(name for name in named if name is not None))
