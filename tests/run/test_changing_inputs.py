"""Inputs that change while they are read, by another process, at any moment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_pipeline import vcf

from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run import analysis
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.file_marks import check_same, marks_of


@pytest.mark.parametrize("way", ["replaced", "appended to", "removed", "written again"])
def test_a_file_that_changed_gives_no_report(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = vcf(tmp_path / "a.vcf", "A"), vcf(tmp_path / "b.vcf", "B")
    read = analysis.from_vcf

    def read_and_change(*arguments: object) -> object:
        materials = list(read(*arguments))  # type: ignore[arg-type]
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
