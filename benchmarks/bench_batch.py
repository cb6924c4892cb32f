"""Many samples: files to reports and cohort, and reports to a cohort, with a curve."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.callers import CALLERS, write_vcfs
from benchmarks.timing import run_once

TOOL = str(Path(sys.executable).parent / "tp53annot")
COHORTS = (1_000, 10_000, 30_000, 100_000)
DISK_BYTES = 2 << 30  # distinct reports up to here; the rest are further names of the same files
RUNS = 3


def run() -> str:
    """Markdown: both tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return f"{_samples(folder)}\n{_reports(folder)}"


def _samples(folder: Path) -> str:
    lines = [
        "## Files to reports and cohort\n",
        f"Made-up panel VCFs in the shapes of {', '.join(c.__name__ for c in CALLERS)} (every second one",
        "gzipped, 120 other records each, about three in ten with a TP53 change); `tp53annot run FOLDER -j 2`,",
        f"default formats; best of {RUNS} runs. Where the machine does other work, CPU is the steadier measure.\n",
        "| VCFs | wall s | ms a sample | CPU s | CPU ms a sample | peak MiB of a process |",
        "|---|---|---|---|---|---|",
    ]
    for count in (1, 100, 1_000):
        source, out = folder / f"vcf{count}", folder / "reports"
        write_vcfs(source, count)
        command = [TOOL, "run", str(source), "-o", str(out), "-j", "2", "--force"]
        wall, cpu, peak = min(run_once(command) for _ in range(RUNS))
        lines.append(
            f"| {count} | {wall:.2f} | {1000 * wall / count:.1f} | {cpu:.2f} | {1000 * cpu / count:.1f} | {peak:.0f} |"
        )
    return "\n".join(lines) + "\n"


def _reports(folder: Path) -> str:
    """The curve over reports made from those of the first table, each with a name of its own."""
    lines = [
        "## Reports to a cohort\n",
        "`tp53annot cohort DIR -o DIR -j 2`: table, workbook, page, MultiQC content. The reports are those of the",
        f"1,000 VCFs under new names; beyond {DISK_BYTES >> 30} GiB, files are linked, not copied, and samples told",
        "apart by their folders.\n",
        "| reports | wall s | CPU s | CPU ms a report | peak MiB of the main process | cohort.html MiB | cohort.xlsx MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    source, out = folder / "many", folder / "cohort"
    done = 0
    for count in COHORTS:
        _grow(folder / "reports", source, done, count)
        done = count
        wall, cpu, peak = run_once([TOOL, "cohort", str(source), "-o", str(out), "-j", "2"])
        page, book = (((out / f"cohort.{kind}").stat().st_size / 2**20) for kind in ("html", "xlsx"))
        lines.append(
            f"| {count:,} | {wall:.1f} | {cpu:.1f} | {1000 * cpu / count:.2f} | {peak:.0f} | {page:.1f} | {book:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _grow(reports: Path, target: Path, first: int, last: int) -> None:
    models = sorted(reports.glob("*/*.tp53.json"))
    each = sum(path.stat().st_size for path in models) / len(models)
    copies = int(DISK_BYTES / each)
    for number in range(first, last):
        model = models[number % len(models)]
        name = f"N{number:06}"
        folder = target / f"{number // 1000:03}" / name
        folder.mkdir(parents=True)
        path = folder / f"{name}.tp53.json"
        if number < copies:
            document = json.loads(model.read_bytes()) | {"sample": name}
            path.write_text(json.dumps(document, ensure_ascii=False, indent=1))
        else:
            source = number % copies
            path.hardlink_to(target / f"{source // 1000:03}" / f"N{source:06}" / f"N{source:06}.tp53.json")
