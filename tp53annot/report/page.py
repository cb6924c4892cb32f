"""The self-contained HTML page of one report: no network, no script, prints on A4."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tp53annot.core.report import Note
from tp53annot.core.statistics import wilson
from tp53annot.core.variant import AssayResult
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.knowledge.statements import Strength
from tp53annot.report.effects import AxisRows, EffectRow, published_effects
from tp53annot.report.facts import context_value, field_label, sample_facts
from tp53annot.report.figures.alleles import allele_plot, reading_letters
from tp53annot.report.figures.assay import strip
from tp53annot.report.figures.coverage import coverage_strip
from tp53annot.report.figures.effects import effect_mark, effect_row, effect_scale
from tp53annot.report.figures.fragments import fragments_told
from tp53annot.report.figures.protein import lollipop
from tp53annot.report.figures.read_pile import pile_figure
from tp53annot.report.figures.svg import NARROW
from tp53annot.report.figures.vaf import reads_bar
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report, Spread
from tp53annot.report.model.variant import Variant
from tp53annot.report.page_marks import page_marks, report_id
from tp53annot.report.templating import environment, style
from tp53annot.report.wording import (
    citation_link,
    citation_text,
    effect_text,
    germline_text,
    linked_sources,
    local_date,
    local_number,
    notes_in_order,
    own_threshold_text,
    patients_text,
    percent,
    stated,
    strength_text,
    table_phrase,
    vaf_interval,
)

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_OPEN = 7  # notes that stand unfolded; the others are named under the picture of effects
# Limitations that stand in every report; the others are this sample's.
_STANDING = ("limitation.fixed", "limitation.literature", "limitation.not_considered")


def render_page(report: Report, words: Words) -> str:
    """The page; ``words`` is the catalogue of one language (``texts/<language>.toml``)."""
    from markupsafe import Markup

    a = report.assessment
    notes = notes_in_order(a.notes)
    applying = [n for n in notes if n.applies == "applies"]
    published = [n for n in applying if n.strength != Strength.OPINION]
    missing = [n for n in notes if n.applies != "applies"]
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
        notes=notes,
        applying=applying,
        published_notes=published[:_MOST_OPEN],
        further_notes=published[_MOST_OPEN:],
        opinions=[n for n in applying if n.strength == Strength.OPINION],
        missing=missing,
        deciding=_deciding(missing, words),
        effects=published_effects(applying, words["effect_rules"]),
        folded=_folded(a.notes, words),
        standing=_STANDING,
        footers=[n for n in a.notes if n.publish == "footer"],
        expected=lambda low, high: _expected(low, high, words),
        interval=lambda v: interval_text(v, words),
        strips=lambda v: strips(v, report.protein.assays, words),
        **_wording(words),
    )


def _folded(notes: Sequence[Note], words: Words) -> list[tuple[str, list[Note]]]:
    """Statements that are no notes for this patient, by what they are."""
    kinds = (
        (words["low_certainty"], ("low_certainty",)),
        (words["background"], ("context",)),
        (words["withheld"], ("held", "note_if_verified", "method", "audit")),
    )
    return [(heading, [n for n in notes if n.publish in publish]) for heading, publish in kinds]


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
        "scale": lambda axis: Markup(effect_scale(axis, words)),
        "drawing": lambda row, axis: Markup(_drawing(row, axis, words)),
        "figures": lambda row: figures_text(row, words),
        "patients": lambda n: patients_text(n, words),
        "has_figure": has_figure,
        "effect": lambda n: (
            effect_text(n, words).replace("n = ", "n\u00a0=\u00a0").replace(" P ", " P\u00a0")
        ),
        "evidence_letter": evidence_letter,
        "field_names": lambda names: ", ".join(field_label(name, words) for name in names),
        "citation": lambda n: citation_text(n.citation),
        "link": lambda n: citation_link(n.citation),
        "linked": lambda text: Markup(linked_sources(text)),
        "stated": stated,
        "quoted": Markup(_quoted(words)),
    }


def _quoted(words: Words) -> str:
    """Attribute of what is quoted in English on a page in another language."""
    return "" if words["language"] == DEFAULT_LANGUAGE else f' lang="{DEFAULT_LANGUAGE}"'


def _deciding(notes: Sequence[Note], words: Words) -> str:
    """The fields that would decide notes, the most asked for first, each with how many notes ask for it."""
    asked: dict[str, int] = {}
    for note in notes:
        for name in note.missing_fields:
            asked[name] = asked.get(name, 0) + 1
    ordered = sorted(asked.items(), key=lambda item: -item[1])
    return ", ".join(f"{field_label(name, words)} ({count})" for name, count in ordered)


def figures_text(row: EffectRow, words: Words) -> str:
    """The figures of a row as printed, each with its group, interval and patients: ``● TP53-mutated 18.2 % (n = 12)``."""
    told = []
    for i, point in enumerate(row.points):
        inside = [f"95 % CI {point.interval[0]:g}–{point.interval[1]:g}"] if point.interval else []
        inside += [] if point.n is None else [f"n\u00a0=\u00a0{point.n}"]
        shown = " ".join(part for part in (effect_mark(i), point.group, point.shown) if part)
        told.append(shown + (f" ({', '.join(inside)})" if inside else ""))
    p = row.note.effect.get("p")
    told += [f"P\u00a0{p}"] if p else []
    if not any(point.interval for point in row.points):
        told.append(words["no_interval"])
    return "; ".join(told)


def _drawing(row: EffectRow, axis: AxisRows, words: Words) -> str:
    drawn = effect_row(row, axis, f"{row.label}: {figures_text(row, words)}")
    return drawn.replace("<svg ", f"<svg{_quoted(words)} ", 1)


def has_figure(note: Note) -> bool:
    """Whether the source gives a figure of the effect, and not words alone."""
    return any(letter.isdigit() for letter in str(note.effect.get("value") or ""))


def evidence_letter(note: Note) -> str:
    """The level of evidence without its reasons: ``B``, ``D/E``."""
    found = re.match(r"[A-E](/[A-E])?\b", note.evidence_level)
    return found[0] if found else note.evidence_level if note.strength is None else ""


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
