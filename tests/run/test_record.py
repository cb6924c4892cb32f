"""``run.json``: how a run was called, with what, when, and under which defaults."""

from __future__ import annotations

import datetime
import json
import platform
from importlib.metadata import version
from pathlib import Path

import pysam
from tp53annot_cli import tp53annot

from tp53annot.knowledge.resources import resources_of

EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
THRESHOLDS = resources_of().rules.filters.thresholds


def record(out: Path) -> dict[str, object]:
    return dict(json.loads((out / "run.json").read_text()))


def test_command_versions_times_and_defaults(tmp_path: Path) -> None:
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    path = next(EXAMPLE.glob("*.vcf*"))
    words = ["run", str(path), "-o", str(tmp_path / "o"), "--min-depth", "31", "--format", "json,tsv"]
    assert tp53annot(*words).returncode == 0
    found = record(tmp_path / "o")
    assert found["command"] == ["tp53annot", *words]
    versions = found["versions"]
    assert isinstance(versions, dict)
    assert versions["python"] == platform.python_version()
    assert versions["htslib"] == pysam.version.__htslib_version__
    for name in ("pysam", "cyvcf2", "numpy", "openpyxl", "xlsxwriter"):
        assert versions[name] == version(name)
    started, finished = (datetime.datetime.fromisoformat(str(found[key])) for key in ("started", "finished"))
    assert before <= started <= finished <= datetime.datetime.now(datetime.UTC)
    settings = found["settings"]
    assert isinstance(settings, dict)
    assert settings["min_depth"] == 31 and settings["min_vaf"] == THRESHOLDS.min_vaf
    assert settings["report_vaf"] == THRESHOLDS.report_vaf and settings["max_uncompressed_gib"] == 256.0
    assert found["output"] == {"formats": ["json", "tsv"], "jobs": 1, "resume": False, "force": False}
    tables = found["tables"]
    assert isinstance(tables, list) and all(t["sha256"] and t["version"] for t in tables)
