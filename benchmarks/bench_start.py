"""Cold start: what a command costs before and beside its work, and what of it are imports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.timing import compare, table

ROOT = Path(__file__).resolve().parents[1]
RUNS = 9
GROUPS = ("tp53annot", "click", "jinja2", "markupsafe", "msgspec", "tomli", "xlsxwriter")


def run() -> str:
    """Markdown: ``--help``, ``explain`` and ``run`` beside a bare interpreter, and the imports of ``run``."""
    tool = str(Path(sys.executable).parent / "tp53annot")
    with tempfile.TemporaryDirectory() as folder:
        example = str(ROOT / "resources" / "example" / "demo.grch38.vcf")
        one = ["run", example, "--sample", "DEMO-01", "-o", folder, "--force"]
        timings = compare(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "tp53annot --help": [tool, "--help"],
                "tp53annot explain R175H": [tool, "explain", "R175H"],
                "tp53annot run (one VCF, JSON)": [tool, *one, "--format", "json"],
                "tp53annot run (one VCF, default outputs)": [tool, *one],
            },
            runs=RUNS,
        )
        imports = _imports(one)
    return f"## Cold start and one report\n\n{table(timings, 'python -c pass')}\n{imports}"


def _imports(arguments: Sequence[str]) -> str:
    """Milliseconds of the imports of one run, each module's least of all runs."""
    least: dict[str, int] = {}
    for _ in range(RUNS):
        for name, microseconds in _imported(arguments):
            least[name] = min(microseconds, least.get(name, microseconds))
    spent, modules = Counter[str](), Counter[str]()
    for name, microseconds in least.items():
        group = name.split(".")[0]
        spent[group if group in GROUPS else "others"] += microseconds
        modules[group if group in GROUPS else "others"] += 1
    lines = [f"| {g} | {modules[g]} | {us / 1000:.0f} |" for g, us in spent.most_common()]
    return (
        "## Imports of one VCF with default outputs\n\nThe main process, without what a package imports of others "
        "(`python -X importtime`, slower than without):\n\n| package | modules | ms |\n|---|---|---|\n"
        + "\n".join([*lines, f"| all | {len(least)} | {sum(least.values()) / 1000:.0f} |\n"])
    )


def _imported(arguments: Sequence[str]) -> list[tuple[str, int]]:
    """Names of the modules that a run imports, and the microseconds that each itself takes."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tp53annot", *arguments],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines()]
    return [(row[2].strip(), int(row[0])) for row in rows if len(row) == 3 and row[0].strip().isdigit()]
