"""Numbers that no reader understands: named, and never a reason for more than ``low_level``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tp53annot_cli import reports_of
from vcf_files import GRCH38, source, write_vcf

SITE = "chr17\t7675088\t.\tC\tT\t50\tPASS"
# INFO, FORMAT, the sample; fields that are named
UNREAD = [
    (".", "GT:XAD:DP", "0/1:1985,15:2000", "XAD, DP"),
    (".", "GT:AF:DP", "0/1:40:100", "AF, DP"),  # 40 what? neither a fraction nor said to be a percentage
    (".", "GT:AD:DP", "0/1:20,300,280:600", "AD, DP"),  # of which ALT each number is, nothing says
    (".", "GT:GQ:DP", "0/1:99:100", "GQ, DP"),
    ("DP=100;AC=1;AN=2", "GT", "0/1", "INFO/DP"),
    (".", "XAD", "60,40", "XAD"),
    (".", "GT:AD", "0/1:.,40", "AD"),  # 40 of how many?
    (".", "GT:AD:DP", "0/1:196,196:221", "AD, DP"),  # bcftools 1.12 wrote the count of REF twice
    ("t_vaf=0.01", "GT", "0/1", "INFO/t_vaf"),
    ("TUMOR_AF=0.4", "GT", "0/1", "INFO/TUMOR_AF"),
    ("t_alt_count=10;t_ref_count=990", "GT", "0/1", "INFO/t_alt_count, INFO/t_ref_count"),
    ("AD=990,10", "GT", "0/1", "INFO/AD"),
    ("FREQ=1%", "GT", "0/1", "INFO/FREQ"),
]
BARE = [
    (".", "GT", "0/1"),
    (".", "GT:AD:DP", "0/1:.:."),
    (".", "GT:PS", "0|1:7675000"),
    ("AC=1;AN=2", "GT", "0/1"),
    ("gnomAD_AF=0.001;MAX_AF=0.01;EUR_AF=0.1;AF=0.5;FREQ=GnomAD:0.9,0.1", "GT", "0/1"),  # of other people
]


def report_of(folder: Path, *lines: str, header: str = "", **options: Any) -> Any:
    path = write_vcf(folder, *lines, header=f"{GRCH38}\n{header}" if header else GRCH38, **options)
    (report,) = reports_of(path, folder / "o").values()
    return report


def warnings(report: Any) -> dict[str, str]:
    """Warnings of a report by id."""
    return {w["id"]: w["text"] for w in report["assessment"]["warnings"]}


@pytest.mark.parametrize(("info", "form", "sample", "fields"), UNREAD)
def test_numbers_that_give_no_vaf_are_named_and_low_level_at_most(
    tmp_path: Path, info: str, form: str, sample: str, fields: str
) -> None:
    report = report_of(tmp_path, f"{SITE}\t{info}\t{form}\t{sample}")
    assert report["assessment"]["status"] == "low_level"
    assert report["assessment"]["tp53_mutated_all"] is None
    assert [v["vaf"] for v in report["variants"]] == [None]
    told = warnings(report)
    assert f"({fields})" in told["warning.vaf_unreadable"]
    assert "warning.vaf_unknown" not in told
    summary = report["assessment"]["summary"]
    assert "does not let read: R175H" in summary
    assert "below the reporting threshold" not in summary


@pytest.mark.parametrize(("info", "form", "sample"), BARE)
def test_a_bare_statement_counts_as_stated(tmp_path: Path, info: str, form: str, sample: str) -> None:
    report = report_of(tmp_path, f"{SITE}\t{info}\t{form}\t{sample}")
    assert report["assessment"]["status"] == "mutated"
    assert "states no VAF and no number of reads" in warnings(report)["warning.vaf_unknown"]


@pytest.mark.parametrize(
    ("info", "status"), [(".", "mutated"), ("DP=100", "low_level"), ("CADD=30", "mutated")]
)
def test_a_file_of_sites_alone(tmp_path: Path, info: str, status: str) -> None:
    assert report_of(tmp_path, f"{SITE}\t{info}", samples=())["assessment"]["status"] == status


def test_unread_and_low_changes_stand_in_sentences_of_their_own(tmp_path: Path) -> None:
    low = "chr17\t7674220\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:970,30"
    report = report_of(tmp_path, f"{SITE}\t.\tGT:XAD\t0/1:1985,15", low)
    assert report["assessment"]["status"] == "low_level"
    summary = report["assessment"]["summary"]
    assert "only: R248Q (c.743G>A), VAF 0.030." in summary
    assert "does not let read: R175H (c.524G>A)." in summary


def test_neighbours_in_cis_whose_numbers_are_unread_stay_low_level(tmp_path: Path) -> None:
    one, two = ("7674221\t.\tG\tA", "7674220\t.\tC\tT")
    lines = [f"chr17\t{text}\t50\tPASS\t.\tGT:XAD:PS\t0|1:60,40:1" for text in (two, one)]
    report = report_of(tmp_path, *lines)
    assert report["variants"][0]["hgvs_p_short"] == "R248*"
    assert report["assessment"]["status"] == "low_level"


PERCENT = '##FORMAT=<ID=VAF,Number=1,Type=Float,Description="Variant allele fraction in percent">'
SHARES = [
    ("", "1.5%", 0.015), ("", "1,5%", 0.015), ("", "1.5 %", 0.015), ("", "40%", 0.4),
    (PERCENT, "1.5", 0.015), (PERCENT, "0.8", 0.008), (PERCENT, "40", 0.4), (PERCENT, "40%", 0.4),
    ("", "0.4", 0.4), ("", "40", None), ("", "140%", None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "text", "vaf"), SHARES)
def test_percentages_are_taken_as_stated_and_never_guessed(
    tmp_path: Path, header: str, text: str, vaf: float | None
) -> None:
    path = write_vcf(
        tmp_path, f"{SITE}\t.\tGT:DP:VAF\t0/1:2000:{text}", header=f"{GRCH38}\n{header or '##x=1'}"
    )
    (calls,) = source(path).calls()
    assert calls.candidates[0].support.vaf == (None if vaf is None else pytest.approx(vaf))


@pytest.mark.parametrize(
    ("form", "sample", "vaf"),
    [("GT:AD:DP", "0/1:.,40:100", 0.4), ("GT:AD:AF", "0/1:.,40:0.4", 0.4), ("GT:AD:DP", "0/1:50,50:99", 0.5)],
)
def test_a_depth_or_fraction_tells_where_a_count_is_missing(
    tmp_path: Path, form: str, sample: str, vaf: float
) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\t{form}\t{sample}", header=GRCH38)
    (calls,) = source(path).calls()
    assert [c.support.vaf for c in calls.candidates] == [pytest.approx(vaf)]


WHOLE = [
    ("vt", "OLD_MULTIALLELIC=chr17:7675088:C/T/A", "1/.", "20,300,280", 300, 600),
    ("vt, the other", "OLD_MULTIALLELIC=chr17:7675088:C/A/T", "./1", "20,300,280", 280, 600),
    ("bcftools norm --old-rec-tag", "OLD_REC=chr17|7675088|C|T,A|1", "1/0", "20,300,280", 300, 600),
    (
        "bcftools norm --old-rec-tag, the other",
        "OLD_REC=chr17|7675088|C|A,T|2",
        "0/1",
        "20,300,280",
        280,
        600,
    ),
    ("genotype, first", ".", "1/.", "20,300,280", 300, 600),
    ("genotype, second", ".", "./1", "20,300,280", 280, 600),
    ("one ALT with reads", ".", "0/1", "60,40,0", 40, 100),
    ("one ALT with reads, <NON_REF> cut off", ".", "0/1", "60,40,0,0", 40, 100),
]


@pytest.mark.parametrize("row", WHOLE, ids=[row[0] for row in WHOLE])
def test_an_ad_that_a_splitting_tool_left_whole(
    tmp_path: Path, row: tuple[str, str, str, str, int, int]
) -> None:
    _, info, genotype, counts, reads, depth = row
    path = write_vcf(tmp_path, f"{SITE}\t{info}\tGT:AD:DP\t{genotype}:{counts}:{depth}", header=GRCH38)
    (calls,) = source(path).calls()
    support = calls.candidates[0].support
    assert (support.alt_reads, support.depth, support.unread) == (reads, depth, ())
    assert support.vaf == pytest.approx(reads / depth)


def test_a_stated_fraction_tells_where_a_whole_ad_does_not(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\tGT:AD:AF:DP\t0/1:20,300,280:0.467:600", header=GRCH38)
    (calls,) = source(path).calls()
    assert calls.candidates[0].support.vaf == pytest.approx(0.467)


@pytest.mark.parametrize("values", ["0/1:300,200:500500", "0/1:300200:500"])
def test_numbers_that_contradict_each_other_give_no_fraction(tmp_path: Path, values: str) -> None:
    """200 of 500 reads by AD, and 200 of 500500 by DP, would be a mutation or nothing; more reads of the ALT than
    reads would be all of them."""
    path = write_vcf(tmp_path, f"chr17\t7675088\t.\tC\tT\t90\tPASS\t.\tGT:AD:DP\t{values}", header=GRCH38)
    (calls,) = source(path).calls()
    (candidate,) = calls.candidates
    assert candidate.support.vaf is None and {"AD", "DP"} <= set(candidate.support.unread)


@pytest.mark.parametrize("count", [1, 250, 499])
def test_one_number_of_a_field_of_all_alleles_is_of_neither(tmp_path: Path, count: int) -> None:
    """AD of one number: the count of the ALT where the header says that it is one number, else nobody knows of which."""
    line = f"{SITE}\t.\tGT:AD:DP\t0/1:{count}:500"
    told = {
        number: report_of(
            folder(tmp_path, number),
            line,
            header=f'##FORMAT=<ID=AD,Number={number},Type=Integer,Description="a">',
        )
        for number in ("R", "1", "A", ".")
    }
    assert told["R"]["assessment"]["status"] == "low_level"
    assert "(AD, DP)" in warnings(told["R"])["warning.vaf_unreadable"]
    for number in ("1", "A", "."):
        (variant,) = [*told[number]["variants"], *told[number]["rejected"]]
        assert variant["vaf"] == count / 500


def folder(parent: Path, name: str) -> Path:
    made = parent / name.replace(".", "any")
    made.mkdir()
    return made
