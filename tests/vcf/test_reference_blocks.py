"""What counts as assessed: each caller's reference blocks, confident and not, and how blocks may be cut.

A gVCF here is three blocks over the gene, the middle one over exon 5; blocks are as the callers write them (freebayes
1.3.6 and bcftools 1.16 run for it, the others after their published output and headers).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest
from msgspec import Struct
from msgspec.structs import replace
from vcf_files import GRCH37, GRCH38, reference, vcf_text

from tp53annot.api import render_report, run_sample
from tp53annot.core.allele import Build

REF = reference()
SHIFT = REF.builds[Build.GRCH37].offset
FIRST, LAST = 7668000, 7690000
EXON_5 = (7675053, 7675236)
MIDDLE = (7675001, 7675300)
DECLARED = "\n".join(
    [
        '##ALT=<ID=NON_REF,Description="x">',
        '##ALT=<ID=*,Description="x">',
        *(f'##FILTER=<ID={f},Description="x">' for f in ("LowGQX", "HighDPFRatio", "LowQual", "RefCall", "NoCall", "LowDepth", "q30", "weak_evidence", "AD", "ADP")),
        *(f'##INFO=<ID={k},Number=1,Type=Integer,Description="x">' for k in ("END", "DP", "MIN_DP", "MinDP", "AN")),
        '##INFO=<ID=DP4,Number=4,Type=Integer,Description="x">',
        '##INFO=<ID=BLOCKAVG_min30p3a,Number=0,Type=Flag,Description="x">',
        *(f'##FORMAT=<ID={k},Number=1,Type=Integer,Description="x">' for k in ("GQX", "RGQ", "DP", "DPF", "MIN_DP", "MED_DP", "LEN", "RO", "QR")),
        *(f'##FORMAT=<ID={k},Number=1,Type=Float,Description="x">' for k in ("GQ", "SQ", "TLOD", "MQ")),
        *(f'##FORMAT=<ID={k},Number=1,Type=String,Description="x">' for k in ("GT", "FT", "LGT")),
        *(f'##FORMAT=<ID={k},Number=.,Type=Integer,Description="x">' for k in ("AD", "PL", "AO", "QA", "LAA", "LAD")),
        *(f'##FORMAT=<ID={k},Number=.,Type=Float,Description="x">' for k in ("AF", "VAF", "VF")),
    ]
)  # fmt: skip


class Caller(Struct, frozen=True, kw_only=True):
    """How a caller writes a block: ALT, QUAL, FILTER, INFO beside END, FORMAT and a confident sample's values."""

    header: str
    alt: str
    keys: str
    sure: str
    qual: str = "."
    filters: str = "."
    info: str = ""


