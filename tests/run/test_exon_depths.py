"""A lost exon in one of several BAM files: measured by itself where enough samples are there, said to be open where not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pysam
import pytest
from bam_files import MAIN, Change, write_bam

from tp53annot.core.allele import Build
from tp53annot.run.pipeline import run
from tp53annot.run.settings import OutputSettings, RunSettings

Reports = Mapping[str, Mapping[str, Any]]


def samples(folder: Path, count: int, lost: Mapping[int, int], *, vaf: float = 0.0) -> list[Path]:
    """BAM files of which some have only every other read over an exon."""
    folder.mkdir(exist_ok=True)
    changes = [Change(pos=7675088, ref="C", alt="T", vaf=vaf)] if vaf else []
    found = []
    for n in range(count):
        build = Build.GRCH37 if n == 1 else Build.GRCH38
        path = write_bam(
            folder / f"s{n}.bam", depth=150 + 20 * n, sample=f"s{n}", seed=n, build=build, changes=changes
        )
        found.append(thinned(path, lost[n]) if n in lost else path)
    return found


def thinned(path: Path, exon: int) -> Path:
    """The file with every other read over an exon left out."""
    low, high = MAIN.model.exons[exon - 1]
    target = path.with_name(f"{path.stem}x.bam")
    with (
        pysam.AlignmentFile(str(path)) as source,
        pysam.AlignmentFile(str(target), "wb", template=source) as out,
    ):
        for number, read in enumerate(source):
            over = read.reference_start < high and (read.reference_end or 0) >= low
            if not over or number % 2:
                out.write(read)
    path.unlink()
    target.rename(path)
    pysam.index(str(path))
    return path


def reports(bams: list[Path], folder: Path, *, jobs: int = 1, resume: bool = False) -> Reports:
    output = OutputSettings(folder=folder, formats=("json",), jobs=jobs, resume=resume, force=not resume)
    run(bams, RunSettings(), output)
    found = [json.loads(p.read_text()) for p in sorted(folder.glob("*/*.tp53.json"))]
    return {report["sample"]: report for report in found}


def low(report: Mapping[str, Any]) -> list[str]:
    return [e["exon"] for e in report["copy_number"]["exons"] if e["ratio"] < 0.7 and e["z"] <= -3]


def basis(report: Mapping[str, Any]) -> str:
    return " ".join(b["text"] for b in report["copy_number"]["basis"] if b["source"] == "read_depth")


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples(tmp_path_factory.mktemp("seven"), 7, {3: 8})


def test_a_lost_exon_is_found_without_being_asked_for(seven: list[Path], tmp_path: Path) -> None:
    found = reports(seven, tmp_path / "one")
    assert {name: low(r) for name, r in found.items()} == {f"s{n}": ["8"] if n == 3 else [] for n in range(7)}
    there = found["s3"]
    assert "exon 8 at 0.5" in basis(there) and "MLPA" in basis(there)
    assert there["copy_number"]["state"] == "loss"
    assert "exon 8" in json.dumps(there["assessment"]["warnings"])
    assert there["assessment"]["status"] != "deletion_only"
    assert found["s0"]["copy_number"]["state"] == "unknown" and "6 comparable samples" in basis(found["s0"])
    again = reports(seven[::-1], tmp_path / "two", jobs=2)
    assert again == found


def test_below_six_samples_no_exon_is_judged_and_the_report_says_so(
    seven: list[Path], tmp_path: Path
) -> None:
    for count in (1, 5):
        for report in reports(seven[2 : 2 + count], tmp_path / f"n{count}").values():
            assert report["copy_number"]["exons"] == []
            assert "not judged" in basis(report) and "needed: 6" in basis(report)
            assert report["copy_number"]["state"] == "unknown"


def test_resuming_with_further_samples_judges_anew(seven: list[Path], tmp_path: Path) -> None:
    reports(seven[:5], tmp_path / "out")
    found = reports(seven, tmp_path / "out", resume=True)
    assert low(found["s3"]) == ["8"] and len(found["s0"]["copy_number"]["exons"]) == 10


def test_depth_beside_a_variant_makes_a_second_hit_possible_only(tmp_path: Path) -> None:
    found = reports(samples(tmp_path / "bams", 7, {3: 8}, vaf=0.8), tmp_path / "out")
    assert found["s3"]["assessment"]["allelic_state"] == "possible_multi_hit"
