"""Cold start and one VCF to all default outputs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import compare, table

ROOT = Path(__file__).resolve().parents[1]


def run() -> str:
    """Markdown: ``--help``, ``--version``, ``explain`` and ``run`` beside a bare interpreter."""
    tool = str(Path(sys.executable).parent / "tp53annot")
    example = str(ROOT / "resources" / "example" / "demo.grch38.vcf")
    with tempfile.TemporaryDirectory() as folder:
        timings = compare(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "tp53annot --help": [tool, "--help"],
                "tp53annot explain R175H": [tool, "explain", "R175H"],
                "tp53annot run (one VCF, default outputs)": [
                    tool, "run", example, "--sample", "DEMO-01", "-o", folder, "--force",
                ],
            },
            runs=9,
        )  # fmt: skip
    return "## Cold start and one report\n\n" + table(timings, "python -c pass")
