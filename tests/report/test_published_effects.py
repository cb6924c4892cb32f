"""The picture of published effects: every figure in it is the statement's, on the side where the statement puts it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rendered import render_page
from report_cases import ADULT, report

from tp53annot.core.report import Note
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statements import Statement
from tp53annot.report.effects import EffectRow, effect_rows, published_effects
from tp53annot.report.figures.effects import effect_row, effect_scale
from tp53annot.report.note_sections import figures_text

RULES = resources_of().rules.effects
WORDS = resources_of().texts("en")
STATEMENTS = {s.id: s for s in resources_of().statements}
DRAWN = {
    "survival": {"S000-04", "L06", "L10", "L11", "L13", "L24", "L26", "L29", "L33", "L58", "L59"},
    "relapse": {"L07", "L32"},
    "remission": {"L47"},
    "hazard_ratio": {"S002-06", "S002-07", "S002-08", "L16", "L19", "L37"},
    "relative_risk": {"L30"},
    "odds_ratio_remission": {"S000-01"},
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def note_of(statement: Statement) -> Note:
    effect: dict[str, Any] = dict(statement.effect.stated)
    if statement.effect.arms:
        effect["value"] = statement.effect.value
        effect["arms"] = [
            {"group": a.group, "value": a.value, "interval": a.interval, "n": a.n}
            for a in statement.effect.arms
        ]
    return Note(
        id=statement.id, topic=statement.topic, text=statement.claim, effect=effect,
        population=statement.population, direction=statement.direction, evidence_level=statement.evidence_level,
        citation=dict(statement.reference.stated), caveats=statement.caveats, applies="applies", missing_fields=(),
        strength=statement.strength.value, endpoint=statement.endpoint,
    )  # fmt: skip


def rows_of(name: str) -> tuple[EffectRow, ...]:
    return effect_rows(note_of(STATEMENTS[name]), RULES)


def test_which_statements_are_drawn_and_on_which_axis() -> None:
    found: dict[str, set[str]] = {}
    for name in STATEMENTS:
        for row in rows_of(name):
            found.setdefault(row.axis.name, set()).add(name)
    assert found == DRAWN


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_every_number_of_a_row_is_the_statements(name: str) -> None:
    """Value by value, interval by interval, group by group; and no number stands in the words that the source lacks."""
    effect = STATEMENTS[name].effect
    printed = set(NUMBER.findall(f"{effect.items} {STATEMENTS[name].endpoint}"))
    for row in rows_of(name):
        if effect.arms:
            stated = [(a.group, str(a.value), a.interval, a.n) for a in effect.arms]
            assert [(p.group, p.shown, p.interval, p.n) for p in row.points] == stated
        else:
            (point,) = row.points
            assert point.shown in str(effect.value)
            ci = effect.stated.get("ci")
            assert point.interval == (None if ci is None else tuple(ci))
        for point in row.points:
            assert point.value == float(NUMBER.findall(point.shown)[0])
        told = re.sub(r"95 % CI", "", figures_text(row, WORDS))
        assert {float(n) for n in NUMBER.findall(told)} <= {float(n) for n in printed}, told


def places(name: str) -> tuple[list[float], tuple[float, float] | None]:
    """Places of a row's marks, and the worse side of 1."""
    shown = published_effects([note_of(STATEMENTS[name]), note_of(STATEMENTS["L11"])], RULES)
    axis = next(a for a in shown.axes for r in a.rows if r.note.id == name)
    drawing = effect_row(next(r for r in axis.rows if r.note.id == name), axis, "")
    marks = [float(x) for x in re.findall(r'<circle[^>]* cx="([\d.]+)"', drawing)]
    marks += [float(x) + 4.5 for x in re.findall(r'<rect class="effect[^>]* x="([\d.]+)"', drawing)]
    worse = re.search(r'<rect class="worse-side" x="([\d.]+)" y="0" width="([\d.]+)"', drawing)
    return marks, (float(worse[1]), float(worse[1]) + float(worse[2])) if worse else None


@pytest.mark.parametrize(
    ("name", "adverse"),
    [("S000-01", True), ("S002-06", True), ("L30", True), ("S002-07", False), ("L37", False)],
)
def test_a_ratio_lies_on_the_side_that_its_statement_means(name: str, adverse: bool) -> None:
    (mark,), side = places(name)
    assert side is not None
    assert (side[0] <= mark <= side[1]) is adverse
    assert (STATEMENTS[name].direction == "adverse") is adverse


def test_percentages_lie_at_their_numbers() -> None:
    marks, side = places("L10")
    assert side is None
    assert marks == pytest.approx([12 + 276 * 0.606, 12 + 276 * 0.710], abs=0.1)


def test_every_axis_says_which_side_is_worse() -> None:
    sides = {axis.name: axis.worse for axis in RULES.axis}
    assert sides["survival"] == sides["remission"] == sides["odds_ratio_remission"] == "low"
    assert sides["relapse"] == sides["hazard_ratio"] == sides["relative_risk"] == "high"
    assert set(WORDS["effect_axis"]) == set(sides)


def test_without_an_interval_a_mark_is_hollow_and_said() -> None:
    for name, filled in (("L16", True), ("L30", False)):
        (row,) = rows_of(name)
        axis = published_effects([row.note, note_of(STATEMENTS["L11"])], RULES).axes[-1]
        assert ("effect-filled" in effect_row(row, axis, "")) is filled
        assert ("no interval published" in figures_text(row, WORDS)) is not filled
        assert effect_scale(axis, WORDS).startswith("<svg")


def test_a_percentage_without_its_time_or_with_a_bound_is_not_drawn() -> None:
    assert (
        RULES.axis_of("OS", "OS") is None
        and RULES.axis_of("survival probability", "OS at 12 months") is not None
    )
    assert rows_of("L62") == ()  # "< 50 %": a range, no point


def test_fewer_than_two_figures_are_a_list_and_no_picture() -> None:
    one = [note_of(STATEMENTS["L11"]), note_of(STATEMENTS["L02"])]
    assert published_effects(one, RULES).axes == ()
    assert published_effects(one, RULES).others == tuple(one)
    page = render_page(report("low_level", context=ADULT | {"age_years": "40"}), WORDS)
    assert page.count('<figure class="effects"') <= 1
    bare = render_page(report("two_hit", context={}), WORDS)
    assert '<figure class="effects"' not in bare and "missing" in bare


def test_the_page_links_each_row_to_its_note_and_lists_the_others() -> None:
    document = report("two_hit")
    page = render_page(document, WORDS)
    figure = re.search(r'<figure class="effects".*?</figure>', page, re.DOTALL)
    assert figure is not None
    linked = re.findall(r'href="#n-([\w-]+)"', page)
    assert len(re.findall(r'href="#n-', figure[0])) >= 2
    assert set(linked) == {
        n["id"]
        for n in document["assessment"]["notes"]
        if n["applies"] == "applies" and n["publish"] in ("note", "warn")
    }
    assert all(f'id="n-{name}"' in page for name in linked)
