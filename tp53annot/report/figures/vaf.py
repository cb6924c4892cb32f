"""A variant allele fraction with its interval."""

from __future__ import annotations

from tp53annot.report.figures.svg import svg


def reads_bar(vaf: float, low: float, high: float, label: str) -> str:
    """The VAF as a filled bar from 0 to 100 % with its interval."""
    x1, x2 = 4 + 192 * low, 4 + 192 * high
    parts = [
        '<rect class="bin" x="4" y="3" width="192" height="8"/><path class="axis" d="M100 0 V14"/>'
        f'<rect class="mark-head" x="4" y="3" width="{192 * vaf:.1f}" height="8"/>'
        f'<path class="ci" d="M{x1:.1f} 7 H{x2:.1f} M{x1:.1f} 3 v8 M{x2:.1f} 3 v8"/>'
    ]
    return svg("reads", 200, 14, label, parts, label=label)
