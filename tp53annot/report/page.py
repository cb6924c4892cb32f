"""The self-contained HTML page of one report: no network, no script, prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.statistics import wilson
from tp53annot.report.figures.charts import NARROW, coverage_strip, forest, lollipop, reads_bar, strip
from tp53annot.report.figures.read_pile import read_pile
from tp53annot.report.templating import environment, style
from tp53annot.report.wording import citation_link, citation_text, effect_text, percent, stated

_CONTEXT_ON_TOP = ("diagnosis", "lineage", "age_years", "ph_status", "ploidy", "disease_phase", "sample_role",
                   "blast_pct", "therapy")  # fmt: skip


def render_page(document: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """The page; ``words`` is the catalogue of one language (``texts/<language>.toml``)."""
    from markupsafe import Markup

    a = document["assessment"]
    notes = [n for n in a["notes"] if n["publish"] in ("note", "warn")]
    folded = [
        (words["low_certainty"], [n for n in a["notes"] if n["publish"] == "low_certainty"]),
        (words["background"], [n for n in a["notes"] if n["publish"] == "context"]),
        (
            words["withheld"],
            [n for n in a["notes"] if n["publish"] in ("held", "note_if_verified", "method", "audit")],
        ),
    ]
    boxes = [
        (words["germline"], a["germline_reasons"]),
        (words["haematopoiesis"], a["clonal_haematopoiesis_reasons"]),
    ]
    coverage = document["coverage"]
    return environment().get_template("page.html").render(
        d=document,
        a=a,
        w=words,
        css=Markup(style()),
        lollipop=Markup(lollipop(document, words) + lollipop(document, words, NARROW)),
        coverage_strip=Markup(coverage_strip(document, words) + coverage_strip(document, words, NARROW)),
        shallow=[e for e in coverage["exons"] if e["fraction_assessed"] < 1] if coverage else [],
        required_gaps=[g for g in coverage["gaps"] if g["required"]] if coverage else [],
        notes=notes,
        folded=folded,
        footers=[n for n in a["notes"] if n["publish"] == "footer"],
        boxes=[(name, reasons) for name, reasons in boxes if reasons],
        shown_context=_context(document["context"], words),
        value=lambda x: context_value(x, words),
        percent=percent,
        interval=interval_text,
        reads_bar=lambda v: Markup(_reads_bar(v, words)),
        by_topic=by_topic,
        strips=lambda v: strips(v, document["protein"].get("assays", {})),
        forest=lambda n: Markup(forest(n)),
        pile=lambda v: Markup(read_pile(v, words)),
        effect=lambda n: effect_text(n, words).replace("n = ", "n\u00a0=\u00a0").replace(" P ", " P\u00a0"),
        citation=citation_text,
        link=citation_link,
        stated=stated,
    )  # fmt: skip


def _interval(v: Mapping[str, Any]) -> tuple[float, float] | None:
    """Wilson interval of a variant's VAF where its reads are known."""
    if v["vaf"] is None or v["alt_reads"] is None or not v["depth"]:
        return None
    return wilson(min(v["alt_reads"], v["depth"]), v["depth"])


def interval_text(v: Mapping[str, Any]) -> str:
    """``41.6–47.7 %``; empty where the reads are not known."""
    found = _interval(v)
    return "–".join(f"{x * 100:.1f}" for x in found) + " %" if found else ""


def _reads_bar(v: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    found = _interval(v)
    if found is None:
        return ""
    label = f"{words['vaf']} {percent(v['vaf'])}, {words['interval']} {interval_text(v)}"
    return reads_bar(v["vaf"], *found, label)


def by_topic(notes: list[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Notes under their topic, topics in the order of their first note."""
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        topics.setdefault(note["topic"], []).append(note)
    return list(topics.items())


def strips(variant: Mapping[str, Any], spreads: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Assay results with a small plot where the document carries the assay's spread."""
    from markupsafe import Markup

    return [
        (r, Markup(strip(r, spread)))
        for r in variant["functional"]
        if r["value"] is not None and (spread := spreads.get(r["assay"])) and _drawable(spread)
    ]


def _drawable(spread: Mapping[str, Any]) -> bool:
    return bool(spread["low"] < spread["high"] and any(spread["bins"]))


def _context(context: Mapping[str, Any], words: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    shown = []
    for name in _CONTEXT_ON_TOP:
        field = context.get(name)
        if field and field["value"] is not None:
            values = field["value"] if isinstance(field["value"], list) else [field["value"]]
            text = ", ".join(context_value(value, words) for value in values)
            shown.append((name, {"text": text, "origin": field["origin"]}))
    return shown


def context_value(value: Any, words: Mapping[str, Any]) -> str:
    """A context value as a reader would write it."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(words["context_value"].get(str(value), str(value).replace("_", " ")))
