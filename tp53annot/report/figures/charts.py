"""SVG figures of a report: the protein with its variants, coverage of the exons, forest plots.

Colours come from the page's style sheet (classes), so that light, dark and print agree. Every
shape has a text next to it: nothing rests on colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from tp53annot.core.report import Effect
from tp53annot.core.text import escape
from tp53annot.core.variant import AssayResult
from tp53annot.report.format import Words
from tp53annot.report.model.report import Domain, Report, Spread
from tp53annot.report.model.variant import Variant

WIDTH, NARROW, MARGIN = 900, 366, 20


def lollipop(report: Report, words: Words, width: int = WIDTH) -> str:
    """The p53 protein with domains, hotspot residues and the sample's variants."""
    protein = report.protein
    length = protein.length
    scale = Scale(length=length, width=width)
    shown = [(v, True) for v in report.variants] + [
        (v, False)
        for v in report.rejected
        if v.classification.oncogenicity not in ("benign", "likely_benign")
    ]
    placed = _labels(
        [(_residue(v, length), v, reported) for v, reported in shown if _residue(v, length)], scale
    )
    rows = max((row + 1 for *_, row in placed), default=0)
    bar = 60 + 20 * rows if rows else 14
    parts = [
        _open(
            width, bar + 50, words["figure_protein"], "; ".join(_told(v, words) for _, _, v, _, _ in placed)
        ),
    ]
    parts += [tick(scale.x(h.residue), bar) for h in protein.hotspots]
    parts += [domain(d, bar, scale) for d in protein.domains]
    for residue, label_x, v, reported, row in placed:
        parts.append(_stem(scale.x(residue), label_x, v, reported, 20 + 20 * row, bar))
    for _, label_x, v, reported, row in placed:  # after every line, so that none runs over a label
        parts.append(_label(label_x, v, reported, 20 + 20 * row))
    parts += axis(bar + 26, scale)
    return "".join(parts) + "</svg>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Residues of a protein (1-based) on a figure's width in pixels."""

    length: int
    width: int

    def x(self, residue: float) -> float:
        """Middle of a residue."""
        return MARGIN + (residue - 0.5) / self.length * (self.width - 2 * MARGIN)


def _open(width: int, height: int, title: str, description: str) -> str:
    """Start of a figure with its title and what it shows in words; narrow ones are for small screens."""
    kind = "wide" if width == WIDTH else "narrow"
    said = f"{title}. {description}" if description else title
    return (
        f'<svg class="figure {kind}" role="img" aria-label="{escape(said)}" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
    )


def _told(v: Variant, words: Words) -> str:
    """A variant in words, for those who do not see the figure."""
    return f"{_text(v)}, {words['class'][v.classification.oncogenicity]}"


