"""MultiQC reads what a cohort leaves for it: one line a sample, and the version of the tool."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import require_judge

import tp53annot

pytestmark = pytest.mark.peer
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"


def test_multiqc_shows_the_table_and_the_version(tmp_path: Path) -> None:
    python = require_judge("multiqc")
    out = tmp_path / "out"
    run = [sys.executable, "-m", "tp53annot", "run", str(EXAMPLE), "--samples", str(EXAMPLE / "samples.tsv")]
    subprocess.run([*run, "-o", str(out)], check=True, capture_output=True)
    command = [python, "-m", "multiqc", str(out), "-o", str(tmp_path / "mq"), "--no-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    data = tmp_path / "mq" / "multiqc_data"
    with (data / "multiqc_tp53annot_table.txt").open() as table:
        shown = {row["Sample"]: row for row in csv.DictReader(table, delimiter="\t")}
    with (out / "cohort.tsv").open() as table:
        ours = {row["sample"]: row for row in csv.DictReader(table, delimiter="\t")}
    assert shown.keys() == ours.keys() and len(ours) == 6
    for name, row in ours.items():
        assert (shown[name]["status"], shown[name]["variants"]) == (
            row["status"],
            row["variants"] or "-",
        )
    versions = (data / "multiqc_software_versions.txt").read_text()
    assert tp53annot.__version__ in versions and "1.0" in versions
    assert "TP53 status by tp53annot" in (tmp_path / "mq" / "multiqc_report.html").read_text()
    assert not any("&gt;" in path.read_text() for path in data.glob("*tp53annot*"))
