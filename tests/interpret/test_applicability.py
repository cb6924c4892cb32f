"""Whom the statements reach: nobody outside the group studied, and neither half of a study hidden by its rule.

``tests/golden/studied.tsv`` says for each statement who was studied, written from its source and not from its rule;
an empty cell sets no limit.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from tp53annot_cli import tp53annot

from tp53annot.core.status import AllelicState, Status
from tp53annot.interpret.applicability import Reach, labels, merged, reach_of_each
from tp53annot.interpret.assessment.statement_facts import Tp53Finding, statement_facts
from tp53annot.interpret.context import declare
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statements import DERIVED, DIRECTIONS, PUBLISH, Condition, Statement

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import refresh_evidence

RESOURCES = resources_of()
RULES = RESOURCES.rules.assessment()
GRID = RESOURCES.rules.evidence.matrix
BY_ID = {s.id: s for s in RESOURCES.statements}
GOLDEN = Path(__file__).parents[1] / "golden"
with (GOLDEN / "studied.tsv").open() as handle:
    STUDIED = {row["id"]: row for row in csv.DictReader(handle, delimiter="\t")}
LINEAGES = {
    "B": {"B-ALL"},
    "T": {"T-ALL", "ETP-ALL"},
    "ALL": {"B-ALL", "T-ALL", "ETP-ALL"},
    "mature": {"mature_B_Burkitt"},
}
LOW = {"low_hypodiploid", "masked_low_hypodiploid"}
PLOIDIES = {"low": LOW, "hypo": LOW | {"near_haploid"}}
PHASES = {
    "front": {"diagnosis", "induction", "remission_1"},
    "active": {"relapse", "refractory"},
    "relapse": {"relapse"},
    "remission": {"remission_1", "remission_2plus"},
}


def outside(name: str, context: dict[str, str], flag: str) -> list[str]:
    """Where a declared context leaves the group that a statement was studied in."""
    row = STUDIED[name]
    found = []
    if "age_years" in context:
        age = float(context["age_years"])
        if age < float(row["age_from"] or 0) or age >= float(row["age_below"] or 200):
            found.append(f"age {age}")
    groups = (
        ("lineage", "lineage", LINEAGES),
        ("ploidy", "ploidy", PLOIDIES),
        ("phase", "disease_phase", PHASES),
    )
    for column, field, members in groups:
        if row[column] and context.get(field) is not None and context[field] not in members[row[column]]:
            found.append(f"{field} {context[field]}")
    if row["ph"] and context.get("ph_status") not in (None, row["ph"]):
        found.append(f"Ph {context['ph_status']}")
    if (
        row["therapy"]
        and context.get("therapy") is not None
        and context["therapy"] not in row["therapy"].split()
    ):
        found.append(f"therapy {context['therapy']}")
    if row["germline"] and flag not in row["germline"].split():
        found.append(f"germline {flag}")
    return found


@pytest.fixture(scope="module")
def contexts() -> list[Reach]:
    """Every context of the grid, with all notes that any report can hold."""
    return reach_of_each(RESOURCES.statements, RESOURCES.vocabulary, RULES, GRID, "all")


def test_every_statement_has_its_group() -> None:
    """A printed note without any limit is a remark of the tool, or is on people tested for another reason."""
    assert set(STUDIED) == set(BY_ID)
    limits = ("age_from", "age_below", "lineage", "ph", "ploidy", "phase", "therapy", "germline")
    free = {name for name, row in STUDIED.items() if not any(row[limit] for limit in limits)}
    assert {i for i in free if BY_ID[i].publish in ("note", "warn")} == {"L39", "L66"}


def test_no_context_outside_the_group_studied(contexts: list[Reach]) -> None:
    """In each of the grid's contexts, for each note that applies there."""
    checked = 0
    for context in contexts:
        chosen = [axis.values[v[0]] for axis, v in zip(GRID.axes, context.values, strict=True)]
        declared = {name: text for value in chosen for name, text in value.context.items()}
        flag = next(value.flag for value in chosen if value.flag)
        for name in itertools.chain.from_iterable(context.applies.values()):
            assert not outside(name, declared, flag), (name, declared)
            checked += 1
    assert len(contexts) > 20000 and checked > 400000


