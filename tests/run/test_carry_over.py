"""Carry-over: a rare change at a low VAF in one sample, at a high one in another patient's."""

from __future__ import annotations

import json
from pathlib import Path

from tp53annot.run.pipeline import run
from tp53annot.run.settings import InputSettings, OutputSettings, RunSettings

HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n"
)
R175H, R248Q, P72R = "chr17\t7675088\t.\tC\tT", "chr17\t7674220\t.\tC\tT", "chr17\t7676154\t.\tG\tC"


def write(folder: Path, name: str, **alternate: int) -> Path:
    """A VCF with so many alternate reads of 1,000 for each change."""
    known = {"R175H": R175H, "R248Q": R248Q, "P72R": P72R}
    path = folder / f"{name}.vcf"
    lines = [f"{known[k]}\t9\tPASS\t.\tGT:AD\t0/1:{1000 - n},{n}\n" for k, n in alternate.items()]
    path.write_text(HEAD.format(name) + "".join(sorted(lines)))
    return path


def test_a_low_vaf_beside_a_high_one_is_said_once(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "one", R175H=400, P72R=480),
        write(tmp_path, "two", R175H=15, R248Q=300, P72R=20),
        write(tmp_path, "three", R248Q=250, R175H=100),
    ]
    lines: list[str] = []

    def say(line: str, level: int = 0, **_fields: int) -> None:
        lines.append(line)

    run(files, RunSettings(), OutputSettings(folder=tmp_path / "out", formats=("json",)), say=say)
    expected = (
        "two: R175H (c.524G>A) at a VAF of 0.015, and at a high one in one (0.40): it may be carried over"
    )
    assert json.loads((tmp_path / "out" / "run.json").read_text())["carry_over"] == [expected]
    assert expected in lines


def test_samples_of_one_patient_share_their_changes(tmp_path: Path) -> None:
    files = [write(tmp_path, "first", R175H=400), write(tmp_path, "later", R175H=15)]
    sheet = tmp_path / "samples.tsv"
    sheet.write_text("sample\tpatient\tvcf\nfirst\tP1\tfirst.vcf\nlater\tP1\tlater.vcf\n")
    run(
        [],
        RunSettings(),
        OutputSettings(folder=tmp_path / "out", formats=("json",)),
        found=InputSettings(sheet=sheet),
    )
    assert len(files) == 2
    assert json.loads((tmp_path / "out" / "run.json").read_text())["carry_over"] == []


def test_a_sample_is_no_source_of_its_own_and_a_few_of_many_are_named(tmp_path: Path) -> None:
    twice = write(tmp_path, "low", R175H=15)
    twice.write_text(twice.read_text() + f"{R175H}\t9\tPASS\t.\tGT:AD\t0/1:600,400\n")
    out = OutputSettings(folder=tmp_path / "out", formats=("json",))
    run([twice], RunSettings(), out)
    assert json.loads((out.folder / "run.json").read_text())["carry_over"] == []

    many = [write(tmp_path, f"s{n}", R175H=400 + n) for n in range(8)]
    out = OutputSettings(folder=tmp_path / "more", formats=("json",))
    run([write(tmp_path, "low", R175H=15), *many], RunSettings(), out)
    (line,) = json.loads((out.folder / "run.json").read_text())["carry_over"]
    assert "at a high one in s7 (0.41), s6 (0.41), s5 (0.41), s4 (0.40), s3 (0.40) and 3 more: it may" in line
