"""Every caller convention: the record as the caller writes it, and the reads it states."""

from __future__ import annotations

from pathlib import Path

import pytest
from vcf_files import GRCH38, source, write_vcf

from tp53annot.api import run_sample

SITE = "chr17\t7675088\t.\tC\tT\t50\tPASS"
INDEL = "chr17\t7674944\t.\tC\tCT\t50\tPASS"


# caller, INFO, FORMAT, sample, alt reads, depth, VAF, (alt forward, alt reverse), source begins with
CALLERS = [
    ("Mutect2", ".", "GT:AD:AF:DP:SB", "0/1:60,40:0.39:101:30,30,22,18", 40, 101, 40 / 101, (22, 18),
     "AD/DP"),
    ("split by bcftools norm", ".", "GT:AD:DP", "0/1:20,300:600", 300, 600, 0.5, None, "AD/DP"),
    ("split, with a fraction", ".", "GT:AD:AF:DP", "0/1:20,300:0.49:600", 300, 600, 0.5, None, "AD/DP"),
    ("split, of freebayes", ".", "GT:DP:RO:AO", "0/1:600:20:300", 300, 600, 0.5, None, "RO:AO/DP"),
    ("a fraction of the counts", ".", "GT:AD:AF:DP", "0/1:60,40:0.4:130", 40, 100, 0.4, None, "AD"),
    ("depth below the counts", ".", "GT:AD:DP", "0/1:60,40:90", 40, 100, 0.4, None, "AD"),
    ("Mutect2 strands", ".", "GT:AD:DP", "0/1:0,87:87", 87, 87, 1.0, None, "AD"),
    ("freebayes", ".", "GT:DP:RO:AO", "0/1:100:60:40", 40, 100, 0.4, None, "RO:AO"),
    ("freebayes INFO strands", "SAF=25;SAR=15;SRF=30;SRR=30", "GT:RO:AO", "0/1:60:40", 40, 100, 0.4,
     (25, 15), "RO:AO"),
    ("freebayes, INFO of another count", "SAF=5;SAR=5", "GT:RO:AO", "0/1:60:40", 40, 100, 0.4, None, "RO:AO"),
    ("VarScan point", ".", "GT:DP:RD:AD:FREQ:RDF:RDR:ADF:ADR", "0/1:9:7:1:12.5%:4:3:1:0", 1, 8, 0.125,
     (1, 0), "RD:AD"),
    ("VarScan comma", ".", "GT:FREQ", "0/1:12,5%", None, None, 0.125, None, "FREQ"),
    ("Ion TVC", ".", "GT:DP:FDP:RO:FRO:AO:FAO", "0/1:99:100:50:60:45:40", 40, 100, 0.4, None, "FRO:FAO"),
    ("Platypus", ".", "GT:NR:NV", "0/1:100:40", 40, 100, 0.4, None, "NR:NV"),
    ("VarDict", ".", "GT:DP:VD:AD:AF:RD:ALD", "0/1:315:171:114,171:0.5429:107,7:164,7", 171, 315, 171 / 315,
     (164, 7), "AD/DP"),
    ("VarDict VD only", ".", "GT:DP:VD", "0/1:100:40", 40, 100, 0.4, None, "VD/DP"),
    ("Pisces", ".", "GT:AD:DP:VF", "0/1:60,40:100:0.4", 40, 100, 0.4, None, "AD"),
    ("Pisces VF only", ".", "GT:VF", "0/1:0.4", None, None, 0.4, None, "VF"),
    ("DeepVariant", ".", "GT:DP:AD:VAF", "0/1:100:60,40:0.4", 40, 100, 0.4, None, "AD"),
    ("DeepVariant VAF only", ".", "GT:DP:VAF", "0/1:100:0.4", 40, 100, 0.4, None, "VAF"),
    ("GATK haploid", ".", "GT:AD", "1:2,98", 98, 100, 0.98, None, "AD"),
    ("tetraploid", ".", "GT:AD", "0/0/0/1:75,25", 25, 100, 0.25, None, "AD"),
    ("AD scalar", ".", "GT:DP:AD", "0/1:100:40", 40, 100, 0.4, None, "AD/DP"),
    ("AD missing number", ".", "GT:AD:AF:DP", "0/1:-2147483648,-2147483648:0.4:100", 40, 100, 0.4, None, "AF"),
    ("AD missing", ".", "GT:AD:AF", "0/1:.:0.4", None, None, 0.4, None, "AF"),
    ("bcftools DP4", "DP4=30,30,22,18", "GT:PL", "0/1:1,0,1", 40, 100, 0.4, (22, 18), "DP4"),
    ("INFO AF is no read fraction", "AF=0.5;AN=2", "GT", "0/1", None, None, None, None, None),
    ("tumour keys in INFO", "TVAF=0.4;TDP=100", "GT", "0/1", 40, 100, 0.4, None, "TVAF"),
    ("tumour columns in FORMAT", "TVAF=0.1;TDP=9", "GT:DPT:ADT", "0/1:100:60,40", 40, 100, 0.4, None, "ADT"),
    ("no numbers", ".", "GT", "0/1", None, None, None, None, None),
    ("depth only", ".", "GT:DP", "0/1:100", None, 100, None, None, None),
    ("fraction above one is unknown", ".", "GT:AF", "0/1:40", None, None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize("row", CALLERS, ids=[row[0] for row in CALLERS])
def test_support_is_what_the_caller_states(tmp_path: Path, row: tuple) -> None:
    _, info, form, sample, reads, depth, vaf, strands, origin = row
    path = write_vcf(tmp_path, f"{SITE}\t{info}\t{form}\t{sample}", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    (found,) = calls.candidates
    support = found.support
    assert (support.alt_reads, support.depth) == (reads, depth)
    assert support.vaf == (None if vaf is None else pytest.approx(vaf))
    assert (support.alt_forward, support.alt_reverse) == (strands or (None, None))
    assert (support.vaf_source or "").startswith(origin or "")


STRELKA = [
    ("SNV", SITE, "DP:AU:CU:GU:TU", "90:0,0:90,91:0,0:0,1", "101:1,1:60,61:0,0:40,44", 40, 101, 0.0),
    ("indel", INDEL, "DP:TAR:TIR:TOR", "90:88,88:0,0:2,2", "101:55,60:40,41:5,5", 40, 100, 0.0),
]


@pytest.mark.parametrize(("name", "site", "form", "normal", "tumour", "reads", "depth", "control"), STRELKA)
def test_strelka_tiers_of_a_pair_told_by_its_names(
    tmp_path: Path, name: str, site: str, form: str, normal: str, tumour: str, reads: int, depth: int,
    control: float,
) -> None:  # fmt: skip
    path = write_vcf(
        tmp_path, f"{site}\tSOMATIC\t{form}\t{normal}\t{tumour}", samples=["NORMAL", "TUMOR"], header=GRCH38
    )
    (calls,) = source(path).calls()
    (found,) = calls.candidates
    assert calls.sample == "TUMOR"
    assert (found.support.alt_reads, found.support.depth) == (reads, depth)
    assert found.normal is not None
    assert found.normal.vaf == control


def test_lofreq_without_samples(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{SITE}\tDP=100;AF=0.4;DP4=30,30,22,18", samples=[], header=GRCH38)
    opened = source(path)
    (calls,) = opened.calls()
    (found,) = calls.candidates
    assert opened.sample_names() == ("calls",)
    assert (found.support.alt_reads, found.support.depth, found.support.alt_forward) == (40, 100, 22)


def test_info_fraction_without_samples(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{SITE}\tDP=200;AF=0.25", samples=[], header=GRCH38)
    (calls,) = source(path).calls()
    assert calls.candidates[0].support.vaf == 0.25
    assert calls.candidates[0].support.alt_reads == 50


def test_a_fraction_against_the_counts_is_remarked(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\tGT:AD:AF\t0/1:60,40:0.9", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    assert [r.id for r in calls.candidates[0].remarks] == ["vaf_disagrees"]
    assert calls.candidates[0].support.vaf == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("values", "reads", "depth"),
    [("0/1:3,1:0.0132:302:4", 4, 302), ("0/1:22,18:0.4:100:40", 40, 100), ("0/1:60,40:0.4:100:40", 40, 100)],
)
def test_strands_in_the_ad_of_an_old_vardict(tmp_path: Path, values: str, reads: int, depth: int) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\tGT:AD:AF:DP:VD\t{values}", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    assert (calls.candidates[0].support.alt_reads, calls.candidates[0].support.depth) == (reads, depth)


DISAGREEING = [
    ("GT:AD:AF", "0/1:60,40:0.01", ".", True),
    ("GT:AD:AF", "0/1:985,15:0.4", ".", True),
    ("", "", "DP=1000;AF=0.03;DP4=26,27,25,26", True),  # CSB5/lofreq issue 49
    ("GT:AD:AF", "0/1:60,40:0.37", ".", False),
    ("", "", "DP=100;AF=0.4;DP4=30,30,22,18", False),
]


@pytest.mark.parametrize(("form", "values", "info", "told"), DISAGREEING)
def test_a_warning_names_both_fractions(
    tmp_path: Path, form: str, values: str, info: str, told: bool
) -> None:
    line = "\t".join(part for part in (SITE, info, form, values) if part)
    path = write_vcf(tmp_path, line, samples=["S1"] if form else [], header=GRCH38)
    warnings = {w["id"]: w["text"] for w in run_sample(path)["assessment"]["warnings"]}
    assert ("calls.caller_disagrees" in warnings) is told
    assert (
        not told or "R175H (c.524G>A): the caller states a fraction of" in warnings["calls.caller_disagrees"]
    )


MULTI = "chr17\t7675088\t.\tC\tT,G,*,<NON_REF>\t50\tPASS\t."


def test_each_alt_of_a_multiallelic_record_has_its_own_reads(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{MULTI}\tGT:AD:DP\t1/2:50,30,20,0,0:100", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    assert [(c.allele.alt, c.support.alt_reads, c.support.vaf) for c in calls.candidates] == [
        ("T", 30, 0.3),
        ("G", 20, 0.2),
    ]
    assert calls.candidates[0].record.alt == "T"


NO_CALL = ["0/0:100,0", "./.:100,0", "0/0:.", "./.:.", ".", "0|0:.,.", "./."]


@pytest.mark.parametrize("text", NO_CALL)
def test_no_reads_and_no_genotype_is_no_call(tmp_path: Path, text: str) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\tGT:AD\t{text}", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    assert calls.candidates == ()


def test_reads_against_a_reference_genotype_are_kept_with_a_remark(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, f"{SITE}\t.\tGT:AD\t0/0:90,10", samples=["S1"], header=GRCH38)
    (calls,) = source(path).calls()
    assert [r.id for r in calls.candidates[0].remarks] == ["genotype_reference"]


def test_phase_of_pgt_and_ps(tmp_path: Path) -> None:
    path = write_vcf(
        tmp_path,
        f"{SITE}\t.\tGT:AD:PGT:PID:PS\t0/1:5,5:0|1:7675000_A_T:7675000",
        samples=["S1"],
        header=GRCH38,
    )
    (calls,) = source(path).calls()
    phase = calls.candidates[0].phase
    assert phase is not None
    assert (phase.phased, phase.phase_set, phase.haplotypes, phase.source) == (True, "7675000", (1,), "PGT")


@pytest.mark.parametrize(
    ("filters", "expected"), [(".", None), ("PASS", ()), ("weak;strand", ("weak", "strand"))]
)
def test_filter_pass_and_unstated_are_told_apart(tmp_path: Path, filters: str, expected: object) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t50\t{filters}\t.\tGT:AD\t0/1:5,5"
    (calls,) = source(write_vcf(tmp_path, line, samples=["S1"], header=GRCH38)).calls()
    assert calls.candidates[0].caller_filters == expected


@pytest.mark.parametrize(
    ("filters", "own", "expected"),
    [("PASS", "LowGQX", ("LowGQX",)), (".", "PASS", None), (".", "LowGQX", ("LowGQX",)), ("weak", "PASS", ("weak",)),
     ("PASS", ".", ()), ("weak", "weak", ("weak",)), ("weak", "LowGQX;LowDepth", ("weak", "LowGQX", "LowDepth"))],
)  # fmt: skip
def test_a_filter_of_the_samples_own_genotype_counts(
    tmp_path: Path, filters: str, own: str, expected: object
) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t50\t{filters}\t.\tGT:AD:FT\t0/1:60,40:{own}"
    (calls,) = source(write_vcf(tmp_path, line, samples=["S1"], header=GRCH38)).calls()
    assert calls.candidates[0].caller_filters == expected