CALLERS = {
    "HaplotypeCaller": Caller(header="##source=HaplotypeCaller", alt="<NON_REF>", keys="GT:DP:GQ:MIN_DP:PL", sure="0/0:620:99:600:0,120,1800"),
    "HaplotypeCaller, each base": Caller(header="##source=HaplotypeCaller", alt="<NON_REF>", keys="GT:AD:DP:GQ:PL", sure="0/0:600,0:600:99:0,120,1800"),
    "GenotypeGVCFs, all sites": Caller(header="##GATKCommandLine=<ID=GenotypeGVCFs>", alt=".", keys="GT:DP:RGQ", sure="0/0:600:99"),
    "DRAGEN": Caller(header='##DRAGENCommandLine=<ID=dragen,Version="SW: 05.021">', alt="<NON_REF>", filters="PASS", keys="GT:AD:DP:GQ:MIN_DP:PL", sure="0/0:600,0:610:99:600:0,120,1800"),
    "DRAGEN, somatic": Caller(header='##DRAGENCommandLine=<ID=dragen,Version="SW: 05.021">', alt="<NON_REF>", filters="PASS", keys="GT:SQ:AD:DP:MIN_DP", sure="0/0:62.1:600,0:610:600"),
    "Mutect2": Caller(header="##source=Mutect2", alt="<NON_REF>", keys="GT:DP:MIN_DP:TLOD", sure="0/0:600:600:-650.2"),
    "DeepVariant": Caller(header="##DeepVariant_version=1.6.1", alt="<*>", qual="0", keys="GT:GQ:MIN_DP:PL", sure="0/0:50:600:0,1800,17990"),
    "Strelka2": Caller(header="##source=strelka", alt=".", filters="PASS", info="BLOCKAVG_min30p3a", keys="GT:GQX:DP:DPF:MIN_DP", sure="0/0:60:600:1:590"),
    "Clair3": Caller(header="##source=Clair3", alt="<NON_REF>", qual="0", keys="GT:GQ:MIN_DP:PL", sure="0/0:50:600:0,180,990"),
    "Clair3, reference calls": Caller(header="##source=Clair3", alt=".", qual="22.4", filters="RefCall", keys="GT:GQ:DP:AD:AF", sure="0/0:22:600:590:0.9833"),
    "freebayes": Caller(header="##source=freeBayes v1.3.6", alt="<*>", qual="0", info="DP=600;MIN_DP=590", keys="GQ:DP:MIN_DP:QR:RO:QA:AO", sure="1.06396e+06:600:590:1063960:600:0:0"),
    "bcftools": Caller(header="##bcftools_callCommand=call -m -g 300", alt=".", info="MinDP=600", keys="GT:DP", sure="0/0:600"),
    "bcftools, all sites": Caller(header="##bcftools_callCommand=call -m", alt=".", qual="284.59", info="DP=610;AN=2;DP4=300,300,0,0", keys="GT", sure="0/0"),
    "Octopus": Caller(header="##octopus=<version=0.7.4>", alt="<*>", qual="80", filters="PASS", keys="GT:GQ:DP:MQ", sure="0|0:99:600:60"),
    "Octopus, its older sign": Caller(header="##octopus=<version=0.7.0>", alt="*", qual="80", filters="PASS", keys="GT:GQ:DP:MQ:FT", sure="0|0:99:600:60:PASS"),
    "Pisces": Caller(header="##source=Pisces 5.2.10.49", alt=".", qual="100", filters="PASS", info="DP=600", keys="GT:GQ:AD:DP:VF", sure="0/0:100:598:600:0.0033"),
    "VCF 4.5": Caller(header="##x=1", alt="<*>", keys="GT:DP:GQ:LEN", sure="0/0:600:99:{len}"),
    "haploid": Caller(header="##x=1", alt="<NON_REF>", keys="GT:DP:GQ", sure="0:600:99"),
}  # fmt: skip
# caller, what is changed of its middle block, cause, part of the detail
DOUBTS: list[tuple[str, dict[str, str], str, str]] = [
    ("HaplotypeCaller", {"sure": "./.:600:0:600:0,0,0"}, "no_call", "./."),
    ("HaplotypeCaller", {"sure": "0/0:600:0:600:0,0,0"}, "low_quality", "GQ 0"),
    ("HaplotypeCaller", {"sure": "0/0:600:19:600:0,19,990"}, "low_quality", "GQ 19"),
    ("HaplotypeCaller", {"sure": "0/0:620:99:100:0,120,1800"}, "shallow", ""),
    ("HaplotypeCaller", {"sure": "0/.:620:99:600:0,120,1800"}, "no_call", "0/."),
    ("HaplotypeCaller", {"sure": "0/1:620:99:600:0,120,1800"}, "other_allele", "0/1"),
    ("HaplotypeCaller", {"keys": "GT:GQ", "sure": "0/0:99"}, "depth_unstated", ""),
    ("HaplotypeCaller", {"sure": "0/0:620:.:600:."}, "low_quality", "GQ ."),
    ("HaplotypeCaller", {"keys": "GT:DP:GQ", "sure": "0/0:620"}, "low_quality", "GQ ."),
    ("HaplotypeCaller", {"keys": "GT:DP:PL", "sure": "0/0:620:0,9,1800"}, "low_quality", "PL 9"),
    ("HaplotypeCaller, each base", {"sure": "0/0:560,40:600:99:0,120,1800"}, "alternate_reads", "0.067"),
    ("HaplotypeCaller", {"keys": "GT:DP:MIN_DP", "sure": "0/0:620:600"}, "low_quality", "GQ ."),
    ("DeepVariant", {"keys": "GT:MIN_DP", "sure": "0/0:600"}, "low_quality", "GQ ."),
    ("Clair3", {"keys": "GT:MIN_DP", "sure": "0/0:600"}, "low_quality", "GQ ."),
    ("GenotypeGVCFs, all sites", {"keys": "GT:DP", "sure": "0/0:600"}, "low_quality", "GQ ."),
    ("GenotypeGVCFs, all sites", {"sure": "./.:600:."}, "no_call", "./."),
    ("GenotypeGVCFs, all sites", {"sure": "0/0:600:3"}, "low_quality", "RGQ 3"),
    ("DRAGEN", {"filters": "LowDepth"}, "filtered", "LowDepth"),
    ("DRAGEN, somatic", {"sure": "0/0:1.5:600,0:610:600"}, "low_quality", "SQ 1.5"),
    ("Mutect2", {"sure": "0/0:600:600:0.8"}, "low_quality", "TLOD 0.8"),
    ("Mutect2", {"filters": "weak_evidence"}, "filtered", "weak_evidence"),
    ("DeepVariant", {"sure": "./.:0:600:0,0,0"}, "no_call", "./."),
    ("DeepVariant", {"sure": "./.:3:600:0,3,9", "filters": "NoCall"}, "no_call", "./."),
    ("DeepVariant", {"sure": "0/0:12:600:0,12,990"}, "low_quality", "GQ 12"),
    ("Strelka2", {"sure": ".:.:600:4000:600", "filters": "LowGQX;HighDPFRatio"}, "no_call", "GT ."),
    ("Strelka2", {"sure": "0/0:60:600:4000:600", "filters": "HighDPFRatio"}, "filtered", "HighDPFRatio"),
    ("Strelka2", {"sure": "0/0:5:600:1:600"}, "low_quality", "GQX 5"),
    ("Strelka2", {"keys": "GT:GQX:DP:DPF:MIN_DP:FT", "sure": "0/0:60:600:1:590:LowGQX"}, "filtered", "LowGQX"),
    ("Clair3", {"sure": "./.:1:600:0,1,9"}, "no_call", "./."),
    ("Clair3, reference calls", {"filters": "LowQual"}, "filtered", "LowQual"),
    ("Clair3, reference calls", {"sure": "0/0:22:600:500:0.83"}, "alternate_reads", "0.167"),
    ("freebayes", {"keys": "GQ:DP:MIN:QR:QA", "sure": "2502:600:1:2502:0", "info": "DP=600;MIN=1"}, "shallow", ""),
    ("freebayes", {"sure": "1063960:9:590:1063960:600:0:0"}, "shallow", ""),
    ("HaplotypeCaller", {"info": "MIN_DP=9", "keys": "GT:DP:GQ", "sure": "0/0:620:99"}, "shallow", ""),
    ("freebayes", {"sure": "280:0:0:280:0:0:0", "info": "DP=0;MIN_DP=0"}, "shallow", ""),
    ("freebayes", {"sure": "1063960:600:590:1063960:540:4000:60"}, "alternate_reads", "0.100"),
    ("freebayes", {"sure": "4:600:590:1063960:600:0:0"}, "low_quality", "GQ 4"),
    ("bcftools", {"sure": "./.:600"}, "no_call", "./."),
    ("bcftools", {"alt": "<*>", "keys": "PL:DP", "sure": "0,36,255:600"}, "no_call", "no GT"),
    ("bcftools, all sites", {"info": "DP=610;DP4=254,210,18,20"}, "alternate_reads", "0.076"),
    ("bcftools, all sites", {"qual": "4.2"}, "low_quality", "QUAL 4.2"),
    ("Octopus", {"sure": "0|0:4:600:60"}, "low_quality", "GQ 4"),
    ("Octopus, its older sign", {"sure": "0|0:15:600:27:AD,ADP", "filters": "AD;ADP"}, "filtered", "AD"),
    ("Pisces", {"filters": "q30", "sure": "0/0:20:598:600:0.0033"}, "filtered", "q30"),
    ("Pisces", {"sure": "0/0:100:540:600:0.1"}, "alternate_reads", "0.100"),
    ("VCF 4.5", {"sure": "./.:600:0:{len}"}, "no_call", "./."),
    ("VCF 4.5", {"sure": "0/0:600:99:."}, "no_record", ""),
    ("haploid", {"sure": ".:600:0"}, "no_call", "GT ."),
]  # fmt: skip