EDGES = [
    "0",
    "0.5",
    "8",
    "14.9",
    "15",
    "17.9",
    "18",
    "25.9",
    "26",
    "29.9",
    "30",
    "39.9",
    "40",
    "59.9",
    "60",
    "70",
    "71",
    "90",
]
CHOICES: dict[str, list[str]] = {
    name: [v for v in RESOURCES.vocabulary[name].values if v not in ("unknown", "not_tested")]
    for name in ("lineage", "ph_status", "ploidy", "disease_phase", "therapy")
} | {"age_years": EDGES}


def own_context(conditions: tuple[Condition, ...]) -> dict[str, str]:
    """A declared context that fulfils a rule."""
    context: dict[str, str] = {}
    for c in sorted(conditions, key=lambda c: c.op == "ge"):
        if c.field in DERIVED:
            continue
        value = c.values[0]
        context[c.field] = str(c.numbers[0] - 0.5) if c.op == "lt" else str(value)
    return context


def own_finding(conditions: tuple[Condition, ...], flag: str) -> Tp53Finding:
    """A finding that fulfils a rule, with a germline flag."""
    asked = {c.field: c for c in conditions}
    vaf = asked.get("tp53_max_vaf")
    return Tp53Finding(
        status=Status(str(asked["tp53_status"].values[0]) if "tp53_status" in asked else "mutated"),
        allelic_state=AllelicState(
            str(asked["tp53_allelic_state"].values[0]) if "tp53_allelic_state" in asked else "multi_hit"
        ),
        max_vaf=0.5 if vaf is None else vaf.numbers[0] - (0.01 if vaf.op == "lt" else 0),
        second_hit=str(asked["second_hit"].values[0]) if "second_hit" in asked else "none",
        germline_flag=flag,
    )


@pytest.mark.parametrize("statement", RESOURCES.statements, ids=[s.id for s in RESOURCES.statements])
def test_no_value_of_any_field_outside_the_group_studied(statement: Statement) -> None:
    """A rule is a conjunction: to vary one field at a time from a patient it reaches shows its whole border."""
    own = own_context(statement.conditions)
    flags = ("confirmed", "suspected", "excluded", "not_suspected")

    def applies(context: dict[str, str], flag: str) -> bool:
        facts = statement_facts(
            declare(context, RESOURCES.vocabulary, RULES.defaults),
            own_finding(statement.conditions, flag),
            RULES,
        )
        return statement.applies(facts)[0] == "applies"

    assert any(applies(own, flag) for flag in flags), "its own patient is not reached"
    for flag in flags:
        for field, values in CHOICES.items():
            for value in values:
                context = own | {field: value}
                if applies(context, flag):
                    assert not outside(statement.id, context, flag), (field, value, flag)


# What a study itself divided its patients by: the only fields in which the rules of its halves may differ.
DIVIDED_BY: dict[str, set[str]] = {
    "10.1182/bloodadvances.2019001307": {"nci_risk"},  # L27, L43
    "10.1080/10428194.2023.2278026": {"age_years"},  # L10, L11
    "10.1002/hem3.70115": {"tp53_status", "del17p_status", "mrd_status", "mrd_timepoint"},  # L29, L44, L45
    "10.1038/leu.2016.263": {"tp53_status", "tp53_allelic_state", "second_hit"},  # L03, L68
    # by age, VAF and treatment; persistence was studied in remission samples
    "10.1182/blood.2025030498": {"age_years", "tp53_max_vaf", "therapy", "disease_phase", "sample_role",
                                 "leukaemia_sample", "lineage", "ph_status"},
    "10.1182/bloodadvances.2024014986": {"disease_phase"},  # response was studied in relapsed or refractory disease
    "10.1038/s41431-020-0638-4": {"age_years", "lineage", "ploidy", "germline_flag"},  # testing of children; carriers
}  # fmt: skip


def halves() -> dict[str, list[Statement]]:
    """Printed notes and warnings by study, for studies with an adverse and another result."""
    studies: dict[str, list[Statement]] = defaultdict(list)
    for s in RESOURCES.statements:
        if s.publish in ("note", "warn") and not s.advice:
            studies[s.reference.stated.get("doi") or s.reference.short].append(s)
    return {
        name: found
        for name, found in studies.items()
        if {s.direction == "adverse" for s in found} == {True, False}
    }


def test_the_studies_with_two_halves_are_known() -> None:
    assert set(halves()) == set(DIVIDED_BY)


