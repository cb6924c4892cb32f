"""Reads: coverage decides what a negative result is; calls; mates; odd and bad files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pysam
import pytest
from bam_files import MAIN, REF, RESOURCES, Change, write_bam, write_laid
from msgspec.structs import replace
from one_sample import document_of as document

from tp53annot.calling.callability import CallNeed, depth_needed, lowest_vaf
from tp53annot.calling.caller import Caller, ReadCall
from tp53annot.core.allele import Build
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.reads import evidence
from tp53annot.reads.source import ReadsSource
from tp53annot.report.figures.read_pile import pile_figure
from tp53annot.report.model.json_form import from_json
from tp53annot.report.model.variant import Variant
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.read_reports import why_text
from tp53annot.run.settings import RunSettings

RULES = RESOURCES.rules.calling
EIGHT = CallNeed(alt_reads=8)


def pileup(path: Path) -> Any:
    return ReadsSource(path, REF, RULES).pileup(7669600, 7676700)


def test_depth_needed_is_that_of_the_field() -> None:
    wanted = {0.10: 129, 0.05: 260, 0.03: 436, 0.02: 655, 0.01: 1312}
    assert {vaf: depth_needed(vaf, EIGHT, 0.95) for vaf in wanted} == wanted
    assert lowest_vaf(260, EIGHT, 0.95) == pytest.approx(0.05, abs=0.0002)
    assert lowest_vaf(3, EIGHT, 0.95) is None
    assert overdispersed_at_least(5, 0.5) == pytest.approx(1.72e-4, rel=0.01)


@pytest.mark.parametrize("build", list(Build))
def test_full_coverage_without_a_variant_is_not_detected(tmp_path: Path, build: Build) -> None:
    contig = "chr17" if build is Build.GRCH38 else "17"
    found = document(write_bam(tmp_path / "a.bam", build=build, contig=contig))
    assert found["assembly"] == build
    assert found["assessment"]["status"] == "not_detected"
    assert found["assessment"]["tp53_mutated_all"] is False
    assert found["coverage"]["required_region_assessed"] is True
    assert depth_needed(0.05, CallNeed(alt_reads=5), 0.95) <= found["coverage"]["min_depth_needed"] <= 260


@pytest.mark.parametrize("exon", range(2, 12))
def test_a_dropped_exon_is_never_not_detected(tmp_path: Path, exon: int) -> None:
    found = document(write_bam(tmp_path / "a.bam", skip=[exon]))
    required = exon in RULES.coverage.required_exons
    assert found["assessment"]["status"] == ("incomplete" if required else "not_detected")
    missing = next(e for e in found["coverage"]["exons"] if e["exon"] == str(exon))
    assert missing["fraction_assessed"] < 1
    if required:
        assert f"exon {exon}" in found["assessment"]["summary"]
    else:
        (limit,) = [i for i in found["assessment"]["limitations"] if i["id"] == "limitation.listed_exons"]
        assert limit["text"].endswith(f"exon {exon}.")


CHANGES = {
    "SNV": Change(pos=7675088, ref="C", alt="T", vaf=0.05),
    "MNV": Change(pos=7674220, ref="CG", alt="AA", vaf=0.08),
    "deletion of 3": Change(pos=7674900, ref=REF.bases(7674900, 7674903), alt=REF.bases(7674900, 7674900), vaf=0.1),
    "insertion of 1": Change(pos=7675140, ref=REF.bases(7675140, 7675140), alt=REF.bases(7675140, 7675140) + "T", vaf=0.1),
    "insertion of 12": Change(pos=7675140, ref=REF.bases(7675140, 7675140),
                              alt=REF.bases(7675140, 7675140) + "GATTACAGATTC", vaf=0.2),
    "deletion of 18": Change(pos=7673780, ref=REF.bases(7673780, 7673798), alt=REF.bases(7673780, 7673780), vaf=0.2),
    "splice": Change(pos=7674858, ref="C", alt="T", vaf=0.06),
    "near all": Change(pos=7675088, ref="C", alt="T", vaf=0.95),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_each_kind_is_called_once_with_its_fraction(tmp_path: Path, kind: str) -> None:
    change = CHANGES[kind]
    found = document(write_bam(tmp_path / "a.bam", depth=1000, changes=[change]))
    from tp53annot.core.allele import Allele
    from tp53annot.names.normalisation import normalise

    plain = normalise(Allele(pos=change.pos, ref=change.ref, alt=change.alt), REF)
    (variant,) = [v for v in found["variants"] if v["classification"]["class"] != "benign"] or [{}]
    assert (variant["pos"], variant["ref"], variant["alt"]) == (plain.pos, plain.ref, plain.alt)
    assert variant["vaf"] == pytest.approx(change.vaf, rel=0.2)
    assert variant["alt_forward"] + variant["alt_reverse"] == variant["alt_reads"]


@pytest.mark.parametrize(("vaf", "error"), [(0.02, 0.008), (0.05, 0.008), (0.95, 0.008), (0.3, 0.02)])
@pytest.mark.parametrize("alt", ["AA", "AAT", "AGA", "AGGACA"])
def test_neighbouring_changes_in_noisy_reads_are_one_event(
    tmp_path: Path, vaf: float, error: float, alt: str
) -> None:
    change = Change(pos=7674220, ref=REF.bases(7674220, 7674219 + len(alt)), alt=alt, vaf=vaf)
    path = write_bam(
        tmp_path / "a.bam", depth=1000, changes=[change], error=error, skip=[2, 3, 4, 5, 6, 9, 10, 11]
    )
    (found,) = [c for c in Caller(pileup(path), REF, RULES).calls() if not c.reasons]
    assert (found.allele.pos, found.allele.ref, found.allele.alt) == (change.pos, change.ref, change.alt)


@pytest.mark.parametrize("vaf", [1.0, 0.5])
def test_errors_beside_a_frequent_change_are_no_changes_of_several_bases(tmp_path: Path, vaf: float) -> None:
    common = Change(pos=7676154, ref="G", alt="C", vaf=vaf)
    path = write_bam(tmp_path / "a.bam", depth=2000, changes=[common], error=0.01, skip=[2, 3, *range(5, 12)])
    (found,) = [c for c in Caller(pileup(path), REF, RULES).calls() if not c.reasons]
    assert (found.allele.pos, found.allele.ref, found.allele.alt) == (common.pos, "G", "C")
    assert found.support.vaf == pytest.approx(vaf, abs=0.04)


def test_a_real_change_on_the_molecules_of_another_is_one_event(tmp_path: Path) -> None:
    alone = Change(pos=7676154, ref="G", alt="C", vaf=0.95)
    both = Change(pos=7676153, ref="GG", alt="AC", vaf=0.05)
    path = write_bam(
        tmp_path / "a.bam", depth=1000, changes=[both, alone], error=0.002, skip=[2, 3, *range(5, 12)]
    )
    found = {
        (c.allele.pos, c.allele.ref, c.allele.alt): c.support.vaf
        for c in Caller(pileup(path), REF, RULES).calls()
        if not c.reasons
    }
    assert found == {
        (both.pos, "GG", "AC"): pytest.approx(0.05, rel=0.3), (alone.pos, "G", "C"): pytest.approx(0.95 * 0.95, abs=0.02)
    }  # fmt: skip


def test_a_duplication_over_the_edge_of_an_exon_is_in_the_report(tmp_path: Path) -> None:
    copied = REF.bases(7674140, 7674190)  # as VCF has it, 41 bases before exon 7
    change = Change(
        pos=7674139, ref=REF.bases(7674139, 7674139), alt=REF.bases(7674139, 7674139) + copied, vaf=0.4
    )
    found = document(write_bam(tmp_path / "a.bam", changes=[change]))
    (variant,) = [v for v in found["variants"] if v["classification"]["class"] != "benign"]
    assert (variant["pos"], variant["alt"]) == (change.pos, change.alt)
    assert (variant["hgvs_c"], variant["hgvs_p"]) == ("c.773_782+41dup", "p.?")
    assert variant["classification"]["class"] == "uncertain"  # two donor sites: what is spliced is not known


FIVES = (7673718, 7675080, 7675157, 7676102, 7676267)  # runs of five G in exons 8, 5 and 4


def _slipping(path: Path, rates: Sequence[float], units: int = 1) -> list[ReadCall]:
    """What is seen in runs of five when each loses bases in this share of the molecules."""
    changes = [
        Change(pos=first - 1, ref=REF.bases(first - 1, first + units - 1), alt=REF.bases(first - 1, first - 1), vaf=rate)
        for first, rate in zip(FIVES, rates, strict=True) if rate
    ]  # fmt: skip
    found = Caller(
        pileup(write_bam(path, depth=2000, changes=changes, skip=[2, 3, 6, 7, 9, 10, 11])), REF, RULES
    ).calls()
    return [c for c in found if c.allele.pos + 1 in FIVES and len(c.allele.ref) == units + 1]


def test_a_run_of_one_base_is_judged_by_the_others(tmp_path: Path) -> None:
    (alone,) = _slipping(tmp_path / "a.bam", [0, 0.01, 0, 0, 0])
    assert not alone.reasons and alone.support.vaf == pytest.approx(0.01, rel=0.3)
    everywhere = _slipping(tmp_path / "b.bam", [0.012, 0.01, 0.008, 0.01, 0.011])
    assert [[r.id for r in c.reasons] for c in everywhere] == [["call.error_model"]] * 5
    above = _slipping(tmp_path / "c.bam", [0.012, 0.01, 0.06, 0.01, 0.011])
    assert [c.allele.pos + 1 for c in above if not c.reasons] == [FIVES[2]]
    further = _slipping(tmp_path / "d.bam", [0.012, 0.01, 0.008, 0.01, 0.011], units=2)
    assert [c.allele.pos + 1 for c in further if not c.reasons] == list(FIVES)


def test_errors_alone_give_no_call(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", depth=1500, error=0.003, seed=7)
    assert [c for c in Caller(pileup(path), REF, RULES).calls() if not c.reasons] == []


def test_mates_count_once_with_and_without_names(tmp_path: Path) -> None:
    single = pileup(write_bam(tmp_path / "s.bam", depth=60))
    for named in (True, False):
        paired = pileup(write_bam(tmp_path / f"p{named}.bam", depth=60, paired=True, named=named))
        assert (paired.depth == single.depth).all()
        assert (paired.bases.sum(axis=0) == single.bases.sum(axis=0)).all()


@pytest.mark.parametrize(("flag", "mapq", "counted"), [
    (0x400, 60, False), (0x100, 60, False), (0x800, 60, False), (0x200, 60, False), (0, 5, False), (0, 255, True),
])  # fmt: skip
def test_which_reads_count(tmp_path: Path, flag: int, mapq: int, counted: bool) -> None:
    found = pileup(write_bam(tmp_path / "a.bam", depth=40, flag=flag, mapq=mapq))
    assert bool(found.depth.max() > 20) is counted


def test_depth_is_that_of_samtools(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", depth=80)
    found = pileup(path)
    lines = pysam.depth("-q", "20", "-Q", "20", "-J", str(path)).splitlines()
    theirs = {int(line.split("\t")[1]): int(line.split("\t")[2]) for line in lines}
    ours = {found.start + i: int(d) for i, d in enumerate(found.depth) if d}
    assert ours == {p: d for p, d in theirs.items() if found.start <= p < found.start + found.length}


def test_without_index_and_with_an_old_one_the_result_is_the_same(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", depth=300, changes=[CHANGES["SNV"]])
    with_index = document(path)
    os.utime(f"{path}.bai", (1, 1))
    old = document(path)
    Path(f"{path}.bai").unlink()
    without = document(path)
    assert not list(tmp_path.glob("*.bai"))
    assert with_index["variants"] == old["variants"] == without["variants"]
    assert with_index["coverage"] == without["coverage"]
    assert any(w["id"] == "reads.no_index" for w in without["assessment"]["warnings"])


@pytest.mark.parametrize(("ends", "called"), [(7675090, True), (7675150, False)])
def test_a_primer_on_the_other_strand_is_no_evidence_against(tmp_path: Path, ends: int, called: bool) -> None:
    """Forward reads begin at one place and show a deletion; reverse reads begin near it, or far away."""
    site, begin = 7675073, 7675030
    whole = REF.bases(begin, begin + 99)
    at = site - begin + 1
    other = (begin, whole[:at] + whole[at + 2 :], [(0, at), (2, 2), (0, 98 - at)])
    plain = (begin, whole, [(0, 100)])
    back = (ends - 99, REF.bases(ends - 99, ends), [(0, 100)])
    path = write_laid(tmp_path / "a.bam", [other] * 60 + [plain] * 540 + [back] * 600, [0] * 600 + [1] * 600)
    counts = pileup(path)
    (found,) = [c for c in Caller(counts, REF, RULES).calls() if len(c.allele.ref) == 3]
    assert (found.support.alt_forward, found.support.alt_reverse) == (60, 0)
    assert [r.id for r in found.reasons] == ([] if called else ["call.one_strand"])
    assert "amplicons" in counts.remarks


def test_one_base_of_an_adapter_behind_an_amplicon_is_no_change(tmp_path: Path) -> None:
    """Single reads of either strand over an amplicon of 100 bases; forward ones hold one base more."""
    begin, end = 7675060, 7675159
    adapter = "A" if REF.bases(end + 1, end + 1) != "A" else "C"
    forward = (begin, REF.bases(begin, end) + adapter, [(0, 101)])
    back = (begin, REF.bases(begin, end), [(0, 100)])
    beside = (end - 40, REF.bases(end - 40, end + 59), [(0, 100)])
    reads = [forward] * 300 + [back] * 300 + [beside] * 300
    path = write_laid(tmp_path / "a.bam", reads, [0] * 300 + [1] * 600)
    (found,) = Caller(pileup(path), REF, RULES).calls()
    assert found.allele.pos == end + 1 and found.support.vaf == pytest.approx(0.5)
    assert [r.id for r in found.reasons] == ["call.read_ends"]


def test_an_operation_of_no_bases_moves_no_change(tmp_path: Path) -> None:
    """Some aligners write 0D: what stands behind it is where it is without it."""
    begin, site = 7675060, 7675119
    bases = REF.bases(begin, site) + "GATTA" + REF.bases(site + 1, site + 40)
    shown = []
    for name, cigar in (
        ("a", [(0, 60), (1, 5), (0, 40)]),
        ("b", [(0, 30), (2, 0), (0, 30), (1, 5), (0, 40)]),
    ):
        path = write_laid(tmp_path / f"{name}.bam", [(begin, bases, cigar)] * 20)
        shown.append({change: count.total for change, count in pileup(path).indels.items()})
    assert shown[0] == shown[1] and list(shown[0].values()) == [20]


def test_bases_of_low_quality_show_a_change_but_assess_no_place(tmp_path: Path) -> None:
    change = Change(pos=7674220, ref="CG", alt="TA", vaf=0.2)
    settings = {"depth": 1000, "error": 0.02, "quality": "2", "skip": [2, 3, 4, 6, 8, 9, 10, 11]}
    empty = document(write_bam(tmp_path / "a.bam", **settings))
    assert empty["assessment"]["status"] == "incomplete" and not empty["variants"]
    assert not any(exon["fraction_assessed"] for exon in empty["coverage"]["exons"])
    found = document(write_bam(tmp_path / "b.bam", changes=[change], **settings))
    (variant,) = found["variants"]
    assert (variant["pos"], variant["ref"], variant["alt"]) == (change.pos, change.ref, change.alt)
    assert found["assessment"]["status"] == "mutated"
    assert any(w["id"] == "reads.low_quality" for w in found["assessment"]["warnings"])
    assert "no VAF can be excluded" in why_text(tmp_path / "a.bam", "chr17:7674230:C:A", RunSettings())


def test_reads_without_qualities_are_used_and_said(tmp_path: Path) -> None:
    found = document(write_bam(tmp_path / "a.bam", quality=None))
    assert found["assessment"]["status"] == "not_detected"
    assert any(w["id"] == "reads.assumed_quality" for w in found["assessment"]["warnings"])


def test_cram_needs_its_genome(tmp_path: Path) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=300, changes=[CHANGES["SNV"]])
    genome = tmp_path / "g.fa"
    genome.write_text(">chr17\n" + "N" * (REF.start - 1) + REF.sequence + "\n")
    pysam.faidx(str(genome))
    cram = tmp_path / "a.cram"
    pysam.view("-C", "-T", str(genome), "-o", str(cram), str(bam), catch_stdout=False)
    genome.rename(tmp_path / "moved.fa")  # the header says where it was
    pysam.faidx(str(tmp_path / "moved.fa"))
    genome = tmp_path / "moved.fa"
    with pytest.raises(InputError, match="--reference"):
        document(cram)
    assert document(cram, reference=genome)["variants"] == [
        v | {"input": v["input"] | {"file": "a.cram"}} for v in document(bam)["variants"]
    ]


def test_bad_files_are_one_clear_error(tmp_path: Path) -> None:
    good = write_bam(tmp_path / "a.bam", depth=40)
    cut = tmp_path / "cut.bam"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    empty = tmp_path / "empty.bam"
    empty.write_bytes(b"")
    text = tmp_path / "text.bam"
    text.write_text("hello")
    other = tmp_path / "other.bam"
    with pysam.AlignmentFile(str(other), "wb", header={"SQ": [{"SN": "chr1", "LN": 1000}]}):
        pass
    strange = tmp_path / "strange.bam"
    with pysam.AlignmentFile(str(strange), "wb", header={"SQ": [{"SN": "chr17", "LN": 95294699}]}):
        pass  # chromosome 17 of another species
    for path, words in ((cut, "truncated"), (empty, "empty"), (text, "neither BAM, CRAM nor SAM"),
                        (other, "no chromosome 17"), (strange, "not of GRCh37 or GRCh38")):  # fmt: skip
        with pytest.raises(InputError, match=words) as error:
            document(path)
        assert "\n" not in str(error.value) and str(path) in str(error.value)
    with pytest.raises(InputError, match="--assembly"):
        document(good, assembly=Build.GRCH37)


def shortened(path: Path, source: Path, length: int = 7_800_000) -> Path:
    """The same reads on a contig of another length, with an index."""
    with pysam.AlignmentFile(str(source)) as reads:
        header = reads.header.to_dict()
        header["SQ"][0]["LN"] = length
        with pysam.AlignmentFile(str(path), "wb", header=header) as out:
            for read in reads:
                out.write(pysam.AlignedSegment.from_dict(read.to_dict(), out.header))
    pysam.index(str(path))
    return path


def test_reads_on_a_part_of_the_chromosome_tell_their_build(tmp_path: Path) -> None:
    change = Change(pos=7675088, ref="C", alt="T", vaf=0.3)
    made = write_bam(tmp_path / "a.bam", changes=[change])
    part = shortened(tmp_path / "b.bam", made)
    found = document(part)
    assert found["assembly"] == "GRCh38" and "match GRCh38" in found["assembly_basis"]
    assert [v["hgvs_p_short"] for v in found["variants"]] == ["R175H"]
    with pytest.raises(InputError, match="by the reads GRCh38, by --assembly GRCh37; drop --assembly"):
        document(part, assembly=Build.GRCH37)
    noise = shortened(tmp_path / "d.bam", write_bam(tmp_path / "c.bam", error=0.5))
    (tmp_path / "b.bam.bai").unlink()
    for path in (part, noise):
        with pytest.raises(InputError, match="neither GRCh37 nor GRCh38"):
            document(path)


def test_reads_beside_a_vcf(tmp_path: Path) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=600, changes=[Change(pos=7675088, ref="C", alt="T", vaf=0.15)])
    vcf = tmp_path / "a.vcf"
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    vcf.write_text(head + "chr17\t7674220\t.\tC\tT\t9\tPASS\t.\tGT:AD\t0/1:100,100\n")
    (analysed,) = analyse(Job(vcf=vcf, bam=bam), RunSettings(), interpreter_of())
    found = analysed.document
    warnings = {w["id"]: w["text"] for w in found["assessment"]["warnings"]}
    assert "R175H" in warnings["warning.only_in_reads"]
    assert "R248Q" in warnings["warning.not_in_reads"]
    assert found["assessment"]["status"] == "mutated"
    assert {v["hgvs_p_short"] for v in found["variants"]} == {"R175H"}
    assert found["rejected"][0]["caller_support"]["alt_reads"] == 100


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("PASS\t.\tGT:AD\t0/1:100,100", "incomplete"),
        ("PASS\t.\tGT\t0/1", "incomplete"),
        ("LowQual\t.\tGT:AD\t0/1:100,100", "not_detected"),
        ("PASS\t.\tGT:AD\t0/1:970,30", "not_detected"),  # below the reporting threshold
    ],
)
def test_reads_that_deny_a_call_are_no_negative_result(tmp_path: Path, call: str, status: str) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=600)
    vcf = tmp_path / "a.vcf"
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    vcf.write_text(f"{head}chr17\t7674220\t.\tC\tT\t9\t{call}\n")
    (analysed,) = analyse(Job(vcf=vcf, bam=bam), RunSettings(), interpreter_of())
    found = analysed.document["assessment"]
    assert (found["status"], found["tp53_mutated_all"]) == (status, None if status == "incomplete" else False)
    if status == "incomplete":
        assert "R248Q" in found["summary"]


def test_callable_bed_and_gvcf_blocks(tmp_path: Path) -> None:
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    vcf = tmp_path / "a.vcf"
    vcf.write_text(head)
    bed = tmp_path / "c.bed"
    bed.write_text("chr17\t7669000\t7677000\n")
    assert document(vcf=vcf)["assessment"]["status"] == "incomplete"
    assert document(vcf=vcf, callable_bed=bed)["assessment"]["status"] == "not_detected"
    bed.write_text("chr17\t7669000\t7674200\nchr17\t7674250\t7677000\n")
    partly = document(vcf=vcf, callable_bed=bed)
    assert partly["assessment"]["status"] == "incomplete" and "exon 7" in partly["assessment"]["summary"]
    bed.write_text("chr17\t7669000\t7677000\tregion\t300\n")
    assert document(vcf=vcf, callable_bed=bed)["coverage"]["exons"][3]["min_depth"] == 300
    bed.write_text("chr17\t7669000\t7677000\tregion\t200\n")
    assert document(vcf=vcf, callable_bed=bed)["assessment"]["status"] == "incomplete"
    bed.write_text("chr17\t7669000\t7677000\tNO_COVERAGE\n")
    assert document(vcf=vcf, callable_bed=bed)["assessment"]["status"] == "incomplete"
    block = "chr17\t7669000\t.\tN\t<NON_REF>\t.\t.\tEND=7677000\tGT:DP:MIN_DP\t0/0:320:{}\n"
    base = REF.bases(7669000, 7669000)
    vcf.write_text(head + block.replace("\tN\t", f"\t{base}\t").format(290))
    assert document(vcf=vcf)["assessment"]["status"] == "not_detected"
    vcf.write_text(head + block.replace("\tN\t", f"\t{base}\t").format(200))
    assert document(vcf=vcf)["assessment"]["status"] == "incomplete"


def test_real_reads(shared: Path) -> None:
    folder = shared / "real" / "bam"
    rna = document(folder / "recalibrated.bam")
    assert [v["hgvs_p_short"] for v in rna["variants"]] == ["E285K"]
    called = {
        c.allele.pos for c in Caller(pileup(folder / "NA12003.bam"), REF, RULES).calls() if not c.reasons
    }
    assert 7673751 in called  # R290H
    for name in ("NA06984.bam", "NA06986.bam", "NA12003.bam"):
        found = {c.allele.pos for c in Caller(pileup(folder / name), REF, RULES).calls() if not c.reasons}
        assert 7572977 + 96682 not in found
        errors = [v for v in document(folder / name)["variants"] if v["classification"]["class"] != "benign"]
        assert errors == []
    partial = document(folder / "NA12878_partial_coverage.bam")
    assert partial["assessment"]["status"] == "incomplete"
    assert "exons 7-11" in partial["assessment"]["summary"]
    noindex = document(folder / "ngsbits_panel_noindex.bam")
    assert "c.215C>G" in {v["hgvs_c"] for v in noindex["rejected"]}


def test_commands(tmp_path: Path) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=600, changes=[Change(pos=7675088, ref="C", alt="T", vaf=0.15)])
    tool = [sys.executable, "-m", "tp53annot"]
    out = tmp_path / "calls.vcf.gz"
    subprocess.run([*tool, "call", str(bam), "-o", str(out)], check=True)
    with pysam.VariantFile(str(out)) as calls:
        (record,) = [r for r in calls.fetch("chr17", 7675087, 7675088) if "PASS" in r.filter]
    assert record.alts == ("T",)
    again = subprocess.run([*tool, "run", str(out), "-o", "-"], check=True, capture_output=True, text=True)
    assert json.loads(again.stdout)["assessment"]["status"] == "mutated"
    why = subprocess.run(
        [*tool, "call", str(bam), "--why", "chr17:7675088:C:T"], check=True, capture_output=True, text=True
    )
    assert "called" in why.stdout and "R175H" in why.stdout
    shown = subprocess.run(
        [*tool, "coverage", str(bam), "--json"], check=True, capture_output=True, text=True
    )
    assert len(json.loads(shown.stdout)["exons"]) == len(MAIN.exons) - 1


def test_why_answers_for_any_position(tmp_path: Path) -> None:
    bam = write_bam(
        tmp_path / "a.bam", depth=600, changes=[CHANGES["SNV"], CHANGES["insertion of 12"]], skip=[7]
    )
    long = f"chr17:7675140:G:{CHANGES['insertion of 12'].alt}"
    answers = {
        "chr17:7675088:C:T": "; called; ",
        "chr17:7675088:C:G": "not called: ",
        long: "; called; ",
        "chr17:7675139:C:T": "not called: 0 supporting fragments, fewer than 8",
        "chr17:7674220:C:T": "no usable read covers it",
        "chr17:7687400:" + REF.bases(7687400, 7687400) + ":" + ("A" if REF.bases(7687400, 7687400) != "A" else "C"):
            "outside the stretch that is counted",
    }  # fmt: skip
    for change, words in answers.items():
        assert words in why_text(bam, change, RunSettings())
    assert "a VAF from 0.0" in why_text(bam, "chr17:7675139:C:T", RunSettings())


@pytest.mark.parametrize(("vaf", "said"), [(0.05, True), (0.5, False)])
def test_a_common_polymorphism_at_a_low_vaf_is_remarked_upon(tmp_path: Path, vaf: float, said: bool) -> None:
    p72r = Change(pos=7676154, ref="G", alt="C", vaf=vaf)
    bam = write_bam(tmp_path / "a.bam", depth=600, changes=[p72r])
    warnings = {w["id"]: w["text"] for w in document(bam)["assessment"]["warnings"]}
    assert ("reads.foreign" in warnings) is said
    if said:
        assert "P72R" in warnings["reads.foreign"]


def test_an_old_index_is_named_and_not_used(tmp_path: Path) -> None:
    path = write_bam(tmp_path / "a.bam", depth=300, changes=[CHANGES["SNV"]])
    expected = document(path)["variants"]
    other = write_bam(tmp_path / "b.bam", depth=30, skip=range(4, 9))
    Path(f"{path}.bai").write_bytes(Path(f"{other}.bai").read_bytes())  # an index of some other file
    os.utime(f"{path}.bai", (1, 1))
    found = document(path)
    assert found["variants"] == expected
    warnings = {w["id"]: w["text"] for w in found["assessment"]["warnings"]}
    assert "a.bam.bai is older" in warnings["reads.stale_index"]


def test_the_pile_of_a_reported_variant_is_drawn_from_the_report(tmp_path: Path) -> None:
    change = CHANGES["MNV"]
    found = document(write_bam(tmp_path / "a.bam", depth=500, changes=[replace(change, vaf=0.4)], build=Build.GRCH37,
                               contig="17"))  # fmt: skip
    (variant,) = found["variants"]
    pile = variant["read_pile"]
    at = variant["pos"] - pile["start"]
    assert pile["reference"][at : at + 2] == variant["ref"] == "CG"
    assert pile["forward"]["A"][at] + pile["reverse"]["A"][at] == pytest.approx(variant["alt_reads"], rel=0.1)
    assert {len(pile[s][b]) for s in ("forward", "reverse") for b in (*"ACGT", "deleted")} == {
        len(pile["reference"])
    }
    words = RESOURCES.texts("en")
    picture = ElementTree.fromstring(pile_figure(from_json(Variant, variant), words))
    bars = [r for r in picture.iter() if r.get("class") == "pile-A"]
    assert len(bars) >= 4  # two bases on two strands
    assert pile_figure(from_json(Variant, variant | {"read_pile": None}), words) == ""
    assert found["rejected"] == [] or all(v["read_pile"] is None for v in found["rejected"])


@pytest.mark.parametrize(("clip", "assessed"), [(0, False), (20, True)])
def test_bases_of_a_primer_are_assessed_by_other_reads_only(
    tmp_path: Path, clip: int, assessed: bool
) -> None:
    """Reads of one strand begin at one place within exon 5; clipped there, their primers lie before it."""
    begin = 7675080
    first = begin - clip
    cigar = [(4, clip), (0, 120 - clip)] if clip else [(0, 120)]
    read = (begin, REF.bases(first, first + 119), cigar)
    path = write_laid(tmp_path / "a.bam", [read] * 500, [0] * 500)
    reads = evidence.read_reads(path, RESOURCES, fasta=None, assembly=None)
    caller = evidence.caller_of(reads, RESOURCES)

    def gaps(*, trimmed: bool) -> bool:
        found = evidence.coverage_of_reads(reads, RESOURCES, 0.05, caller, primers_trimmed=trimmed)
        return any(gap.start <= begin + 5 <= gap.end for gap in found.gaps)

    assert "amplicons" in reads.pileup.remarks
    assert gaps(trimmed=False) is not assessed and not gaps(trimmed=True)


@pytest.mark.parametrize(
    ("column", "named", "told"),
    [("S1", "S1", False), ("S1", "OTHER", True), ("S1", None, False), ("TUMOR", "OTHER", False)],
)
def test_reads_of_another_name_are_said_to_be_so(
    tmp_path: Path, column: str, named: str | None, told: bool
) -> None:
    bam = write_bam(tmp_path / "a.bam", depth=30, sample=named)
    vcf = tmp_path / "a.vcf"
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
    vcf.write_text(f"{head}{column}\n")
    (analysed,) = analyse(Job(vcf=vcf, bam=bam), RunSettings(), interpreter_of())
    assert ("reads.other_name" in {w["id"] for w in analysed.document["assessment"]["warnings"]}) == told
