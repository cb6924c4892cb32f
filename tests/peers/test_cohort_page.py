"""The cohort page in Chromium: its script runs under its own security policy, and a file share will do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import require_program

pytestmark = pytest.mark.peer
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"


def test_the_list_can_be_sorted_and_filtered_from_a_file(tmp_path: Path) -> None:
    chromium = require_program("chromium")
    run = [sys.executable, "-m", "tp53annot", "run", str(EXAMPLE), "--samples", str(EXAMPLE / "samples.tsv")]
    subprocess.run([*run, "-o", str(tmp_path / "out")], check=True, capture_output=True)
    page = tmp_path / "out" / "cohort.html"
    assert '<p id="search" hidden>' in page.read_text() and "<button" not in page.read_text()
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert '<p id="search">' in shown and shown.count('<button type="button">') >= 8