@pytest.mark.parametrize("study", sorted(DIVIDED_BY))
def test_no_half_of_a_study_is_hidden_by_its_rule(study: str) -> None:
    """Both are printed in the same reports, and their rules differ in what divided the patients, and in nothing else."""
    found = halves()[study]
    for s, other in itertools.combinations(found, 2):
        if (s.direction == "adverse") is (other.direction == "adverse"):
            continue
        rules = [{(c.field, c.op, str(c.value)) for c in x.conditions} for x in (s, other)]
        differing = {field for field, _, _ in rules[0] ^ rules[1]}
        assert differing <= DIVIDED_BY[study], (s.id, other.id, differing - DIVIDED_BY[study])


def test_each_half_reaches_a_patient_and_is_printed() -> None:
    with (GOLDEN / "contexts.tsv").open() as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    reached = {name for row in rows for name in row["applies"].split()}
    for found in halves().values():
        assert {s.id for s in found} <= reached
    for (
        s
    ) in RESOURCES.statements:  # a neutral result is never less visible than the adverse ones of its study
        if s.direction != "adverse" and s.publish == "context":
            same = [
                o
                for o in RESOURCES.statements
                if o.reference.stated.get("doi") == s.reference.stated.get("doi")
            ]
            hidden = s.reference.stated.get("doi") and s.endpoint not in ("frequency", "cohort")
            if hidden and not s.advice:
                assert not [o.id for o in same if o.direction == "adverse" and o.endpoint == s.endpoint
                            and PUBLISH.index(o.publish) < PUBLISH.index("context")], s.id  # fmt: skip


def test_rows_with_the_same_notes_are_merged_and_none_is_lost(contexts: list[Reach]) -> None:
    rows = merged(contexts)
    assert len(rows) < len(contexts) / 10
    again = {
        tuple((index,) for index in place): (row.applies, row.open)
        for row in rows
        for place in itertools.product(*row.values)
    }
    assert again == {c.values: (c.applies, c.open) for c in contexts}
    assert labels(GRID.axes[2], (0, 1)) == "any" and labels(GRID.axes[2], (1,)) == "positive"


def test_the_grid_agrees_with_what_a_sample_gets() -> None:
    """A sample of the grid's finding, in some of its contexts, by way of the notes themselves."""
    every = reach_of_each(RESOURCES.statements, RESOURCES.vocabulary, RULES, GRID)
    from tp53annot.interpret.notes import select_notes

    for context in every[:: len(every) // 97]:
        chosen = [axis.values[v[0]] for axis, v in zip(GRID.axes, context.values, strict=True)]
        declared = {name: text for value in chosen for name, text in value.context.items()}
        row = {
            "context": " ".join(f"{k}={v}" for k, v in declared.items()),
            "derived": f"mutated,single_hit,0.5,,{chosen[-1].flag}",
        }
        notes = select_notes(
            RESOURCES.statements, refresh_evidence.facts_of(row, RESOURCES), "default", RULES
        )
        for direction in DIRECTIONS:
            wanted = sorted(n.id for n in notes if n.applies == "applies" and n.direction == direction)
            assert list(context.applies[direction]) == wanted
        assert list(context.open) == sorted(n.id for n in notes if n.applies == "context_missing")


def test_the_command_prints_the_grid() -> None:
    done = tp53annot("evidence", "matrix")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0] == ["age", "lineage", "Ph", "ploidy", "phase", "therapy", "germline", *DIRECTIONS, "open"]
    every = tp53annot("evidence", "matrix", "--every").stdout.splitlines()
    assert len(every) == 23041 and len(lines) < 1000
    found = json.loads(tp53annot("evidence", "matrix", "--json").stdout)
    assert len(found) == len(lines) - 1
    child = next(
        r for r in found if "child (8)" in r["context"]["age"] and r["context"]["lineage"] == ["B-ALL"]
        and "diagnosis" in r["context"]["phase"] and "negative" in r["context"]["Ph"]
        and "diploid" in r["context"]["ploidy"] and "excluded" in r["context"]["germline"]
    )  # fmt: skip
    assert (
        child["applies"]["adverse"] == ["L28"]
        and "L45" in child["applies"]["neutral"]
        and "L43" in child["open"]
    )
    extended = tp53annot("evidence", "matrix", "--evidence", "extended").stdout
    assert "L67" in extended and "L67" not in done.stdout
