"""Every report obeys the shipped JSON Schema, and the schema is the one the generator writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import tp53annot
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.report.schema_check import Schema, _without_later, schema_of_version
from tp53annot.run.analysis import analyse
from tp53annot.run.inputs.plan import plan
from tp53annot.run.settings import RunSettings

PACKAGE = Path(tp53annot.__file__).parent
SCHEMA = PACKAGE / "report" / "schema" / "report.schema.json"
EXAMPLE = PACKAGE / "resources" / "example"


def documents(path: Path) -> list[dict[str, Any]]:
    jobs = plan([path], bam=None, context={}).jobs
    return [analysed.document for job in jobs for analysed in analyse(job, RunSettings(), interpreter_of())]


@pytest.mark.parametrize("name", ["demo.grch37.vcf", "demo.grch38.vcf"])
def test_reports_of_the_example_obey_the_schema(name: str) -> None:
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    found = documents(EXAMPLE / name)
    assert len(found) == 3
    for document in found:
        errors = [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(document)]
        assert not errors


def test_a_missing_key_or_an_unknown_status_is_refused() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    document = documents(EXAMPLE / "demo.grch38.vcf")[0]
    without = {key: value for key, value in document.items() if key != "coverage"}
    assert list(validator.iter_errors(without))
    document["assessment"]["status"] = "wild_type"
    assert list(validator.iter_errors(document))


def test_real_reports_obey_the_schema(shared: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    for path in sorted((shared / "real" / "vcf").iterdir()):
        if "wrong_build" not in path.name:
            assert not [e.message for d in documents(path) for e in validator.iter_errors(d)], path.name


def test_the_shipped_schema_is_what_the_generator_writes(tmp_path: Path) -> None:
    generator = Path(__file__).resolve().parents[2] / "scripts" / "build_schema.py"
    code = (
        f"import runpy; m = runpy.run_path({str(generator)!r}); import json; print(json.dumps(m['REPORT']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    shipped = json.loads(SCHEMA.read_text())
    generated = json.loads(done.stdout)
    assert {key: shipped[key] for key in generated} == generated


def test_a_report_lacks_only_what_came_after_its_version() -> None:
    for version, lacks in (("1.1", True), ("1.0", True), ("2.0", False), ("2.3", False)):
        required = schema_of_version(version)["required"]
        assert ("copy_number" not in required) is lacks, version
        assert ("laboratory" not in required) is (version in ("1.0", "1.1", "2.0"))
    key: Schema = {
        "type": "object",
        "properties": {"later": {"type": "string", "x-since": "2.10"}},
        "required": ["later"],
    }
    assert _without_later(key, (2, 9))["required"] == []
    assert _without_later(key, (2, 10))["required"] == ["later"]
