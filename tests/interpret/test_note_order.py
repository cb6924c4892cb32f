"""Which note stands first: the closest group, then the best published; and no neutral result below all adverse ones."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from one_sample import R175H, assessment_of, record

from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statements import Statement, Strength

RULES = resources_of().rules.assessment()
BY_ID = {s.id: s for s in resources_of().statements}
ADULT = {
    "lineage": "B-ALL",
    "ph_status": "negative",
    "disease_phase": "diagnosis",
    "age_years": "64",
    "blast_pct": "90",
}


def statement(
    name: str, direction: str = "adverse", strength: str = "peer_reviewed", **asks: str
) -> Statement:
    entry: dict[str, Any] = {
        "id": name, "publish": "note", "topic": "os", "claim": "c", "endpoint": "OS", "direction": direction,
        "population": "p", "evidence_level": "B", "strength": strength, "reference": {"short": "A", "doi": "10.1000/x"},
        "when": [{"field": field, "op": "in", "value": [value]} for field, value in asks.items()],
    }  # fmt: skip
    return Statement.from_toml(entry, "f.toml")


def order(*statements: Statement, **facts: str) -> list[str]:
    """The notes' ids; whatever the order of the statements, it is the same."""
    found = [n.id for n in select_notes(statements, facts, "default", RULES)]
    for shuffled in itertools.islice(itertools.permutations(statements), 50):
        assert [n.id for n in select_notes(shuffled, facts, "default", RULES)] == found
    return found


def test_the_closest_group_stands_first() -> None:
    """A rule that asks for the therapy beside the lineage is closer than one that asks for more of the usual fields."""
    wide = statement("A", lineage="B-ALL", ph_status="negative", disease_phase="diagnosis")
    close = statement("B", lineage="B-ALL", therapy="blinatumomab")
    closer = statement("C", lineage="B-ALL", therapy="blinatumomab", nci_risk="HR")
    facts = {
        "lineage": "B-ALL",
        "ph_status": "negative",
        "disease_phase": "diagnosis",
        "therapy": "blinatumomab",
        "nci_risk": "HR",
    }
    assert order(wide, close, closer, **facts) == ["C", "B", "A"]


def test_the_best_published_stands_first_among_equals() -> None:
    notes = [statement("A", strength="opinion"), statement("B", strength="congress"), statement("C")]
    assert order(*notes) == ["C", "B", "A"]


def test_a_note_that_applies_stands_before_one_that_may() -> None:
    assert order(statement("A", nci_risk="HR"), statement("B", strength="opinion")) == ["B", "A"]
    fewer, more = statement("B", nci_risk="HR"), statement("A", nci_risk="HR", donor_type="haploidentical")
    assert order(fewer, more) == ["B", "A"]


@pytest.mark.parametrize("other", ["neutral", "mixed", "favourable"])
def test_another_direction_stands_beside_the_adverse_one(other: str) -> None:
    assert order(*(statement(i) for i in "ABC"), statement("D", other)) == ["A", "D", "B", "C"]
    assert order(statement("A", other), statement("B", other), statement("C")) == ["A", "C", "B"]


def test_a_contradiction_is_not_lifted_over_what_is_better_published() -> None:
    notes = [statement("A"), statement("B"), statement("C", "neutral", "opinion")]
    assert order(*notes) == ["A", "B", "C"]


def test_opinion_never_leads_where_a_series_applies() -> None:
    """The podcast keeps its place on the page of an adult with Ph-negative B-ALL, below the series."""
    notes = assessment_of(record(R175H, 0.4), **ADULT)["notes"]
    survival = [
        n["id"] for n in notes if n["topic"] == "os" and n["applies"] == "applies" and n["publish"] == "note"
    ]
    assert survival == ["L02", "L28", "S000-04"]
    older = assessment_of(record(R175H, 0.6), **ADULT)["notes"]
    assert next(n["id"] for n in older if n["topic"] == "os") == "L06"


def test_of_what_is_published_alike_both_directions_are_seen_first() -> None:
    patients = (
        ADULT | {"therapy": "chemo_hyper_cvad"},
        ADULT | {"therapy": "blinatumomab"},
        ADULT | {"age_years": "45", "therapy": "chemo_pediatric_inspired;inotuzumab"},
        ADULT | {"age_years": "8", "nci_risk": "SR"},
        ADULT | {"age_years": "8", "nci_risk": "HR"},
    )
    seen = 0
    for patient in patients:
        notes = assessment_of(record(R175H, 0.5), **patient)["notes"]
        shown = [n for n in notes if n["publish"] in ("note", "warn")]
        kinds = itertools.groupby(shown, key=lambda n: (n["applies"], BY_ID[n["id"]].strength))
        places = []
        for (applies, strength), group in kinds:
            places.append((applies, list(Strength).index(strength)))
            directions = [n["direction"] == "adverse" for n in group]
            if len(set(directions)) == 2:
                seen += 1
                assert directions[0] is not directions[1], [n["id"] for n in notes]
        assert places == sorted(places)  # each kind once: series before congresses before opinions
    assert seen >= 4
