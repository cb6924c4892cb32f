"""MAF files read by another program's reader (pymaftools), in the Python of the judges."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import require_judge
from rendered import render
from report_cases import report

from tp53annot.knowledge.resources import resources_of

EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
pytestmark = pytest.mark.peer
READ = """
import json, sys
from pymaftools.core.MAF import MAF
table = MAF.read_maf(sys.argv[1])
print(json.dumps(table[["Hugo_Symbol", "Start_Position", "Variant_Classification", "HGVSp_Short"]].astype(str).values.tolist()))
"""


def test_pymaftools_reads_what_was_written(tmp_path: Path) -> None:
    python = require_judge("pymaftools")
    path = tmp_path / "two_hit.maf"
    path.write_bytes(render(report("two_hit"), "maf", resources_of(), "en"))
    done = subprocess.run([python, "-c", READ, path], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["TP53", "7675088", "Missense_Mutation", "p.R175H"],
        ["TP53", "7674220", "Missense_Mutation", "p.R248L"],
    ]


def test_pymaftools_reads_the_cohort(tmp_path: Path) -> None:
    """One file, both builds of the example on one; the matrix of samples that pymaftools makes of it."""
    python = require_judge("pymaftools")
    run = [sys.executable, "-m", "tp53annot", "run", str(EXAMPLE), "--samples", str(EXAMPLE / "samples.tsv")]
    subprocess.run([*run, "-o", str(tmp_path / "out"), "-q"], check=True)
    read = """
import json, sys
from pymaftools.core.MAF import MAF
table = MAF.read_maf(sys.argv[1])
pivot = table.to_pivot_table()
print(json.dumps([sorted(table["sample_ID"]), sorted(set(table["NCBI_Build"])), sorted(set(table["Start_Position"].astype(int))),
                  list(pivot.index), sorted(pivot.columns)]))
"""
    done = subprocess.run(
        [python, "-c", read, tmp_path / "out" / "cohort.maf"], capture_output=True, text=True, check=True
    )
    samples, builds, places, genes, columns = json.loads(done.stdout.splitlines()[-1])
    assert samples == [
        "DEMO-01",
        "DEMO-01",
        "DEMO-02",
        "DEMO-03",
        "DEMO37-01",
        "DEMO37-01",
        "DEMO37-02",
        "DEMO37-03",
    ]
    assert builds == ["GRCh38"] and places == [7673802, 7674858, 7674904, 7675088]
    assert genes == ["TP53"] and columns == sorted(set(samples))
