"""The annotated VCF: everything stays as it was, only INFO fields and header lines are added."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pysam
import pytest
from tp53annot_cli import reports_of
from vcf_files import GRCH37, GRCH38, reference, rules, vcf_text, write_vcf

from tp53annot.core.allele import Allele
from tp53annot.errors import InputError
from tp53annot.vcf.annotation.annotator import ADDED_FIELDS, encode_info
from tp53annot.vcf.index import write_index
from tp53annot.vcf.writer import AnnotationOutput, annotate_stream

NAMES = [field.id for field in ADDED_FIELDS]
ELSEWHERE = "chr1\t5\trs1\ta\tG\t1e-3\tq10;x\tA=1;B\tGT\t0/1"
SITE = "chr17\t7675088\t.\tC\tT\t50\tPASS\tDP=3\tGT:AD\t0/1:60,40"
MULTI = "chr17\t7675088\t.\tC\tT,<NON_REF>,G\t50\tPASS\t.\tGT\t1/3"
DELETION = "chr17\t7675088\t.\tC\t<DEL>\t50\tPASS\tEND=7675099\tGT\t0/1"


def facts(allele: Allele) -> tuple[str, ...]:
    """Values that show which allele was asked for, and every byte that VCF forbids."""
    return (f"{allele.pos}{allele.ref}>{allele.alt}", "p.(=);a,b %", *["x"] * (len(ADDED_FIELDS) - 3), "1")


def annotated(path: Path, output: Path) -> bytes:
    annotate_stream(path, output, reference(), rules().build, facts, AnnotationOutput(version="1.0"), None)
    return gzip.decompress(output.read_bytes()) if output.name.endswith("gz") else output.read_bytes()


def stripped(data: bytes) -> bytes:
    """The output without what was added."""
    lines = []
    for line in data.split(b"\n"):
        if line.startswith((b"##INFO=<ID=TP53_", b"##tp53annot=")):
            continue
        fields = line.split(b"\t")
        if not line.startswith(b"#") and len(fields) > 7:
            kept = [f for f in fields[7].split(b";") if not f.startswith(b"TP53_")]
            fields[7] = b";".join(kept) or b"."
        lines.append(b"\t".join(fields))
    return b"\n".join(lines)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["out.vcf", "out.vcf.gz"])
def test_all_but_the_additions_is_byte_for_byte(tmp_path: Path, name: str, end: str) -> None:
    lines = [ELSEWHERE, SITE, MULTI, DELETION, SITE, "chr17\t5\tbroken"]
    text = vcf_text(*lines, header=f"{GRCH38}\n##odd=é")
    path = tmp_path / "in.vcf"
    path.write_bytes(text.replace("\n", end).encode())
    data = annotated(path, tmp_path / name)
    assert stripped(data) == path.read_bytes()
    assert data.count(b"TP53_HGVSC=") == 3


def info_of(data: bytes, record: int) -> dict[str, str]:
    line = [line for line in data.decode().splitlines() if not line.startswith("#")][record]
    return dict(part.partition("=")[::2] for part in line.split("\t")[7].split(";"))


def test_one_encoded_value_per_alt(tmp_path: Path) -> None:
    info = info_of(annotated(write_vcf(tmp_path, MULTI, header=GRCH38), tmp_path / "o.vcf"), 0)
    assert list(info) == NAMES
    assert info["TP53_HGVSC"] == "7675088C>T,.,7675088C>G"
    assert info["TP53_HGVSP"] == "p.(%3D)%3Ba%2Cb%20%25,.,p.(%3D)%3Ba%2Cb%20%25"
    assert info["TP53_REPORTABLE"] == "1,.,1"


def test_annotating_twice_is_annotating_once(tmp_path: Path) -> None:
    once = annotated(write_vcf(tmp_path, SITE, MULTI, header=GRCH38), tmp_path / "a.vcf")
    assert annotated(tmp_path / "a.vcf", tmp_path / "b.vcf") == once


def test_grch37_positions_reach_the_core_as_grch38(tmp_path: Path) -> None:
    line = SITE.replace("7675088", "7578406").replace("\tC\tT", "\tc\tt")
    info = info_of(annotated(write_vcf(tmp_path, line, header=GRCH37), tmp_path / "o.vcf"), 0)
    assert info["TP53_HGVSC"] == "7675088C>T"


def test_a_vcf_without_samples(tmp_path: Path) -> None:
    line = "\t".join(SITE.split("\t")[:8])
    path = write_vcf(tmp_path, line, samples=[], header=GRCH38)
    data = annotated(path, tmp_path / "o.vcf")
    assert stripped(data) == path.read_bytes()
    assert info_of(data, 0)["DP"] == "3"


def test_the_build_is_found_by_bases_however_late_they_come(tmp_path: Path) -> None:
    lines = [f"chr1\t{i}\t.\tA\tG\t.\t.\t.\tGT\t0/1" for i in range(1, 250_000)]
    line = SITE.replace("7675088", "7578406")
    data = annotated(write_vcf(tmp_path, *lines, line), tmp_path / "o.vcf")
    assert data.rstrip().split(b"\n")[-1].count(b"TP53_HGVSC=7675088C>T") == 1


@pytest.mark.parametrize("header", [GRCH38, ""])
def test_standard_input_and_output(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, header: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    raw = vcf_text(ELSEWHERE, SITE, header=header).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.FileIO(1, "wb", closefd=False)))
    annotate_stream(
        Path("-"), Path("-"), reference(), rules().build, facts, AnnotationOutput(version="1.0"), None
    )
    data = capfdbinary.readouterr().out
    assert stripped(data) == raw
    assert b"TP53_HGVSC=7675088C>T" in data


def test_no_record_on_tp53_passes_through(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, ELSEWHERE)
    assert stripped(annotated(path, tmp_path / "o.vcf")) == path.read_bytes()


@pytest.mark.parametrize("header", [GRCH38, ""])
def test_a_ref_against_the_reference_is_refused(tmp_path: Path, header: str) -> None:
    path = write_vcf(tmp_path, SITE, SITE.replace("7675088\t.\tC", "7675089\t.\tN").replace("N", "T"),
                     header=header)  # fmt: skip
    assert reference().bases(7675089, 7675089) != "T"
    with pytest.raises(InputError, match="REF is T"):
        annotate_stream(
            path, tmp_path / "o.vcf", reference(), rules().build, facts, AnnotationOutput(version="1.0"), None
        )


def test_bgzip_with_its_index(tmp_path: Path) -> None:
    from tp53annot.vcf.source import VcfSource

    annotated(write_vcf(tmp_path, ELSEWHERE, SITE, header=GRCH38), tmp_path / "o.vcf.gz")
    write_index(tmp_path / "o.vcf.gz")
    opened = VcfSource(tmp_path / "o.vcf.gz", reference(), rules())
    assert not opened.scanned
    assert opened.records[0].info.startswith("DP=3;TP53_HGVSC=7675088C>T;")


def test_unsorted_output_has_no_index(tmp_path: Path) -> None:
    annotated(write_vcf(tmp_path, SITE, ELSEWHERE, SITE, header=GRCH38), tmp_path / "o.vcf.gz")
    write_index(tmp_path / "o.vcf.gz")
    assert not (tmp_path / "o.vcf.gz.tbi").exists()


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.vcf.gz"
    path.write_bytes(gzip.compress(vcf_text(SITE, header=GRCH38).encode())[:-9])
    with pytest.raises(InputError, match="truncated"):
        annotate_stream(
            path, tmp_path / "o.vcf", reference(), rules().build, facts, AnnotationOutput(version="1.0"), None
        )


@pytest.mark.parametrize(("text", "coded"), [("a b", "a%20b"), ("%3D", "%253D"), ("p.R175H", "p.R175H")])
def test_percent_encoding(text: str, coded: str) -> None:
    assert encode_info(text) == coded


@pytest.mark.parametrize("end", ["0x107674219", "99999999999", "1e12", "7673600"])
def test_an_end_that_no_index_can_hold(tmp_path: Path, end: str) -> None:
    """The copy of a sample's records loses such an end, and no record; a sound one stays."""
    block = f"chr17\t7673500\t.\tC\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ\t0/0:500:99"
    change = "chr17\t7675088\t.\tC\tT\t90\tPASS\t.\tGT:AD:DP:GQ\t0/1:300,200:500:99"
    path = write_vcf(tmp_path, block, change, header=GRCH38)
    reports_of(path, tmp_path / "o", "--format", "json,vcf")
    (copy,) = (tmp_path / "o").rglob("*.vcf.gz")
    with pysam.VariantFile(str(copy)) as file:
        assert [r.pos for r in file.fetch("chr17")] == [7673500, 7675088]
    assert (b"END=" in gzip.decompress(copy.read_bytes()).split(b"#CHROM")[1]) is (end == "7673600")
