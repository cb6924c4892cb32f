"""Published effects as points on an axis: what a source prints, and nothing computed from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from tp53annot.core.report import Note

if TYPE_CHECKING:
    from tp53annot.knowledge.rules.effects import EffectAxis, EffectRules


class EffectPoint(Struct, frozen=True, kw_only=True):
    """One figure of a row.

    Attributes:
        group: the patients whose figure it is; empty for a ratio.
        shown: the figure as printed.
        value: its number, per cent or a ratio.
        interval: its 95 % interval as printed; ``None`` where the source gives none.
        n: patients of the group, where the source says.
    """

    group: str
    shown: str
    value: float
    interval: tuple[float, float] | None = None
    n: str | int | None = None


class EffectRow(Struct, frozen=True, kw_only=True):
    """One published comparison or ratio; ``label``: the measure with its time or endpoint."""

    note: Note
    axis: EffectAxis
    label: str
    points: tuple[EffectPoint, ...]


class AxisRows(Struct, frozen=True, kw_only=True):
    """The rows of one axis; ``span``: a ratio's axis reaches from 1/span to span, a percentage's from 0 to 100."""

    axis: EffectAxis
    rows: tuple[EffectRow, ...]
    span: float


class PublishedEffects(Struct, frozen=True, kw_only=True):
    """What a picture of effects holds: rows by axis, and the notes that no axis can show."""

    axes: tuple[AxisRows, ...]
    others: tuple[Note, ...]


def published_effects(notes: Sequence[Note], rules: EffectRules, fewest: int = 2) -> PublishedEffects:
    """The figures of notes on their axes, axes in the order of the rules, rows in that of the notes.

    With fewer rows than ``fewest`` nothing is drawn, and every note stands among the others.
    """
    rows = [row for note in notes for row in effect_rows(note, rules)]
    if len(rows) < fewest:
        return PublishedEffects(axes=(), others=tuple(notes))
    drawn = {row.note.id for row in rows}
    axes = (
        AxisRows(axis=axis, rows=found, span=_span(found, rules))
        for axis in rules.axis
        if (found := tuple(row for row in rows if row.axis == axis))
    )
    return PublishedEffects(axes=tuple(axes), others=tuple(n for n in notes if n.id not in drawn))


def effect_rows(note: Note, rules: EffectRules) -> tuple[EffectRow, ...]:
    """The rows of one note; none where its figure is of no drawn kind, or is no number."""
    measure = str(note.effect.get("measure") or "")
    axis = rules.axis_of(measure, note.endpoint)
    if axis is None:
        return ()
    if axis.unit == "percent":
        points = tuple(_percentages(note, rules.percent))
        label = measure if re.search(rules.time, measure) or not axis.timed else note.endpoint
        return (EffectRow(note=note, axis=axis, label=label, points=points),) if points else ()
    named = tuple(_ratios(note, rules))
    return tuple(
        EffectRow(note=note, axis=axis, label=f"{measure}: {name or note.endpoint}", points=(point,))
        for name, point in named
    )


def _percentages(note: Note, pattern: str) -> Iterator[EffectPoint]:
    """The arms, all of them or none; or the one figure."""
    arms = note.effect.get("arms") or ()
    if arms:
        numbers = [_number(arm["value"], pattern) for arm in arms]
        for arm, number in zip(arms, numbers, strict=True):
            if number is None or None in numbers:
                return
            yield EffectPoint(
                group=arm["group"],
                shown=str(arm["value"]),
                value=number,
                interval=_interval(arm["interval"]),
                n=arm["n"],
            )
        return
    value = note.effect.get("value")
    number = _number(value, pattern)
    if number is not None:
        interval = _interval(note.effect.get("ci"))
        yield EffectPoint(group="", shown=str(value), value=number, interval=interval)


def _ratios(note: Note, rules: EffectRules) -> Iterator[tuple[str, EffectPoint]]:
    """A ratio, or several that the source prints side by side, each with its name."""
    value = note.effect.get("value")
    if isinstance(value, str) and (named := _named(value, rules.ratios)):
        for name, shown in named:
            yield name, EffectPoint(group="", shown=shown, value=float(shown))
        return
    number = _number(value, rules.ratio)
    if number is not None and number > 0:
        interval = _interval(note.effect.get("ci"))
        yield "", EffectPoint(group="", shown=str(value), value=number, interval=interval)


def _named(value: str, pattern: str) -> list[tuple[str, str]]:
    """``EFS 4.2; OS 3.9`` as names and figures; nothing where a part is anything else."""
    parts = [re.fullmatch(pattern, part.strip()) for part in value.split(";")]
    return [(m["name"], m["number"]) for m in parts if m] if all(parts) else []


def _number(value: object, pattern: str) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = re.match(pattern, str(value)) if isinstance(value, str) else None
    return float(found["number"]) if found else None


def _interval(stated: Sequence[float] | None) -> tuple[float, float] | None:
    return (float(stated[0]), float(stated[1])) if stated else None


def _span(rows: Sequence[EffectRow], rules: EffectRules) -> float:
    ends = [x for row in rows for p in row.points for x in (p.value, *(p.interval or ())) if x > 0]
    widest = max((max(x, 1 / x) for x in ends), default=1.0)
    return next((span for span in rules.spans if span >= widest), rules.spans[-1])
