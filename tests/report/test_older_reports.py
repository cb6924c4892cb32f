"""Reports of version 1, as an earlier release wrote them, are read by everything that reads reports."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_cases import report
from tp53annot_cli import in_a_process, tp53annot

import tp53annot as library
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.document import SCHEMA_VERSION, dump
from tp53annot.report.registry import RENDERED, rendered
from tp53annot.report.schema_check import report_schema
from tp53annot.report.stored import load_report, report_of

SAVED = sorted((Path(__file__).parents[1] / "golden" / "reports_1_1").glob("*.tp53.json.gz"))
NAMES = [path.name.removesuffix(".tp53.json.gz") for path in SAVED]
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
Document = dict[str, Any]


def document(path: Path) -> Document:
    return dict(json.loads(gzip.decompress(path.read_bytes())))


def unpacked(path: Path, folder: Path) -> Path:
    name = path.name.removesuffix(".tp53.json.gz")
    place = folder / name / f"{name}.tp53.json"
    place.parent.mkdir(parents=True)
    place.write_bytes(gzip.decompress(path.read_bytes()))
    return place


def without_later(value: Any, schema: Any) -> Any:
    """A document without the keys that later versions brought."""
    if isinstance(value, list):
        return [without_later(item, schema["items"]) for item in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    keys = schema["properties"]
    return {
        k: without_later(v, keys.get(k, {})) for k, v in value.items() if "x-since" not in keys.get(k, {})
    }


def test_there_are_reports_of_every_kind() -> None:
    found = [document(path) for path in SAVED]
    assert {d["schema_version"] for d in found} == {"1.1"} and len(found) >= 6
    assert sum(path.stat().st_size for path in SAVED) < 300_000
    assert any(d["serial"] for d in found) and any(d["coverage"] is None for d in found)
    assert {d["assembly"] for d in found} == {"GRCh37", "GRCh38"}
    assert any(v["read_pile"] for d in found for v in d["variants"])


@pytest.mark.parametrize("path", SAVED, ids=NAMES)
def test_the_present_form_is_the_older_one_with_what_it_does_not_state(path: Path, tmp_path: Path) -> None:
    older = document(path)
    typed = load_report(unpacked(path, tmp_path))
    assert typed.schema_version == "1.1"
    present = json.loads(rendered(typed, "json", resources_of(), "en"))
    jsonschema.Draft202012Validator(report_schema()).validate(present)
    assert present["schema_version"] == SCHEMA_VERSION
    for key in ("copy_number", "molecules", "platform", "splicing", "history"):
        assert present[key] is None
    for key in ("tp53_mutated_all_reason", "allelic_hypotheses", "plausibility"):
        assert present["assessment"][key] is None
    for variant in (*present["variants"], *present["rejected"]):
        assert variant["germline_class"] is None and variant["history"] is None
    assert dump(without_later(present, report_schema()) | {"schema_version": "1.1"}) == dump(older)


@pytest.mark.parametrize("path", SAVED, ids=NAMES)
def test_every_format_renders_as_from_the_present_form(path: Path) -> None:
    older, resources = report_of(document(path)), resources_of()
    present = report_of(json.loads(rendered(older, "json", resources, "en")))
    for name in RENDERED:
        if name == "pdf" and path is not SAVED[0]:
            continue
        data = rendered(older, name, resources, "en")
        assert len(data) > 100
        assert data == rendered(present, name, resources, "en") or name == "pdf"


def test_the_command_line_and_the_library_render_them(tmp_path: Path) -> None:
    place = unpacked(SAVED[0], tmp_path)
    done = tp53annot("render", place, "--format", "html,tsv,xlsx,maf,fhir,txt")
    assert done.returncode == 0, done.stderr
    assert {p.suffix for p in place.parent.iterdir()} >= {".html", ".tsv", ".xlsx", ".maf", ".txt"}
    page = place.with_suffix(".html").read_bytes()
    assert library.render_report(document(SAVED[0]), "html") == page


def test_a_cohort_of_both_forms(tmp_path: Path) -> None:
    for path in SAVED:
        unpacked(path, tmp_path / "in")
    for name in ("not_detected", "uncertain"):
        (tmp_path / "in" / f"{name}.tp53.json").write_text(dump(report(name)))
    done = tp53annot("cohort", tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 0 and done.stderr.startswith("10 reports: ")
    table = list(csv.DictReader((tmp_path / "out" / "cohort.tsv").open(), delimiter="\t"))
    assert sorted(row["sample"] for row in table) == sorted(
        [*(document(path)["sample"] for path in SAVED), "not_detected", "uncertain"]
    )
    assert len(library.cohort_table(tmp_path / "in")) == len(SAVED) + 2


def test_what_breaks_either_form_is_refused() -> None:
    older, present = document(SAVED[0]), report("two_hit")
    del older["variants"][0]["hgvs_c"]
    with pytest.raises(ValueError, match=r"variants\[0\] lacks hgvs_c"):
        report_of(older)
    del present["copy_number"]
    with pytest.raises(ValueError, match="the report lacks copy_number"):
        report_of(present)
    with pytest.raises(ValueError, match="schema_version"):
        report_of(report("two_hit") | {"schema_version": "3.0"})


def test_a_finished_report_of_the_older_form_is_made_anew(tmp_path: Path) -> None:
    vcf = tmp_path / "S.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
        "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40\n"
    )
    out = tmp_path / "out"
    assert in_a_process("run", vcf, "-o", out).returncode == 0
    saved = out / "S" / "S.tp53.json"
    first = saved.read_bytes()
    older = without_later(json.loads(first), report_schema()) | {"schema_version": "1.1"}
    saved.write_text(dump(older))
    assert in_a_process("run", vcf, "-o", out, "--resume").returncode == 0
    assert saved.read_bytes() == first
    assert json.loads((out / "run.json").read_text())["samples"][0]["outcome"] == "done"


def as_of(value: Any, schema: Any, version: str) -> Any:
    """A document without the keys that came after a form, by the form's number ("2.0")."""
    if isinstance(value, list):
        return [as_of(item, schema["items"], version) for item in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    keys = schema["properties"]
    kept = {k: v for k, v in value.items() if keys.get(k, {}).get("x-since", "") <= version}
    return {k: as_of(v, keys.get(k, {}), version) for k, v in kept.items()}


def test_a_report_of_form_2_0_is_read_and_drawn() -> None:
    """It lacks the laboratory and what fragments show; the picture of effects is made of its statements."""
    now = report("two_hit")
    before = as_of(now, report_schema(), "2.0") | {"schema_version": "2.0"}
    assert "laboratory" in now and "laboratory" not in before and "transcript" not in before["protein"]
    old = report_of(before)
    for name in RENDERED:
        if name != "pdf":
            assert rendered(old, name, resources_of(), "en")
    page = rendered(old, "html", resources_of(), "en").decode()
    assert '<figure class="effects"' in page and "NM_000546.6" in page


def test_a_report_of_form_2_1_is_read_and_drawn() -> None:
    """It lacks the inserted bases of fragments."""
    before = as_of(report("two_hit"), report_schema(), "2.1") | {"schema_version": "2.1"}
    assert "inserted" not in before["variants"][0]["read_pile"]["fragments"][0]
    assert b'class="pile"' in rendered(report_of(before), "html", resources_of(), "en")
