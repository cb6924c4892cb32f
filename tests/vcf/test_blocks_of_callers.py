"""Reference blocks as freebayes and bcftools really write them, of reads whose coverage is known."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest
from bam_files import REF, Change, write_bam
from conftest import require_program

from tp53annot.api import run_sample

pytestmark = pytest.mark.peer
REGION = "chr17:7669500-7677000"
R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.4)
MINOR = Change(pos=7675088, ref="C", alt="T", vaf=0.12)


def genome(folder: Path) -> Path:
    path = folder / "g.fa"
    path.write_text(f">chr17\n{'N' * (REF.start - 1)}{REF.sequence}{'N' * 1000}\n")
    pysam.faidx(str(path))
    return path


def freebayes(bam: Path, fasta: Path, out: Path) -> Path:
    arguments = ["-f", fasta, "-r", REGION, "--gvcf", "--gvcf-dont-use-chunk", "true", "-F", "0.05", bam]
    with out.open("wb") as stream:
        subprocess.run(
            [require_program("freebayes"), *map(str, arguments)],
            stdout=stream,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    return out


def bcftools(bam: Path, fasta: Path, out: Path, *call: str, pile: tuple[str, ...] = ()) -> Path:
    program = require_program("bcftools")
    pile_up = [program, "mpileup", "-d", "5000", "-f", str(fasta), "-r", REGION, *pile, str(bam)]
    piled = subprocess.run(pile_up, capture_output=True, check=True).stdout
    if not call:
        out.write_bytes(
            subprocess.run([program, "view"], input=piled, capture_output=True, check=True).stdout
        )
        return out
    done = subprocess.run([program, "call", *call], input=piled, capture_output=True, check=True)
    out.write_bytes(done.stdout)
    return out


def blocks_of_bcftools(bam: Path, fasta: Path, out: Path) -> Path:
    return bcftools(bam, fasta, out, "-m", "-g", "20,260", pile=("-g", "20,260"))


def all_sites_of_bcftools(bam: Path, fasta: Path, out: Path) -> Path:
    return bcftools(bam, fasta, out, "-m")


Run = Callable[[Path, Path, Path], Path]
CALLERS: list[Run] = [freebayes, blocks_of_bcftools, all_sites_of_bcftools]


def found_by(caller: Run, folder: Path, *changes: Change, skip: tuple[int, ...] = ()) -> dict[str, Any]:
    bam = write_bam(folder / "a.bam", depth=600, changes=changes, skip=skip, error=0)
    return run_sample(caller(bam, genome(folder), folder / "a.g.vcf"))


@pytest.mark.parametrize("caller", CALLERS)
def test_deep_reads_of_the_reference_are_a_negative(tmp_path: Path, caller: Run) -> None:
    found = found_by(caller, tmp_path)
    assert found["assessment"]["status"] == "not_detected"
    assert [gap for gap in found["coverage"]["gaps"] if gap["required"]] == []


@pytest.mark.parametrize("caller", CALLERS)
def test_an_exon_without_reads_is_the_gap(tmp_path: Path, caller: Run) -> None:
    found = found_by(caller, tmp_path, skip=(7,))
    assert found["assessment"]["status"] == "incomplete"
    assert {gap["exon"] for gap in found["coverage"]["gaps"] if gap["required"]} == {"7"}


@pytest.mark.parametrize("caller", CALLERS)
def test_a_mutation_between_blocks(tmp_path: Path, caller: Run) -> None:
    found = found_by(caller, tmp_path, R175H)
    assert [(v["hgvs_p_short"], round(v["vaf"], 1)) for v in found["variants"]] == [("R175H", 0.4)]
    assert [gap for gap in found["coverage"]["gaps"] if gap["required"]] == []


@pytest.mark.parametrize("caller", [freebayes, all_sites_of_bcftools])
def test_a_clone_that_a_diploid_caller_takes_for_reference_is_no_negative(
    tmp_path: Path, caller: Run
) -> None:
    """Its reads stand in the record: freebayes names the change, bcftools leaves them in DP4."""
    found = found_by(caller, tmp_path, MINOR)
    assert found["assessment"]["status"] in ("incomplete", "mutated")
    if found["assessment"]["status"] == "incomplete":
        (gap,) = [gap for gap in found["coverage"]["gaps"] if gap["required"]]
        assert (gap["start"], gap["end"], gap["cause"]) == (7675088, 7675088, "alternate_reads")


def test_a_pileup_that_was_never_called_is_no_coverage(tmp_path: Path) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=600, error=0)
    path = bcftools(bam, genome(tmp_path), tmp_path / "a.vcf", pile=("-g", "20,260"))
    found = run_sample(path)
    assert found["assessment"]["status"] == "incomplete"
    assert "no_call" in {gap["cause"] for gap in found["coverage"]["gaps"]}
