"""MAF files read by another program's reader (pymaftools), in the Python of the judges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_cases import report

from tp53annot.formats import render
from tp53annot.kit import kit

pytestmark = pytest.mark.peer
READ = """
import json, sys
from pymaftools.core.MAF import MAF
table = MAF.read_maf(sys.argv[1])
print(json.dumps(table[["Hugo_Symbol", "Start_Position", "Variant_Classification", "HGVSp_Short"]].astype(str).values.tolist()))
"""


def test_pymaftools_reads_what_was_written(tmp_path: Path) -> None:
    python = os.environ.get("TP53ANNOT_JUDGES_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import pymaftools"], capture_output=True, check=False).returncode:
        message = f"pymaftools is not installed in {python} (set TP53ANNOT_JUDGES_PYTHON)"
        if os.environ.get("TP53ANNOT_REQUIRE_PEERS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    path = tmp_path / "two_hit.maf"
    path.write_bytes(render(report("two_hit"), "maf", kit(None), "en"))
    done = subprocess.run([python, "-c", READ, path], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["TP53", "7675088", "Missense_Mutation", "p.R175H"],
        ["TP53", "7674220", "Missense_Mutation", "p.R248L"],
    ]
