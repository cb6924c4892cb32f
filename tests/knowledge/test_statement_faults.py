"""What the lint refuses: editor's notes, citations that are none, intervals behind two figures; and what it lets pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statement_faults import lint
from tp53annot.knowledge.statements import StatedArm, StatedEffect, Statement, Strength
from tp53annot.maintain.statement_list import read_statements

RESOURCES = resources_of()
GOOD: dict[str, Any] = {
    "id": "X1", "publish": "note", "topic": "os", "claim": "c", "endpoint": "OS", "direction": "adverse",
    "population": "adults", "evidence_level": "B", "reference": {"short": "A B et al.", "doi": "10.1000/abc"},
    "when": [{"field": "leukaemia_sample", "op": "in", "value": ["yes"]}],
}  # fmt: skip


def faults(**change: Any) -> list[str]:
    statement = Statement.from_toml({**GOOD, **change}, "f.toml")
    return lint([statement], RESOURCES.vocabulary, RESOURCES.rules.evidence)


def test_the_evidence_base_has_no_fault() -> None:
    assert len(RESOURCES.statements) == 129
    assert lint(RESOURCES.statements, RESOURCES.vocabulary, RESOURCES.rules.evidence) == []


@pytest.mark.parametrize(
    "reference",
    [
        {"short": "A", "doi": "10.1182/blood.2025030498"},
        {"short": "A", "pmid": "34994652"},
        {"short": "A", "pmcid": "PMC9866580"},
        {"short": "A", "url": "https://ashpublications.org/blood/article/84/9/3105/172913"},
        {"short": "A", "url": "https://www.nature.com/articles/s41375-021-01163-y"},
        {"short": "A B. Blood 2014;124(2):251-258"},
        {"short": "A B. Haematologica 2016;101:e245"},
        {"short": "A B. ASH 2013 Blood 122(21):827"},
        {"short": "A B. meeting abstract", "no_record": "meeting abstract, no number known"},
        {"short": "tp53annot: a gap in the published evidence"},
    ],
)
def test_citations_that_are_one(reference: dict[str, str]) -> None:
    assert faults(reference=reference) == []


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"doi": "10.1182/x"}, "no short citation"),
        ({"short": "A B. a talk"}, "needs a doi"),
        ({"short": "A B. Blood 2020"}, "needs a doi"),
        ({"short": "A", "doi": "doi:10.1182/x"}, "doi"),
        ({"short": "A", "doi": "10.1038/leu.2016.263 (to be verified)"}, "doi"),
        ({"short": "A", "pmid": "PMID 12"}, "pmid"),
        ({"short": "A", "pmcid": "9866580"}, "pmcid"),
        ({"short": "A", "url": "http://ashpublications.net/blood/article/1"}, "copies of a page"),
        ({"short": "A", "url": "https://ashpublications.org.mirror.cn/blood/article/1"}, "copies of a page"),
        ({"short": "A", "url": "http://47.251.13.51:8081/36422706"}, "copies of a page"),
        (
            {"short": "A", "url": "https://proxy.weglot.com/x/pubmed.ncbi.nlm.nih.gov/34994652"},
            "copies of a page",
        ),
        ({"short": "A", "doi": "10.1182/x", "url": "https://synapsesocial.com/papers/1"}, "copies of a page"),
        ({"short": "A", "url": "ftp://nature.com/a"}, "copies of a page"),
        ({"short": "A, https://nature.com/x", "doi": "10.1182/x"}, "belongs into url"),
        ({"short": "A", "doi": "10.1182/x", "note": "copy read at http://nature.com"}, "editor's note"),
    ],
)
def test_citations_that_are_none(reference: dict[str, str], words: str) -> None:
    assert any(words in fault for fault in faults(reference=reference)), faults(reference=reference)


@pytest.mark.parametrize(
    "note",
    [
        "to be verified",
        "Numbers TO BE VERIFIED",
        "not in available abstract",
        "hazard ratio not in the readable part",
        "figures not recorded in this evidence base",
        "from memory",
        "tool must not print this",
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "claim",
        "population",
        "endpoint",
        "evidence_level",
        "therapy_context",
        "caveats",
        "effect",
        "arms",
        "short",
    ],
)
def test_editors_notes_are_refused_wherever_they_stand(note: str, place: str) -> None:
    change: dict[str, Any] = {place: note}
    if place == "caveats":
        change = {place: ["few events", note]}
    elif place == "effect":
        change = {place: {"value": 2.0, "note": note}}
    elif place == "arms":
        change = {"effect": {"arms": [{"group": note, "value": "1 %"}]}}
    elif place == "short":
        change = {"reference": {"short": f"A ({note})", "doi": "10.1000/abc"}}
    assert any("editor's note" in fault for fault in faults(**change))


def test_what_a_source_leaves_out_may_be_said() -> None:
    said = ["no interval in the abstract", "not reported in the abstract", "the age limit of 40 is ours"]
    assert faults(caveats=said) == []


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ({"value": "60.6 % vs 71.0 %"}, "an arm of its own"),
        ({"value": "0.0 % versus 58.0 %", "ci": [49.2, 68.3]}, "an arm of its own"),
        ({"value": "37.2 %; 81.2 %", "ci": [19.4, 71.4]}, "no single figure"),
        ({"ci": [1.0, 2.0]}, "no single figure"),
        ({"value": "worse", "ci": [1.0, 2.0]}, "no single figure"),
        ({"value": 2.0, "ci": [3.0, 1.0]}, "upside down"),
        ({"value": 2.0, "ci": ["1", "3"]}, "not two numbers"),
        ({"value": 2.0, "ci": [1.0]}, "not two numbers"),
        ({"value": 2.0, "arms": [{"group": "a", "value": 1}]}, "beside arms"),
        ({"ci": [1.0, 2.0], "arms": [{"group": "a", "value": 1}]}, "beside arms"),
        ({"arms": [{"group": "a", "value": 1, "interval": [3, 2]}]}, "upside down"),
    ],
)
def test_an_interval_belongs_to_its_own_figure(effect: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(effect=effect)), faults(effect=effect)


@pytest.mark.parametrize(
    "effect",
    [
        {"value": 6.84, "ci": [2.68, 17.45]},
        {"value": "55.1 %", "ci": [49.3, 61.5]},
        {"arms": [{"group": "no deletion", "value": "58.0 %", "interval": [49.2, 68.3], "n": 12}]},
        {"value": "no difference"},
    ],
)
def test_effects_that_pass(effect: dict[str, Any]) -> None:
    assert faults(effect=effect) == []


def test_no_claim_prints_one_interval_behind_two_figures() -> None:
    """``0.0 % vs 58.0 % (95 % CI 49.2-68.3)`` reads as the interval of the first."""
    behind = re.compile(r"\d\s*%?\s+(?:vs|versus)\s+\d[\d.]*\s*%?\s*\((?:95 % CI )?\d[\d.]*\s*[-–]\s*\d")
    for s in RESOURCES.statements:
        texts = (s.claim, *s.caveats, str(s.effect.stated.get("value", "")))
        assert not [t for t in texts if behind.search(t)], s.id


def test_arms_are_typed() -> None:
    effect = next(s for s in RESOURCES.statements if s.id == "L29").effect
    assert effect.arms == (
        StatedArm(group="TP53 deletion", value="0.0 %"),
        StatedArm(group="no TP53 deletion", value="58.0 %", interval=(49.2, 68.3)),
    )
    assert effect.arms[1].text == "no TP53 deletion 58.0 % (95 % CI 49.2-68.3)"
    assert effect.value == "0.0 % vs 58.0 %" and "ci" not in effect.stated
    assert StatedEffect.from_toml({"value": 2}).value == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('arms = "none"', "list of tables"),
        ('arms = ["none"]', "no table"),
        ('arms = [{ value = "1 %" }]', "lacks the field 'group'"),
        ('arms = [{ group = "a" }]', "lacks the field 'value'"),
        ('arms = [{ group = "a", value = "1 %", ci = [1, 2] }]', "ci is none of"),
        ('arms = [{ group = "a", value = [1] }]', "numbers or words"),
        ('arms = [{ group = "a", value = 1, interval = [1] }]', "not enough values"),
        ('arms = [{ group = "a", value = 1, interval = ["x", "y"] }]', "could not convert"),
    ],
)
def test_a_file_with_a_wrong_arm_is_one_clear_error(change: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[statement]]\nid = "A"\npublish = "note"\ntopic = "os"\nclaim = "c"\nendpoint = "OS"\ndirection = "adverse"\n'
        'population = "p"\nevidence_level = "B"\nwhen = []\n[statement.effect]\n'
        f'{change}\n[statement.reference]\nshort = "A"\ndoi = "10.1000/x"\n'
    )
    with pytest.raises(InputError, match=re.escape(words)):
        read_statements(path)


def test_strength_is_stated_and_weakest_where_it_is_not() -> None:
    assert Statement.from_toml(GOOD, "f.toml").strength is Strength.OPINION
    assert Statement.from_toml({**GOOD, "strength": "congress"}, "f.toml").strength is Strength.CONGRESS
    with pytest.raises(ValueError, match="hearsay"):
        Statement.from_toml({**GOOD, "strength": "hearsay"}, "f.toml")
    by_id = {s.id: s.strength for s in RESOURCES.statements}
    assert by_id["S002-06"] is by_id["L02"] is Strength.PEER_REVIEWED
    assert by_id["L50"] is by_id["L13"] is Strength.CONGRESS
    assert {by_id[i] for i in ("S000-01", "S000-04", "S001-01", "S003-04")} == {Strength.OPINION}
    for s in (
        RESOURCES.statements
    ):  # a source without any record is nowhere called peer-reviewed but in its own words
        if "no_record" in s.reference.stated and s.strength is Strength.PEER_REVIEWED:
            assert "Genes 2020" in s.reference.short, s.id
