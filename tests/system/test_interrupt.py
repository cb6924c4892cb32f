"""Signals at any moment: exit 130 or a finished run, one line, nothing half-written, no process left."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOOL = [sys.executable, "-m", "tp53annot"]
HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
)
LINE = "tp53annot: interrupted; finished samples stay, --resume goes on\n"


def inputs(folder: Path, samples: int) -> Path:
    folder.mkdir()
    for number in range(samples):
        name = f"S{number:03}"
        record = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40\n"
        (folder / f"{name}.vcf").write_text(f"{HEAD}{name}\n{record}")
    return folder


def in_hand(process: subprocess.Popen[str]) -> None:
    """Wait until the process catches SIGTERM: before, the interpreter itself is starting."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.001)


def disturbed(
    folder: Path, out: Path, delay: float, signals: list[signal.Signals], *, group: bool
) -> tuple[int, str]:
    process = subprocess.Popen(
        [*TOOL, "run", str(folder), "-o", str(out), "-j", "2", "-q"],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    in_hand(process)
    time.sleep(delay)
    for number in signals:
        if process.poll() is None:
            (os.killpg if group else os.kill)(process.pid, number)
    _, stderr = process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):  # nobody of its session is left
        os.killpg(process.pid, 0)
    return process.returncode, stderr


def storm(tmp_path: Path, times: int, samples: int, seed: int) -> set[int]:
    rng = random.Random(seed)
    folder = inputs(tmp_path / "in", samples)
    start = time.perf_counter()
    assert disturbed(folder, tmp_path / "calm", 0, [], group=False)[0] == 0
    whole = time.perf_counter() - start
    codes = set()
    for number in range(times):
        out = tmp_path / f"out{number}"
        signals = rng.choices([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], k=rng.choice([1, 1, 2, 3]))
        code, stderr = disturbed(folder, out, rng.uniform(0, whole), signals, group=rng.random() < 0.4)
        assert (code, stderr) in ((130, LINE), (0, "")), (number, signals)
        assert not list(out.rglob(".tp53annot-*"))
        for report in out.rglob("*.json"):
            json.loads(report.read_text())
        codes.add(code)
    return codes


@pytest.mark.parametrize("samples", [1, pytest.param(30, marks=pytest.mark.exhaustive)])
def test_signals_at_random_moments(tmp_path: Path, samples: int) -> None:
    assert 130 in storm(tmp_path, 8, samples, seed=samples)


@pytest.mark.exhaustive
@pytest.mark.parametrize("samples", [1, 30])
def test_many_signals_at_random_moments(tmp_path: Path, samples: int) -> None:
    assert 130 in storm(tmp_path, 150, samples, seed=1000 + samples)


def test_an_ignored_signal_stays_ignored(tmp_path: Path) -> None:
    folder = inputs(tmp_path / "in", 1)
    script = f"trap '' HUP INT; exec {sys.executable} -m tp53annot run {folder} -q -o {tmp_path / 'out'}"
    process = subprocess.Popen(["sh", "-c", script], stderr=subprocess.PIPE, text=True)
    in_hand(process)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (0, "")
