"""Which line of a sheet names its columns, and which column is which field."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.knowledge.sheet_words import SheetLanguage, plain_heading
from tp53annot.system.grid import BROKEN, CellKind, Grid, SheetCell, SheetRow
from tp53annot.system.tables import SheetLine

_LINES_ABOVE = 50  # among the first so many lines are the column names


class Layout(Struct, frozen=True, kw_only=True):
    """A sheet with its columns known.

    Attributes:
        sheet: its file.
        grid: its cells.
        tab: the name of its tab, where the workbook has several.
        line: the line with the names of the columns, from 1.
        above: how many lines with text stand above it.
        names: every column's name as it stands.
        fields: field by the number of its column, from 0.
        rows: the lines below, from which comments (``#``) are left out.
    """

    sheet: Path
    grid: Grid
    tab: str | None
    line: int
    above: int
    names: tuple[str, ...]
    fields: Mapping[int, str]
    rows: tuple[SheetRow, ...]

    @property
    def fits(self) -> bool:
        """Whether it is a sample sheet: it names samples, and something of them where it has more columns."""
        named = set(self.fields.values())
        return "sample" in named and (len(named) > 1 or len(self.names) == 1)

    @property
    def header(self) -> SheetLine:
        """Its line with the names of the columns."""
        return SheetLine(sheet=self.sheet, line=self.line, tab=self.tab)

    def place(self, line: int) -> SheetLine:
        """One of its lines, for messages."""
        return SheetLine(sheet=self.sheet, line=line, tab=self.tab)

    def name_of(self, field: str) -> str:
        """The name of a field's column as it stands; the field's own where it has none."""
        return next((self.names[i] for i, f in self.fields.items() if f == field), field)

    @property
    def unknown(self) -> tuple[int, ...]:
        """Columns that are no field and hold something: they have a name, or cells under none."""
        used = {i for _, cells in self.rows for i, cell in enumerate(cells[: len(self.names)]) if cell.text}
        return tuple(i for i, name in enumerate(self.names) if i not in self.fields and (name or i in used))


def choose_layout(grids: Sequence[Grid], sheet: Path, language: SheetLanguage, tab: str | None) -> Layout:
    """The tab or separator with which a file is a sample sheet; where none is, the nearest, for its faults.

    Raises:
        InputError: empty, no tab of the name asked for, or several that are sample sheets.
    """
    asked = _asked(grids, sheet, tab)
    several = len(grids) > 1 and grids[0].tab is not None
    layouts = [_layout(grid, sheet, language, several) for grid in asked if grid.rows]
    if not layouts:
        raise InputError("the sheet is empty", path=str(sheet), fix="the first line names the columns")
    fitting = [layout for layout in layouts if layout.fits]
    if several and len(fitting) > 1:
        names = " and ".join(repr(layout.grid.tab) for layout in fitting)
        raise InputError(
            f"the tabs {names} are sample sheets", path=str(sheet), fix="say which with --sheet-tab"
        )
    return max(fitting or layouts, key=lambda layout: len(set(layout.fields.values())))


def _asked(grids: Sequence[Grid], sheet: Path, tab: str | None) -> Sequence[Grid]:
    if tab is None:
        return grids
    if not grids or grids[0].tab is None:
        raise InputError("a text file has no tabs", path=str(sheet), fix="leave out --sheet-tab")
    found = [g for g in grids if g.tab == tab] or [g for g in grids if _same(g.tab, tab)]
    if not found:
        names = ", ".join(repr(grid.tab) for grid in grids)
        raise InputError(f"there is no tab {tab!r}", path=str(sheet), fix=f"its tabs are {names}")
    return found[:1]


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.strip().casefold() == other.strip().casefold()


def _layout(grid: Grid, sheet: Path, language: SheetLanguage, several: bool) -> Layout:
    """The line that names a column of samples and most others is the header; the first of equals."""
    known = [_known(cells, language) for _, cells in grid.rows[:_LINES_ABOVE]]
    head = max(range(len(known)), key=lambda i: ("sample" in known[i], len(known[i]), -i))
    line, cells = grid.rows[head]
    names = [cell.text for cell in cells]
    while names and not names[-1]:
        names.pop()
    fields = {i: language.headings.get(plain_heading(name)) for i, name in enumerate(names)}
    return Layout(
        sheet=sheet,
        grid=grid,
        tab=grid.tab if several else None,
        line=line,
        above=head,
        names=tuple(names),
        fields={i: field for i, field in fields.items() if field is not None},
        rows=tuple(row for row in grid.rows[head + 1 :] if not _comment(row)),
    )


def _known(cells: Sequence[SheetCell], language: SheetLanguage) -> set[str | None]:
    return {language.headings.get(plain_heading(cell.text)) for cell in cells} - {None}


def _comment(row: SheetRow) -> bool:
    first = row[1][0]
    return first.kind is CellKind.TEXT and first.text.startswith("#") and not first.text.startswith(BROKEN)


def header_faults(layout: Layout, language: SheetLanguage, *, ignore: bool) -> Iterator[InputError]:
    """What is wrong with the names of the columns."""
    if not ignore:
        for i in layout.unknown:
            yield _unknown_column(layout, i, language)
    for field in dict.fromkeys(layout.fields.values()):
        named = [layout.names[i] for i, f in layout.fields.items() if f == field]
        if len(named) > 1:
            shown = " and ".join(map(repr, named))
            yield layout.header.error(named[1], f"the columns {shown} both are {field!r}", "keep one of them")
    if "sample" not in layout.fields.values():
        cause, fix = "there is no column 'sample'", "name the column with the samples' names so"
        yield InputError(cause, path=str(layout.sheet), place=layout.header.place, fix=fix)


def may_be_sheet(layout: Layout, language: SheetLanguage) -> bool:
    """Whether it has a column of samples, if under a misspelt name."""
    strangers = (layout.names[i] for i in layout.unknown if layout.names[i])
    return "sample" in layout.fields.values() or any("sample" in near_fields(n, language) for n in strangers)


def near_fields(name: str, language: SheetLanguage) -> tuple[str, ...]:
    """The fields whose names are nearest to that of a column that is none."""
    near = difflib.get_close_matches(plain_heading(name), list(language.headings), n=3, cutoff=0.7)
    return tuple(dict.fromkeys(language.headings[word] for word in near))


def _unknown_column(layout: Layout, index: int, language: SheetLanguage) -> InputError:
    name = layout.names[index]
    if not name:
        cause = f"{column_named(layout, index)} holds something"
        fix = "give it a name, empty it, or leave out such columns with --ignore-columns"
        return InputError(cause, path=str(layout.sheet), place=layout.header.place, fix=fix)
    option = language.options.get(plain_heading(name))
    if option is not None:
        return InputError(
            f"column {name!r} is no column of samples: {option} sets it for the whole run",
            path=str(layout.sheet),
            place=layout.header.place,
            fix="drop it and give the option (samples that need another one: a run of their own), or leave out such "
            "columns with --ignore-columns",
        )
    near = near_fields(name, language)
    what = (
        f"did you mean {' or '.join(map(repr, near))}? Rename it"
        if near
        else "the page 'Sample sheets' of the documentation lists the columns. Drop it"
    )
    return InputError(
        f"column {name!r} is not known",
        path=str(layout.sheet),
        place=layout.header.place,
        fix=f"{what}, or leave out such columns with --ignore-columns",
    )


def column_named(layout: Layout, index: int) -> str:
    """What a column is called in a sentence."""
    if layout.names[index]:
        return f"column {layout.names[index]!r}"
    number = index + 1
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"the {number}{ending} column, which has no name,"
