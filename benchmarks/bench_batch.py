"""Many samples: files to reports and cohort, and reports to a cohort, with a curve."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser

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
        return f"{_samples(folder)}\n{_reports(folder)}\n{_page(folder)}"


def _samples(folder: Path) -> str:
    lines = [
        "## Files to reports and cohort\n",
        f"Made-up panel VCFs in the shapes of {', '.join(c.__name__ for c in CALLERS)} (every second one",
        "gzipped, 120 other records each, about three in ten with a TP53 change); `tp53annot run FOLDER -j N`,",
        f"default formats; best of {RUNS} runs. Where the machine does other work, CPU is the steadier measure.\n",
        "| VCFs | jobs | wall s | ms a sample | CPU s | CPU ms a sample | peak MiB of a process |",
        "|---|---|---|---|---|---|---|",
    ]
    for count, jobs in ((1, 2), (100, 2), (1_000, 1), (1_000, 2)):
        source, out = folder / f"vcf{count}", folder / "reports"
        if not source.exists():
            write_vcfs(source, count)
        command = [TOOL, "run", str(source), "-o", str(out), "-j", str(jobs), "--force"]
        wall, cpu, peak = min(run_once(command) for _ in range(RUNS))
        lines.append(
            f"| {count} | {jobs} | {wall:.2f} | {1000 * wall / count:.1f} | {cpu:.2f} | {1000 * cpu / count:.1f} | {peak:.0f} |"
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


def _page(folder: Path) -> str:
    """How long the page of a cohort takes from the navigation to its last painted row, in a real browser."""
    lines = [
        "## The page in a browser\n",
        f"`cohort.html` in headless Chromium, from the navigation to the frame after its load event; median of {RUNS}.\n",
        "| samples | page MiB | open s | rows shown |",
        "|---|---|---|---|",
    ]
    browser = Browser()
    try:
        for count in (1_000, 10_000):
            source, out = folder / f"page{count}", folder / f"cohort{count}"
            _grow(folder / "reports", source, 0, count)
            run_once([TOOL, "cohort", str(source), "-o", str(out), "-j", "2"])
            page = out / "cohort.html"
            seconds = statistics.median(_opened(browser, page) for _ in range(RUNS))
            rows = browser.run("document.querySelectorAll('tbody tr').length")
            lines.append(f"| {count:,} | {page.stat().st_size / 2**20:.1f} | {seconds:.2f} | {rows:,} |")
    finally:
        browser.close()
    return "\n".join(lines) + "\n"


def _opened(browser: Browser, page: Path) -> float:
    start = time.perf_counter()
    browser.open(page)
    browser.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    return time.perf_counter() - start


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
