"""Standard streams as shells leave them: closed pipes, closed descriptors, a full disk behind them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tp53annot_cli import tp53annot

from tp53annot.knowledge.store import BUNDLED
from tp53annot.run.settings import RunSettings

VCF = str(BUNDLED / "example/demo.grch38.vcf")
TOOL = f"{sys.executable} -m tp53annot"


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell gives; ``$T`` is the program, ``$V`` a VCF; the program's exit code is the last line."""
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, env={"T": TOOL, "V": VCF, "PATH": "/usr/bin:/bin"}
    )  # fmt: skip


@pytest.mark.parametrize("command", ["annotate $V", "run $V -o -", "--version"])
def test_a_reader_that_has_enough_is_no_error(command: str, tmp_path: Path) -> None:
    done = shell(f"$T {command} | true; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert done.stdout == "0\n" and done.stderr == ""


def test_a_run_whose_log_nobody_reads_goes_on_and_ends_with_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "no.vcf").write_text("no VCF\n")
    done = shell("$T run no.vcf $V -o out -v 2>&1 | true; echo ${PIPESTATUS[0]}", tmp_path)
    assert done.stdout == "5\n"
    assert len(json.loads((tmp_path / "out/run.json").read_text())["samples"]) == 3


def test_closed_descriptors(tmp_path: Path) -> None:
    done = shell("$T annotate $V >&-; echo $?", tmp_path)
    assert done.stdout == "3\n"
    assert (
        done.stderr
        == "tp53annot: error: standard output is closed; give it a place to go (> FILE), or leave it open\n"
    )
    done = shell("$T run $V -o out >&- 2>&- <&-; echo $?", tmp_path)
    assert done.stdout == "0\n"
    assert len(json.loads((tmp_path / "out/run.json").read_text())["samples"]) == 3
    assert shell("$T run - -o o <&- 2>&-; echo $?", tmp_path).stdout == "3\n"


def test_a_full_disk_behind_standard_output(tmp_path: Path) -> None:
    done = shell("$T annotate $V > /dev/full; echo $?", tmp_path)
    assert done.stdout == "3\n" and len(done.stderr.splitlines()) == 1 and "No space left" in done.stderr


@pytest.mark.parametrize("size", ["inf", "1e400", "nan"])
def test_a_size_that_is_no_number_is_one_line(size: str, tmp_path: Path) -> None:
    done = tp53annot("run", VCF, "-o", tmp_path / "out", "--max-uncompressed", size)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert f"--max-uncompressed '{size}' is no number" in done.stderr


def test_more_than_any_file_is_no_limit() -> None:
    assert RunSettings(max_uncompressed_gib=1e300).most_bytes == sys.maxsize