def _residue(v: Variant, length: int) -> int | None:
    """Residue a variant is drawn at: an intronic or untranslated change stands at the nearest coding base."""
    codon = v.codon
    if codon is None:
        place = re.match(r"c\.(-|\*)?(\d+)", v.hgvs_c)
        if place is None:
            return None
        codon = {"-": 1, "*": length}.get(place[1] or "", (int(place[2]) + 2) // 3)
    return min(max(int(codon), 1), length)


Placed = tuple[int, float, Variant, bool, int]


def _labels(items: Sequence[tuple[int | None, Variant, bool]], scale: Scale) -> list[Placed]:
    """Labels side by side on as few rows as needed, none over another."""
    ends: list[float] = []
    placed: list[Placed] = []
    for residue, v, reported in sorted(items, key=lambda i: (i[0] or 0, i[1].hgvs_c)):
        assert residue is not None
        half = 4.2 * len(_text(v)) + 7
        x = min(max(scale.x(residue), half + 4), scale.width - half - 4)
        row = next((i for i, end in enumerate(ends) if x - half > end), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = x + half
        placed.append((residue, x, v, reported, row))
    return placed


def _text(v: Variant) -> str:
    vaf = "" if v.vaf is None else f" {v.vaf * 100:.0f} %" if v.vaf >= 0.1 else f" {v.vaf * 100:.1f} %"
    name: str = v.hgvs_p_short if v.codon is not None or "splice" in v.hgvs_p_short else v.hgvs_c
    return (name if len(name) <= 18 else name[:17] + "…") + vaf


def _stem(x: float, label_x: float, v: Variant, reported: bool, y: float, bar: float) -> str:
    kind = v.classification.oncogenicity if reported else "rejected"
    head = bar - 18
    shape = _shape(x, head, kind)
    return (
        f'<path class="stem {kind}" d="M{x:.1f} {bar} V{head + 5:.1f}"/>'
        f'<path class="leader" d="M{x:.1f} {head - 6:.1f} L{label_x:.1f} {y + 5:.1f}"/>'
        f"{shape}"
    )


def _label(x: float, v: Variant, reported: bool, y: float) -> str:
    kind = v.classification.oncogenicity if reported else "rejected"
    return f'<text class="label {kind}" x="{x:.1f}" y="{y:.1f}">{escape(_text(v))}</text>'


def _shape(x: float, y: float, kind: str) -> str:
    """Filled circle: oncogenic; diamond: uncertain; open circle: rejected."""
    if kind in ("oncogenic", "likely_oncogenic"):
        return f'<circle class="head {kind}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    if kind == "rejected":
        return f'<circle class="head rejected" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<path class="head {kind}" d="M{x:.1f} {y - 7:.1f} l7 7 l-7 7 l-7 -7 Z"/>'


def domain(d: Domain, bar: float, scale: Scale) -> str:
    """A domain of the protein as a labelled box."""
    x1, x2 = scale.x(d.start - 0.5), scale.x(d.end + 0.5)
    shown = d.label if x2 - x1 > 9.5 * len(d.label) else ""
    return (
        f'<rect class="domain {escape(d.label.lower())}" x="{x1:.1f}" y="{bar}" width="{x2 - x1:.1f}" height="24" rx="3">'
        f"<title>{escape(d.name)} {d.start}–{d.end}</title></rect>"
        f'<text class="domain-label" x="{(x1 + x2) / 2:.1f}" y="{bar + 16}">{escape(shown)}</text>'
    )


def tick(x: float, bar: float) -> str:
    """A hotspot residue."""
    return f'<path class="tick" d="M{x:.1f} {bar - 6:.1f} V{bar:.1f}"/>'


def axis(y: float, scale: Scale) -> list[str]:
    """Residue numbers."""
    length, step = scale.length, 50 if scale.width == WIDTH else 100
    marks = [1, *(m for m in range(step, length, step) if length - m > 20), length]
    return [
        f'<path class="axis" d="M{scale.x(m):.1f} {y} v4"/>'
        f'<text class="axis-label" x="{scale.x(m):.1f}" y="{y + 16}">{m}</text>'
        for m in marks
    ]


def coverage_strip(report: Report, words: Words, width: int = WIDTH) -> str:
    """Exons as boxes: full, partly or not assessed, with the lowest depth."""
    coverage = report.coverage
    if coverage is None:
        return ""
    exons = coverage.exons
    columns = max(len(exons) if width == WIDTH else -(-len(exons) // 2), 1)
    gap, height = 8, 78
    box = (width - 2 * MARGIN - gap * (columns - 1)) / columns
    told = "; ".join(f"{words['exon']} {e.exon}: {e.fraction_assessed * 100:.0f} %" for e in exons)
    parts = [_open(width, height * -(-len(exons) // columns), words["figure_coverage"], told)]
    for i, e in enumerate(exons):
        x, y = MARGIN + i % columns * (box + gap), i // columns * height
        share = e.fraction_assessed
        state = "full" if share >= 1 else "none" if share <= 0 else "part"
        depth = "–" if e.min_depth is None else f"{e.min_depth}×"
        parts.append(
            f'<text class="axis-label" x="{x + box / 2:.1f}" y="{y + 14}">{escape(words["exon"])} {escape(e.exon)}'
            f"{'' if e.required else '*'}</text>"
            f'<rect class="cov-frame {state}" x="{x:.1f}" y="{y + 20}" width="{box:.1f}" height="22"/>'
            f'<rect class="cov-fill" x="{x:.1f}" y="{y + 20}" width="{box * share:.1f}" height="22"/>'
            f'<text class="cov-text" x="{x + box / 2:.1f}" y="{y + 58}">{share * 100:.0f} %</text>'
            f'<text class="axis-label" x="{x + box / 2:.1f}" y="{y + 71}">{depth}</text>'
        )
    return "".join(parts) + "</svg>"


def forest(effect: Effect) -> str:
    """A ratio with its interval on a logarithmic axis; empty when there is no interval."""
    value, interval = effect.get("value"), effect.get("ci")
    measure = str(effect.get("measure") or "")
    if not isinstance(value, int | float) or not interval or "ratio" not in measure:
        return ""
    low, high = interval
    label = escape(f"{measure} {value} (95 % CI {low}–{high})")
    return (
        f'<svg class="forest" role="img" aria-label="{label}" viewBox="0 0 220 38" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{label}</title>'
        f'<path class="axis" d="M10 22 H210"/><path class="one" d="M{_log(1):.1f} 2 V26"/>'
        f'<path class="ci" d="M{_log(low):.1f} 11 H{_log(high):.1f}"/>'
        f'<rect class="point" x="{_log(value) - 4:.1f}" y="7" width="8" height="8"/>'
        + "".join(f'<text class="axis-label" x="{_log(m):.1f}" y="35">{m}</text>' for m in (0.1, 1, 10))
        + "</svg>"
    )


def _log(ratio: float) -> float:
    """Place of a ratio on an axis from 1/50 to 50, ratios beyond at its ends."""
    return 10 + (log10(min(max(ratio, 0.02), 50)) - log10(0.02)) / (log10(50) - log10(0.02)) * 200


def strip(result: AssayResult, value: float, spread: Spread) -> str:
    """One assay: how all other changes score (columns) and where this change lies (line)."""
    bins, low, high = spread.bins, spread.low, spread.high
    width, top = 190 / len(bins), max(bins)
    place = 10 + (min(max(value, low), high) - low) / (high - low) * 190
    label = escape(f"{result.assay}: {value:.3g} {result.unit}")
    columns = "".join(
        f'<rect class="bin" x="{10 + i * width:.1f}" y="{26 - 20 * n / top:.1f}" width="{width - 0.8:.1f}" '
        f'height="{20 * n / top:.1f}"/>'
        for i, n in enumerate(bins)
        if n
    )
    return (
        f'<svg class="strip" role="img" aria-label="{label}" viewBox="0 0 210 40" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{label}</title>{columns}<path class="axis" d="M10 26.5 H200"/>'
        f'<path class="mark" d="M{place:.1f} 3 V27"/><path class="mark-head" d="M{place - 4:.1f} 0 h8 l-4 5 Z"/>'
        f'<text class="axis-label low" x="8" y="38">{low:.3g}</text>'
        f'<text class="axis-label high" x="202" y="38">{high:.3g}</text></svg>'
    )


def reads_bar(vaf: float, low: float, high: float, label: str) -> str:
    """The VAF as a filled bar from 0 to 100 % with its interval."""
    x1, x2 = 4 + 192 * low, 4 + 192 * high
    return (
        f'<svg class="reads" role="img" aria-label="{escape(label)}" viewBox="0 0 200 14" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(label)}</title>'
        '<rect class="bin" x="4" y="3" width="192" height="8"/><path class="axis" d="M100 0 V14"/>'
        f'<rect class="mark-head" x="4" y="3" width="{192 * vaf:.1f}" height="8"/>'
        f'<path class="ci" d="M{x1:.1f} 7 H{x2:.1f} M{x1:.1f} 3 v8 M{x2:.1f} 3 v8"/></svg>'
    )
