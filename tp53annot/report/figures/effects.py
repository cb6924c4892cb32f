"""Rows of published effects: groups as points joined by a line, or a ratio with its interval.

A row's drawing has no words: its figures stand beside it, so that they can be read, copied and heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from tp53annot.core.text import escape
from tp53annot.report.effects import AxisRows, EffectPoint, EffectRow
from tp53annot.report.figures.svg import svg
from tp53annot.report.format import Words
from tp53annot.report.wording import local_number

_WIDTH, _SIDE, _HEIGHT, _MIDDLE = 300, 12, 20, 10  # pixels
_RADIUS = 5


def effect_scale(axis: AxisRows, words: Words) -> str:
    """The numbers of an axis, at their places."""
    shown = {tick: local_number(f"{tick:g}", words) for tick in _ticks(axis)}
    parts = [
        f'<text class="axis-label" x="{_x(tick, axis):.1f}" y="13">{escape(text)}</text>'
        for tick, text in shown.items()
    ]
    told = "; ".join(shown.values())
    return svg("effect-scale", _WIDTH, 16, told, parts, label=told)


def effect_row(row: EffectRow, axis: AxisRows, label: str) -> str:
    """The drawing of one row; ``label``: what it shows, in words."""
    return svg("effect-row", _WIDTH, _HEIGHT, label, _parts(row, axis), label=label)


def effect_mark(number: int) -> str:
    """The mark of a row's first, second, third figure, for the words beside it."""
    return "●■▲◆"[min(number, 3)]


def _parts(row: EffectRow, axis: AxisRows) -> Iterator[str]:
    low, high = _SIDE, _WIDTH - _SIDE
    if axis.axis.unit == "ratio":
        one = _x(1, axis)
        left, right = (low, one) if axis.axis.worse == "low" else (one, high)
        yield f'<rect class="worse-side" x="{left:.1f}" y="0" width="{right - left:.1f}" height="{_HEIGHT}"/>'
    for tick in _ticks(axis):
        kind = "one" if axis.axis.unit == "ratio" and tick == 1 else "grid"
        yield f'<path class="{kind}" d="M{_x(tick, axis):.1f} 0 V{_HEIGHT}"/>'
    yield f'<path class="axis" d="M{low} {_MIDDLE} H{high}"/>'
    places = [_x(p.value, axis) for p in row.points]
    if len(places) > 1:
        yield f'<path class="join" d="M{min(places):.1f} {_MIDDLE} H{max(places):.1f}"/>'
    for point in row.points:
        if point.interval:
            yield _interval(point, axis)
    for i, (point, x) in reversed(list(enumerate(zip(row.points, places, strict=True)))):
        yield _shape(i, x, filled=point.interval is not None)


def _interval(point: EffectPoint, axis: AxisRows) -> str:
    assert point.interval is not None
    left, right = (_x(end, axis) for end in point.interval)
    top, bottom = _MIDDLE - 4, _MIDDLE + 4
    return (
        f'<path class="ci" d="M{left:.1f} {_MIDDLE} H{right:.1f} '
        f'M{left:.1f} {top} V{bottom} M{right:.1f} {top} V{bottom}"/>'
    )


def _shape(number: int, x: float, *, filled: bool) -> str:
    """A circle for the first figure, a square for the second, triangle and diamond for others; hollow without interval."""
    kind = f"effect-{'filled' if filled else 'hollow'}{'' if number else ' first'}"
    r, y = _RADIUS, _MIDDLE
    if number == 0:
        return f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="{r}"/>'
    if number == 1:
        return f'<rect class="{kind}" x="{x - r + 0.5:.1f}" y="{y - r + 0.5}" width="{2 * r - 1}" height="{2 * r - 1}"/>'
    if number == 2:
        return f'<path class="{kind}" d="M{x:.1f} {y - r} l{r} {2 * r - 1} h{-2 * r} Z"/>'
    return f'<path class="{kind}" d="M{x:.1f} {y - r} l{r} {r} l{-r} {r} l{-r} {-r} Z"/>'


def _ticks(axis: AxisRows) -> tuple[float, ...]:
    if axis.axis.unit == "percent":
        return (0, 25, 50, 75, 100)
    return (1 / axis.span, 1, axis.span)


def _x(value: float, axis: AxisRows) -> float:
    """Place of a figure; one beyond the axis stands at its end."""
    if axis.axis.unit == "percent":
        share = min(max(value, 0), 100) / 100
    else:
        inside = min(max(value, 1 / axis.span), axis.span)
        share = (log(inside) + log(axis.span)) / (2 * log(axis.span))
    return _SIDE + share * (_WIDTH - 2 * _SIDE)
