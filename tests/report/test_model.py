"""The typed report: the same JSON there and back, faults named, and readers that name its fields."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest
from report_cases import CASES, course, report

from tp53annot.cohort.excerpt import Excerpt
from tp53annot.core.coverage import Coverage
from tp53annot.core.variant import Classification
from tp53annot.report.document import dump
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.json_form import from_json, json_name, to_json
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.stored import report_of


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_json_there_and_back(name: str) -> None:
    document = course()[-1] if name == "course" else report(name)
    typed = report_of(document)
    assert to_json(typed) == document
    assert dump(typed) == dump(document) == dump(to_json(from_json(Report, json.loads(dump(typed)))))
    assert list(document) == [field.name for field in fields(Report)]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d.pop("coverage"), "lacks 'coverage'"),
        (lambda d: d["variants"][0].pop("hgvs_c"), "lacks 'hgvs_c'"),
        (lambda d: d.update(variants={"a": 1}), "is no list"),
        (lambda d: d.update(assessment=[]), "is no object"),
        (lambda d: d["variants"][0]["classification"].update({"class": "bad"}), "'bad' is not a valid"),
    ],
)
def test_a_fault_is_named(change: Any, fault: str) -> None:
    document = report("two_hit")
    change(document)
    with pytest.raises(ValueError, match=fault):
        from_json(Report, document)


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json({"a": {1, 2}})


def test_an_excerpt_names_fields_of_the_whole() -> None:
    """Each field of an excerpt is one of the model, under the same key."""
    models = {
        "assessment": Assessment,
        "coverage": Coverage,
        "variants": Variant,
        "classification": Classification,
    }

    def check(part: type, model: type) -> None:
        keys = {field.name: json_name(field) for field in fields(model)}
        hints = get_type_hints(part)
        for field in fields(part):
            assert keys[field.name] == json_name(field)
            inner = [
                h for h in (hints[field.name], *getattr(hints[field.name], "__args__", ())) if is_dataclass(h)
            ]
            if field.name in models:
                check(inner[0], models[field.name])  # type: ignore[arg-type]

    check(Excerpt, Report)
