"""The exons as boxes, filled as far as they were assessed."""

from __future__ import annotations

from tp53annot.core.text import escape
from tp53annot.report.figures.svg import MARGIN, WIDTH, over_the_page
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report


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
    parts = []
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
    rows = -(-len(exons) // columns)
    return over_the_page(width, height * rows, words["figure_coverage"], told, parts)
