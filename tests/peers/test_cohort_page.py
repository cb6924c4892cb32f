"""The cohort page in Chromium: its script runs under its own security policy, and a file share will do."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from browser import Browser
from conftest import require_program

pytestmark = pytest.mark.peer
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"


def test_the_list_can_be_sorted_and_filtered_from_a_file(tmp_path: Path) -> None:
    chromium = require_program("chromium")
    run = [sys.executable, "-m", "tp53annot", "run", str(EXAMPLE), "--samples", str(EXAMPLE / "samples.tsv")]
    subprocess.run([*run, "-o", str(tmp_path / "out")], check=True, capture_output=True)
    page = tmp_path / "out" / "cohort.html"
    assert '<p id="search" hidden ' in page.read_text() and "<button" not in page.read_text()
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert '<p id="search" data-' in shown and shown.count('<button type="button">') >= 8


def test_rows_left_column_filters_download_and_the_way_back(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "tp53annot", "run", str(EXAMPLE), "--samples", str(EXAMPLE / "samples.tsv")]
    subprocess.run([*run, "-o", str(tmp_path / "out")], check=True, capture_output=True)
    browser = Browser()
    try:
        browser.open(tmp_path / "out" / "cohort.html")
        browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "got"))

        def left() -> str:
            return str(browser.run("document.querySelector('#search output').textContent"))

        def choose(column: int, text: str) -> None:
            field = f"document.querySelectorAll('.filters td')[{column}].firstChild"
            browser.run(f"{field}.value = {text!r}; {field}.dispatchEvent(new Event('input')); 0")

        titles = browser.run(
            "Array.from(document.querySelectorAll('#list thead tr:first-child th'), c => c.textContent)"
        )
        assert left() == "6 of 6 samples left"
        choose(titles.index("TP53"), "● mutated")
        mutated = int(left().split()[0])
        assert 0 < mutated < 6
        choose(titles.index("VAF"), "> 46")
        some = int(left().split()[0])
        assert 0 < some < mutated
        choose(titles.index("VAF"), "nonsense")
        assert int(left().split()[0]) == mutated
        choose(titles.index("VAF"), "> 46")
        browser.run("document.querySelector('#search button').click()")
        file = tmp_path / "got" / "cohort-shown.tsv"
        until = time.monotonic() + 20
        while not file.is_file() and time.monotonic() < until:
            time.sleep(0.05)
        lines = [line.split("\t") for line in file.read_text().splitlines()]
        assert (
            lines[0] == titles and len(lines) == 1 + some and {len(line) for line in lines} == {len(titles)}
        )
        names = browser.run(
            "Array.from(document.querySelectorAll('#list tbody tr:not([hidden]) td:first-child'), c => c.textContent)"
        )
        assert [line[0] for line in lines[1:]] == names
        browser.open(tmp_path / "out" / names[0] / f"{names[0]}.tp53.html")
        back = browser.run("document.querySelector('footer a').href")
        assert back == (tmp_path / "out" / "cohort.html").as_uri()
    finally:
        browser.close()
