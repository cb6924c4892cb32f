"""A published ratio with its interval."""

from __future__ import annotations

from math import log10

from tp53annot.core.report import Effect
from tp53annot.report.figures.svg import svg


def forest(effect: Effect) -> str:
    """A ratio with its interval on a logarithmic axis; empty when there is no interval."""
    value, interval = effect.get("value"), effect.get("ci")
    measure = str(effect.get("measure") or "")
    if not isinstance(value, int | float) or not interval or "ratio" not in measure:
        return ""
    low, high = interval
    label = f"{measure} {value} (95 % CI {low}–{high})"
    parts = [
        f'<path class="axis" d="M10 22 H210"/><path class="one" d="M{_log(1):.1f} 2 V26"/>'
        f'<path class="ci" d="M{_log(low):.1f} 11 H{_log(high):.1f}"/>'
        f'<rect class="point" x="{_log(value) - 4:.1f}" y="7" width="8" height="8"/>',
        *(f'<text class="axis-label" x="{_log(m):.1f}" y="35">{m}</text>' for m in (0.1, 1, 10)),
    ]
    return svg("forest", 220, 38, label, parts, label=label)


def _log(ratio: float) -> float:
    """Place of a ratio on an axis from 1/50 to 50, ratios beyond at its ends."""
    return 10 + (log10(min(max(ratio, 0.02), 50)) - log10(0.02)) / (log10(50) - log10(0.02)) * 200