def block(caller: Caller, start: int, end: int, chrom: str = "chr17") -> str:
    """One record."""
    by_length = "LEN" in caller.keys
    parts = ["" if by_length else f"END={end}", caller.info]
    info = ";".join(part for part in parts if part) or "."
    values = caller.sure.replace("{len}", str(end - start + 1))
    base = REF.bases(start, start)
    return "\t".join(
        (chrom, str(start), ".", base, caller.alt, caller.qual, caller.filters, info, caller.keys, values)
    )


def three_blocks(name: str, **middle: str) -> list[str]:
    """Over the gene, the middle one changed."""
    caller = CALLERS[name]
    return [
        block(caller, FIRST, MIDDLE[0] - 1),
        block(replace(caller, **middle), *MIDDLE),
        block(caller, MIDDLE[1] + 1, LAST),
    ]


def on_grch37(line: str) -> str:
    columns = line.split("\t")
    columns[1] = str(int(columns[1]) + SHIFT)
    parts = (part.partition("=") for part in columns[7].split(";"))
    columns[7] = ";".join(f"END={int(v) + SHIFT}" if k == "END" else k + s + v for k, s, v in parts)
    return "\t".join(columns)


def written(
    folder: Path, lines: list[str], *, header: str = "##x=1", samples: tuple[str, ...] = ("S1",),
    contig: str = GRCH38,
) -> Path:  # fmt: skip
    path = folder / "a.g.vcf"
    path.write_text(vcf_text(*lines, samples=samples, header=f"{DECLARED}\n{contig}\n{header}"))
    return path


