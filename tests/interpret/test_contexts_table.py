"""64 patients' contexts with the exact note ids each must give; reachability; every rule's boundary.

``tests/golden/contexts.tsv`` is the table. It is checked twice: by the tool, and by a second small
reading of the rules written here.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tp53annot.interpret.notes import LEVELS, printed, select_notes
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statements import DERIVED, Condition, Statement

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import refresh_evidence

RESOURCES = resources_of()
RULES = RESOURCES.rules.assessment()
TABLE = Path(__file__).parents[1] / "golden" / "contexts.tsv"
with TABLE.open() as handle:
    PATIENTS = list(csv.DictReader(handle, delimiter="\t"))


def facts_of(row: dict[str, str]) -> dict[str, Any]:
    return refresh_evidence.facts_of(row, RESOURCES)


@pytest.mark.parametrize("row", PATIENTS, ids=[row["patient"] for row in PATIENTS])
def test_exact_notes(row: dict[str, str]) -> None:
    notes = select_notes(RESOURCES.statements, facts_of(row), "default", RULES)
    assert sorted(n.id for n in notes if n.applies == "applies") == row["applies"].split()
    assert sorted(n.id for n in notes if n.applies == "context_missing") == row["context_missing"].split()
    assert all(n.missing_fields for n in notes if n.applies == "context_missing")


def test_the_table_is_long_and_spans_the_field() -> None:
    assert len(PATIENTS) >= 40
    everything = " ".join(row["context"] + row["derived"] for row in PATIENTS)
    for part in ("T-ALL", "ETP-ALL", "mature_B_Burkitt", "MPAL", "relapse", "remission", "blinatumomab", "cart_cd19",
                 "allo" if "allo" in everything else "hsct_status=done", "low_hypodiploid", "ph_status=positive",
                 "ph_status=negative", "not_detected", "incomplete", "low_level", "uncertain", "deletion_only"):  # fmt: skip
        assert part in everything


NEVER_OPEN = {"tp53_status", "tp53_allelic_state", "tp53_max_vaf", "tp53_clonality", "leukaemia_sample",
              "germline_flag", "second_hit", "tp53_germline_published", "first_relapse"}  # fmt: skip


def test_the_derived_fields_are_those_of_the_grammar() -> None:
    assert set(DERIVED) == NEVER_OPEN
    assert set(facts_of(PATIENTS[0])) >= NEVER_OPEN and not NEVER_OPEN & set(RESOURCES.vocabulary)


def second_reading(when: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    verdicts = []
    for c in when:
        value = facts.get(c["field"])
        if value in (None, "unknown", ()):
            verdicts.append("-" if c["field"] in NEVER_OPEN else "?")
            continue
        good = {
            "in": lambda v=value, c=c: v in c["value"],
            "any_of": lambda v=value, c=c: bool(set(v if isinstance(v, tuple) else (v,)) & set(c["value"])),
            "ge": lambda v=value, c=c: float(v) >= c["value"],
            "lt": lambda v=value, c=c: float(v) < c["value"],
            "between": lambda v=value, c=c: c["value"][0] <= float(v) <= c["value"][1],
            "eq": lambda v=value, c=c: v == c["value"],
        }[c["op"]]()
        verdicts.append("+" if good else "-")
    return "-" if "-" in verdicts else "?" if "?" in verdicts else "+"


def test_a_second_reading_of_the_files_agrees() -> None:
    folder = RESOURCES.store.root / "evidence"
    entries = [
        e for f in sorted(folder.glob("*.toml")) for e in tomllib.loads(f.read_text()).get("statement", [])
    ]
    assert len(entries) == len(RESOURCES.statements) >= 129
    for row in PATIENTS:
        facts = facts_of(row)
        applies = {
            e["id"] for e in entries
            if second_reading(e["when"], facts) == "+" and e["publish"] in LEVELS["default"] and not e["advice"]
        }  # fmt: skip
        assert applies == set(row["applies"].split()), row["patient"]


def test_every_statement_is_reached_by_a_patient() -> None:
    reached = set()
    for row in PATIENTS:
        notes = select_notes(RESOURCES.statements, facts_of(row), "all", RULES)
        reached |= {n.id for n in notes if n.applies == "applies"}
    assert {s.id for s in RESOURCES.statements} == reached


CONDITIONS = sorted({(c.field, c.op, repr(c.value)) for s in RESOURCES.statements for c in s.conditions})


@pytest.mark.parametrize(("field", "op", "value"), CONDITIONS)
def test_every_boundary(field: str, op: str, value: str) -> None:
    known = next(
        c.value
        for s in RESOURCES.statements
        for c in s.conditions
        if (c.field, c.op, repr(c.value)) == (field, op, value)
    )
    condition = Condition(field=field, op=op, value=known)
    nothing = False if field in NEVER_OPEN else None
    assert condition.holds({}) is nothing
    assert condition.holds({field: "unknown"}) is nothing
    tiny = 0.001
    if op == "ge":
        assert condition.holds({field: known}) and not condition.holds({field: known - tiny})
    elif op == "lt":
        assert not condition.holds({field: known}) and condition.holds({field: known - tiny})
    elif op == "between":
        low, high = known
        assert condition.holds({field: low}) and condition.holds({field: high})
        assert not condition.holds({field: low - tiny}) and not condition.holds({field: high + tiny})
    else:
        assert all(condition.holds({field: (v,) if op == "any_of" else v}) for v in known)
        assert condition.holds({field: ("other",) if op == "any_of" else "other"}) is False


SATISFIED = {"ge": lambda v: v, "lt": lambda v: v - 0.001, "between": lambda v: v[0], "in": lambda v: v[0],
             "any_of": lambda v: (v[0],), "eq": lambda v: v}  # fmt: skip
OUTSIDE = {"ge": lambda v: v - 0.001, "lt": lambda v: v, "between": lambda v: v[1] + 0.001, "in": lambda _: "another",
           "any_of": lambda _: ("another",), "eq": lambda _: "another"}  # fmt: skip


def satisfying(conditions: Sequence[Condition]) -> dict[str, Any]:
    """Facts that fulfil every condition; of two on one number, the lower bound's."""
    facts: dict[str, Any] = {}
    for c in sorted(conditions, key=lambda c: c.op == "ge"):
        facts[c.field] = SATISFIED[c.op](c.value)
    return facts


