"""A validation's figures as text, TSV, Markdown and HTML; words stand in ``rules/validation.toml``."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tp53annot.core.statistics import normal_quantile
from tp53annot.core.text import cell, tsv
from tp53annot.core.version import __version__
from tp53annot.report.templating import environment, style

Document = Mapping[str, Any]
Words = Mapping[str, Any]
WIDTH = 96
FIGURES = ("part", "group", "truth", "detected", "missed", "not_assessed", "ppa", "ppa_low", "ppa_high", "reported",
           "false", "ppv", "ppv_low", "ppv_high", "negatives", "npa", "npa_low", "npa_high")  # fmt: skip
DISCORDANCES = ("sample", "type", "change", "kind", "vaf", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with a sentence and, maybe, a table. ``wide``: the last column holds prose."""

    title: str
    intro: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    wide: bool = False


def sections(document: Document, rules: Mapping[str, Any]) -> list[Section]:
    """Everything a reader sees, in order."""
    w = rules["words"]
    found = [Section(title=w["title"], intro=_head(document, w))]
    for part in ("all", "by_kind", "by_vaf", "by_kind_and_vaf"):
        rows = document["changes"][part]
        if part == "all":
            found.append(Section(title=w["variants"], intro=w["variants_text"], **_changes(rows, w)))
        elif rows:
            found[-1] = _longer(found[-1], rows, w)
    found.append(Section(title=w["samples"], intro=w["samples_text"], **_samples(document["samples"], w)))
    if document["exons"]:
        found.append(Section(title=w["exons"], intro=w["exons_text"], **_exons(document["exons"], w)))
    if document["vaf"]:
        z = normal_quantile(document["interval"]["level"])
        found.append(Section(title=w["vaf"], intro=w["vaf_text"].format(z=z), **_vaf(document["vaf"], w)))
    if document["status"]:
        found.append(Section(title=w["status"], intro=w["status_text"], **_status(document["status"], w)))
    rows = document["discordances"]
    found.append(Section(title=w["discordances"], intro="" if rows else w["none"], **_discordances(rows, w)))
    return found


def _head(document: Document, w: Words) -> str:
    truth, interval = document["truth"], document["interval"]
    lines = [
        w["truth_text"].format(**{**truth, "sha256": truth["sha256"][:12]}, reports=document["reports"],
                               versions=", ".join(document["tool_versions"])),
        w["settings_text"].format(**{k: " or ".join(v) for k, v in document["settings"].items()}),
        w["interval_text"].format(**interval),
    ]  # fmt: skip
    for key, words in (("no_report", "no_reports"), ("not_judged", "not_judged")):
        if document[key]:
            lines.append(w[words].format(samples=", ".join(document[key])))
    return " ".join([*lines, w["disclaimer"]])


def _share(p: Mapping[str, Any]) -> str:
    if p["estimate"] is None:
        return "-"
    return f"{p['estimate']:.1%} ({p['low'] * 100:.1f}-{p['high'] * 100:.1f})"


def _names(w: Words, *keys: str) -> tuple[str, ...]:
    return tuple(w["columns"][key] for key in keys)


def _change_rows(rows: Sequence[Document]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (r["group"], str(r["truth"]), str(r["detected"]), str(r["not_assessed"]), _share(r["ppa"]),
         str(r["reported"]), str(r["false"]), _share(r["ppv"]))
        for r in rows
    )  # fmt: skip


def _changes(rows: Sequence[Document], w: Words) -> dict[str, Any]:
    header = _names(w, "group", "truth", "detected", "not_assessed", "ppa", "reported", "false", "ppv")
    return {"header": header, "rows": _change_rows(rows)}


def _longer(section: Section, rows: Sequence[Document], w: Words) -> Section:
    more = (*section.rows, *_change_rows(rows))
    return Section(title=section.title, intro=section.intro, header=section.header, rows=more)


def _samples(s: Document, w: Words) -> dict[str, Any]:
    header = (*_names(w, "group", "n", "agree", "false", "no_answer"), "PPA / NPA")
    rows = (
        (w["columns"]["positives"], str(s["positives"]), str(s["positives_seen"]), str(s["positives_missed"]),
         str(s["positives_no_answer"]), _share(s["ppa"])),
        (w["columns"]["negatives"], str(s["negatives"]), str(s["negatives_agree"]), str(s["negatives_false"]),
         str(s["negatives_no_answer"]), _share(s["npa"])),
    )  # fmt: skip
    return {"header": header, "rows": rows}


def _exons(rows: Sequence[Document], w: Words) -> dict[str, Any]:
    header = ("exon", *_names(w, "negatives", "false", "npa"))
    return {"header": header,
            "rows": tuple((r["exon"], str(r["negatives"]), str(r["false"]), _share(r["npa"])) for r in rows)}  # fmt: skip


