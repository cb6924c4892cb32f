"""What structural records of any caller say about the copies of the gene, whatever the spelling, build and container.

Layouts are those of the callers' own documentation or headers: DRAGEN CNV 4.2 to 4.4, Delly, Manta, GRIDSS, cnv_facets,
ascatNgs, Canvas, Wakhan, GATK gCNV, the SEQC2 truth set, VCF 4.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pysam
import pytest

from tp53annot.core.allele import Build
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.reference import load_reference
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.vcf.htslib import bgzip, convert_to_bcf

LENGTH = {Build.GRCH37: 81195210, Build.GRCH38: 83257441}
OFFSET = -96_682
INFO = {
    **dict.fromkeys(
        ("END", "SVLEN", "CN", "REFLEN", "TCN_EM", "LCN_EM", "HOMLEN", "INSLEN"), ("1", "Integer")
    ),
    **dict.fromkeys(("SVTYPE", "SVCLAIM", "MATEID", "CHR2", "CT", "SVINSSEQ", "BAF"), (".", "String")),
    **dict.fromkeys(("CIPOS", "CIEND"), ("2", "Integer")),
    **dict.fromkeys(("IMPRECISE", "PRECISE"), ("0", "Flag")),
    "SVLEN": (".", "Integer"),
    "CN": (".", "Float"),
}
FORMAT = {
    **dict.fromkeys(
        ("CN", "TCN", "MCN", "CN1", "CN2", "CNF", "MCC", "DP", "VF", "REF", "REFPAIR"), ("1", "Float")
    ),
    **dict.fromkeys(("DR", "DV", "RR", "RV"), ("1", "Integer")),
    **dict.fromkeys(("AD", "PR", "SR"), ("R", "Integer")),
    **dict.fromkeys(("GT", "FT"), ("1", "String")),
}
ALTS = (
    "DEL",
    "DUP",
    "CNV",
    "LOH",
    "LOSS",
    "CNV:LOSS",
    "HOMDEL",
    "HETDEL",
    "DUP:TANDEM",
    "INS",
    "CN0",
    "CN3",
    "INV",
    "CNV:GAIN",
    "DEL:ME:ALU",
    "TRA",
)


def header(build: Build, samples: Sequence[str]) -> str:
    lines = [
        "##fileformat=VCFv4.4",
        f"##contig=<ID=chr17,length={LENGTH[build]}>",
        "##contig=<ID=chr5,length=181538259>",
    ]
    lines += [f'##ALT=<ID={alt},Description="x">' for alt in ALTS]
    lines += [
        f'##FILTER=<ID={name},Description="x">' for name in ("LowQual", "cnvQual", "hom_ref", "neutral")
    ]
    lines += [f'##INFO=<ID={k},Number={n},Type={t},Description="x">' for k, (n, t) in INFO.items()]
    lines += [f'##FORMAT=<ID={k},Number={n},Type={t},Description="x">' for k, (n, t) in FORMAT.items()]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    return "\n".join([*lines, "\t".join(columns + (["FORMAT", *samples] if samples else []))]) + "\n"


def line(
    pos: int,
    alt: str,
    info: str = ".",
    keys: str = "",
    *values: str,
    flt: str = "PASS",
    id: str = ".",
    ref: str = "N",
) -> str:
    fields = ["chr17", str(pos), id, ref, alt, "100", flt, info, *((keys, *values) if keys else ())]
    return "\t".join(fields)


def reported(
    folder: Path,
    *lines: str,
    samples: Sequence[str] = ("S1",),
    build: Build = Build.GRCH38,
    kind: str = "vcf",
    **settings: Any,
) -> list[dict[str, Any]]:
    """The reports of a file made of the lines."""
    text = header(build, samples) + "".join(f"{record}\n" for record in lines)
    path = folder / "in.vcf"
    path.write_text(text)
    if kind == "bcf":
        convert_to_bcf(path, folder / "in.bcf", "in.bcf")
        path = folder / "in.bcf"
    elif kind == "vcf.gz":
        with bgzip(folder / "in.vcf.gz") as sink:
            sink.write(text.encode())
        path = folder / "in.vcf.gz"
    return [a.document for a in analyse(Job(vcf=path), RunSettings(**settings), interpreter_of())]


WIDE = "END=10000000"
LOSS, LOH, GAIN, NORMAL, UNKNOWN = "loss", "copy_neutral_loh", "gain", "normal", "unknown"
DELETION, NOTHING = "deletion_only", "incomplete"
# name, the record (GRCh38), copy number state, status
RECORDS: list[tuple[str, str, str, str]] = [
    ("DEL with a genotype", line(7000000, "<DEL>", f"SVTYPE=DEL;{WIDE}", "GT", "0/1"), LOSS, DELETION),
    ("DEL of both copies", line(7000000, "<DEL>", f"SVTYPE=DEL;{WIDE}", "GT:CN", "1/1:0"), LOSS, DELETION),
    ("DEL without END", line(7000000, "<DEL>", "SVTYPE=DEL;SVLEN=-3000000", "GT", "0/1"), LOSS, DELETION),
    ("DEL with END on POS", line(7000000, "<DEL>", "SVTYPE=DEL;SVLEN=-3000000;END=7000000", "GT", "0/1"), LOSS, DELETION),
    ("DEL, positive SVLEN of 4.4", line(7000000, "<DEL>", "SVLEN=3000000;SVCLAIM=DJ", "GT", "0/1"), LOSS, DELETION),
    ("DEL, no genotype at all", line(7000000, "<DEL>", WIDE, "DR:DV", "40:30"), LOSS, DELETION),
    ("DEL, genotype not called, named loss", line(7000000, "<DEL>", WIDE, "GT", "./."), LOSS, DELETION),
    ("DEL, FILTER .", line(7000000, "<DEL>", WIDE, "GT", "0/1", flt="."), LOSS, DELETION),
    ("DEL, FILTER failed", line(7000000, "<DEL>", WIDE, "GT", "0/1", flt="LowQual"), UNKNOWN, NOTHING),
    ("DEL, one of two filters failed", line(7000000, "<DEL>", WIDE, "GT", "0/1", flt="cnvQual;LowQual"), UNKNOWN, NOTHING),
    ("DEL, filter of the genotype failed", line(7000000, "<DEL>", WIDE, "GT:FT", "0/1:LowQual"), UNKNOWN, NOTHING),
    ("DEL, genotype 0/0", line(7000000, "<DEL>", WIDE, "GT:AD", "0/0:318,22"), UNKNOWN, NOTHING),
    ("DEL, genotype 0/0 and CN 1", line(7000000, "<DEL>", WIDE, "GT:CN", "0/0:1"), UNKNOWN, NOTHING),
    ("DEL with two copies", line(7000000, "<DEL>", WIDE, "CN", "2"), UNKNOWN, NOTHING),
    ("DEL with two copies in INFO", line(7000000, "<DEL>", f"{WIDE};CN=2", "GT", "./."), UNKNOWN, NOTHING),
    ("DEL, no read of it", line(7000000, "<DEL>", WIDE, "PR:SR", "40,0:30,0"), UNKNOWN, NOTHING),
    ("mobile element deleted", line(7660500, "<DEL:ME:ALU>", "END=7690000", "GT", "0/1"), LOSS, DELETION),
    ("LOSS", line(7000000, "<LOSS>", WIDE, "GT", "0/1"), LOSS, DELETION),
    ("CNV:LOSS, GT ./., CN in INFO (SEQC2)", line(7000000, "<CNV:LOSS>", f"IMPRECISE;SVTYPE=CNV;{WIDE};CN=1", "GT", "./.", flt="."), LOSS, DELETION),
    ("CN0", line(7000000, "<CN0>", WIDE, "GT", "0|1"), LOSS, DELETION),
    ("CN3", line(7000000, "<CN3>", WIDE, "GT", "0|1"), GAIN, NOTHING),
    ("CNV with CN 1", line(7000000, "<CNV>", WIDE, "GT:CN", "0/1:1"), LOSS, DELETION),
    ("CNV with CN 0", line(7000000, "<CNV>", WIDE, "GT:CN", "./.:0"), LOSS, DELETION),
    ("CNV with CN 1 in INFO", line(7000000, "<CNV>", f"{WIDE};CN=1", "GT", "."), LOSS, DELETION),
    ("CNV without numbers", line(7000000, "<CNV>", WIDE, "GT", "0/1"), UNKNOWN, NOTHING),
    ("CNV, SVTYPE names the loss", line(7000000, "<CNV>", f"{WIDE};SVTYPE=DEL", "GT", "0/1"), LOSS, DELETION),
    ("CNV, ID names the loss (DRAGEN)", line(7000000, "<CNV>", f"{WIDE};SVTYPE=CNV", "GT", "0/1", id="DRAGEN:LOSS:chr17:7000001-10000000"), LOSS, DELETION),
    ("CNV with CN 3", line(7000000, "<CNV>", WIDE, "GT:CN", "0/1:3"), GAIN, NOTHING),
    ("CNV with CN 2", line(7000000, "<CNV>", WIDE, "CN", "2"), NORMAL, NOTHING),
    ("DRAGEN reference segment", line(7000000, ".", f"{WIDE};SVTYPE=CNV;REFLEN=3000000", "GT:CN:MCN", "./.:2:1", id="DRAGEN:REF:chr17:7000001-10000000"), NORMAL, NOTHING),
    ("CN1 and CN2 (Wakhan)", line(7000000, "<DEL>", f"SVTYPE=CNV;{WIDE}", "GT:TCN:CN1:CN2", "0/1:1.02:1.0:0.02"), LOSS, DELETION),
    ("CN1 0, CN2 2 (Wakhan)", line(7000000, "<DEL>,<DUP>", f"SVTYPE=CNV;{WIDE}", "GT:CN1:CN2", "1/2:0.0:2.01"), LOH, NOTHING),
    ("TCN and MCN (ascatNgs)", line(7000000, "<CNV>", f"SVTYPE=CNV;{WIDE}", "GT:TCN:MCN", "./.:1:0"), LOSS, DELETION),
    ("TCN 4, MCN 0 (ascatNgs)", line(7000000, "<CNV>", f"SVTYPE=CNV;{WIDE}", "GT:TCN:MCN", "./.:4:0"), LOH, NOTHING),
    ("CN 2, MCC 2 (Canvas)", line(7000000, "<CNV>", f"SVTYPE=CNV;{WIDE}", "GT:CN:MCC", "0/1:2:2"), LOH, NOTHING),
    ("CNLOH of DRAGEN 4.2", line(7000000, "<DEL>,<DUP>", f"SVLEN=-3000000,3000000;SVTYPE=CNV;{WIDE}", "GT:CN:CNF:MCN", "1/2:2:2.0:0"), LOH, NOTHING),
    ("CNLOH of DRAGEN without MCN", line(7000000, "<DEL>,<DUP>", f"SVTYPE=CNV;{WIDE}", "GT:CN", "1/2:2"), LOH, NOTHING),
    ("GAINLOH of DRAGEN", line(7000000, "<DEL>,<DUP>", f"SVTYPE=CNV;{WIDE}", "GT:CN:MCN", "1/2:3:0", id="DRAGEN:GAINLOH:chr17"), LOH, NOTHING),
    ("LOH of DRAGEN 4.4", line(7000000, "<LOH>", "SVLEN=3000000;SVCLAIM=D", "GT:CN:MCN", "1/1:2:0"), LOH, NOTHING),
    ("LOH with one copy", line(7000000, "<LOH>", WIDE, "GT:CN", "1/1:1"), LOSS, DELETION),
    ("LOH with two copies, no minor", line(7000000, "<LOH>", WIDE, "CN", "2"), LOH, NOTHING),
    ("LOH without numbers", line(7000000, "<LOH>", WIDE, "GT", "0/1"), UNKNOWN, NOTHING),
    ("DUP", line(7000000, "<DUP>", WIDE, "GT", "0/1"), GAIN, NOTHING),
    ("DUP of exons 5 to 9", line(7673000, "<DUP>", "END=7675500", "GT", "0/1"), UNKNOWN, NOTHING),
    ("exons 5 to 9 deleted", line(7673000, "<DEL>", "END=7675500;IMPRECISE", "GT", "0/1"), LOSS, DELETION),
    ("exon 1 deleted", line(7687000, "<DEL>", "END=7689000;IMPRECISE", "GT", "0/1"), LOSS, DELETION),
    ("intron 1 deleted", line(7680000, "<DEL>", "END=7682000", "GT", "0/1"), UNKNOWN, NOTHING),
    ("end of the 3' UTR deleted", line(7668000, "<DEL>", "END=7668900;IMPRECISE", "GT", "0/1"), UNKNOWN, NOTHING),
    ("translocation with END on chr5", line(7675000, "<TRA>", "SVTYPE=TRA;CHR2=chr5;END=90000000", "GT", "0/1"), UNKNOWN, NOTHING),
    ("inversion", line(7660500, "<INV>", "SVTYPE=INV;END=7690000", "GT", "0/1"), UNKNOWN, NOTHING),
    ("breakend that deletes, one mate", line(7660500, "A[chr17:7690000[", "SVTYPE=BND", "GT:REF:REFPAIR:VF", ".:60:40:45", ref="A"), LOSS, DELETION),
    ("breakend that deletes, other mate", line(7690000, "]chr17:7660500]G", "SVTYPE=BND", "GT:VF", ".:45", ref="G"), LOSS, DELETION),
    ("mate left of the locus, record right of it", line(7800000, "]chr17:7000000]G", "SVTYPE=BND", "GT", "0/1", ref="G"), LOSS, DELETION),
    ("breakend with a failed filter", line(7660500, "A[chr17:7690000[", "SVTYPE=BND", "GT:VF", ".:45", ref="A", flt="LowQual"), UNKNOWN, NOTHING),
    ("breakend with a mate far away", line(7660500, "A[chr17:60000000[", "SVTYPE=BND", "GT:VF", ".:45", ref="A"), UNKNOWN, NOTHING),
    ("translocation", line(7675000, "A[chr5:7690000[", "SVTYPE=BND", "GT:VF", ".:45"), UNKNOWN, NOTHING),
    ("inverted join", line(7660500, "A]chr17:7690000]", "SVTYPE=BND", "GT:VF", ".:45", ref="A"), UNKNOWN, NOTHING),
    ("join that duplicates", line(7660500, "]chr17:7690000]A", "SVTYPE=BND", "GT:VF", ".:45", ref="A"), GAIN, NOTHING),
]  # fmt: skip


def moved(record: str, build: Build) -> str:
    """A GRCh38 record on another build: POS, END and mates on chr17."""
    if build is Build.GRCH38:
        return record
    cells = record.split("\t")
    cells[1] = str(int(cells[1]) + OFFSET)
    cells[4] = _shifted(cells[4], "chr17:")
    cells[7] = cells[7] if "CHR2" in cells[7] else _shifted(cells[7], "END=")
    return "\t".join(cells)


def _shifted(text: str, before: str) -> str:
    head, found, rest = text.partition(before)
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return f"{head}{found}{int(digits) + OFFSET}{rest[len(digits) :]}" if digits else text


@pytest.mark.parametrize(("name", "record", "state", "status"), RECORDS, ids=[r[0] for r in RECORDS])
def test_what_a_record_says(tmp_path: Path, name: str, record: str, state: str, status: str) -> None:
    (report,) = reported(tmp_path, record)
    assert (report["copy_number"]["state"], report["assessment"]["status"]) == (state, status)
    if record.split("\t")[4] != ".":
        assert len(report["uninterpreted"]) == record.split("\t")[4].count(",") + 1, "a record is lost"
    if state != UNKNOWN:
        assert report["copy_number"]["basis"][0]["text"]


# ALT, FORMAT and sample of a loss: whether any copy is left.
NONE_LEFT = [
    ("<DEL>", "GT", "0/1", False),
    ("<DEL>", "GT", "1/1", True),
    ("<DEL>", "GT", "1|1", True),
    ("<DEL>", "GT", "1", False),  # haploid: on the one allele that is told of
    ("<DEL>", "GT", "./1", False),
    ("<DEL>", "GT:CN", "1/1:0", True),
    ("<DEL>", "GT:CN", "1/1:1", False),  # stated copies decide
    ("<DEL>", "GT:CN", "0/1:0", False),  # those of the allele, then
    ("<CN0>", "GT", "1/1", True),
    ("<HOMDEL>", "GT", "./.", True),
    ("<HETDEL>", "GT", "1/1", False),
]


@pytest.mark.parametrize(("alt", "fields", "sample", "none"), NONE_LEFT)
def test_whether_a_copy_is_left(tmp_path: Path, alt: str, fields: str, sample: str, none: bool) -> None:
    for record in (
        line(7000000, alt, f"SVTYPE=DEL;{WIDE}", fields, sample),
        line(7674800, alt, "SVTYPE=DEL;END=7676300", fields, sample),
    ):
        (report,) = reported(tmp_path, record)
        state, text = report["assessment"]["allelic_state"], report["copy_number"]["basis"][0]["text"]
        assert report["assessment"]["status"] == DELETION
        assert (state, "both copies" in text) == (("multi_hit", True) if none else ("single_hit", False))


# Segments that were measured and found to be as they should: nothing of them is listed.
TWO_COPIES = [
    ("GATK gCNV, no ALT", line(7000000, ".", WIDE, "GT:CN", "0:2")),
    ("GATK gCNV, both ALTs", line(7000000, "<DEL>,<DUP>", WIDE, "GT:CN", "0:2", flt=".")),
    ("a segment longer than a join may be", line(100000, ".", "SVTYPE=CNV;END=50000000", "GT:CN", "./.:2", id="DRAGEN:REF:chr17:100001-50000000")),
    ("DRAGEN germline, no SVTYPE", line(7000000, ".", f"{WIDE};REFLEN=3000000", "GT:CN", "./.:2", id="DRAGEN:REF:chr17:7000001-10000000")),
    ("DRAGEN somatic", line(7000000, ".", f"{WIDE};REFLEN=3000000", "GT:CN:MCN", "./.:2:1", id="DRAGEN:REF:chr17:7000001-10000000")),
    ("Canvas, no genotype", line(7000000, ".", WIDE, "CN:MCC", "2:1")),
    ("a CNV that this sample has not", line(7000000, "<CNV>", f"SVTYPE=CNV;{WIDE}", "GT:CN", "0/0:2")),
    ("a loss that this sample has not", line(7000000, "<DEL>", f"SVTYPE=DEL;{WIDE}", "GT:CN", "0/0:2")),
]  # fmt: skip
NO_TWO_COPIES = [
    ("one copy, against the genotype", line(7000000, ".", WIDE, "GT:CN", "0:1")),
    ("no copies stated", line(7000000, "<CNV>", f"SVTYPE=CNV;{WIDE}", "GT", "0/0")),
    ("filtered", line(7000000, ".", WIDE, "GT:CN", "0:2", flt="cnvQual")),
    ("both of one allele, against the genotype", line(7000000, "<CNV>", WIDE, "GT:CN:MCN", "0/0:2:0")),
    ("exons 5 to 9 alone", line(7673000, ".", "END=7675500", "GT:CN", "0:2")),
]  # fmt: skip
COVERED = "chr17\t7668000\t.\tG\t<NON_REF>\t.\t.\tEND=7690000\t{}\t{}"


@pytest.mark.parametrize(("name", "record"), TWO_COPIES, ids=[r[0] for r in TWO_COPIES])
def test_two_copies_measured_are_evidence_against_a_loss(tmp_path: Path, name: str, record: str) -> None:
    (report,) = reported(tmp_path, record)
    assert (report["copy_number"]["state"], report["assessment"]["status"]) == (NORMAL, NOTHING)
    assert "copies: 2" in report["copy_number"]["basis"][0]["text"]
    assert not report["uninterpreted"]


@pytest.mark.parametrize(("name", "record"), NO_TWO_COPIES, ids=[r[0] for r in NO_TWO_COPIES])
def test_what_does_not_say_two_copies_is_none(tmp_path: Path, name: str, record: str) -> None:
    (report,) = reported(tmp_path, record)
    assert (report["copy_number"]["state"], report["assessment"]["status"]) == (UNKNOWN, NOTHING)


def test_a_segment_of_copies_says_nothing_of_its_bases(tmp_path: Path) -> None:
    covered = COVERED.format("GT:DP:GQ:MIN_DP", "0/0:600:99:600")
    for name, record in TWO_COPIES:
        (report,) = reported(tmp_path, covered, record)
        assert (report["copy_number"]["state"], report["assessment"]["status"]) == (
            NORMAL,
            "not_detected",
        ), name
    (alone,) = reported(tmp_path, line(7000000, ".", WIDE, "GT:CN:DP:GQ", "0/0:2:600:99"))
    assert alone["assessment"]["status"] == NOTHING


@pytest.mark.parametrize("kind", ["vcf", "vcf.gz", "bcf"])
@pytest.mark.parametrize("build", list(Build))
def test_neither_build_nor_container_changes_it(tmp_path: Path, build: Build, kind: str) -> None:
    for name, record, state, status in RECORDS:
        (report,) = reported(tmp_path, moved(record, build), build=build, kind=kind)
        assert (report["copy_number"]["state"], report["assessment"]["status"]) == (state, status), name


NO_SAMPLES = [
    ("cnv_facets, one copy", f"SVTYPE=HEMIZYG;{WIDE};TCN_EM=1;LCN_EM=0", "PASS", LOSS),
    ("cnv_facets, LOH", f"SVTYPE=LOH;{WIDE};TCN_EM=2;LCN_EM=0", "PASS", LOH),
    ("cnv_facets, LOH with gain", f"SVTYPE=DUP-LOH;{WIDE};TCN_EM=3;LCN_EM=0", "PASS", LOH),
    ("cnv_facets, neutral", f"SVTYPE=NEUTR;{WIDE};TCN_EM=2;LCN_EM=1", "neutral", UNKNOWN),
    ("copies in INFO alone", f"SVTYPE=CNV;{WIDE};CN=1", "PASS", LOSS),
]  # fmt: skip


@pytest.mark.parametrize(("name", "info", "flt", "state"), NO_SAMPLES, ids=[r[0] for r in NO_SAMPLES])
def test_a_file_without_samples(tmp_path: Path, name: str, info: str, flt: str, state: str) -> None:
    (report,) = reported(tmp_path, line(7000000, "<CNV>", info, flt=flt), samples=())
    assert report["copy_number"]["state"] == state
    assert report["assessment"]["status"] == (DELETION if state == LOSS else NOTHING)


SEVERAL = [
    ("each with its genotype", "<DEL>", WIDE, "GT", ("0/1", "0/0"), (LOSS, UNKNOWN)),
    ("no genotype: each with its reads", "<DEL>", WIDE, "PR:SR", ("40,12:30,9", "41,0:33,0"), (LOSS, UNKNOWN)),
    ("no genotype: each with its copies", "<CNV>", WIDE, "GT:CN", ("./.:1", "./.:2"), (LOSS, NORMAL)),
    ("INFO speaks for none of several", "<CNV>", f"{WIDE};CN=1", "GT", ("./.", "./."), (UNKNOWN, UNKNOWN)),
    ("no field of its own", "<DEL>", WIDE, "GT", ("./.", "./."), (UNKNOWN, UNKNOWN)),
    ("gCNV: allele 1 lost, allele 2 gained", "<DEL>,<DUP>", WIDE, "GT:CN", ("1:1", "2:3"), (LOSS, GAIN)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "alt", "info", "keys", "values", "states"), SEVERAL, ids=[r[0] for r in SEVERAL]
)
def test_of_several_samples_each_has_its_own(
    tmp_path: Path, name: str, alt: str, info: str, keys: str, values: tuple[str, ...], states: tuple[str, ...]
) -> None:  # fmt: skip
    found = reported(tmp_path, line(7000000, alt, info, keys, *values), samples=("A1", "B2"))
    assert tuple(report["copy_number"]["state"] for report in found) == states


def test_with_include_filtered_a_filtered_deletion_counts(tmp_path: Path) -> None:
    record = line(7000000, "<DEL>", WIDE, "GT", "0/1", flt="LowQual")
    (without,) = reported(tmp_path, record)
    assert "LowQual" in without["uninterpreted"][0]["reason"] and not without["uninterpreted"][0]["deletion"]
    (report,) = reported(tmp_path, record, include_filtered=True)
    assert report["assessment"]["status"] == DELETION


@pytest.mark.parametrize(
    "source", ["breakend that deletes, one mate", "mate left of the locus, record right of it"]
)
def test_an_index_loses_no_breakend(tmp_path: Path, source: str) -> None:
    join = next(record for name, record, *_ in RECORDS if name == source)
    across = line(7000000, "N[chr17:8000000[", "SVTYPE=BND", "GT", "0/1")
    plain = line(7675088, "T", ".", "GT:AD", "0/1:60,40", ref="C")
    for record in (join, across):
        ordered = sorted((record, plain), key=lambda text: int(text.split("\t")[1]))
        reported(tmp_path, *ordered, kind="vcf.gz")
        path = tmp_path / "in.vcf.gz"
        pysam.tabix_index(str(path), preset="vcf", force=True)
        (indexed,) = [a.document for a in analyse(Job(vcf=path), RunSettings(), interpreter_of())]
        assert indexed["copy_number"]["state"] == LOSS


def test_two_mates_are_one_deletion(tmp_path: Path) -> None:
    mates = (
        line(7660500, "A[chr17:7690000[", "SVTYPE=BND", "GT:VF", ".:45", ref="A"),
        line(7690000, "]chr17:7660500]G", "SVTYPE=BND", "GT:VF", ".:45", ref="G"),
    )
    (report,) = reported(tmp_path, *mates)
    assert report["assessment"]["status"] == DELETION and report["copy_number"]["state"] == LOSS
    assert len(report["uninterpreted"]) == 2 and len(report["copy_number"]["basis"]) == 1

    failed = mates[1].replace("PASS", "LowQual")
    (report,) = reported(tmp_path, mates[0], failed)
    assert report["assessment"]["status"] == NOTHING and not report["copy_number"]["basis"]


REFERENCE = load_reference()
FORTY = REFERENCE.bases(7674890, 7674930)
AD = ("GT:AD:DP", "0/1:60,40:100")
# one deletion of forty bases and one duplication of twelve, as callers write them
SAME = {
    "deletion": [
        line(7674890, "T", ".", *AD, ref=FORTY),
        line(7674890, "<DEL>", "SVTYPE=DEL;END=7674930;SVLEN=-40", *AD, ref="T"),
        line(7674890, "<DEL>", "SVLEN=40;SVCLAIM=J", *AD, ref="N"),
        line(7674890, "<DEL>", "END=7674930;CIPOS=0,3;HOMLEN=3", *AD, ref="T"),
        line(7674890, "<DEL>", "PRECISE;END=7674930;CIPOS=-2,2;CIEND=-2,2", "GT:DR:DV:RR:RV", "./.:0:0:60:40"),
        line(7674890, "<DEL>", "END=7674930", "PR:SR", "30,18:30,22"),
        line(7674890, "T[chr17:7674931[", "SVTYPE=BND", *AD, ref="T"),
        line(7674931, f"]chr17:7674890]{REFERENCE.bases(7674931, 7674931)}", "SVTYPE=BND", *AD, ref="N"),
        line(7674890, "T[chr17:7674931[", "SVTYPE=BND", "GT:REF:REFPAIR:VF", ".:40:20:40", ref="T"),
    ],
    "delins": [
        line(7674890, "TGGA", ".", *AD, ref=FORTY),
        line(7674890, "<DEL>", "END=7674930;SVINSSEQ=GGA", *AD, ref="T"),
        line(7674890, "TGGA[chr17:7674931[", "SVTYPE=BND", *AD, ref="T"),
    ],
    "duplication": [
        line(7674890, FORTY[:13], ".", *AD, ref="T"),
        line(7674890, "<DUP:TANDEM>", "END=7674902", *AD, ref="T"),
        line(7674890, "<DUP>", "SVLEN=12;SVCLAIM=DJ", *AD, ref="T"),
        line(7674890, "<DUP>", "END=7674902;CT=5to3", *AD, ref="T"),
        line(7674890, "<INS>", f"END=7674890;SVINSSEQ={FORTY[1:13]}", *AD, ref="T"),
        line(7674891, f"]chr17:7674902]{FORTY[1]}", "SVTYPE=BND", *AD, ref="N"),
    ],
}  # fmt: skip
SPELLED = [(kind, i) for kind, records in SAME.items() for i in range(1, len(records))]


def facts(report: dict[str, Any]) -> tuple[object, ...]:
    names = ("hgvs_c", "hgvs_p", "vaf", "pos", "ref", "alt", "consequence", "classification")
    return report["assessment"]["status"], [{n: v[n] for n in names} for v in report["variants"]]


@pytest.mark.parametrize(("kind", "index"), SPELLED, ids=[f"{k} {i}" for k, i in SPELLED])
def test_a_short_precise_one_is_the_sequence_change_it_is(tmp_path: Path, kind: str, index: int) -> None:
    (spelled,), (report,) = (reported(tmp_path, SAME[kind][i]) for i in (0, index))
    assert facts(report) == facts(spelled)
    assert len(report["variants"]) == 1 and report["variants"][0]["vaf"] == 0.4
    assert not report["uninterpreted"]


NOT_SPELLED: list[tuple[str, Callable[[], str]]] = [
    ("imprecise", lambda: line(7674890, "<DEL>", "IMPRECISE;END=7674930", *AD, ref="T")),
    ("ends with a width", lambda: line(7674890, "<DEL>", "END=7674930;CIPOS=-20,20", *AD, ref="T")),
    ("by depth alone", lambda: line(7674890, "<DEL>", "END=7674930;SVCLAIM=D", *AD, ref="T")),
    ("unknown bases at the join", lambda: line(7674890, "<DEL>", "END=7674930;INSLEN=7", *AD, ref="T")),
    ("longer than a thousand bases", lambda: line(7673800, "<DEL>", "END=7674930", *AD)),
]


@pytest.mark.parametrize(("name", "record"), NOT_SPELLED, ids=[r[0] for r in NOT_SPELLED])
def test_what_is_not_known_to_the_base_is_a_deletion_of_exons(
    tmp_path: Path, name: str, record: Callable[[], str]
) -> None:
    (report,) = reported(tmp_path, record())
    assert not report["variants"] and report["assessment"]["status"] == DELETION
    assert "of 11" in report["uninterpreted"][0]["reason"]


def test_a_duplication_whose_copy_may_lie_elsewhere_is_not_named(tmp_path: Path) -> None:
    (report,) = reported(tmp_path, line(7674890, "<DUP>", "END=7674902", *AD, ref="T"))
    assert not report["variants"] and report["copy_number"]["state"] == UNKNOWN


def test_a_short_filtered_deletion_is_held_back_like_a_spelled_out_one(tmp_path: Path) -> None:
    record = line(7674890, "<DEL>", "END=7674930", *AD, ref="T", flt="LowQual")
    (report,) = reported(tmp_path, record)
    assert [v["filters_failed"][0]["id"] for v in report["rejected"]] == ["caller_filter"]
    assert report["assessment"]["status"] == NOTHING


@pytest.mark.parametrize(
    ("record", "count"),
    [
        (line(7000000, "<DEL>", WIDE, "GT", "0/1"), 0),
        (line(7000000, "<DUP>", WIDE, "GT:CN", "0/1:3"), 0),
        (line(7000000, "<DEL>,<DUP>", f"SVTYPE=CNV;{WIDE}", "GT:CN:MCN", "1/2:2:0"), 0),
        (line(7000000, "<DEL>", WIDE, "GT", "0/1", flt="LowQual"), 1),
        (line(7000000, "<DEL>", WIDE, "CN", "2"), 1),
        (line(7675000, "<INV>", "END=7690000", "GT", "0/1"), 1),
    ],
)
def test_a_record_whose_copies_were_judged_is_not_told_as_unjudged(
    tmp_path: Path, record: str, count: int
) -> None:
    (report,) = reported(tmp_path, record)
    told = [w["text"] for w in report["assessment"]["warnings"] if w["id"] == "warning.uninterpreted"]
    assert [int(text.split()[0]) for text in told] == ([count] if count else [])
    assert report["uninterpreted"]
