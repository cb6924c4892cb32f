"""The page's sections on published effects and notes: the same for all samples of the same notes, and made once."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tp53annot.core.report import Note
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.knowledge.statements import Strength
from tp53annot.report.effects import AxisRows, EffectRow, published_effects
from tp53annot.report.facts import field_label
from tp53annot.report.figures.effects import effect_mark, effect_row, effect_scale
from tp53annot.report.format import Words
from tp53annot.report.templating import environment
from tp53annot.report.wording import (
    citation_link,
    citation_text,
    effect_text,
    notes_in_order,
    patients_text,
    stated,
)

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_OPEN = 7  # notes that stand unfolded; the others are named under the picture of effects
_KEPT = 64  # sections kept at a time: most samples of a run have the same notes


def note_sections(notes: Sequence[Note], words: Words) -> Markup:
    """The sections, as a part of the page."""
    return _made(_Content(tuple(notes), words))


class _Content:
    """Notes and words as a key: notes by what they hold, words by which they are."""

    def __init__(self, notes: tuple[Note, ...], words: Words) -> None:
        self.notes, self.words = notes, words
        self._held = repr(notes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.words is other.words and self._held == other._held

    def __hash__(self) -> int:
        return hash(self._held)


@functools.lru_cache(maxsize=_KEPT)
def _made(content: _Content) -> Markup:
    from markupsafe import Markup

    words = content.words
    notes = notes_in_order(content.notes)
    applying = [n for n in notes if n.applies == "applies"]
    published = [n for n in applying if n.strength != Strength.OPINION]
    missing = [n for n in notes if n.applies != "applies"]
    text = (
        environment()
        .get_template("notes.html")
        .render(
            w=words,
            notes=notes,
            applying=applying,
            published_notes=published[:_MOST_OPEN],
            further_notes=published[_MOST_OPEN:],
            opinions=[n for n in applying if n.strength == Strength.OPINION],
            missing=missing,
            deciding=_deciding(missing, words),
            effects=published_effects(applying, words["effect_rules"]),
            folded=_folded(content.notes, words),
            scale=lambda axis: Markup(effect_scale(axis, words)),
            drawing=lambda row, axis: Markup(_drawing(row, axis, words)),
            figures=lambda row: figures_text(row, words),
            patients=lambda n: patients_text(n, words),
            has_figure=has_figure,
            effect=lambda n: (
                effect_text(n, words).replace("n = ", "n\u00a0=\u00a0").replace(" P ", " P\u00a0")
            ),
            evidence_letter=evidence_letter,
            field_names=lambda names: ", ".join(field_label(name, words) for name in names),
            citation=lambda n: citation_text(n.citation),
            link=lambda n: citation_link(n.citation),
            stated=stated,
            quoted=Markup(quoted(words)),
        )
    )
    return Markup(text)


def quoted(words: Words) -> str:
    """Attribute of what is quoted in English on a page in another language."""
    return "" if words["language"] == DEFAULT_LANGUAGE else f' lang="{DEFAULT_LANGUAGE}"'


def _folded(notes: Sequence[Note], words: Words) -> list[tuple[str, list[Note]]]:
    """Statements that are no notes for this patient, by what they are."""
    kinds = (
        (words["low_certainty"], ("low_certainty",)),
        (words["background"], ("context",)),
        (words["withheld"], ("held", "note_if_verified", "method", "audit")),
    )
    return [(heading, [n for n in notes if n.publish in publish]) for heading, publish in kinds]


def _deciding(notes: Sequence[Note], words: Words) -> str:
    """The fields that would decide notes, the most asked for first, each with how many notes ask for it."""
    asked: dict[str, int] = {}
    for note in notes:
        for name in note.missing_fields:
            asked[name] = asked.get(name, 0) + 1
    ordered = sorted(asked.items(), key=lambda item: -item[1])
    return ", ".join(f"{field_label(name, words)} ({count})" for name, count in ordered)


def figures_text(row: EffectRow, words: Words) -> str:
    """The figures of a row as printed, each with its group, interval and patients: ``● TP53-mutated 18.2 % (n = 12)``."""
    told = []
    for i, point in enumerate(row.points):
        inside = [f"95 % CI {point.interval[0]:g}–{point.interval[1]:g}"] if point.interval else []
        inside += [] if point.n is None else [f"n\u00a0=\u00a0{point.n}"]
        shown = " ".join(part for part in (effect_mark(i), point.group, point.shown) if part)
        told.append(shown + (f" ({', '.join(inside)})" if inside else ""))
    p = row.note.effect.get("p")
    told += [f"P\u00a0{p}"] if p else []
    if not any(point.interval for point in row.points):
        told.append(words["no_interval"])
    return "; ".join(told)


def _drawing(row: EffectRow, axis: AxisRows, words: Words) -> str:
    drawn = effect_row(row, axis, f"{row.label}: {figures_text(row, words)}")
    return drawn.replace("<svg ", f"<svg{quoted(words)} ", 1)


def has_figure(note: Note) -> bool:
    """Whether the source gives a figure of the effect, and not words alone."""
    return any(letter.isdigit() for letter in str(note.effect.get("value") or ""))


def evidence_letter(note: Note) -> str:
    """The level of evidence without its reasons: ``B``, ``D/E``."""
    found = re.match(r"[A-E](/[A-E])?\b", note.evidence_level)
    return found[0] if found else note.evidence_level if note.strength is None else ""
