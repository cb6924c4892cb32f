"""MAF files read by another program's reader (pymaftools), in the Python of the judges."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import require_judge
from rendered import render
from report_cases import report

from tp53annot.knowledge.resources import resources_of

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