@pytest.mark.parametrize("statement", RESOURCES.statements, ids=[s.id for s in RESOURCES.statements])
def test_each_condition_of_each_statement_decides_on_its_own(statement: Statement) -> None:
    """With all fulfilled it applies; with one of them not, it does not; with one open, it is open, if it can be."""
    facts = satisfying(statement.conditions)
    assert statement.applies(facts) == ("applies", ())
    for c in statement.conditions:
        assert statement.applies(facts | {c.field: OUTSIDE[c.op](c.value)})[0] == "not_applicable", c
        without = statement.applies({name: value for name, value in facts.items() if name != c.field})
        wanted = ("not_applicable", ()) if c.field in NEVER_OPEN else ("context_missing", (c.field,))
        assert without == wanted, c


def test_what_never_reaches_a_default_report() -> None:
    forbidden = re.compile(
        r"BTK|0\.235|10 % become|ibrutinib|we recommend|should be (given|treated)", re.IGNORECASE
    )
    for row in PATIENTS:
        for note in select_notes(RESOURCES.statements, facts_of(row), "default", RULES):
            words = f"{note.text} {note.effect} {note.caveats} {note.population}"
            assert not forbidden.search(words), (note.id, words)
            if note.id == "L23":
                assert note.effect.get("value") is None
            if note.id == "S002-09":
                assert not re.search(r"\d", str(note.effect.get("value")))
    for statement in RESOURCES.statements:
        if statement.publish == "held" or statement.advice:
            assert not printed(statement, "default")
        if statement.publish == "held":
            assert not printed(statement, "extended")
            assert printed(statement, "all")
