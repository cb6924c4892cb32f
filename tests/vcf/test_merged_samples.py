"""A missing entry is no call: files of one sample, merged, give each sample what its own file gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pysam
import pytest
from conftest import bcftools
from vcf_files import GRCH38, reference, source, vcf_text, write_vcf

from tp53annot.api import run_sample

REF = reference()
FIELDS = {
    "GT": ("1", "String"), "AD": ("R", "Integer"), "DP": ("1", "Integer"), "AF": ("A", "Float"), "GQ": ("1", "Integer"),
    "AO": ("A", "Integer"), "RO": ("1", "Integer"), "VD": ("1", "Integer"), "NR": ("A", "Integer"), "NV": ("A", "Integer"),
    "VF": ("1", "Float"), "VAF": ("A", "Float"), "MIN_DP": ("1", "Integer"), "LAD": (".", "Integer"),
    **dict.fromkeys(("AU", "CU", "GU", "TU", "TAR", "TIR", "TOR"), ("2", "Integer")),
}  # fmt: skip
VARSCAN = {"AD": ("1", "Integer"), "RD": ("1", "Integer"), "FREQ": ("1", "String")}
# caller, its FORMAT, its values for C>T with 40 of 100 reads
CALLERS = {
    "Mutect2": ("GT:AD:AF:DP", "0/1:60,40:0.4:100"),
    "freebayes": ("GT:DP:RO:AO", "0/1:100:60:40"),
    "VarDict": ("GT:DP:VD:AD:AF", "0/1:100:40:60,40:0.4"),
    "VarDict, VD only": ("GT:DP:VD", "0/1:100:40"),
    "VarScan": ("GT:DP:RD:AD:FREQ", "0/1:100:60:40:40%"),
    "Platypus": ("GT:NR:NV", "0/1:100:40"),
    "Pisces": ("GT:GQ:AD:DP:VF", "0/1:99:60,40:100:0.4"),
    "DeepVariant": ("GT:GQ:DP:AD:VAF", "0/1:40:100:60,40:0.4"),
    "genotype only": ("GT", "0/1"),
    "Strelka2": ("DP:AU:CU:GU:TU", "100:{A},{A}:60,60:0,0:{T},{T}"),
}
HIT, OTHER_ALT, ELSEWHERE = (7675088, "C", "T"), (7675088, "C", "A"), (7674220, "C", "T")


def header(caller: str) -> str:
    declared = FIELDS | (VARSCAN if caller == "VarScan" else {})
    lines = [f'##FORMAT=<ID={k},Number={n},Type={t},Description="x">' for k, (n, t) in declared.items()]
    ends = ['##INFO=<ID=END,Number=1,Type=Integer,Description="x">', '##ALT=<ID=NON_REF,Description="x">']
    return "\n".join([GRCH38, *lines, *ends, '##FILTER=<ID=weak,Description="x">'])


def record(caller: str, change: tuple[int, str, str]) -> str:
    pos, ref, alt = change
    keys, values = CALLERS[caller]
    reads = {base: "40" if base == alt else "0" for base in "AT"}
    return f"chr17\t{pos}\t.\t{ref}\t{alt}\t100\tPASS\t.\t{keys}\t{values.format(**reads)}"


def single(folder: Path, caller: str, sample: str, *lines: str) -> Path:
    path = folder / f"{sample}.vcf"
    path.write_text(vcf_text(*lines, samples=[sample], header=header(caller)))
    packed = folder / f"{sample}.vcf.gz"
    pysam.tabix_compress(str(path), str(packed), force=True)
    pysam.tabix_index(str(packed), preset="vcf", force=True)
    path.unlink()
    return packed


def merged(folder: Path, files: list[Path], *options: str | Path, name: str = "merged.vcf") -> Path:
    bcftools("merge", *options, "-o", folder / name, *files)
    return folder / name


def verdict(found: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("hgvs_c", "vaf", "depth", "alt_reads", "caller_filters")
    lists = {k: [{key: v[key] for key in keys} for v in found[k]] for k in ("variants", "rejected")}
    state = {k: found["assessment"][k] for k in ("status", "tp53_mutated_all", "allelic_state", "summary")}
    return lists | state | {"uninterpreted": len(found["uninterpreted"])}


@pytest.mark.peer
@pytest.mark.parametrize("options", [(), ("-m", "none"), ("-0",)], ids=lambda o: " ".join(o) or "default")
@pytest.mark.parametrize("caller", CALLERS)
def test_merged_by_bcftools(tmp_path: Path, caller: str, options: tuple[str, ...]) -> None:
    """Three patients: a hotspot, another change of the same base, one elsewhere."""
    changes = {"P1": HIT, "P2": OTHER_ALT, "P3": ELSEWHERE}
    files = [single(tmp_path, caller, name, record(caller, change)) for name, change in changes.items()]
    path = merged(tmp_path, files, *options)
    for name, file in zip(changes, files, strict=True):
        found, alone = verdict(run_sample(path, sample=name)), verdict(run_sample(file))
        assert found == alone
        assert len(alone["variants"]) == 1
        assert alone["variants"][0]["vaf"] == (None if caller == "genotype only" else 0.4)


@pytest.mark.peer
def test_a_sample_cut_out_of_a_merged_file_has_no_call(tmp_path: Path) -> None:
    files = [single(tmp_path, "Strelka2", n, record("Strelka2", HIT)) for n in ("P1",)]
    files.append(single(tmp_path, "Strelka2", "P2", record("Strelka2", ELSEWHERE)))
    for ending, kind in (("vcf", "v"), ("vcf.gz", "z"), ("bcf", "b")):
        whole = merged(tmp_path, files, "-O", kind, name=f"merged.{ending}")
        part = tmp_path / f"part.{ending}"
        bcftools("view", "-s", "P2", "-O", kind, "-o", part, whole)
        for path, sample in ((whole, "P2"), (part, None)):
            found = run_sample(path, sample=sample)
            assert [v["hgvs_c"] for v in found["variants"] + found["rejected"]] == ["c.743G>A"]


@pytest.mark.peer
def test_callers_of_two_kinds_merged(tmp_path: Path) -> None:
    files = [
        single(tmp_path, "Strelka2", "P1", record("Strelka2", HIT)),
        single(tmp_path, "Mutect2", "P2", record("Mutect2", HIT)),
        single(tmp_path, "freebayes", "P3", record("freebayes", ELSEWHERE)),
    ]
    path = merged(tmp_path, files)
    for name, file in zip(("P1", "P2", "P3"), files, strict=True):
        assert verdict(run_sample(path, sample=name)) == verdict(run_sample(file))


def gvcf_lines(hit: bool, sure: str = "0/0:600:99:600") -> list[str]:
    """Blocks over the gene with or without a hotspot, as HaplotypeCaller writes them."""

    def block(start: int, end: int) -> str:
        base = REF.bases(start, start)
        return f"chr17\t{start}\t.\t{base}\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ:MIN_DP\t{sure}"

    if not hit:
        return [block(7668000, 7672000), block(7672001, 7690000)]
    site = "chr17\t7675088\t.\tC\tT,<NON_REF>\t99\tPASS\t.\tGT:AD:DP:GQ\t0/1:360,240,0:600:99"
    return [block(7668000, 7675087), site, block(7675089, 7690000)]


@pytest.mark.peer
@pytest.mark.parametrize("options", [("--gvcf",), ()], ids=["--gvcf", "plain"])
def test_gvcfs_merged_by_bcftools(tmp_path: Path, options: tuple[str, ...]) -> None:
    fasta = tmp_path / "g.fa"
    fasta.write_text(f">chr17\n{'N' * (REF.start - 1)}{REF.sequence}{'N' * 1000}\n")
    pysam.faidx(str(fasta))
    kinds = {
        "P1": gvcf_lines(True),
        "P2": gvcf_lines(False),
        "P3": gvcf_lines(False, "./.:600:0:600"),
    }
    files = [single(tmp_path, "Mutect2", name, *lines) for name, lines in kinds.items()]
    path = merged(tmp_path, files, *([*options, fasta] if options else []))
    found = {name: run_sample(path, sample=name) for name in kinds}
    alone = {name: run_sample(file) for name, file in zip(kinds, files, strict=True)}
    assert {n: r["assessment"]["status"] for n, r in alone.items()} == {
        "P1": "mutated",
        "P2": "not_detected",
        "P3": "incomplete",
    }
    for name in kinds:
        assert verdict(found[name]) == verdict(alone[name])
        assert found[name]["coverage"] == alone[name]["coverage"]


@pytest.mark.peer
def test_local_alleles_of_bcftools_merge(tmp_path: Path) -> None:
    """``-L`` drops PL and writes LAA; genotypes and AD stay those of the record."""
    changes = {"P1": HIT, "P2": OTHER_ALT}
    files = [single(tmp_path, "Mutect2", name, record("Mutect2", change)) for name, change in changes.items()]
    path = merged(tmp_path, files, "-L", "1")
    for name, file in zip(changes, files, strict=True):
        assert verdict(run_sample(path, sample=name)) == verdict(run_sample(file))


# Without a genotype: keys, the entries of two samples, who is reported, who is listed as untold
ENTRIES = [
    ("DP:AU:CU:GU:TU", ("100:0,0:60,60:0,0:40,40", ".:.:.:.:."), {"T1"}, set()),
    ("DP:AU:CU:GU:TU", (".:.:.:.:.", "100:0,0:60,60:0,0:40,40"), {"T2"}, set()),
    ("DP:AU:CU:GU:TU", ("100:0,0:60,60:0,0:40,40", "100:0,0:100,100:0,0:0,0"), {"T1"}, set()),
    ("DP:AU:CU:GU:TU", ("100:0,0:60,60:0,0:40,40", "."), {"T1"}, set()),
    ("DP:ZZ", ("100:40", ".:."), set(), {"T1"}),
    ("DP:ZZ", ("100:40", "100:0"), set(), {"T1", "T2"}),
    ("AD:DP", ("60,40:100", ".:."), {"T1"}, set()),
    ("AD:DP", ("60,40:100", ".:0"), {"T1"}, set()),
    ("AD:DP", ("60,40:100", "0,0:0"), {"T1"}, set()),
    ("AF", ("0.4", "."), {"T1"}, set()),
    ("AF", ("0.4", "0"), {"T1"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "entries", "called", "untold"), ENTRIES)
def test_without_genotype_only_own_reads_count(
    tmp_path: Path, keys: str, entries: tuple[str, str], called: set[str], untold: set[str]
) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t100\tPASS\tSOMATIC\t{keys}\t" + "\t".join(entries)
    found = list(source(write_vcf(tmp_path, line, samples=["T1", "T2"], header=GRCH38)).calls())
    assert [calls.sample for calls in found] == ["T1", "T2"], "every column is reported"
    assert {calls.sample for calls in found if calls.candidates} == called
    assert {calls.sample for calls in found if calls.uninterpreted} == untold
    assert {u.code for calls in found for u in calls.uninterpreted} <= {"sample_untold"}


@pytest.mark.parametrize("values", [".:.", ".", "./.:."])
def test_the_only_sample_of_a_file_with_an_empty_entry_has_no_call(tmp_path: Path, values: str) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t100\tPASS\tSOMATIC\tXX:AU\t{values}"
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert (calls.candidates, calls.uninterpreted) == ((), ())


def test_the_only_sample_of_a_file_is_the_one_a_record_is_about(tmp_path: Path) -> None:
    line = "chr17\t7675088\t.\tC\tT\t100\tPASS\tSOMATIC\tDP:ZZ\t100:40"
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert [c.support.vaf for c in calls.candidates] == [None]
    pair = f"{line}\t100:0"
    (calls,) = source(write_vcf(tmp_path, pair, samples=["TUMOR", "NORMAL"], header=GRCH38)).calls()
    assert len(calls.candidates) == 1


def test_reads_of_an_indel_are_not_given_to_an_alt_that_merging_added(tmp_path: Path) -> None:
    keys, reads = "DP:TAR:TIR:TOR", "100:60,60:40,40:0,0"
    alone = f"chr17\t7674944\t.\tC\tCT\t100\tPASS\tSOMATIC\t{keys}\t{reads}"
    both = f"chr17\t7674944\t.\tC\tCT,CTT\t100\tPASS\tSOMATIC\t{keys}\t{reads}\t.:.:.:."
    (calls,) = source(write_vcf(tmp_path, alone, header=GRCH38)).calls()
    assert [c.support.alt_reads for c in calls.candidates] == [40]
    first, second = source(write_vcf(tmp_path, both, samples=["T1", "T2"], header=GRCH38)).calls()
    assert (first.candidates, [u.code for u in first.uninterpreted]) == ((), ["sample_untold"] * 2)
    assert (second.candidates, second.uninterpreted) == ((), ())
