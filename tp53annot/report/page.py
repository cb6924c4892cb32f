"""The self-contained HTML page of one report: no network, no script, prints on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tp53annot.core.report import ContextValue, Note
from tp53annot.core.statistics import wilson
from tp53annot.core.variant import AssayResult
from tp53annot.report.figures.alleles import allele_plot, reading_letters
from tp53annot.report.figures.assay import strip
from tp53annot.report.figures.coverage import coverage_strip
from tp53annot.report.figures.forest import forest
from tp53annot.report.figures.protein import lollipop
from tp53annot.report.figures.read_pile import pile_figure
from tp53annot.report.figures.svg import NARROW
from tp53annot.report.figures.vaf import reads_bar
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report, Spread
from tp53annot.report.model.variant import Variant
from tp53annot.report.templating import environment, style
from tp53annot.report.wording import citation_link, citation_text, effect_text, germline_text, percent, stated

if TYPE_CHECKING:
    from markupsafe import Markup

_CONTEXT_ON_TOP = (
    *("diagnosis", "lineage", "age_years", "ph_status", "ploidy"),
    *("disease_phase", "sample_role", "blast_pct", "therapy"),
)


def render_page(report: Report, words: Words) -> str:
    """The page; ``words`` is the catalogue of one language (``texts/<language>.toml``)."""
    from markupsafe import Markup

    a = report.assessment
    notes = [n for n in a.notes if n.publish in ("note", "warn")]
    folded = [
        (words["low_certainty"], [n for n in a.notes if n.publish == "low_certainty"]),
        (words["background"], [n for n in a.notes if n.publish == "context"]),
        (
            words["withheld"],
            [n for n in a.notes if n.publish in ("held", "note_if_verified", "method", "audit")],
        ),
    ]
    boxes = [
        (words["germline"], () if a.germline_flag == "not_suspected" else a.germline_reasons),
        (words["haematopoiesis"], a.clonal_haematopoiesis_reasons),
    ]
    coverage = report.coverage
    template = environment().get_template("page.html")
    return template.render(
        d=report,
        a=a,
        w=words,
        css=Markup(style()),
        lollipop=Markup(lollipop(report, words) + lollipop(report, words, NARROW)),
        allele_plot=Markup(allele_plot(report, words) + allele_plot(report, words, NARROW)),
        letters=reading_letters(a),
        coverage_strip=Markup(coverage_strip(report, words) + coverage_strip(report, words, NARROW)),
        shallow=[e for e in coverage.exons if e.fraction_assessed < 1] if coverage else [],
        required_gaps=[g for g in coverage.gaps if g.required] if coverage else [],
        notes=notes,
        folded=folded,
        footers=[n for n in a.notes if n.publish == "footer"],
        boxes=[(name, reasons) for name, reasons in boxes if reasons],
        shown_context=_context(report.context, words),
        value=lambda x: context_value(x, words),
        percent=percent,
        expected=_expected,
        interval=interval_text,
        reads_bar=lambda v: Markup(_reads_bar(v, words)),
        by_topic=by_topic,
        germline=lambda g: germline_text(g, words),
        strips=lambda v: strips(v, report.protein.assays),
        forest=lambda n: Markup(forest(n.effect)),
        pile=lambda v: Markup(pile_figure(v, words)),
        effect=lambda n: effect_text(n, words).replace("n = ", "n\u00a0=\u00a0").replace(" P ", " P\u00a0"),
        citation=lambda n: citation_text(n.citation),
        link=lambda n: citation_link(n.citation),
        stated=stated,
    )


def _interval(v: Variant) -> tuple[float, float] | None:
    """Wilson interval of a variant's VAF where its reads are known."""
    if v.vaf is None or v.alt_reads is None or not v.depth:
        return None
    return wilson(min(v.alt_reads, v.depth), v.depth)


def interval_text(v: Variant) -> str:
    """``41.6–47.7 %``; empty where the reads are not known."""
    found = _interval(v)
    return "–".join(f"{x * 100:.1f}" for x in found) + " %" if found else ""


def _reads_bar(v: Variant, words: Words) -> str:
    found = _interval(v)
    if v.vaf is None or found is None:
        return ""
    label = f"{words['vaf']} {percent(v.vaf)}, {words['interval']} {interval_text(v)}"
    return reads_bar(v.vaf, *found, label)


def by_topic(notes: Sequence[Note]) -> list[tuple[str, list[Note]]]:
    """Notes under their topic, topics in the order of their first note."""
    topics: dict[str, list[Note]] = {}
    for note in notes:
        topics.setdefault(note.topic, []).append(note)
    return list(topics.items())


def strips(variant: Variant, spreads: Mapping[str, Spread]) -> list[tuple[AssayResult, Markup]]:
    """Assay results with a small plot where the report carries the assay's spread."""
    from markupsafe import Markup

    return [
        (r, Markup(strip(r, r.value, spread)))
        for r in variant.functional
        if r.value is not None and (spread := spreads.get(r.assay)) and _drawable(spread)
    ]


def _drawable(spread: Spread) -> bool:
    return bool(spread.low < spread.high and any(spread.bins))


def _context(context: Mapping[str, ContextValue], words: Words) -> list[tuple[str, dict[str, str]]]:
    shown = []
    for name in _CONTEXT_ON_TOP:
        field = context.get(name)
        if field and field.value is not None:
            values = field.value if isinstance(field.value, tuple) else (field.value,)
            text = ", ".join(context_value(value, words) for value in values)
            shown.append((name, {"text": text, "origin": field.origin}))
    return shown


def _expected(low: float, high: float) -> str:
    """``40–50 %``, one number where both ends are the same."""
    first, last = f"{100 * low:.3g}", f"{100 * high:.3g}"
    return f"{first} %" if first == last else f"{first}–{last} %"


def context_value(value: object, words: Words) -> str:
    """A context value as a reader would write it."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(words["context_value"].get(str(value), str(value).replace("_", " ")))
