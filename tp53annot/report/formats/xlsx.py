"""A workbook of one report. Every cell of text is text: nothing runs as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tp53annot.core.text import seen
from tp53annot.report.format import Format, Words
from tp53annot.report.formats import tsv
from tp53annot.report.wording import citation_text, effect_text

if TYPE_CHECKING:
    from tp53annot.report.model.course import Course
    from tp53annot.report.model.report import Report
    from tp53annot.report.workbook import Sheet

_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
Rows = Sequence[Sequence[Any]]


def _render(report: Report, words: Words) -> bytes:
    """The workbook: summary, variants, notes, coverage, uninterpreted records, tables, course."""
    from tp53annot.report.workbook import workbook_bytes

    variants = [tsv.COLUMNS, *tsv.rows(report)]
    sheets: list[tuple[str, Rows]] = [
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


def _summary(d: Report, w: Words) -> Rows:
    a = d.assessment
    rows = [
        (w["sample"], d.sample),
        (w["result"], w["status"][a.status]),
        (w["summary_word"], a.summary),
        (w["allelic_state"], w["allelic"][a.allelic_state]),
        (w["germline"], w["germline_flag"][a.germline_flag]),
        (w["assembly"], f"{d.assembly} ({d.assembly_basis})"),
    ]
    rows += [(w["warnings"], f.text) for f in a.warnings]
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


def _notes(d: Report, w: Words) -> Rows:
    header = ("id", "topic", "applies", "missing_fields", "publish", "text", "effect", "population", "evidence",
              "caveats", "citation")  # fmt: skip
    return [
        header,
        *(
            (n.id, w["topic"].get(n.topic, n.topic), n.applies, ", ".join(n.missing_fields),
             n.publish, n.text, effect_text(n, w), n.population, n.evidence_level,
             "; ".join(n.caveats), citation_text(n.citation))
            for n in d.assessment.notes
        ),
    ]  # fmt: skip


def _coverage(d: Report, w: Words) -> Rows:
    coverage = d.coverage
    if coverage is None:
        return [(w["coverage_unknown"],)]
    names = ("exon", "start", "end", "required", "mean_depth", "min_depth", "fraction_assessed", "lod_vaf")
    gaps = ("c_start", "c_end", "start", "end", "exon", "min_depth", "required")
    return [
        names,
        *([getattr(e, n) for n in names] for e in coverage.exons),
        (),
        (w["gaps"],),
        gaps,
        *([getattr(g, n) for n in gaps] for g in coverage.gaps),
    ]


def _uninterpreted(d: Report, w: Words) -> Rows:
    header = ("file", "chrom", "pos", "ref", "alt", "code", "reason")
    return [
        header,
        *([getattr(u.record, n) for n in header[:5]] + [u.code, u.reason] for u in d.uninterpreted),
    ]


def _course(serial: Course, w: Words) -> Rows:
    """One row per change and sample, then the sentences."""
    samples = {s.sample: s for s in serial.samples}
    header = ("hgvs_c", "hgvs_p_short", "class", "sample", "date", "phase", "change", "state", "vaf", "depth",
              "alt_reads", "excluded_vaf")  # fmt: skip
    body = [
        (v.hgvs_c, v.hgvs_p_short, w["class"][v.oncogenicity], p.sample, samples[p.sample].date,
         samples[p.sample].phase, p.change, p.state, p.vaf, p.depth, p.alt_reads,
         p.excluded_vaf)
        for v in serial.variants for p in v.points
    ]  # fmt: skip
    failed = [(w["course_unavailable"], name) for name in serial.unavailable]
    return [header, *body, (), *((f.id, f.text) for f in serial.summary), *failed]


def _tables(d: Report) -> Rows:
    return [(t.name, t.version, t.sha256) for t in d.provenance.tables]


def _sheet(rows: Rows) -> Sheet:
    """Rows as cells; what is no number is text, also what stands for nothing or true and false."""
    from tp53annot.report.workbook import Sheet

    cells = [
        [value if _is_number(value) else _NO_TEXT.sub("\ufffd", seen(value)) for value in row] for row in rows
    ]
    widths: dict[int, int] = {}
    for row in cells:
        for x, value in enumerate(row):
            widths[x] = max(widths.get(x, 0), len(str(value or "")))
    return Sheet(rows=cells, widths=[min(max(w + 2, 10), 70) for w in widths.values()], wraps=True)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


FORMAT = Format(
    name="xlsx",
    ending="xlsx",
    description="workbook: summary, variants, notes, coverage, tables",
    rank=4,
    text=False,
    render=_render,
)
