"""A validation's figures as text, TSV, Markdown and HTML; words stand in ``rules/validation.toml``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict, replace

from tp53annot.core.statistics import Proportion, normal_quantile
from tp53annot.core.text import cell, tsv
from tp53annot.core.version import __version__
from tp53annot.knowledge.rules.validation import ValidationRules, ValidationWords
from tp53annot.report.templating import environment, style
from tp53annot.validation.figures import (
    ChangeFigures,
    Discordance,
    ExonFigures,
    SampleFigures,
    StatusFigures,
    VafFigures,
    Validation,
)

_WIDTH = 96  # characters of a line
_FIGURES = (
    *("part", "group", "truth", "detected", "missed", "not_assessed", "ppa", "ppa_low", "ppa_high"),
    *("reported", "false", "ppv", "ppv_low", "ppv_high", "negatives", "npa", "npa_low", "npa_high"),
)
Line = tuple[str, ...]


class Section(Struct, frozen=True, kw_only=True):
    """One heading with a sentence and, maybe, a table. ``wide``: the last column holds prose."""

    title: str
    intro: str = ""
    header: Line = ()
    rows: tuple[Line, ...] = ()
    wide: bool = False


def sections(found: Validation, rules: ValidationRules) -> Iterator[Section]:
    """Everything a reader sees, in order."""
    w = rules.words
    yield Section(title=w.title, intro=_head(found, w))
    yield _changes(found, w)
    yield _samples(found.samples, w)
    if found.exons:
        yield _exons(found.exons, w)
    if found.vaf:
        yield _vaf(found, w)
    if found.status:
        yield _status(found.status, w)
    yield _discordances(found.discordances, w)


def _head(found: Validation, w: ValidationWords) -> str:
    truth = replace(found.truth, sha256=found.truth.sha256[:12])
    versions = ", ".join(found.tool_versions)
    lines = [
        w.truth_text.format(**asdict(truth), reports=found.reports, versions=versions),
        w.settings_text.format(**{name: " or ".join(values) for name, values in found.settings.items()}),
        w.interval_text.format(**asdict(found.interval)),
    ]
    if found.no_report:
        lines.append(w.no_reports.format(samples=", ".join(found.no_report)))
    if found.not_judged:
        lines.append(w.not_judged.format(samples=", ".join(found.not_judged)))
    return " ".join([*lines, w.disclaimer])


def _share(p: Proportion) -> str:
    if p.estimate is None or p.low is None or p.high is None:
        return "-"
    return f"{p.estimate:.1%} ({p.low * 100:.1f}-{p.high * 100:.1f})"


def _changes(found: Validation, w: ValidationWords) -> Section:
    c = w.columns
    header = (c.group, c.truth, c.detected, c.not_assessed, c.ppa, c.reported, c.false, c.ppv)
    rows = tuple(_change_line(row) for part in found.changes.parts.values() for row in part)
    return Section(title=w.variants, intro=w.variants_text, header=header, rows=rows)


def _change_line(r: ChangeFigures) -> Line:
    seen = (str(r.truth), str(r.detected), str(r.not_assessed), _share(r.ppa))
    return (r.group, *seen, str(r.reported), str(r.false), _share(r.ppv))


def _samples(s: SampleFigures, w: ValidationWords) -> Section:
    c = w.columns
    positive = (s.positives, s.positives_seen, s.positives_missed, s.positives_no_answer)
    negative = (s.negatives, s.negatives_agree, s.negatives_false, s.negatives_no_answer)
    return Section(
        title=w.samples,
        intro=w.samples_text,
        header=(c.group, c.n, c.agree, c.false, c.no_answer, "PPA / NPA"),
        rows=(
            (c.positives, *map(str, positive), _share(s.ppa)),
            (c.negatives, *map(str, negative), _share(s.npa)),
        ),
    )


def _exons(rows: Sequence[ExonFigures], w: ValidationWords) -> Section:
    c = w.columns
    header = ("exon", c.negatives, c.false, c.npa)
    lines = tuple((r.exon, str(r.negatives), str(r.false), _share(r.npa)) for r in rows)
    return Section(title=w.exons, intro=w.exons_text, header=header, rows=lines)


def _vaf(found: Validation, w: ValidationWords) -> Section:
    c = w.columns
    return Section(
        title=w.vaf,
        intro=w.vaf_text.format(z=normal_quantile(found.interval.level)),
        header=(c.group, c.n, c.mean, c.sd, c.limits, c.largest),
        rows=tuple(map(_vaf_line, found.vaf)),
    )


def _vaf_line(r: VafFigures) -> Line:
    limits = "-" if r.low is None else f"{_points(r.low)} to {_points(r.high)}"
    return (r.group, str(r.n), _points(r.mean), _points(r.sd).lstrip("+"), limits, _points(r.largest))


def _points(value: float | None) -> str:
    """A difference of fractions in percentage points, with its sign; never a negative zero."""
    return "-" if value is None else f"{round(value * 100, 1) + 0.0:+.1f}"


def _status(rows: Sequence[StatusFigures], w: ValidationWords) -> Section:
    header = (w.columns.expected, w.columns.observed, w.columns.n)
    lines = tuple((r.expected, r.observed, str(r.n)) for r in rows)
    return Section(title=w.status, intro=w.status_text, header=header, rows=lines)


def _discordances(rows: Sequence[Discordance], w: ValidationWords) -> Section:
    if not rows:
        return Section(title=w.discordances, intro=w.none)
    c = w.columns
    header = (c.sample, c.type, c.change, c.vaf, c.reason)
    lines = tuple(map(_discordance_line, rows))
    return Section(title=w.discordances, header=header, rows=lines, wide=True)


def _discordance_line(r: Discordance) -> Line:
    vaf = "" if r.vaf is None else f"{r.vaf:.1%}"
    return (cell(r.sample), r.type.replace("_", " "), cell(r.change), vaf, cell(r.reason))


def render_text(found: Validation, rules: ValidationRules) -> str:
    """Tables for a terminal."""
    blocks = []
    for s in sections(found, rules):
        lines = [s.title, "=" * len(s.title)]
        if s.intro:
            lines += textwrap.wrap(s.intro, _WIDTH)
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
        lines += textwrap.wrap(row[-1], _WIDTH, initial_indent="    ", subsequent_indent="    ")
    return lines


def render_markdown(found: Validation, rules: ValidationRules) -> str:
    """The same as Markdown."""
    blocks = []
    for number, s in enumerate(sections(found, rules)):
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


def render_html(found: Validation, rules: ValidationRules, language: str) -> str:
    """The same as a self-contained page."""
    from markupsafe import Markup

    page = environment().get_template("validation.html")
    shown = list(sections(found, rules))
    return page.render(sections=shown, css=Markup(style()), version=__version__, language=language)


def figures_tsv(found: Validation, rules: ValidationRules) -> str:
    """Every figure, one row a group."""
    lines = [
        _figure_cells({"part": part, **asdict(row)})
        for part, rows in found.changes.parts.items()
        for row in rows
    ]
    s = found.samples
    samples = {
        "part": "samples",
        "group": rules.words.samples,
        "truth": s.positives,
        "detected": s.positives_seen,
        "missed": s.positives_missed,
        "not_assessed": s.positives_no_answer,
        "negatives": s.negatives,
        "false": s.negatives_false,
        "ppa": s.ppa,
        "npa": s.npa,
    }
    lines.append(_figure_cells(samples))
    lines += [_figure_cells({"part": "exons", "group": row.exon, **asdict(row)}) for row in found.exons]
    return tsv(_FIGURES, lines)


def _figure_cells(row: Mapping[str, object]) -> list[str]:
    flat = dict(row)
    for name in ("ppa", "ppv", "npa"):
        p = flat.pop(name, None)
        if isinstance(p, Proportion):
            flat |= {name: p.estimate, f"{name}_low": p.low, f"{name}_high": p.high}
    return [cell(flat.get(name)) for name in _FIGURES]


def discordance_tsv(found: Validation) -> str:
    """Every discordance, one a row."""
    rows = [[cell(value) for value in asdict(r).values()] for r in found.discordances]
    return tsv(list(Discordance.__struct_fields__), rows)
