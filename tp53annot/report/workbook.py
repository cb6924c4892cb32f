"""A plain workbook written row by row: any number of rows in little memory, the same bytes each time.

openpyxl holds every cell in memory and takes a tenth of a second to import; this one is for the
tables of a cohort, where a run of one sample must start at once and 100,000 rows must fit.
Format: ECMA-376 (Office Open XML), inline strings, so that no cell of text can run as a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from tp53annot.core.text import seen

MAX_ROWS = 1_048_576  # what a sheet can hold, header included
_CELL_LIMIT = 32_767  # characters Excel takes in a cell
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can hold
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_NAMESPACE}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
Cell = str | int | float | bool | None


def write_workbook(path: Path, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> None:
    """Write sheets of a header and rows; rows beyond :data:`MAX_ROWS` are left to the caller to avoid."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, (header, rows) in enumerate(sheets.values(), 1):
            part = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", _MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            with (
                archive.open(part, "w", force_zip64=True) as raw,
                io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="\n") as out,
            ):
                _sheet(out, header, rows)
        for name, content in _parts(list(sheets)).items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)


def _sheet(out: io.TextIOWrapper, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    out.write(
        f'{_HEAD}<worksheet xmlns="{_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15"/><cols>'
    )
    for number, name in enumerate(header, 1):
        out.write(f'<col min="{number}" max="{number}" width="{max(len(name) + 3, 12)}" customWidth="1"/>')
    out.write("</cols><sheetData><row>")
    out.write("".join(_cell(name, style=' s="1"') for name in header))
    out.write("</row>")
    for row in rows:
        out.write(f"<row>{''.join(map(_cell, row))}</row>")
    out.write("</sheetData></worksheet>")


def _cell(value: Cell, style: str = "") -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    shown = escape(seen(value)[:_CELL_LIMIT], quote=False)
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _parts(titles: Sequence[str]) -> dict[str, str]:
    """The parts of the package beside the sheets themselves."""
    numbers = range(1, len(titles) + 1)
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{main}.worksheet+xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name="{escape(t)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, t in zip(numbers, titles, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{main}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_NAMESPACE}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship '
        f'Id="rId{len(titles) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
