"""The command line on a folder as it comes from a lab: good files, and every kind of bad one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pysam
import pytest
from bam_files import write_bam

HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
# The superuser reads everything, unless these rights are taken away.
RIGHTS = "-dac_override,-dac_read_search"
PLAIN_USER = ["setpriv", f"--bounding-set={RIGHTS}", f"--inh-caps={RIGHTS}"] if os.geteuid() == 0 else []


def vcf(path: Path, sample: str, reads: int = 400) -> Path:
    line = f"chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:{1000 - reads},{reads}\n"
    path.write_text(f"{HEAD}{COLUMNS}{sample}\n{line}")
    return path


def fill(folder: Path) -> None:
    vcf(folder / "good1.vcf", "G1")
    vcf(folder / "good2.vcf", "G2", reads=30)
    write_bam(folder / "reads.bam", depth=300, sample="B1")
    write_bam(folder / "uncovered.bam", depth=1, skip=range(2, 12), sample="B2")
    vcf(folder / "twin.vcf", "G1")
    with pysam.BGZFile(str(folder / "cut.vcf.gz"), "wb") as out:
        out.write(f"{HEAD}{COLUMNS}C\n".encode())
        for pos in range(1_000_000, 1_040_000):
            out.write(
                f"chr17\t{pos}\t.\tC\tT\t{pos % 97}\tPASS\t.\tGT:AD\t0/1:{pos % 89},{pos % 83}\n".encode()
            )
    os.truncate(folder / "cut.vcf.gz", (folder / "cut.vcf.gz").stat().st_size // 2)
    (folder / "empty.vcf").write_bytes(b"")
    (folder / "paper.vcf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (folder / "x.vcf").mkdir()
    mouse = "##contig=<ID=chr17,length=94987271>\n##reference=mm10\n"
    (folder / "mouse.vcf").write_text(
        f"##fileformat=VCFv4.2\n{mouse}{COLUMNS}M\nchr17\t7675088\t.\tG\tA\t9\tPASS\t.\tGT\t0/1\n"
    )
    with pysam.AlignmentFile(
        str(folder / "other.bam"), "wb", header={"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr2", "LN": 182113224}]}
    ):  # fmt: skip
        pass
    pysam.index(str(folder / "other.bam"))
    vcf(folder / "locked.vcf", "L").chmod(0)


BAD = {
    "twin.vcf": "also in", "cut.vcf.gz": "truncated", "empty.vcf": "empty", "paper.vcf": "PDF", "x.vcf": "folder",
    "mouse.vcf": "mouse GRCm38 (mm10)", "other.bam": "chromosome 17", "locked.vcf": "ermission",
}  # fmt: skip


@pytest.mark.parametrize("jobs", [1, 3])
def test_good_files_are_done_and_each_bad_one_is_named_with_its_reason(tmp_path: Path, jobs: int) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    fill(folder)
    command = [
        *PLAIN_USER,
        sys.executable,
        "-m",
        "tp53annot",
        "run",
        str(folder),
        "-o",
        str(out),
        "-j",
        str(jobs),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 5, done.stderr
    said, *lines, counted, page = done.stderr.splitlines()
    assert counted == "4 samples: 1 mutated, 1 low_level, 1 not_detected, 1 incomplete; 8 failed"
    assert page == f"page: {out / 'cohort.html'}"
    assert "may be carried over" in said  # G2 has at a low VAF what G1 has at a high one
    assert len(lines) == len(BAD) and all(line.startswith("tp53annot: error: ") for line in lines)
    for name, reason in BAD.items():
        (line,) = [line for line in lines if f"/{name}: " in line]
        assert reason in line, line
    record = json.loads((out / "run.json").read_text())
    assert {s["sample"]: s["status"] for s in record["samples"]} == {
        "G1": "mutated", "G2": "low_level", "B1": "not_detected", "B2": "incomplete",
    }  # fmt: skip
    assert len(record["failures"]) == len(BAD)
    for sample in ("G1", "G2", "B1", "B2"):
        assert len(list((out / sample).iterdir())) == 5
    assert {p.name for p in (out).iterdir() if p.is_dir()} == {"G1", "G2", "B1", "B2", "multiqc"}
