"""The typed report: the same JSON there and back, faults named, and readers that name its fields."""

from __future__ import annotations

import copy
import json
from typing import Any, get_args

import jsonschema
import numpy as np
import pytest
from msgspec import Struct
from msgspec.structs import fields
from report_cases import CASES, course, report

from tp53annot.cohort.excerpt import Excerpt
from tp53annot.core.coverage import Coverage
from tp53annot.core.variant import Classification
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.document import dump
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.json_form import from_json, json_name, to_json
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.registry import rendered
from tp53annot.report.schema_check import report_schema
from tp53annot.report.stored import report_of


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_json_there_and_back(name: str) -> None:
    document = course()[-1] if name == "course" else report(name)
    typed = report_of(document)
    assert to_json(typed) == document
    assert dump(typed) == dump(document) == dump(to_json(from_json(Report, json.loads(dump(typed)))))
    assert tuple(document) == Report.__struct_fields__


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


def test_numbers_of_another_library() -> None:
    assert json.loads(dump({"vaf": np.float64(0.25)})) == {"vaf": 0.25}


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json({"a": {1, 2}})


def test_an_excerpt_names_fields_of_the_whole() -> None:
    """Each field of an excerpt is one of the model, under the same key."""
    models: dict[str, type[Struct]] = {
        "assessment": Assessment,
        "coverage": Coverage,
        "variants": Variant,
        "classification": Classification,
    }

    def check(part: type[Struct], model: type[Struct]) -> None:
        keys = {field.name: json_name(field) for field in fields(model)}
        for field in fields(part):
            assert keys[field.name] == json_name(field)
            if field.name in models:
                inner = (field.type, *get_args(field.type))
                check(
                    next(t for t in inner if isinstance(t, type) and issubclass(t, Struct)),
                    models[field.name],
                )

    check(Excerpt, Report)


FILLED: dict[str, Any] = {
    "copy_number": {"state": "loss", "basis": [{"source": "S.seg", "text": "one copy"}],
                    "exons": [{"exon": "5", "ratio": 0.52, "z": -4.1}]},
    "molecules": {"counted_by": "umi", "reads": 900, "molecules": 310},
    "platform": {"name": "illumina", "molecule": "dna", "source": "header", "note": None},
    "splicing": [{"event": "exon_skipped", "exons": ["6"], "start": 7674291, "end": 7674858, "hgvs_r": "r.(560_672del)",
                  "reads": 12, "of": 80, "fraction": 0.15}],
    "history": {"samples": 40, "patient_samples": [{"sample": "P-1", "date": None, "status": "mutated",
                                                    "variants": [{"hgvs_c": "c.524G>A", "vaf": 0.4}]}]},
}  # fmt: skip
FILLED_ANSWER: dict[str, Any] = {
    "tp53_mutated_all_reason": "remission",
    "allelic_hypotheses": [{"id": "loh", "label": "one allele lost", "predicted_vaf_low": 0.8, "predicted_vaf_high": 1.0,
                            "fits": False, "reason": "0.43"}],
    "plausibility": [{"id": "blasts", "text": "VAF above what the blasts allow"}],
}  # fmt: skip
FILLED_VARIANT: dict[str, Any] = {
    "germline_class": {"class": "pathogenic", "criteria": [{"code": "PS3", "strength": "strong", "reason": "assays",
                                                            "source": "ClinGen"}],
                       "published": {"class": "Pathogenic", "review": "expert panel", "source": "ClinVar"}},
    "history": {"seen_in": 2, "of": 40},
}  # fmt: skip
FRAGMENTS = [
    {"start": 7675076, "bases": "TGGT", "strand": "+", "mapping_quality": 60, "alt": True, "base_quality": 37, "reads": 2,
     "second": False, "inserted": [{"after": 7675077, "bases": "AN"}]},
]  # fmt: skip


def filled() -> dict[str, Any]:
    document = report("two_hit") | FILLED
    document["assessment"] |= FILLED_ANSWER
    document["variants"][0] |= FILLED_VARIANT
    document["variants"][0]["read_pile"] |= {"fragments": FRAGMENTS, "shown": 1, "of": 504}
    return copy.deepcopy(document)


def test_a_report_states_nothing_of_what_is_not_known() -> None:
    document = report("two_hit")
    copies = document["copy_number"]
    assert (copies["state"], copies["exons"]) == ("unknown", [])
    assert [b["source"] for b in copies["basis"]] == ["read_depth"] and "were not judged" in copies["basis"][
        0
    ]["text"]
    molecules = document["molecules"]
    assert (molecules["counted_by"], molecules["molecules"]) == ("none", None) and molecules["reads"] > 0
    assert document["platform"] == {"name": "unknown", "molecule": "dna", "source": None, "note": None}
    assert {document[key] for key in FILLED.keys() - {"copy_number", "molecules", "platform"}} == {None}
    answer = document["assessment"]
    assert answer["tp53_mutated_all"] is True and answer["tp53_mutated_all_reason"] is None
    assert answer["plausibility"] == [] and len(answer["allelic_hypotheses"]) == 10
    for variant in document["variants"]:
        assert {variant[key] for key in FILLED_VARIANT if key != "germline_class"} == {None}
        assert variant["germline_class"]["published"]["review"] == "reviewed by expert panel"
        pile = variant["read_pile"]
        assert pile["shown"] == len(pile["fragments"]) == 60 < pile["of"] and pile["second"] is None
        assert pile["end"] == pile["start"] + len(pile["reference"]) - 1


def test_what_is_new_can_be_stated_and_every_format_renders() -> None:
    document = filled()
    typed = report_of(document)
    assert to_json(typed) == document
    jsonschema.Draft202012Validator(report_schema()).validate(document)
    for name in ("json", "html", "tsv", "xlsx", "maf", "fhir", "txt"):
        assert rendered(typed, name, resources_of(), "en")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["copy_number"].update(state="two"), "copy_number.state"),
        (lambda d: d["molecules"].update(counted_by="guess"), "molecules.counted_by"),
        (lambda d: d["platform"].update(molecule="protein"), "platform.molecule"),
        (lambda d: d["splicing"][0].update(fraction=1.5), r"splicing\[0\].fraction"),
        (lambda d: d["variants"][0]["germline_class"].update({"class": "oncogenic"}), "germline_class.class"),
        (lambda d: d["variants"][0]["history"].update(seen_in=-1), "history.seen_in"),
        (lambda d: d["assessment"]["allelic_hypotheses"][0].update(fits="yes"), "allelic_hypotheses.*fits"),
    ],
)
def test_what_is_new_is_checked(change: Any, place: str) -> None:
    document = filled()
    change(document)
    with pytest.raises(ValueError, match=place):
        report_of(document)
