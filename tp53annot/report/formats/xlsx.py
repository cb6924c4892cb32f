"""A workbook of one report. Every cell of text is text: nothing runs as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tp53annot.core.text import seen
from tp53annot.report.format import ReportFormat, Words
from tp53annot.report.formats import tsv
from tp53annot.report.wording import citation_text, effect_text

if TYPE_CHECKING:
    from tp53annot.report.model.course import Course
    from tp53annot.report.model.report import Report
    from tp53annot.report.workbook import Sheet

_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_NOTE_COLUMNS = (
    *("id", "topic", "applies", "missing_fields", "publish"),
    *("text", "effect", "population", "evidence", "caveats", "citation"),
)
_Rows = Sequence[Sequence[object]]


def _render(report: Report, words: Words) -> bytes:
    """The workbook: summary, variants, notes, coverage, uninterpreted records, tables, course."""
    from tp53annot.report.workbook import workbook_bytes

    variants = [tsv.TSV_COLUMNS, *tsv.variant_rows(report)]
    sheets: list[tuple[str, _Rows]] = [
        (words["title"], _summary(report, words)),
        (words["variants"], variants),
        (words["notes_sheet"], _notes(report, words)),
        (words["coverage_sheet"], _coverage(report, words)),
        (words["uninterpreted_sheet"], _uninterpreted(report, words)),
        (words["tables_sheet"], [("name", "version", "sha256"), *_tables(report)]),
    ]
    if report.serial:
        sheets.append((words["course_sheet"], _course(report.serial, words)))
    return workbook_bytes({title: _sheet(rows) for title, rows in sheets})


def _summary(d: Report, w: Words) -> _Rows:
    a = d.assessment
    rows = [
        (w["sample"], d.sample),
        (w["result"], w["status"][a.status]),
        (w["summary_word"], a.summary),
        (w["allelic_state"], w["allelic"][a.allelic_state]),
        (w["germline"], w["germline_flag"][a.germline_flag]),
        (w["assembly"], f"{d.assembly} ({d.assembly_basis})"),
    ]
    if d.copy_number and d.copy_number.basis:
        rows.append((w["copy_number"], w["copy_state"][d.copy_number.state]))
        rows += [(w["copy_number"], basis.text) for basis in d.copy_number.basis]
    rows += [(w["warnings"], f.text) for f in a.warnings]
    rows += [(w["plausibility"], f.text) for f in a.plausibility or ()]
    rows += [(w["germline"], f.text) for f in a.germline_reasons]
    rows += [(w["haematopoiesis"], f.text) for f in a.clonal_haematopoiesis_reasons]
    rows += [(w["limitations"], f.text) for f in a.limitations]
    context = sorted(d.context.items())
    rows += [
        (f"{w['context']}: {k}", f"{_listed(v.value)} ({v.origin})")
        for k, v in context
        if v.value is not None
    ]
    return [*rows, (w["generated_by"], d.provenance.tool_version), ("", w["disclaimer"])]


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _notes(d: Report, w: Words) -> _Rows:
    rows = [
        {
            "id": n.id,
            "topic": w["topic"].get(n.topic, n.topic),
            "applies": n.applies,
            "missing_fields": ", ".join(n.missing_fields),
            "publish": n.publish,
            "text": n.text,
            "effect": effect_text(n, w),
            "population": n.population,
            "evidence": n.evidence_level,
            "caveats": "; ".join(n.caveats),
            "citation": citation_text(n.citation),
        }
        for n in d.assessment.notes
    ]
    return [_NOTE_COLUMNS, *([row[name] for name in _NOTE_COLUMNS] for row in rows)]


def _coverage(d: Report, w: Words) -> _Rows:
    coverage = d.coverage
    if coverage is None:
        return [(w["coverage_unknown"],)]
    names = ("exon", "start", "end", "required", "mean_depth", "min_depth", "fraction_assessed", "lod_vaf")
    gaps = ("c_start", "c_end", "start", "end", "exon", "min_depth", "required", "cause", "detail")
    return [
        names,
        *([getattr(e, n) for n in names] for e in coverage.exons),
        (),
        (w["gaps"],),
        gaps,
        *([getattr(g, n) for n in gaps] for g in coverage.gaps),
    ]


def _uninterpreted(d: Report, w: Words) -> _Rows:
    header = ("file", "chrom", "pos", "ref", "alt", "code", "reason")
    return [
        header,
        *([getattr(u.record, n) for n in header[:5]] + [u.code, u.reason] for u in d.uninterpreted),
    ]


def _course(serial: Course, w: Words) -> _Rows:
    """One row per change and sample, then the sentences."""
    samples = {s.sample: s for s in serial.samples}
    change = ("hgvs_c", "hgvs_p_short", "class")
    point = ("change", "state", "vaf", "depth", "alt_reads", "excluded_vaf")
    body = [
        (
            *(v.hgvs_c, v.hgvs_p_short, w["class"][v.oncogenicity]),
            *(p.sample, samples[p.sample].date, samples[p.sample].phase),
            *(getattr(p, name) for name in point),
        )
        for v in serial.variants
        for p in v.points
    ]
    header = (*change, "sample", "date", "phase", *point)
    failed = [(w["course_unavailable"], name) for name in serial.unavailable]
    return [header, *body, (), *((f.id, f.text) for f in serial.summary), *failed]


def _tables(d: Report) -> _Rows:
    return [(t.name, t.version, t.sha256) for t in d.provenance.tables]


def _sheet(rows: _Rows) -> Sheet:
    from tp53annot.report.workbook import Sheet

    cells = [[_cell(value) for value in row] for row in rows]
    widths: dict[int, int] = {}
    for row in cells:
        for x, value in enumerate(row):
            widths[x] = max(widths.get(x, 0), len(str(value or "")))
    return Sheet(rows=cells, widths=[min(max(w + 2, 10), 70) for w in widths.values()], wraps=True)


def _cell(value: object) -> str | int | float:
    """A number, or text: also for what stands for nothing, or for true and false."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _NO_TEXT.sub("\ufffd", seen(value))


FORMAT = ReportFormat(
    name="xlsx",
    ending="xlsx",
    description="workbook: summary, variants, notes, coverage, tables",
    rank=4,
    text=False,
    render=_render,
)