def report(folder: Path, lines: list[str], header: str = "##x=1") -> dict[str, Any]:
    return run_sample(written(folder, lines, header=header))


def required_gaps(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [gap for gap in found["coverage"]["gaps"] if gap["required"]]


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("named", [True, False], ids=["header", "no header"])
def test_confident_blocks_of_each_caller_are_a_negative(tmp_path: Path, name: str, named: bool) -> None:
    found = report(tmp_path, three_blocks(name), CALLERS[name].header if named else "##x=1")
    assert found["assessment"]["status"] == "not_detected"
    assert found["assessment"]["tp53_mutated_all"] is False
    assert required_gaps(found) == []
    assert "limitation.blocks" in [flag["id"] for flag in found["assessment"]["limitations"]]


@pytest.mark.parametrize("build", ["GRCh38", "GRCh37"])
@pytest.mark.parametrize(("name", "middle", "cause", "detail"), DOUBTS)
def test_a_block_that_is_no_confident_call_is_a_gap_with_its_cause(
    tmp_path: Path, name: str, middle: dict[str, str], cause: str, detail: str, build: str
) -> None:
    old = build == "GRCh37"
    lines = [on_grch37(line) if old else line for line in three_blocks(name, **middle)]
    path = written(tmp_path, lines, header=CALLERS[name].header, contig=GRCH37 if old else GRCH38)
    found = run_sample(path)
    assert found["assessment"]["status"] == "incomplete"
    assert found["assessment"]["tp53_mutated_all"] is None
    (gap,) = required_gaps(found)
    assert (gap["exon"], gap["cause"]) == ("5", cause)
    assert detail in (gap["detail"] or "")
    assert "exon 5" in found["assessment"]["summary"]
    assert cause == "shallow" or (gap["detail"] or "") in found["assessment"]["summary"]


# How the same blocks may be cut and written: nothing of that changes the answer.


def cut(name: str, seed: int) -> list[str]:
    """The gene as blocks of random lengths, of one depth."""
    rng, lines, start = random.Random(seed), [], FIRST
    while start <= LAST:
        end = min(LAST, start + rng.choice([0, 1, 7, 60, 400, 3000]))
        lines.append(block(CALLERS[name], start, end))
        start = end + 1
    return lines


def judged(found: dict[str, Any]) -> tuple[Any, ...]:
    return found["assessment"], found["coverage"]


CUT = ["HaplotypeCaller", "DeepVariant", "Strelka2", "freebayes", "bcftools", "VCF 4.5"]


@pytest.mark.parametrize("name", CUT)
def test_smaller_blocks_say_the_same(tmp_path: Path, name: str) -> None:
    expected = judged(report(tmp_path, [block(CALLERS[name], FIRST, LAST)]))
    for seed in range(3):
        lines = cut(name, seed)
        assert judged(report(tmp_path, lines)) == expected
        random.Random(seed).shuffle(lines)
        assert judged(report(tmp_path, lines)) == expected


@pytest.mark.parametrize(("name", "middle", "cause", "detail"), DOUBTS[::4])
def test_order_and_repetition_of_blocks_say_the_same(
    tmp_path: Path, name: str, middle: dict[str, str], cause: str, detail: str
) -> None:
    lines = three_blocks(name, **middle)
    expected = judged(report(tmp_path, lines, CALLERS[name].header))
    assert expected[1]["gaps"][0]["cause"] == cause
    for other in (lines[::-1], lines * 2, [lines[1], *lines]):
        assert judged(report(tmp_path, other, CALLERS[name].header)) == expected


def test_a_doubt_weighs_more_than_a_confident_block_over_the_same_bases(tmp_path: Path) -> None:
    caller = CALLERS["HaplotypeCaller"]
    lines = [block(caller, FIRST, LAST), block(replace(caller, sure="./.:600:0:600:0,0,0"), *MIDDLE)]
    for order in (lines, lines[::-1]):
        (gap,) = required_gaps(report(tmp_path, order))
        assert (gap["exon"], gap["cause"]) == ("5", "no_call")


def test_of_two_confident_blocks_the_deeper_one_proves_its_depth(tmp_path: Path) -> None:
    caller = CALLERS["HaplotypeCaller"]
    shallow = block(replace(caller, sure="0/0:100:99:90:0,120,1800"), FIRST, LAST)
    found = report(tmp_path, [shallow, block(caller, FIRST, LAST)])
    assert found["assessment"]["status"] == "not_detected"
    assert {exon["min_depth"] for exon in found["coverage"]["exons"]} == {600}


def bgzipped(path: Path) -> Path:
    packed = path.with_suffix(".vcf.gz")
    pysam.tabix_compress(str(path), str(packed), force=True)
    path.unlink()
    return packed


def indexed(path: Path) -> Path:
    packed = bgzipped(path)
    pysam.tabix_index(str(packed), preset="vcf", force=True)
    return packed


def as_bcf(path: Path) -> Path:
    packed = path.with_suffix(".bcf")
    with (
        pysam.VariantFile(str(path)) as text,
        pysam.VariantFile(str(packed), "wb", header=text.header) as out,
    ):
        for record in text:
            out.write(record)
    path.unlink()
    return packed


@pytest.mark.parametrize("container", [bgzipped, indexed, as_bcf])
@pytest.mark.parametrize(
    ("name", "middle"),
    [(name, middle) for name, middle, *_ in DOUBTS if "no header" not in name][::3]
    + [(name, {}) for name in CALLERS if name != "haploid"][::3],
)
def test_the_container_changes_nothing(
    tmp_path: Path, container: Callable[[Path], Path], name: str, middle: dict[str, str]
) -> None:
    lines, header = three_blocks(name, **middle), CALLERS[name].header
    expected = judged(run_sample(written(tmp_path, lines, header=header)))
    assert judged(run_sample(container(written(tmp_path, lines, header=header)))) == expected


# Blocks of several samples, sites that name a change, and what stands without a length.

TWO = ("S1", "S2")


def of_two(folder: Path, lines: list[str], header: str = "##x=1") -> dict[str, dict[str, Any]]:
    path = written(folder, lines, header=header, samples=TWO)
    return {name: run_sample(path, sample=name) for name in TWO}


def test_each_sample_of_a_file_has_its_own_blocks(tmp_path: Path) -> None:
    caller = CALLERS["HaplotypeCaller"]
    lines = [f"{block(caller, FIRST, LAST)}\t./.:600:0:600:0,0,0"]
    found = of_two(tmp_path, lines)
    assert found["S1"]["assessment"]["status"] == "not_detected"
    assert found["S2"]["assessment"]["status"] == "incomplete"
    assert {gap["cause"] for gap in found["S2"]["coverage"]["gaps"]} == {"no_call"}


def test_the_depth_of_all_samples_is_none_of_one(tmp_path: Path) -> None:
    caller = Caller(header="", alt=".", keys="GT", sure="0/0", info="DP=1200")
    found = of_two(tmp_path, [f"{block(caller, FIRST, LAST)}\t0/0"])
    assert {gap["cause"] for gap in found["S1"]["coverage"]["gaps"]} == {"depth_unstated"}


def test_lengths_of_vcf_4_5_are_each_samples_own(tmp_path: Path) -> None:
    length, half = LAST - FIRST + 1, MIDDLE[0] - FIRST
    lines = [block(replace(CALLERS["VCF 4.5"], sure=f"0/0:600:99:{length}\t0/0:600:99:{half}"), FIRST, LAST)]
    found = of_two(tmp_path, lines)
    assert found["S1"]["assessment"]["status"] == "not_detected"
    gaps = required_gaps(found["S2"])
    assert {gap["cause"] for gap in gaps} == {"no_record"} and "5" not in {"6", "7"} & {
        g["exon"] for g in gaps
    }
    assert {gap["exon"] for gap in gaps} == {"4", "5"}


def test_an_empty_entry_says_nothing_and_another_record_may(tmp_path: Path) -> None:
    """As ``bcftools merge`` without ``--gvcf`` writes it: each file's blocks, the other sample missing."""
    caller = CALLERS["HaplotypeCaller"]
    empty, halves = "./.:.:.:.:.", [(FIRST, MIDDLE[0]), (MIDDLE[0] + 1, LAST)]
    first = [f"{block(caller, *half)}\t{empty}" for half in halves]
    second = f"{block(replace(caller, sure=empty), FIRST, LAST)}\t{caller.sure}"
    found = of_two(tmp_path, [first[0], second, first[1]])
    assert {name: one["assessment"]["status"] for name, one in found.items()} == dict.fromkeys(
        TWO, "not_detected"
    )
    alone = of_two(tmp_path, first)
    assert {gap["cause"] for gap in alone["S2"]["coverage"]["gaps"]} == {"no_call"}


@pytest.mark.parametrize("beyond", [1, 1000, 600_000_000])
def test_an_end_beyond_the_chromosome_proves_nothing(tmp_path: Path, beyond: int) -> None:
    """A damaged END of one block would call the whole gene assessed; up to the chromosome's last base it may."""
    caller, last = CALLERS["HaplotypeCaller"], REF.builds[Build.GRCH38].length
    assert report(tmp_path, [block(caller, FIRST, last)])["assessment"]["status"] == "not_detected"
    found = report(tmp_path, [block(caller, FIRST, last + beyond)])
    assert found["assessment"]["status"] == "incomplete"


@pytest.mark.parametrize("alt", ["<NON_REF>", "."])
def test_a_record_without_end_is_one_base(tmp_path: Path, alt: str) -> None:
    line = f"chr17\t{FIRST}\t.\t{REF.bases(FIRST, FIRST)}\t{alt}\t.\t.\t.\tGT:DP:GQ\t0/0:600:99"
    found = report(tmp_path, [line])
    assert {gap["cause"] for gap in found["coverage"]["gaps"]} == {"no_record"}
    assert "no record in the file" in found["assessment"]["summary"]


def test_a_file_of_all_positions(tmp_path: Path) -> None:
    lines = [
        block(replace(CALLERS["bcftools"], info="x=1"), p, p).replace("END", "Z")
        for p in range(7669500, 7677000)
    ]
    assert report(tmp_path, lines)["assessment"]["status"] == "not_detected"


def test_a_file_without_genotypes_calls_nothing(tmp_path: Path) -> None:
    line = block(CALLERS["bcftools, all sites"], FIRST, LAST).rsplit("\t", 2)[0]
    path = written(tmp_path, [line], samples=())
    found = run_sample(path)
    assert {gap["cause"] for gap in found["coverage"]["gaps"]} == {"no_call"}


# A site that names a change which the sample has not: cause of the gap at its base, None where it is assessed
SITES = [
    ("C\tT,<*>\t0\tRefCall", "GT:GQ:DP:AD:VAF:PL", "0/0:40:600:597,3,0:0.005,0:0,40,90", None),
    ("C\tT,<*>\t0\tRefCall", "GT:GQ:DP:AD:VAF:PL", "./.:9:600:597,3,0:0.005,0:0,9,90", "no_call"),
    ("C\tT,<*>\t0\tRefCall", "GT:GQ:DP:AD:VAF:PL", "0/0:40:600:560,40,0:0.067,0:0,40,90", "alternate_reads"),
    ("C\tT,<NON_REF>\t.\t.", "GT:AD:DP:GQ", "0/0:600,0,0:600:99", None),
    ("C\tT,<NON_REF>\t.\t.", "GT:AD:DP:GQ", "0/0:600,0,0:600:2", "low_quality"),
    ("C\tT,<NON_REF>\t.\tLowQual", "GT:AD:DP:GQ", "0/0:600,0,0:600:99", "filtered"),
    ("C\tT,<NON_REF>\t.\t.", "GT:AD:DP:GQ", "0/2:500,0,100:600:99", "other_allele"),
    ("C\tT\t.\t.", "GT:AD:DP:GQ", "0/0:100,0:100:99", "shallow"),
    ("C\tT,A,<NON_REF>\t.\t.", "GT:AD:DP:GQ", "0/0:556,22,22,0:600:99", None),
    ("C\tT,A,<NON_REF>\t.\t.", "GT:AD:DP:GQ", "0/0:540,30,30,0:600:99", "alternate_reads"),
    ("C\tT\t.\t.", "GT:GQ", "0/0:99", "depth_unstated"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "keys", "values", "cause"), SITES)
def test_a_site_whose_change_the_sample_has_not(
    tmp_path: Path, columns: str, keys: str, values: str, cause: str | None
) -> None:
    caller = CALLERS["HaplotypeCaller"]
    site = f"chr17\t7675088\t.\t{columns}\t.\t{keys}\t{values}"
    lines = [block(caller, FIRST, 7675087), site, block(caller, 7675089, LAST)]
    found = report(tmp_path, lines)
    assert [(g["start"], g["end"], g["cause"]) for g in required_gaps(found)] == (
        [] if cause is None else [(7675088, 7675088, cause)]
    )
    assert found["assessment"]["status"] == ("not_detected" if cause is None else "incomplete")


@pytest.mark.parametrize("genotype", ["0/0", "./.:20"])
def test_a_structural_record_throws_no_doubt_on_single_bases(tmp_path: Path, genotype: str) -> None:
    lines = three_blocks("HaplotypeCaller")
    structural = "chr17\t7675088\t.\tC\t<DEL>\t.\tPASS\tEND=7675190\tGT:DP\t"
    found = report(tmp_path, [*lines, structural + genotype])
    assert required_gaps(found) == []
    # Without a genotype the named loss decides: a short precise one is reported as the change that it is.
    assert found["assessment"]["status"] == ("not_detected" if genotype == "0/0" else "uncertain")


def test_a_site_without_depth_leaves_the_depth_of_a_block(tmp_path: Path) -> None:
    site = "chr17\t7675088\t.\tC\tT\t.\tPASS\t.\tGT\t0/0"
    found = report(tmp_path, [*three_blocks("HaplotypeCaller"), site])
    assert found["assessment"]["status"] == "not_detected"


def test_sites_of_a_file_of_variants_prove_no_coverage(tmp_path: Path) -> None:
    site = "chr17\t7675088\t.\tC\tT\t.\tPASS\t.\tGT:AD:DP:GQ\t0/0:600,0:600:99"
    found = report(tmp_path, [site])
    assert (found["assessment"]["status"], found["coverage"]) == ("incomplete", None)


def test_beside_a_mutation_a_warning_names_what_was_not_assessed(tmp_path: Path) -> None:
    lines = three_blocks("HaplotypeCaller", sure="./.:600:0:600:0,0,0")
    hit = "chr17\t7674220\t.\tC\tT,<NON_REF>\t.\tPASS\t.\tGT:AD:DP:GQ\t0/1:360,240,0:600:99"
    found = report(tmp_path, [*lines, hit])
    assert found["assessment"]["status"] == "mutated"
    texts = {flag["id"]: flag["text"] for flag in found["assessment"]["warnings"]}
    assert "exon 5 (c.376-2 to c.559+2: no genotype called, GT ./.)" in texts["warning.not_assessed"]


def test_a_bed_of_callable_regions_does_not_overrule_the_callers_doubt(tmp_path: Path) -> None:
    bed = tmp_path / "c.bed"
    path = written(tmp_path, three_blocks("HaplotypeCaller", sure="./.:600:0:600:0,0,0"))
    for column in ("", "\t900"):
        bed.write_text(f"chr17\t{FIRST}\t{LAST}{column}\n")
        (gap,) = required_gaps(run_sample(path, callable_bed=bed))
        assert (gap["exon"], gap["cause"]) == ("5", "no_call")
        plain = written(tmp_path, three_blocks("HaplotypeCaller", keys="GT:GQ", sure="0/0:99"))
        assert run_sample(plain, callable_bed=bed)["assessment"]["status"] == "not_detected"
        path = written(tmp_path, three_blocks("HaplotypeCaller", sure="./.:600:0:600:0,0,0"))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no genotype called, GT ./."), ("de", "kein Genotyp bestimmt, GT ./.")]
)
def test_the_page_names_the_cause(tmp_path: Path, language: str, words: str) -> None:
    found = report(tmp_path, three_blocks("HaplotypeCaller", sure="./.:600:0:600:0,0,0"))
    assert f"chr17:7675051-7675238, {words}" in render_report(found, "html", language=language).decode()


OTHERS = "##contig=<ID=chr13,length=114364328>"


@pytest.mark.parametrize(
    ("header", "lines", "status"),
    [
        (OTHERS, ["chr13\t28592642\t.\tC\tA\t.\tPASS\t.\tGT\t0/1"], "incomplete"),
        (OTHERS, [], "incomplete"),
        (f"{OTHERS}\n{GRCH38}", [], "not_detected"),
        (OTHERS, ["chr17\t7676154\t.\tG\tC\t.\tPASS\t.\tGT:AD\t0/1:300,300"], "not_detected"),
    ],
)
def test_callable_regions_prove_nothing_for_a_file_that_leaves_the_chromosome_out(
    tmp_path: Path, header: str, lines: list[str], status: str
) -> None:
    path, bed = tmp_path / "panel.vcf", tmp_path / "callable.bed"
    path.write_text(vcf_text(*lines, header=header))
    bed.write_text("chr17\t7660000\t7700000\n")
    found = run_sample(path, callable_bed=bed)["assessment"]
    assert found["status"] == status
    told = "warning.no_chromosome" in {w["id"] for w in found["warnings"]}
    assert told == (status == "incomplete")
