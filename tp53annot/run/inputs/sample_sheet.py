"""Sample sheets: TSV, CSV, XLSX or ODS with one row per sample, read whole before anything is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import FaultsError, InputError
from tp53annot.interpret.context import ContextError, declare
from tp53annot.knowledge.sheet_words import SheetLanguage, plain_heading
from tp53annot.knowledge.vocabulary import FieldKind, Vocabulary
from tp53annot.run.inputs.columns import (
    Layout,
    choose_layout,
    column_named,
    header_faults,
    may_be_sheet,
    near_fields,
)
from tp53annot.run.inputs.folders import FolderFiles, files_of, leftover_of
from tp53annot.run.inputs.row_files import FileSearch, MissingFileError
from tp53annot.run.inputs.words import WordError, canonical
from tp53annot.run.jobs import Job, Plan, kind_of
from tp53annot.run.settings import InputSettings
from tp53annot.system.grid import EMPTY, SheetCell
from tp53annot.system.tables import SheetLine, grids_of, value_fault

_NAMING = ("sample", "normal", "patient", "vcf", "bam", "cnv")  # fields that name a patient or may do


class _Row(Struct, frozen=True, kw_only=True):
    """One row: its place, its cells by field, and its context as the vocabulary writes it."""

    place: SheetLine
    cells: Mapping[str, SheetCell]
    context: Mapping[str, str]

    def text(self, field: str) -> str:
        return self.cells.get(field, EMPTY).text


def read_sheet(
    sheet: Path, inputs: Sequence[Path], vocabulary: Vocabulary, language: SheetLanguage, asked: InputSettings
) -> Plan:
    """The jobs of a sample sheet; relative paths count from the sheet, then from the INPUT folders.

    Args:
        sheet: its file.
        inputs: the INPUTs of the command.
        vocabulary: the context fields.
        language: words for columns and values.
        asked: the tab, whether unknown columns are left out, whether a missing file ends the run.

    Raises:
        FaultsError: every fault of the sheet, each with line and column.
        InputError: it cannot be read at all.
    """
    _refuse_other_files(sheet)
    layout = choose_layout(grids_of(sheet), sheet, language, asked.sheet_tab)
    found = [files_of(i, recursive=asked.recursive) for i in inputs if i.is_dir()]
    files = [path for each in found for path in each.files] + [i for i in inputs if not i.is_dir()]
    search = FileSearch(sheet, [i for i in inputs if i.is_dir()], files)
    faults = list(header_faults(layout, language, ignore=asked.ignore_columns))
    if not may_be_sheet(layout, language):  # its rows would be faults from end to end
        raise FaultsError(tuple(faults), str(sheet))
    rows, wrong = _rows(layout, vocabulary, language)
    jobs: list[Job] = []
    missing: list[tuple[int, InputError]] = []
    lost: list[_Row] = []
    for row in rows:
        try:
            jobs.append(_job(row, layout, search))
        except MissingFileError as error:
            missing.append((row.place.line, error.fault))
            lost.append(row)
        except InputError as error:
            wrong.append((row.place.line, error))
    if not layout.rows:
        faults.append(InputError("there is no sample in it", path=str(sheet), fix="add a row per sample"))
    if faults or wrong or asked.strict or not jobs:  # the run ends, and the user mends all of it at once
        faults += [fault for _, fault in sorted((*wrong, *missing), key=lambda pair: pair[0])]
    if faults:
        raise FaultsError(tuple(faults), str(sheet))
    return Plan(
        jobs=tuple(jobs),
        left=(*_left_alone(found, sheet), *_left(jobs, files, sheet)),
        remarks=tuple(_remarks(layout, language)),
        missing=tuple(str(fault) for _, fault in missing),
        missing_names=tuple(name for row in lost for field in _NAMING if (name := row.text(field))),
    )


def _refuse_other_files(sheet: Path) -> None:
    if sheet.is_dir():
        raise InputError("is a folder, not a sample sheet", path=str(sheet), fix="give the file itself")
    if kind_of(sheet) is not None and sheet.exists():
        raise InputError("calls or reads, not a sample sheet", path=str(sheet), fix="give it as INPUT")
    maker = leftover_of(sheet)
    if maker is not None and sheet.exists():
        raise InputError(
            f"a leftover of {maker}, not a sample sheet", path=str(sheet), fix="give the sheet itself"
        )


def _rows(
    layout: Layout, vocabulary: Vocabulary, language: SheetLanguage
) -> tuple[list[_Row], list[tuple[int, InputError]]]:
    """The rows, and every fault of their cells with its line. A row with a fault is a row all the same."""
    rows: list[_Row] = []
    wrong: list[tuple[int, InputError]] = []
    seen: dict[str, int] = {}
    for number, cells in layout.rows:
        place = layout.place(number)
        beyond = [cell for cell in cells[len(layout.names) :] if cell.text]
        if beyond:
            cause = f"{len(cells)} cells under {len(layout.names)} columns"
            fix = "check the separators, and quote cells that hold one"
            wrong.append((number, InputError(cause, path=str(layout.sheet), place=place.place, fix=fix)))
        by_field = {field: cells[i] for i, field in layout.fields.items() if i < len(cells)}
        context: dict[str, str] = {}
        for field, cell in by_field.items():
            try:
                text = _stated(field, cell, vocabulary, language)
            except WordError as error:
                wrong.append((number, place.error(layout.name_of(field), error.cause, error.fix)))
            else:
                if field in vocabulary and text:
                    context[field] = text
        name = by_field.get("sample", EMPTY).text
        if name in seen:
            cause = f"sample {name!r} stands in line {seen[name]}, too"
            wrong.append((number, place.error(layout.name_of("sample"), cause, "give every sample one row")))
        elif name:
            seen[name] = number
        elif "sample" in layout.fields.values():
            cause, fix = "the sample has no name", "fill in the cell, or empty the row"
            wrong.append((number, place.error(layout.name_of("sample"), cause, fix)))
        rows.append(_Row(place=place, cells=by_field, context=context))
    return rows, wrong


def _stated(field: str, cell: SheetCell, vocabulary: Vocabulary, language: SheetLanguage) -> str:
    """What a cell says: a context field as the vocabulary writes it, other text as it stands.

    Raises:
        WordError: it cannot be used.
    """
    kind = vocabulary[field].kind if field in vocabulary else None
    fault = value_fault(cell, date=kind is FieldKind.DATE)
    if fault is not None:
        raise WordError(*fault)
    if kind is None:
        return cell.text
    text = canonical(field, cell, vocabulary[field], language)
    try:
        declare({field: text}, {field: vocabulary[field]}, {})
    except ContextError as error:
        raise WordError(str(error), "correct or empty the cell") from error
    return text


def _job(row: _Row, layout: Layout, search: FileSearch) -> Job:
    """The job of a row.

    Raises:
        MissingFileError: one of its files is not there.
        InputError: two files could be meant.
    """
    sample = row.text("sample")
    place = row.place

    def given(column: str, text: str) -> Path | None:
        return search.given(place, layout.name_of(column), column, sample, text) if text else None

    vcf, bam = (given(kind, row.text(kind)) for kind in ("vcf", "bam"))
    if vcf is None and bam is None and sample:
        vcf, bam = (search.of_sample(place, layout.name_of(k), sample, k) for k in ("vcf", "bam"))
        if vcf is None and bam is None:
            raise search.none_found(place, layout.name_of("vcf"), sample)
    tables = [part.strip() for part in row.text("cnv").split(";") if part.strip()]
    return Job(
        vcf=vcf,
        bam=bam,
        cnv=tuple(path for part in tables if (path := given("cnv", part)) is not None),
        label=sample,
        normal=row.text("normal") or None,
        patient=row.text("patient") or None,
        context=row.context,
    )


def _left_alone(found: Sequence[FolderFiles], sheet: Path) -> Iterator[tuple[str, str]]:
    """What of the folders is no VCF and no reads, but for the sheet."""
    yield from (entry for each in found for entry in each.left if Path(entry[0]).resolve() != sheet.resolve())


def _left(jobs: Sequence[Job], files: Sequence[Path], sheet: Path) -> tuple[tuple[str, str], ...]:
    """Files of the INPUTs that no row uses."""
    used = {path.resolve() for job in jobs for path in (*job.files, *job.cnv)}
    return tuple(
        (str(path), f"not in {sheet.name}") for path in files if kind_of(path) and path.resolve() not in used
    )


def _remarks(layout: Layout, language: SheetLanguage) -> Iterator[str]:
    """What was decided of a sheet without being asked."""
    name, grid = layout.sheet.name, layout.grid
    if layout.tab is not None:
        yield f"{name}: the samples are in tab {layout.tab!r}"
    if grid.encoding is not None:
        yield f"{name}: read as {grid.encoding}"
    if layout.above:
        yield f"{name}: the columns are named in line {layout.line}; what stands above is passed over"
    for i in layout.unknown:
        option = language.options.get(plain_heading(layout.names[i]))
        if option is not None:
            yield f"{name}: {column_named(layout, i)} is left out and sets nothing; {option} does, for the whole run"
            continue
        near = near_fields(layout.names[i], language) if layout.names[i] else ()
        like = f", though its name is like {' and '.join(map(repr, near))}" if near else ""
        yield f"{name}: {column_named(layout, i)} is left out{like}"
