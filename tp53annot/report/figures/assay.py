"""A change among all changes measured in an assay."""

from __future__ import annotations

from tp53annot.core.variant import AssayResult
from tp53annot.report.figures.svg import svg
from tp53annot.report.format import Words
from tp53annot.report.model.report import Spread
from tp53annot.report.wording import local_number, table_phrase


def strip(result: AssayResult, value: float, spread: Spread, words: Words) -> str:
    """One assay: how all other changes score (columns) and where this change lies (line)."""
    bins, low, high = spread.bins, spread.low, spread.high
    width, top = 190 / len(bins), max(bins)
    place = 10 + (min(max(value, low), high) - low) / (high - low) * 190
    shown = local_number(f"{value:.3g}", words)
    label = f"{table_phrase(result.assay, words)}: {shown} {table_phrase(result.unit, words)}"
    columns = "".join(
        f'<rect class="bin" x="{10 + i * width:.1f}" y="{26 - 20 * n / top:.1f}" width="{width - 0.8:.1f}" '
        f'height="{20 * n / top:.1f}"/>'
        for i, n in enumerate(bins)
        if n
    )
    parts = [
        f'{columns}<path class="axis" d="M10 26.5 H200"/>'
        f'<path class="mark" d="M{place:.1f} 3 V27"/><path class="mark-head" d="M{place - 4:.1f} 0 h8 l-4 5 Z"/>'
        f'<text class="axis-label low" x="8" y="38">{local_number(f"{low:.3g}", words)}</text>'
        f'<text class="axis-label high" x="202" y="38">{local_number(f"{high:.3g}", words)}</text>'
    ]
    return svg("strip", 210, 40, label, parts, label=label)
