"""The self-contained HTML page of one report: no network, no script, prints on A4."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tp53annot.reporting.figures import coverage_strip, forest, lollipop, strip

if TYPE_CHECKING:
    from jinja2 import Environment

_Z = 1.959964  # 97.5th percentile of the normal distribution
_CONTEXT_ON_TOP = ("diagnosis", "lineage", "age_years", "ph_status", "ploidy", "disease_phase", "sample_role",
                   "blast_pct", "therapy")  # fmt: skip


@functools.cache
def environment() -> Environment:
    """Templates, escaping everything that is not marked safe."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def style() -> str:
    """The style sheet of every page."""
    return (Path(__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")


def wilson(successes: int, total: int) -> tuple[float, float]:
    """95 % Wilson score interval of a fraction.

    >>> tuple(round(x, 3) for x in wilson(50, 100))
    (0.404, 0.596)
    """
    share, z2 = successes / total, _Z * _Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z / (1 + z2 / total) * ((share * (1 - share) / total + z2 / (4 * total * total)) ** 0.5)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def percent(value: float) -> str:
    """A fraction as per cent, one digit more below 10 %."""
    return f"{value * 100:.1f} %"


def effect_text(note: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Effect, interval, p and n as printed in the source; ``not reported`` where it gives none."""
    e, none = note["effect"], words["not_reported"]
    if e.get("value") is None:
        return str(none)
    measure = f"{e['measure']} " if e.get("measure") else ""
    interval = f", 95 % CI {e['ci'][0]}–{e['ci'][1]}" if e.get("ci") else ""
    p = f", P {e['p']}" if e.get("p") else ""
    n = f", n = {e['n']}" if e.get("n") else f", n {none}"
    return f"{measure}{e['value']}{interval}{p}{n}" + ("" if interval else f", CI {none}")


def citation_text(note: Mapping[str, Any]) -> str:
    """Short citation with DOI, PMID or address."""
    c = note["citation"]
    link = next(
        (
            f"{label}{c[key]}"
            for key, label in (("doi", "doi:"), ("pmid", "PMID "), ("url", ""))
            if c.get(key)
        ),
        "",
    )
    return f"{c.get('short', '')}{', ' + link if link else ''}"


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
        lollipop=Markup(lollipop(document, words)),
        coverage_strip=Markup(coverage_strip(document, words)),
        required_gaps=[g for g in coverage["gaps"] if g["required"]] if coverage else [],
        notes=notes,
        folded=folded,
        footers=[n for n in a["notes"] if n["publish"] == "footer"],
        boxes=[(name, reasons) for name, reasons in boxes if reasons],
        shown_context=_context(document["context"]),
        percent=percent,
        interval=lambda v: "–".join(f"{x * 100:.1f}" for x in wilson(min(v["alt_reads"], v["depth"]), v["depth"])) + " %",
        by_topic=by_topic,
        strips=lambda v: strips(v, document["protein"].get("assays", {})),
        forest=lambda n: Markup(forest(n)),
        effect=lambda n: effect_text(n, words),
        citation=citation_text,
    )  # fmt: skip


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


def _context(context: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    shown = []
    for name in _CONTEXT_ON_TOP:
        field = context.get(name)
        if field and field["value"] is not None:
            value = field["value"]
            text = (
                ", ".join(value)
                if isinstance(value, list)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
            )
            shown.append((name, {"text": text.replace("_", " "), "origin": field["origin"]}))
    return shown