def _vaf(rows: Sequence[Document], w: Words) -> dict[str, Any]:
    def points(value: float | None) -> str:
        return "-" if value is None else f"{round(value * 100, 1) + 0.0:+.1f}"

    body = tuple(
        (r["group"], str(r["n"]), points(r["mean"]), points(r["sd"]).lstrip("+"),
         "-" if r["low"] is None else f"{points(r['low'])} to {points(r['high'])}", points(r["largest"]))
        for r in rows
    )  # fmt: skip
    return {"header": _names(w, "group", "n", "mean", "sd", "limits", "largest"), "rows": body}


def _status(rows: Sequence[Document], w: Words) -> dict[str, Any]:
    return {"header": _names(w, "expected", "observed", "n"),
            "rows": tuple((r["expected"], r["observed"], str(r["n"])) for r in rows)}  # fmt: skip


def _discordances(rows: Sequence[Document], w: Words) -> dict[str, Any]:
    if not rows:
        return {}
    body = tuple(
        (cell(r["sample"]), r["type"].replace("_", " "), cell(r["change"]),
         "" if r["vaf"] is None else f"{r['vaf']:.1%}", cell(r["reason"]))
        for r in rows
    )  # fmt: skip
    return {"header": _names(w, "sample", "type", "change", "vaf", "reason"), "rows": body, "wide": True}


def render_text(document: Document, rules: Mapping[str, Any]) -> str:
    """Tables for a terminal."""
    blocks = []
    for s in sections(document, rules):
        lines = [s.title, "=" * len(s.title)]
        if s.intro:
            lines += textwrap.wrap(s.intro, WIDTH)
        if s.rows:
            lines += ["", *(_stacked(s) if s.wide else _aligned(s))]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _aligned(s: Section) -> list[str]:
    lines = [s.header, *s.rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(s.header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _stacked(s: Section) -> list[str]:
    """One entry a row: the facts on a line, the prose of the last column below."""
    lines = []
    for row in s.rows:
        lines.append("  ".join(cell for cell in row[:-1] if cell))
        lines += textwrap.wrap(row[-1], WIDTH, initial_indent="    ", subsequent_indent="    ")
    return lines


def render_markdown(document: Document, rules: Mapping[str, Any]) -> str:
    """The same as Markdown."""
    blocks = []
    for number, s in enumerate(sections(document, rules)):
        blocks.append(f"{'#' if number == 0 else '##'} {s.title}")
        if s.intro:
            blocks.append(_plain(s.intro))
        if s.rows:
            table = [s.header, ("---",) * len(s.header), *s.rows]
            blocks.append("\n".join("| " + " | ".join(map(_plain, row)) + " |" for row in table))
    return "\n\n".join(blocks) + "\n"


def _plain(cell: str) -> str:
    """Text that Markdown shows as it is, markup of outside text included."""
    for mark in "\\`*_[]<>|":
        cell = cell.replace(mark, f"\\{mark}")
    return cell


def render_html(document: Document, rules: Mapping[str, Any], language: str) -> str:
    """The same as a self-contained page."""
    from markupsafe import Markup

    return environment().get_template("validation.html").render(
        sections=sections(document, rules), css=Markup(style()), version=__version__, language=language
    )  # fmt: skip


def figures_tsv(document: Document, rules: Mapping[str, Any]) -> str:
    """Every figure, one row a group."""
    rows = [
        {"part": part, **row} for part in ("all", "by_kind", "by_vaf", "by_kind_and_vaf") for row in document["changes"][part]
    ]  # fmt: skip
    s = document["samples"]
    rows.append({"part": "samples", "group": rules["words"]["samples"], "truth": s["positives"],
                 "detected": s["positives_seen"], "missed": s["positives_missed"],
                 "not_assessed": s["positives_no_answer"], "ppa": s["ppa"], "negatives": s["negatives"],
                 "false": s["negatives_false"], "npa": s["npa"]})  # fmt: skip
    rows += [{"part": "exons", "group": r["exon"], **r} for r in document["exons"]]
    return tsv(FIGURES, [_figure_cells(row) for row in rows])


def _figure_cells(row: Mapping[str, Any]) -> list[str]:
    flat = dict(row)
    for name in ("ppa", "ppv", "npa"):
        p = flat.pop(name, None) or {}
        flat |= {name: p.get("estimate"), f"{name}_low": p.get("low"), f"{name}_high": p.get("high")}
    return [cell(flat.get(name)) for name in FIGURES]


def discordance_tsv(document: Document) -> str:
    """Every discordance, one a row."""
    return tsv(DISCORDANCES, [[cell(r[name]) for name in DISCORDANCES] for r in document["discordances"]])
