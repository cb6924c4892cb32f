"""Status, allelic state, flags and warnings, on VCFs written for each case; the traps first."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.statement_faults import lint
from tp53annot.knowledge.statements import Condition, Statement
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

RESOURCES = resources_of()
COUNTER = itertools.count()
HEAD = '##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n##FILTER=<ID=weak,Description="x">\n'
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
R175H, R248Q, VUS = (7675088, "C", "T"), (7674220, "C", "T"), (7675071, "G", "A")


def record(
    change: tuple[int, str, str], vaf: float | None, *, gt: str = "0/1", flt: str = "PASS", depth: int = 1000
) -> str:
    pos, ref, alt = change
    if vaf is None:
        return f"chr17\t{pos}\t.\t{ref}\t{alt}\t.\t{flt}\t.\tGT\t{gt}\n"
    reads = round(vaf * depth)
    return f"chr17\t{pos}\t.\t{ref}\t{alt}\t.\t{flt}\t.\tGT:AD\t{gt}:{depth - reads},{reads}\n"


def assessed(
    tmp_path: Path,
    *records: str,
    covered: bool = False,
    columns: str = COLUMNS,
    target: Path | None = None,
    **context: str,
) -> dict[str, Any]:
    path = tmp_path / f"{next(COUNTER)}.vcf"
    path.write_text(HEAD + columns + "".join(records))
    bed = tmp_path / "callable.bed"
    bed.write_text("chr17\t7669000\t7677000\n")
    settings = RunSettings(callable_bed=bed if covered else None, target=target)
    (found,) = analyse(Job(vcf=path, context=context), settings, interpreter_of())
    assessment: dict[str, Any] = found.document["assessment"]
    return assessment


def ids(flags: list[dict[str, str]]) -> list[str]:
    return [f["id"] for f in flags]


@pytest.mark.parametrize(
    ("records", "covered", "context", "status"),
    [
        ([record(R175H, 0.4)], False, {}, "mutated"),
        ([record(R175H, 0.05)], False, {}, "mutated"),
        ([record(R175H, 0.049)], False, {}, "low_level"),
        ([record(R175H, 0.02)], False, {}, "low_level"),
        ([record(R175H, 0.019)], True, {}, "not_detected"),
        ([record(R175H, 0.019)], False, {}, "incomplete"),
        ([record(R175H, None)], False, {}, "mutated"),
        ([record(VUS, 0.4)], False, {}, "uncertain"),
        ([record(VUS, 0.4), record(R175H, 0.03)], False, {}, "low_level"),
        ([], True, {}, "not_detected"),
        ([], False, {}, "incomplete"),
        ([], False, {"del17p_status": "present"}, "deletion_only"),
        ([record(R175H, 0.03)], False, {"del17p_status": "present"}, "deletion_only"),
        ([record(R175H, 0.3)], False, {"del17p_status": "present"}, "mutated"),
    ],
)
def test_status_in_order(
    tmp_path: Path, records: list[str], covered: bool, context: dict[str, str], status: str
) -> None:
    assert assessed(tmp_path, *records, covered=covered, **context)["status"] == status


@pytest.mark.parametrize(
    "line",
    [
        record(R175H, 0.4, gt="0/0"),
        record(R175H, 0.4, flt="weak"),
        record(R175H, 0.4, depth=15),
        record(R175H, 0.4, flt="weak", gt="0/0"),
    ],
)
@pytest.mark.parametrize("covered", [True, False])
def test_a_filtered_oncogenic_variant_is_never_read_past(tmp_path: Path, line: str, covered: bool) -> None:
    found = assessed(tmp_path, line, covered=covered)
    assert found["status"] == "incomplete" and found["tp53_mutated_all"] is None
    assert "warning.rejected_oncogenic" in ids(found["warnings"])
    assert "R175H" in found["summary"] and "summary.filtered" in found["summary_ids"]


def test_background_of_a_reference_genotype_is_no_alarm(tmp_path: Path) -> None:
    found = assessed(tmp_path, record(R175H, 0.001, gt="0/0"), covered=True)
    assert found["status"] == "not_detected" and not found["warnings"]


@pytest.mark.parametrize(
    ("diagnosis", "expected"), [({}, True), ({"diagnosis": "ALL"}, True), ({"diagnosis": "non_ALL"}, None)]
)
def test_tp53_mutated_all(tmp_path: Path, diagnosis: dict[str, str], expected: bool | None) -> None:
    found = assessed(tmp_path, record(R175H, 0.4), **diagnosis)
    assert found["tp53_mutated_all"] is expected
    assert bool(found["notes"]) is bool(expected)
    assert ("assumed" in found["summary"]) is (not diagnosis)


ALLELIC = [
    ([record(R175H, 0.4), record(R248Q, 0.4)], {}, "possible_multi_hit"),
    ([record(R175H, 0.4), record(R248Q, 0.4)], {"del17p_status": "present"}, "multi_hit"),
    ([record(R175H, 0.45, gt="1/1"), record(R248Q, 0.45, gt="1/1")], {}, "single_hit"),
    ([record(R175H, 0.45, gt="1|1"), record(R248Q, 0.45, gt="1|1")], {}, "single_hit"),
    ([record(R175H, 0.98, gt="1/1"), record(R248Q, 0.98, gt="1/1")], {}, "possible_multi_hit"),
    ([record(R175H, 0.4, gt="0|1"), record(R248Q, 0.4, gt="1|0")], {}, "multi_hit"),
    ([record(R175H, 0.4, gt="0|1"), record(R248Q, 0.4, gt="0|1")], {}, "single_hit"),
    ([record(R175H, 0.9, gt="0|1"), record(R248Q, 0.9, gt="0|1")], {}, "possible_multi_hit"),
    ([record(R175H, 0.4), record(R248Q, 0.03)], {}, "single_hit"),
    ([record(R175H, 0.4)], {"del17p_status": "present"}, "multi_hit"),
    ([record(R175H, 0.4)], {"loh17p_status": "cn_loh"}, "multi_hit"),
    ([record(R175H, 0.4)], {"ploidy": "low_hypodiploid"}, "possible_multi_hit"),
    ([record(R175H, 0.62)], {}, "possible_multi_hit"),
    ([record(R175H, 0.60)], {}, "single_hit"),
    ([record(R175H, 0.56)], {"blast_pct": "80"}, "possible_multi_hit"),
    ([record(R175H, 0.56)], {"blast_pct": "95"}, "single_hit"),
    ([record(R175H, 0.8)], {"germline_status": "confirmed"}, "possible_multi_hit"),
    ([record(R175H, 0.52)], {"germline_status": "confirmed", "blast_pct": "60"}, "single_hit"),
    ([], {}, "unknown"),
]


@pytest.mark.parametrize(("records", "context", "state"), ALLELIC)
def test_allelic_state_with_its_basis(
    tmp_path: Path, records: list[str], context: dict[str, str], state: str
) -> None:
    found = assessed(tmp_path, *records, **context)
    assert found["allelic_state"] == state
    assert found["allelic_state_basis"] and all(
        f["text"] and f["source"] for f in found["allelic_state_basis"]
    )


@pytest.mark.parametrize(
    ("vaf", "context", "flag", "reason"),
    [
        (0.5, {}, "suspected", "germline.unexplained"),
        (0.5, {"blast_pct": "95", "age_years": "50"}, "not_suspected", "germline.against_explained"),
        (0.39, {"lineage": "B-ALL"}, "not_suspected", "germline.published"),
        (0.1, {}, "not_suspected", "germline.against_low"),
        (0.1, {"age_years": "17"}, "not_suspected", "germline.age"),
        (0.31, {"age_years": "17"}, "suspected", "germline.age"),
        (0.31, {"age_years": "18"}, "not_suspected", None),
        (0.31, {"ploidy": "low_hypodiploid"}, "not_suspected", "germline.hypodiploid"),
        (0.45, {"ploidy": "low_hypodiploid", "blast_pct": "90"}, "suspected", "germline.compatible"),
        (0.1, {"family_history_lfs": "yes"}, "not_suspected", "germline.family"),
        (0.31, {"family_history_lfs": "yes"}, "suspected", "germline.family"),
        (0.31, {"sample_role": "remission"}, "suspected", "germline.remission"),
        (0.5, {"germline_status": "excluded"}, "excluded", "germline.declared"),
        (0.1, {"germline_status": "confirmed"}, "confirmed", "germline.declared"),
        (0.1, {"germline_status": "suspected"}, "suspected", "germline.declared"),
    ],
)
def test_germline_flag(
    tmp_path: Path, vaf: float, context: dict[str, str], flag: str, reason: str | None
) -> None:
    found = assessed(tmp_path, record(R175H, vaf), **context)
    assert found["germline_flag"] == flag
    assert reason is None or reason in ids(found["germline_reasons"])
    assert ("germline.advice" in ids(found["germline_reasons"])) is (flag == "suspected")


def test_matched_normal_with_the_variant_suggests_germline(tmp_path: Path) -> None:
    columns = COLUMNS.replace("S1", "TUMOR\tNORMAL")
    line = record(R175H, 0.1).rstrip("\n") + "\t0/1:500,500\n"
    found = assessed(tmp_path, line, columns=columns)
    assert "germline.normal" in ids(found["germline_reasons"])


@pytest.mark.parametrize(
    ("vaf", "context", "flag"),
    [
        (0.1, {"age_years": "40"}, True),
        (0.1, {"age_years": "39"}, False),
        (0.3, {"age_years": "70"}, False),
        (0.1, {}, False),
        (0.1, {"disease_phase": "remission_1"}, True),
        (0.1, {"disease_phase": "remission_1", "age_years": "30"}, False),
        (0.1, {"disease_phase": "remission_1", "age_years": "30", "mrd_status": "negative"}, True),
        (0.1, {"disease_phase": "post_hsct"}, True),
    ],
)
def test_clonal_haematopoiesis_flag(tmp_path: Path, vaf: float, context: dict[str, str], flag: bool) -> None:
    assert assessed(tmp_path, record(R175H, vaf), **context)["clonal_haematopoiesis_flag"] is flag


def test_warnings_of_the_context(tmp_path: Path) -> None:
    low = assessed(tmp_path, record(R175H, 0.06), blast_pct="10")
    assert "warning.low_blasts" in ids(low["warnings"])
    masked = assessed(tmp_path, record(R175H, 0.6), ploidy="near_triploid")
    assert "warning.masked_hypodiploidy" in ids(masked["warnings"])
    unknown = assessed(tmp_path, record(R175H, None))
    assert "warning.vaf_unknown" in ids(unknown["warnings"])


@pytest.mark.parametrize(
    ("field", "value", "note", "age"),
    [
        ("del17p_status", "not_tested", "L44", "9"),
        ("mrd_status", "not_assessed", "S000-03", "30"),
        ("nci_risk", "unknown", "L43", "9"),
    ],
)
def test_not_tested_is_open_not_no(tmp_path: Path, field: str, value: str, note: str, age: str) -> None:
    context = {"age_years": age, "lineage": "B-ALL", "ph_status": "negative", "disease_phase": "diagnosis"}
    notes = {n["id"]: n for n in assessed(tmp_path, record(R175H, 0.1), **context, **{field: value})["notes"]}
    assert (notes[note]["applies"], notes[note]["missing_fields"]) == ("context_missing", [field])


def test_every_sentence_has_an_id_and_a_source(tmp_path: Path) -> None:
    found = assessed(tmp_path, record(R175H, 0.5), record(VUS, 0.2), age_years="9", ploidy="low_hypodiploid")
    groups = ("allelic_state_basis", "germline_reasons", "status_basis", "warnings", "limitations")
    for flag in itertools.chain.from_iterable(found[name] for name in groups):
        assert flag["id"] and flag["text"] and flag["source"]
    assert len(found["summary_ids"]) >= 2
    for note in found["notes"]:
        assert note["id"] and note["citation"]["short"] and note["population"]


GOOD = {
    "id": "X1", "publish": "note", "topic": "os", "claim": "c", "endpoint": "OS", "direction": "adverse",
    "population": "adults", "evidence_level": "B", "reference": {"short": "A. Blood 2020;1(2):3-4"},
    "when": [{"field": "tp53_status", "op": "in", "value": ["mutated"]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"claim": " "}, "claim is empty"),
        ({"direction": "sideways"}, "direction"),
        ({"publish": "loud"}, "publish"),
        ({"reference": {"doi": "1"}}, "short citation"),
        ({"when": [{"field": "tp53_status", "op": "in", "value": ["mutatd"]}]}, "never be true"),
        ({"when": [{"field": "ph_status", "op": "in", "value": "negative"}]}, "needs a list"),
        ({"when": [{"field": "ph_status", "op": "in", "value": ["neg"]}]}, "never be true"),
        ({"when": [{"field": "ph", "op": "in", "value": ["negative"]}]}, "not a context field"),
        ({"when": [{"field": "age_years", "op": "over", "value": 3}]}, "operator"),
        ({"when": [{"field": "lineage", "op": "ge", "value": 3}]}, "is no number"),
        ({"when": [{"field": "age_years", "op": "ge", "value": 60}, {"field": "age_years", "op": "lt", "value": 18}]}, "never"),
    ],
)  # fmt: skip
def test_lint(change: dict[str, Any], words: str | None) -> None:
    faults = lint(
        [Statement.from_toml({**GOOD, **change}, "f.toml")], RESOURCES.vocabulary, RESOURCES.rules.evidence
    )
    assert faults == [] if words is None else len(faults) == 1 and words in faults[0]


def test_two_statements_of_one_id_are_a_fault() -> None:
    one = Statement.from_toml(GOOD, "a.toml")
    assert (
        "stands in a.toml"
        in lint([one, Statement.from_toml(GOOD, "b.toml")], RESOURCES.vocabulary, RESOURCES.rules.evidence)[0]
    )
    assert Condition(field="x", op="eq", value=1).holds({"x": 1}) is True
