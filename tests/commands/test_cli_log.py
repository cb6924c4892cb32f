"""What is said on standard error: plain lines, a bar on a terminal, JSON objects."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tp53annot.commands.log import CLEAR, Log

TOOL = [sys.executable, "-m", "tp53annot"]
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"


class Clock:
    """Seconds as the test wants them."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "in"
    source.mkdir()
    for name in ("A", "B", "C"):
        (source / f"{name}.vcf").write_text(f"{HEAD}{name}\n")
    (source / "D.vcf").write_text("no VCF\n")
    (source / "notes.txt").write_text("")
    return source


def steps(log: Log, clock: Clock, total: int, seconds: float) -> None:
    for done in range(1, total + 1):
        clock.now += seconds
        log(f"[{done}] sample", 1, done=done, total=total, failed=int(done > 2))


def test_a_bar_shows_rate_and_remaining_time(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    log = Log(terminal=True, clock=clock)
    steps(log, clock, 4, 30.0)
    log("a line")
    frames = capsys.readouterr().err.split(CLEAR)
    assert frames[1] == "[######------------------] 1/4, 0.0/s, 1:30 left"
    assert frames[4] == "[########################] 4/4, 0.0/s, 0:00 left, 1 failed"
    assert frames[5] == "a line\n" and len(frames) == 6


def test_a_bar_is_not_drawn_a_thousand_times(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    steps(Log(terminal=True, clock=clock), clock, 1000, 0.001)
    assert 5 < capsys.readouterr().err.count(CLEAR) < 20


def test_where_there_is_no_terminal_there_is_no_progress_unless_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    steps(Log(terminal=False, clock=clock), clock, 100, 1.0)
    for quiet in (Log(terminal=True, quiet=True, clock=clock), Log(terminal=False, quiet=True, clock=clock)):
        steps(quiet, clock, 100, 1.0)
    assert capsys.readouterr().err == ""
    steps(Log(terminal=False, clock=clock, verbose=1), clock, 100, 1.0)
    assert len(capsys.readouterr().err.splitlines()) == 100


def test_each_step_has_a_bar_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    log = Log(terminal=True, clock=clock)
    for _ in range(2):
        log("samples", 1, done=0, total=4, failed=0)
        steps(log, clock, 4, 30.0)
    frames = capsys.readouterr().err.split(CLEAR)
    assert frames[1] == frames[6] == "[------------------------] 0/4"
    assert frames[2] == frames[7] == "[######------------------] 1/4, 0.0/s, 1:30 left"


def test_json_lines_of_a_run(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "s.tsv"
    sheet.write_text(
        "sample\tvcf\tpatient\tage_years\nA\tin/A.vcf\tSMITH^JOHN\t34\nD\tin/D.vcf\tDOE^JANE\t8\n"
    )
    command = [
        *TOOL,
        "run",
        str(folder),
        "--samples",
        str(sheet),
        "-o",
        str(tmp_path / "o"),
        "--log-json",
        "-v",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 5 and done.stdout == ""
    entries = [json.loads(line) for line in done.stderr.splitlines()]
    assert {entry["level"] for entry in entries} == {"info", "progress", "error"}
    assert all(re.match(r"\d{4}-\d\d-\d\dT", entry["time"]) and entry["message"] for entry in entries)
    last = [entry for entry in entries if entry["level"] == "progress"][-1]
    assert (last["done"], last["total"], last["failed"]) == (2, 2, 1)
    assert [entry["message"] for entry in entries if entry["level"] == "error"] != []
    assert "SMITH" not in done.stderr and "DOE" not in done.stderr


def test_the_last_error_is_json_too(tmp_path: Path) -> None:
    for command in (["run", "none.vcf"], ["cohort", "none"]):
        done = subprocess.run(
            [*TOOL, *command, "-o", str(tmp_path / "o"), "--log-json", "-q"], capture_output=True, text=True
        )
        (line,) = done.stderr.splitlines()
        assert done.returncode == 3 and json.loads(line)["level"] == "error"


def test_a_terminal_gets_a_bar_and_a_file_does_not(folder: Path, tmp_path: Path) -> None:
    command = [*TOOL, "run", str(folder), "-o", str(tmp_path / "o")]
    leader, follower = pty.openpty()
    done = subprocess.run(command, stderr=follower, stdout=subprocess.PIPE)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    last = shown.split(CLEAR)[-1].splitlines()
    assert done.returncode == 5 and "4/4" in shown and "D.vcf: line 1" in last[0]
    assert last[1:] == ["3 samples: 3 incomplete; 1 failed", f"page: {tmp_path / 'o/cohort.html'}"]
    plain = subprocess.run([*command, "--force"], capture_output=True, text=True)
    assert "\x1b" not in plain.stderr and "\r" not in plain.stderr and len(plain.stderr.splitlines()) == 3
