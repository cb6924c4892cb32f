"""Inputs that another process changes while they are read, and two runs that write into one folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_pipeline import tree, vcf

from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run import analysis
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.file_marks import check_same, marks_of
from tp53annot.system.folder_lock import alone_in


@pytest.mark.parametrize("way", ["replaced", "appended to", "removed", "written again"])
def test_a_file_that_changed_gives_no_report(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = vcf(tmp_path / "a.vcf", "A"), vcf(tmp_path / "b.vcf", "B")
    read = analysis.from_vcf

    def read_and_change(*arguments: Any) -> object:
        materials = list(read(*arguments))
        if way == "replaced":
            other.replace(path)
        elif way == "appended to":
            with path.open("a") as more:
                more.write("chr17\t7675089\t.\tG\tA\t50\tPASS\t.\tGT:AD\t0/1:600,400\n")
        elif way == "removed":
            path.unlink()
        else:
            path.write_text(path.read_text().replace("600,400", "400,600"))
        return iter(materials)

    monkeypatch.setattr(analysis, "from_vcf", read_and_change)
    with pytest.raises(InputError, match="changed while it was read"):
        list(analysis.analyse(Job(vcf=path), RunSettings(), interpreter_of()))


def test_a_file_that_stays_and_a_stream_are_read(tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", "A")
    os.mkfifo(tmp_path / "pipe")
    marks = marks_of([path, tmp_path / "pipe", Path("-"), tmp_path / "none"])
    assert set(marks) == {path}
    check_same(marks)


@pytest.mark.parametrize("again", ["--force", "--resume"])
def test_two_runs_into_one_folder_are_as_one_after_the_other(tmp_path: Path, again: str) -> None:
    for number in range(4):
        vcf(tmp_path / f"s{number}.vcf", f"S{number}")
    command = [
        sys.executable,
        "-m",
        "tp53annot",
        "run",
        *map(str, sorted(tmp_path.glob("*.vcf"))),
        again,
        "-o",
    ]
    subprocess.run([*command, tmp_path / "calm"], check=True, capture_output=True)
    both = [subprocess.Popen([*command, tmp_path / "both"], stderr=subprocess.PIPE, text=True) for _ in "12"]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert tree(tmp_path / "both") == tree(tmp_path / "calm")


def test_a_run_waits_for_the_one_before_it_and_says_so(tmp_path: Path) -> None:
    path, out = vcf(tmp_path / "a.vcf", "A"), tmp_path / "out"
    out.mkdir()
    with alone_in(out, lambda: None):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "tp53annot", "run", path, "-o", out], stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr is not None and "another run writes" in waiting.stderr.readline()
        assert waiting.poll() is None and not list(out.iterdir())
    waiting.communicate()
    assert waiting.returncode == 0 and (out / "A" / "A.tp53.json").is_file()
