"""The tables of a cohort: one line per sample (TSV, XLSX), one per variant (XLSX), MultiQC content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec import Struct

from tp53annot.cohort.row import ContextCell, ReportRow
from tp53annot.core.text import cell, seen, tsv
from tp53annot.report import workbook
from tp53annot.report.document import dump
from tp53annot.report.format import Words

CONTEXT_COLUMNS = (
    *("lineage", "age_years", "ph_status", "ploidy", "disease_phase", "sample_role"),
    *("sample_date", "collection_date"),
)
SAMPLE_COLUMNS = (
    *("sample", "patient", "status", "tp53_mutated_all", "allelic_state", "germline_flag"),
    *("clonal_haematopoiesis_flag", "variants", "classes", "max_vaf", "variant_count", "rejected_count"),
    *("uninterpreted_count", "coverage", "lod_vaf", "assembly", "warnings", *CONTEXT_COLUMNS, "report"),
)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;"})
VARIANT_COLUMNS = ("sample", "patient", "variant", "hgvs_c", "hgvs_p", "kind", "class", "vaf", "report")


class Entry(Struct, frozen=True, kw_only=True):
    """A row as a cohort shows it: its name among the others and where its report is.

    ``label``: the sample's name, with the report's folder behind it when another sample has the same
    one. ``link``: path of the report from the cohort's folder, ``/`` between its parts.
    """

    row: ReportRow
    label: str
    link: str | None


def entries(rows: Sequence[ReportRow], links: Sequence[str | None]) -> list[Entry]:
    """Rows with links, sorted by sample and place, samples of one name told apart."""
    pairs = sorted(zip(rows, links, strict=True), key=lambda pair: (pair[0].sample, pair[1] or ""))
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.sample] = seen.get(row.sample, 0) + 1
    used: dict[str, int] = {}
    found = []
    for row, link in pairs:
        label = row.sample
        if seen[label] > 1:
            label = f"{label} ({link.rpartition('/')[0] or '.'})" if link else label
        used[label] = used.get(label, 0) + 1
        if used[label] > 1:
            label = f"{label} [{used[label]}]"
        found.append(Entry(row=row, label=label, link=link))
    return found


def sample_cells(entry: Entry) -> tuple[workbook.Cell, ...]:
    """One sample's line, in the order of :data:`SAMPLE_COLUMNS`."""
    r = entry.row
    limits = [lod for _, lod in r.exons or ()]
    known = [lod for lod in limits if lod is not None]
    variants = "; ".join(f"{m.name} ({m.hgvs_c})" for m in r.marks)
    classes = "; ".join(m.oncogenicity for m in r.marks)
    lod = max(known) if known and len(known) == len(limits) else None
    return (
        *(r.sample, r.patient, r.status, r.tp53_mutated_all, r.allelic_state, r.germline_flag),
        *(r.clonal_haematopoiesis_flag, variants, classes, r.max_vaf, len(r.marks), r.rejected),
        *(r.uninterpreted, r.region_assessed, lod, r.assembly, r.warnings),
        *(_plain(r.context.get(name)) for name in CONTEXT_COLUMNS),
        entry.link,
    )


def _plain(value: ContextCell | None) -> workbook.Cell:
    return ";".join(map(str, value)) if isinstance(value, tuple) else value


def render_table(found: Sequence[Entry]) -> str:
    """cohort.tsv."""
    return tsv(SAMPLE_COLUMNS, [[cell(value) for value in sample_cells(entry)] for entry in found])


def write_xlsx(path: Path, found: Sequence[Entry], words: Words) -> None:
    """cohort.xlsx: samples and variants."""
    workbook.write_workbook(
        path,
        {
            words["cohort"]["samples_sheet"]: _sheet(SAMPLE_COLUMNS, map(sample_cells, found)),
            words["variants"]: _sheet(VARIANT_COLUMNS, _variants(found)),
        },
    )


def _sheet(header: Sequence[str], rows: Iterable[Sequence[workbook.Cell]]) -> workbook.Sheet:
    return workbook.Sheet(rows=chain([header], rows), widths=[max(len(name) + 3, 12) for name in header])


def _variants(found: Sequence[Entry]) -> Iterator[tuple[workbook.Cell, ...]]:
    for entry in found:
        row = entry.row
        for m in row.marks:
            names = (row.sample, row.patient, m.name, m.hgvs_c, m.hgvs_p)
            yield (*names, m.kind, m.oncogenicity, m.vaf, entry.link)


def multiqc(found: Sequence[Entry]) -> str:
    """MultiQC custom content: a table with one line per sample."""
    data = {
        _inert(entry.label): {
            "status": entry.row.status,
            "variants": _inert("; ".join(f"{m.name} ({m.hgvs_c})" for m in entry.row.marks) or "-"),
            "allelic_state": entry.row.allelic_state,
            **({} if entry.row.max_vaf is None else {"max_vaf": entry.row.max_vaf}),
        }
        for entry in found
    }
    content = {
        "id": "tp53annot",
        "section_name": "TP53",
        "description": "TP53 status by tp53annot. 'incomplete' is not a negative result.",
        "plot_type": "table",
        "pconfig": {"id": "tp53annot_table", "title": "TP53", "namespace": "tp53annot"},
        "headers": {
            "status": {"title": "TP53 status"},
            "variants": {"title": "Variants"},
            "max_vaf": {"title": "Highest VAF", "min": 0, "max": 1, "format": "{:,.3f}"},
            "allelic_state": {"title": "Allelic state"},
        },
        "data": data,
    }
    return dump(content)


def _inert(value: str) -> str:
    """A name as MultiQC can put it on its page, where markup is taken as it comes; ``>`` alone begins none."""
    return seen(value).translate(_MARKUP)
