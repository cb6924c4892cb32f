"""The p53 protein with domains, hotspot residues and a sample's variants."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.text import escape
from tp53annot.core.variant import OncogenicityClass
from tp53annot.report.figures.svg import MARGIN, WIDTH, over_the_page
from tp53annot.report.format import Words
from tp53annot.report.model.report import ProteinDomain, Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.wording import local_number

_BENIGN = (OncogenicityClass.BENIGN, OncogenicityClass.LIKELY_BENIGN)


def lollipop(report: Report, words: Words, width: int = WIDTH) -> str:
    """The p53 protein with domains, hotspot residues and the sample's variants."""
    protein = report.protein
    length = protein.length
    scale = Scale(length=length, width=width)
    shown = [(v, True) for v in report.variants] + [
        (v, False) for v in report.rejected if v.classification.oncogenicity not in _BENIGN
    ]
    placed = _labels(
        [(_residue(v, length), v, reported) for v, reported in shown if _residue(v, length)], scale
    )
    rows = max((row + 1 for *_, row in placed), default=0)
    bar = 60 + 20 * rows if rows else 14
    parts = [tick(scale.x(h.residue), bar) for h in protein.hotspots]
    parts += [domain(d, bar, scale, words) for d in protein.domains]
    for residue, label_x, v, reported, row in placed:
        parts.append(_stem(scale.x(residue), label_x, v, reported, 20 + 20 * row, bar))
    for _, label_x, v, reported, row in placed:  # after every line, so that none runs over a label
        parts.append(_label(label_x, v, reported, 20 + 20 * row, words))
    parts += axis(bar + 26, scale)
    described = "; ".join(_told(v, words) for _, _, v, _, _ in placed)
    return over_the_page(width, bar + 50, words["figure_protein"], described, parts)


class Scale(Struct, frozen=True, kw_only=True):
    """Residues of a protein (1-based) on a figure's width in pixels."""

    length: int
    width: int

    def x(self, residue: float) -> float:
        """Middle of a residue."""
        return MARGIN + (residue - 0.5) / self.length * (self.width - 2 * MARGIN)


def _told(v: Variant, words: Words) -> str:
    """A variant in words, for those who do not see the figure."""
    return f"{_text(v, words)}, {words['class'][v.classification.oncogenicity]}"


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


def _text(v: Variant, words: Words | None = None) -> str:
    """Name and VAF, as long in one language as in another."""
    vaf = "" if v.vaf is None else f" {v.vaf * 100:.0f} %" if v.vaf >= 0.1 else f" {v.vaf * 100:.1f} %"
    vaf = vaf if words is None else local_number(vaf, words)
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


def _label(x: float, v: Variant, reported: bool, y: float, words: Words) -> str:
    kind = v.classification.oncogenicity if reported else "rejected"
    return f'<text class="label {kind}" x="{x:.1f}" y="{y:.1f}">{escape(_text(v, words))}</text>'


def _shape(x: float, y: float, kind: str) -> str:
    """Filled circle: oncogenic; diamond: uncertain; open circle: rejected."""
    if kind in ("oncogenic", "likely_oncogenic"):
        return f'<circle class="head {kind}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    if kind == "rejected":
        return f'<circle class="head rejected" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<path class="head {kind}" d="M{x:.1f} {y - 7:.1f} l7 7 l-7 7 l-7 -7 Z"/>'


def domain(d: ProteinDomain, bar: float, scale: Scale, words: Words) -> str:
    """A domain of the protein as a labelled box."""
    x1, x2 = scale.x(d.start - 0.5), scale.x(d.end + 0.5)
    name = words["domain_name"].get(d.name, d.name)
    shown = d.label if x2 - x1 > 9.5 * len(d.label) else ""
    return (
        f'<rect class="domain {escape(d.label.lower())}" x="{x1:.1f}" y="{bar}" width="{x2 - x1:.1f}" height="24" rx="3">'
        f"<title>{escape(name)} {d.start}–{d.end}</title></rect>"
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
