"""``python -m benchmarks [NAME...]``: run the benchmarks, tables into docs/benchmarks/; ``overview``: that alone."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.overview import overview

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "benchmarks"


def main() -> None:
    """Run every ``bench_*.py`` (or those named), write one Markdown file each, and the overview of all."""
    names = sys.argv[1:] or sorted(
        p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py")
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # modules are compiled once, as when installed
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "tp53annot-compiled")
    machine = (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {_cores()} cores"
    )
    for name in names if names != ["overview"] else ():
        module = importlib.import_module(f"benchmarks.bench_{name}")
        text = module.run()
        (FOLDER / f"{name}.md").write_text(
            f"# {name.replace('_', ' ').capitalize()}\n\nMachine: {machine}.\n{_code()}\n\n{text}"
        )
        print(text)
    (FOLDER / "README.md").write_text(overview(FOLDER))


def _code() -> str:
    """Date and commit of the code that runs."""
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=Code of %cs (%h)."]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    main()
