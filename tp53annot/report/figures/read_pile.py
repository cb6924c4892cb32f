"""A small picture of the reads around a variant: bases by strand, with their mean quality.

Forward reads stand above the line, reverse reads below it; what agrees with the reference is pale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tp53annot.core.text import escape
from tp53annot.report.figures.fragments import fragment_figure
from tp53annot.report.figures.svg import svg
from tp53annot.report.format import Words
from tp53annot.report.model.variant import Variant

_COLUMN, _LEFT, _LANE, _LETTERS, _QUALITY, _TOP = 14, 64, 46, 16, 8, 14
_LETTER = {"deleted": "–"}
_KINDS = ("A", "C", "G", "T", "deleted")
_LEAST = 2.0  # height of the fewest reads that are drawn, so that 1 % can be seen
_LEGIBLE = 9.0  # height from which a bar is lettered
_BEST = 40.0  # mean Phred quality drawn in full


def pile_figure(variant: Variant, words: Words) -> str:
    """The picture as SVG: single fragments where the report has them, else counts; empty where it holds no reads."""
    pile = variant.read_pile
    if not pile:
        return ""
    if pile.fragments:
        return fragment_figure(variant, pile, words)
    reference, width = pile.reference, _LEFT + _COLUMN * len(pile.reference) + 4
    height = _TOP + 2 * _LANE + _LETTERS + _QUALITY + 16
    middle = _TOP + _LANE
    most = max(
        (_total(strand, i) for strand in (pile.forward, pile.reverse) for i in range(len(reference))),
        default=0,
    )
    label = words["read_pile_title"].format(change=variant.hgvs_c, most=most)
    parts = [
        _text(_LEFT - 6, middle - _LANE / 2 + 4, words["read_pile_forward"], "pile-side"),
        _text(_LEFT - 6, middle + _LETTERS + _LANE / 2 + 4, words["read_pile_reverse"], "pile-side"),
        _text(_LEFT - 6, middle + _LETTERS + _LANE + 10, words["read_pile_quality"], "pile-side"),
    ]
    changed = range(variant.pos - pile.start, variant.pos - pile.start + len(variant.ref))
    for i, base in enumerate(reference):
        x = _LEFT + _COLUMN * i
        parts += _stack(pile.forward, i, base, x, middle, most, -1)
        parts += _stack(pile.reverse, i, base, x, middle + _LETTERS, most, 1)
        kind = "pile-letter here" if i in changed else "pile-letter"
        parts.append(_text(x + _COLUMN / 2, middle + 12, base, kind))
        quality = pile.quality[i]
        if quality is not None:
            shade = min(max(quality / _BEST, 0.05), 1.0)
            parts.append(
                f'<rect class="pile-quality" x="{x + 1}" y="{middle + _LETTERS + _LANE + 3}" '
                f'width="{_COLUMN - 2}" height="{_QUALITY}" opacity="{shade:.2f}"/>'
            )
    for i in (0, len(reference) - 1):
        anchor = "start" if i == 0 else "end"
        x = _LEFT + (_COLUMN * len(reference) if i else 0)
        place = f'<text class="pile-place" x="{x}" y="{height - 1}" text-anchor="{anchor}">'
        parts.append(f"{place}{pile.start + i}</text>")
    return svg("pile", width, height, label, parts, most=width)


def _total(counts: Mapping[str, Sequence[int]], i: int) -> int:
    return sum(counts[kind][i] for kind in _KINDS)


def _stack(
    counts: Mapping[str, Sequence[int]], i: int, base: str, x: float, line: float, most: int, way: int
) -> list[str]:
    """Bars from the line outwards: first what differs from the reference, then the rest."""
    parts, at = [], 0.0
    for kind in sorted(_KINDS, key=lambda k: (k == base, _KINDS.index(k))):
        count = counts[kind][i]
        if not count:
            continue
        size = count / most * (_LANE - 2)
        if kind != base:
            size = max(size, _LEAST) if count > 1 else size
        y = line + at if way > 0 else line - at - size
        name = "pile-same" if kind == base else f"pile-{kind}"
        parts.append(
            f'<rect class="{name}" x="{x + 1}" y="{y:.1f}" width="{_COLUMN - 2}" height="{size:.1f}">'
            f"<title>{kind} {count}</title></rect>"
        )
        if kind != base and size >= _LEGIBLE:
            parts.append(
                _text(x + _COLUMN / 2, round(y + size / 2 + 3.5, 1), _LETTER.get(kind, kind), "pile-base")
            )
        at += size
    return parts


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'
