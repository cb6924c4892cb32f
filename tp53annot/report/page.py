"""The self-contained HTML page of one report: no network, no script, prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tp53annot.core.statistics import wilson
from tp53annot.core.variant import AssayResult
from tp53annot.report.facts import context_value, sample_facts
from tp53annot.report.figures.alleles import allele_plot, reading_letters
from tp53annot.report.figures.assay import strip
from tp53annot.report.figures.coverage import coverage_strip
from tp53annot.report.figures.fragments import fragments_told
from tp53annot.report.figures.protein import lollipop
from tp53annot.report.figures.read_pile import pile_figure
from tp53annot.report.figures.svg import NARROW
from tp53annot.report.figures.vaf import reads_bar
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report, Spread
from tp53annot.report.model.variant import Variant
from tp53annot.report.note_sections import note_sections, quoted
from tp53annot.report.page_marks import page_marks, report_id
from tp53annot.report.templating import environment, style
from tp53annot.report.wording import (
    citation_link,
    citation_text,
    germline_text,
    linked_sources,
    local_date,
    local_number,
    own_threshold_text,
    percent,
    strength_text,
    table_phrase,
    vaf_interval,
)

if TYPE_CHECKING:
    from markupsafe import Markup

# Limitations that stand in every report; the others are this sample's.
_STANDING = ("limitation.fixed", "limitation.literature", "limitation.not_considered")


def render_page(report: Report, words: Words) -> str:
    """The page; ``words`` is the catalogue of one language (``texts/<language>.toml``)."""
    from markupsafe import Markup

    a = report.assessment
    coverage, own_id = report.coverage, report_id(report)
    template = environment().get_template("page.html")
    return template.render(
        d=report,
        a=a,
        w=words,
        css=Markup(style()),
        page_marks=Markup(page_marks(report, words, own_id)),
        report_id=own_id,
        facts=sample_facts(report, words),
        lab=report.laboratory,
        lollipop=Markup(lollipop(report, words) + lollipop(report, words, NARROW)),
        allele_plot=Markup(allele_plot(report, words)),
        piles=[v for v in report.variants if v.read_pile],
        letters=reading_letters(a),
        open_readings=[h for h in a.allelic_hypotheses or () if h.fits is None],
        fitting=[h for h in a.allelic_hypotheses or () if h.fits],
        coverage_strip=Markup(coverage_strip(report, words) + coverage_strip(report, words, NARROW)),
        shallow=[e for e in coverage.exons if e.fraction_assessed < 1] if coverage else [],
        required_gaps=[g for g in coverage.gaps if g.required] if coverage else [],
        note_sections=note_sections(a.notes, words),
        standing=_STANDING,
        footers=[n for n in a.notes if n.publish == "footer"],
        expected=lambda low, high: _expected(low, high, words),
        interval=lambda v: interval_text(v, words),
        strips=lambda v: strips(v, report.protein.assays, words),
        **_wording(words),
    )


def _wording(words: Words) -> dict[str, object]:
    """What the template writes with, in the words of the language."""
    from markupsafe import Markup

    return {
        "value": lambda x: context_value(x, words),
        "date": lambda x: local_date(x, words),
        "own_threshold": lambda t: own_threshold_text(t, words),
        "percent": lambda x: percent(x, words),
        "number_text": lambda text: local_number(text, words),
        "reads_bar": lambda v: Markup(_reads_bar(v, words)),
        "germline": lambda g: germline_text(g, words),
        "strength": lambda c: strength_text(c.strength, words),
        "said": lambda phrase: table_phrase(phrase, words),
        "review": lambda name: words["review_status"].get(name, name),
        "published": lambda name: words["published_class"].get(name, name),
        "consequence": lambda v: consequence_text(v, words),
        "pile": lambda v: Markup(pile_figure(v, words)),
        "told_of": lambda v: fragments_told(v, v.read_pile, words),
        "citation": lambda n: citation_text(n.citation),
        "link": lambda n: citation_link(n.citation),
        "linked": lambda text: Markup(linked_sources(text)),
        "quoted": Markup(quoted(words)),
    }


def consequence_text(variant: Variant, words: Words) -> str:
    """Consequences and domain in the words of the language; a term that it does not have stays as it is."""
    terms = words["consequence_term"]
    shown = [terms.get(term, term.replace("_", " ")) for term in variant.consequence]
    domain = [words["domain_name"].get(variant.domain, variant.domain)] if variant.domain else []
    return ", ".join([*shown, *domain])


def interval_text(v: Variant, words: Words) -> str:
    """``41,6–47,7 %``; empty where the reads are not known."""
    return local_number(vaf_interval(v), words)


def _reads_bar(v: Variant, words: Words) -> str:
    if v.vaf is None or not vaf_interval(v):
        return ""
    found = wilson(min(v.alt_reads or 0, v.depth or 0), v.depth or 0)
    label = f"{words['vaf']} {percent(v.vaf, words)}, {words['interval']} {interval_text(v, words)}"
    return reads_bar(v.vaf, *found, label)


def strips(variant: Variant, spreads: Mapping[str, Spread], words: Words) -> list[tuple[AssayResult, Markup]]:
    """Assay results with a small plot where the report carries the assay's spread."""
    from markupsafe import Markup

    return [
        (r, Markup(strip(r, r.value, spread, words)))
        for r in variant.functional
        if r.value is not None and (spread := spreads.get(r.assay)) and _drawable(spread)
    ]


def _drawable(spread: Spread) -> bool:
    return bool(spread.low < spread.high and any(spread.bins))


def _expected(low: float, high: float, words: Words) -> str:
    """``40–50 %``, one number where both ends are the same."""
    first, last = f"{100 * low:.3g}", f"{100 * high:.3g}"
    return local_number(f"{first} %" if first == last else f"{first}–{last} %", words)
