"""Filters of one allele (``AS_FilterStatus``): what FILTER says of the site is not said of each of its ALTs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import require_program
from vcf_files import GRCH38, source, write_vcf

from tp53annot.api import run_sample

HEADER = (
    f'{GRCH38}\n##source=Mutect2\n##FILTER=<ID=weak,Description="x">\n'
    '##INFO=<ID=AS_FilterStatus,Number=A,Type=String,Description="x">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">'
)
# ALTs, genotype, AD, the field; filters of each ALT
WHOLE = [
    ("T,A", "0/1/2", "100,80,40", "weak_evidence,strand_bias|SITE", {"T": ("weak_evidence", "strand_bias"), "A": ()}),
    ("T,A", "0/1/2", "100,80,40", "SITE|weak_evidence", {"T": (), "A": ("weak_evidence",)}),
    ("T,A", "0/1/2", "100,80,40", "SITE|SITE", {"T": (), "A": ()}),
    ("T,A", "0/1/2", "100,80,40", "PASS,RF|AC0", {"T": (), "A": ("RF", "AC0")}),
    ("T,A", "0/1/2", "100,80,40", ".", {"T": (), "A": ()}),
    ("T", "0/1", "60,40", "SITE", {"T": ()}),
    ("T", "0/1", "60,40", "PASS", {"T": ()}),
    ("T", "0/1", "60,40", "weak_evidence,base_qual", {"T": ("weak_evidence", "base_qual")}),
    ("T", "0/1", "60,40", "VQSRTrancheSNP99.00to99.90", {"T": ("VQSRTrancheSNP99.00to99.90",)}),
    ("T,<NON_REF>", "0/1", "60,40,0", "strand_bias|SITE", {"T": ("strand_bias",)}),
    ("T,<NON_REF>", "0/1", "60,40,0", "strand_bias", {"T": ("strand_bias",)}),
    ("T", "0/1/0", "60,40", "weak_evidence|SITE", {"T": ("weak_evidence",)}),  # left whole: the first of two
    ("T", "0/0/1", "60,40", "weak_evidence|SITE", {"T": ()}),
    ("T", "0/1", "60,40", "weak_evidence|SITE", {"T": ("weak_evidence",)}),  # of which it is, nothing says
]  # fmt: skip


def filters_of(path: Path) -> dict[str, tuple[str, ...]]:
    """The filters of each candidate by its ALT."""
    (calls,) = source(path).calls()
    return {c.record.alt: c.caller_filters or () for c in calls.candidates}


@pytest.mark.parametrize("row", WHOLE, ids=lambda row: f"{row[0]} {row[1]} {row[3]}")
def test_each_alt_has_its_own_filters(
    tmp_path: Path, row: tuple[str, str, str, str, dict[str, tuple[str, ...]]]
) -> None:
    alts, genotype, counts, status, expected = row
    line = f"chr17\t7675088\t.\tC\t{alts}\t50\tPASS\tAS_FilterStatus={status}\tGT:AD\t{genotype}:{counts}"
    assert filters_of(write_vcf(tmp_path, line, header=HEADER)) == expected


def test_what_the_site_failed_is_held_against_every_alt(tmp_path: Path) -> None:
    line = "chr17\t7675088\t.\tC\tT,A\t50\tweak\tAS_FilterStatus=SITE|strand_bias\tGT:AD:FT\t0/1/2:100,80,40:LowGQ"
    assert filters_of(write_vcf(tmp_path, line, header=HEADER)) == {
        "T": ("weak", "LowGQ"),
        "A": ("weak", "strand_bias", "LowGQ"),
    }


@pytest.mark.peer
@pytest.mark.parametrize("row", WHOLE[:3], ids=lambda row: row[3])
def test_alleles_split_by_bcftools_keep_their_filters(
    tmp_path: Path, row: tuple[str, str, str, str, dict[str, tuple[str, ...]]]
) -> None:
    """It cuts the field at commas, so that it goes whole to the first record, or in wrong pieces to several."""
    alts, genotype, counts, status, expected = row
    line = f"chr17\t7675088\t.\tC\t{alts}\t50\tPASS\tAS_FilterStatus={status}\tGT:AD\t{genotype}:{counts}"
    path = write_vcf(tmp_path, line, header=HEADER)
    split = tmp_path / "split.vcf"
    subprocess.run(
        [require_program("bcftools"), "norm", "-m-", "-o", split, path], check=True, capture_output=True
    )
    found = filters_of(split)
    assert {alt: bool(names) for alt, names in found.items()} == {
        alt: bool(names) for alt, names in expected.items()
    }


@pytest.mark.parametrize("word", ["PASS", "pass", "Pass", "PASS;PASS", ".;PASS"])
def test_pass_is_a_pass_in_any_case(tmp_path: Path, word: str) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t50\t{word}\t.\tGT:AD:FT\t0/1:60,40:{word}"
    assert filters_of(write_vcf(tmp_path, line, header=HEADER)) == {"T": ()}


@pytest.mark.parametrize(("filters", "told"), [(".", True), ("PASS", False)])
def test_a_file_of_unfiltered_calls_is_said_to_be_one(tmp_path: Path, filters: str, told: bool) -> None:
    status = "##filtering_status=Warning: unfiltered Mutect 2 calls.  Please run FilterMutectCalls"
    line = f"chr17\t7675088\t.\tC\tT\t50\t{filters}\t.\tGT:AD\t0/1:60,40"
    report = run_sample(write_vcf(tmp_path, line, header=f"{HEADER}\n{status}"))
    assert ("warning.unfiltered" in {w["id"] for w in report["assessment"]["warnings"]}) is told
