"""Containers, headers, builds and hostile files: read whole, or refused in one line."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from vcf_files import GRCH37, GRCH38, reference, source, vcf_text, write_vcf

from tp53annot.api import run_sample
from tp53annot.core.allele import Build
from tp53annot.core.candidate import Uninterpreted
from tp53annot.errors import InputError
from tp53annot.vcf.bgzf import EOF_BLOCK
from tp53annot.vcf.source import SampleCalls

R175H_38 = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40"
R175H_37 = "chr17\t7578406\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40"
TEXT = vcf_text(
    "chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1", R175H_38, "chr18\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1", header=GRCH38
)


def bgzip(path: Path, data: bytes) -> Path:
    """Write bgzip as a stranger's library does it."""
    import pysam

    with pysam.BGZFile(str(path), "wb", None) as stream:
        stream.write(data)
    return path


def positions(path: Path) -> list[int]:
    (calls,) = source(path).calls()
    return [c.allele.pos for c in calls.candidates]


WAYS: dict[str, Callable[[Path], Path]] = {
    "plain": lambda d: write(d / "x.vcf", TEXT.encode()),
    "BOM": lambda d: write(d / "x.vcf", b"\xef\xbb\xbf" + TEXT.encode()),
    "CRLF": lambda d: write(d / "x.vcf", TEXT.replace("\n", "\r\n").encode()),
    "no final line end": lambda d: write(d / "x.vcf", TEXT.rstrip("\n").encode()),
    "gzip": lambda d: write(d / "x.vcf.gz", gzip.compress(TEXT.encode())),
    "gzip members": lambda d: write(
        d / "x.vcf.gz", gzip.compress(TEXT[:90].encode()) + gzip.compress(TEXT[90:].encode())
    ),
    "bgzip": lambda d: bgzip(d / "x.vcf.gz", TEXT.encode()),
    "latin-1 in the header": lambda d: write(
        d / "x.vcf", TEXT.replace("##contig", "##x=\xe9\n##contig").encode("latin-1")
    ),
}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_every_container_gives_the_same_record(tmp_path: Path, way: str) -> None:
    opened = source(WAYS[way](tmp_path))
    (calls,) = opened.calls()
    (found,) = calls.candidates
    assert (found.allele.pos, found.allele.ref, found.allele.alt) == (7675088, "C", "T")
    assert found.support.alt_reads == 40
    assert found.record.ordinal == 2
    assert opened.build is Build.GRCH38


def test_bcf(tmp_path: Path) -> None:
    import cyvcf2

    plain = write_vcf(tmp_path, R175H_38, header="\n".join([
        GRCH38, '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="a">']))  # fmt: skip
    text = cyvcf2.VCF(str(plain))
    writer = cyvcf2.Writer(str(tmp_path / "x.bcf"), text, mode="wb")
    for record in text:
        writer.write_record(record)
    writer.close()
    assert positions(tmp_path / "x.bcf") == [7675088]


def _damaged() -> bytes:
    data = bytearray(gzip.compress(TEXT.encode()))
    data[-6] ^= 0xFF  # the checksum
    return bytes(data)


BAD = {
    "empty file": (b"", "empty"),
    "PDF": (b"%PDF-1.7 \n%\xe2\xe3", "a PDF file"),
    "text": (b"hello\n", "no VCF header"),
    "no #CHROM": (b"##fileformat=VCFv4.2\n", "no #CHROM line"),
    "records without #CHROM": (b"##fileformat=VCFv4.2\nchr17\t1\t.\tA\tC\n", "no #CHROM line"),
    "a column of another name": (
        b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tALT\tREF\tQUAL\tFILTER\tINFO\n", "column 4 of the #CHROM line is 'ALT', not REF",
    ),
    "a column that is lost": (
        b"##fileformat=VCFv4.2\n#CHROM\tPOS\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n", "column 3 of the #CHROM line is 'REF', not ID",
    ),
    "a sample without a name": (vcf_text(R175H_38 + "\t0/1", samples=["A", ""], header=GRCH38).encode(), "column 11 of the #CHROM line, a sample's, has no name"),
    "columns by spaces": (b"##fileformat=VCFv4.2\n#CHROM POS ID\n", "fewer than 8"),
    "records by spaces": (vcf_text((R175H_38 + "\t0/1").replace("\t", " "), header=GRCH38).encode(), "columns of the records are separated by spaces"),
    "one sample twice": (vcf_text(R175H_38 + "\t0/1", samples=["A", "A"], header=GRCH38).encode(), "stands twice"),
    "binary": (b"\x00\x01\x02\x03" * 9, "binary"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16"),
    "cut gzip": (gzip.compress(TEXT.encode())[:-12], "truncated"),
    "damaged gzip": (_damaged(), "damaged"),
    "bgzip of nothing": (EOF_BLOCK, "no #CHROM line"),
    "cut text": (TEXT[: TEXT.index("chr18") + 9].encode(), "breaks off"),
    "BCF in name only": (b"BCF\x02\x02" + b"\xff" * 50, "BCF"),
    "JSON": (b'{"a": 1}', "JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data, cause = BAD[name]
    path = write(tmp_path / "x.vcf.gz", data)
    with pytest.raises(InputError) as caught:
        source(path)
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_bgzip_cut_between_blocks_is_found(tmp_path: Path) -> None:
    lines = "".join(f"chr1\t{i}\t.\tA\tG\t.\t.\t.\tGT\t0/1\n" for i in range(1, 20000))
    data = bgzip(tmp_path / "whole.vcf.gz", (TEXT + lines).encode()).read_bytes()
    with pytest.raises(InputError, match="end-of-file block is missing"):
        source(write(tmp_path / "cut.vcf.gz", data.removesuffix(EOF_BLOCK)))


@pytest.mark.parametrize("start", [7660000, 7660001])
def test_a_change_that_shifts_to_the_edge_of_the_locus_is_listed(tmp_path: Path, start: int) -> None:
    bases = reference().bases(start, 7676000)
    line = f"chr17\t{start}\t.\t{bases}\t{bases[0]}\t50\tPASS\t.\tGT:AD\t0/1:60,40"
    report = run_sample(write_vcf(tmp_path, line, header=GRCH38))
    assert report["assessment"]["status"] == "deletion_only"
    assert [u["code"] for u in report["uninterpreted"] if u["code"] == "beyond_locus"]


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "x.vcf").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        source(tmp_path / "x.vcf")
    with pytest.raises(InputError, match="No such file"):
        source(tmp_path / "y.vcf")


def indexed(folder: Path, data: str) -> Path:
    import pysam

    path = bgzip(folder / "x.vcf.gz", data.encode())
    pysam.tabix_index(str(path), preset="vcf", force=True)
    return path


def test_an_index_is_used_and_loses_no_duplicate(tmp_path: Path) -> None:
    path = indexed(tmp_path, vcf_text(R175H_38, R175H_38, header=GRCH38))
    opened = source(path)
    assert not opened.scanned
    assert len(next(opened.calls()).candidates) == 2


@pytest.mark.parametrize("fault", ["stale", "garbage", "of another file", "cut"])
def test_an_unfit_index_means_a_scan(tmp_path: Path, fault: str) -> None:
    path, tbi = indexed(tmp_path, TEXT), tmp_path / "x.vcf.gz.tbi"
    if fault == "stale":
        os.utime(tbi, (1, 1))
    elif fault == "garbage":
        tbi.write_bytes(b"nonsense")
    elif fault == "cut":
        tbi.write_bytes(tbi.read_bytes()[:40])
    else:
        (tmp_path / "b").mkdir()
        other = vcf_text("chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1", header=GRCH38)
        tbi.write_bytes(Path(f"{indexed(tmp_path / 'b', other)}.tbi").read_bytes())
    opened = source(path)
    assert opened.scanned
    assert len(next(opened.calls()).candidates) == 1


BUILDS = [
    ("contig length 38", GRCH38, R175H_38, Build.GRCH38, "length 83257441"),
    ("contig length 37", GRCH37, R175H_37, Build.GRCH37, "length 81195210"),
    ("reference line", "##reference=file:///x/hg19.fa", R175H_37, Build.GRCH37, "hg19 in the reference"),
    ("accession", "", R175H_38.replace("chr17", "NC_000017.11"), Build.GRCH38, "accession"),
    ("bases alone", "", R175H_37 + "\n" + R175H_37.replace("7578406", "7578405").replace("\tC\tT", "\tG\tA"),
     Build.GRCH37, "REF bases"),
    ("lower case", GRCH38, R175H_38.replace("\tC\tT", "\tc\tt"), Build.GRCH38, "REF agrees in 1"),
    ("other chromosomes, length 38", "##contig=<ID=chr13,length=114364328>", R175H_38, Build.GRCH38, "contig chr13 by length 114364328"),
    ("other chromosomes, before a name", "##reference=hg19.fa\n##contig=<ID=9,length=138394717>", R175H_38, Build.GRCH38, "contig 9 by length"),
    ("other chromosomes of both builds", "##contig=<ID=9,length=138394717>\n##contig=<ID=13,length=115169878>", R175H_38, Build.GRCH38, "REF bases"),
    ("IUPAC in REF", GRCH38, R175H_38.replace("\tC\tT", "\tY\tT"), Build.GRCH38, "REF agrees in 1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "header", "record", "build", "words"), BUILDS, ids=[b[0] for b in BUILDS])
def test_build_and_its_basis(
    tmp_path: Path, name: str, header: str, record: str, build: Build, words: str
) -> None:
    opened = source(write_vcf(tmp_path, record, header=header))
    assert opened.build is build
    assert words in opened.build_call.basis
    assert next(opened.calls()).candidates[0].allele.pos == 7675088


WRONG = [
    ("header against bases", GRCH37, R175H_38 + "\n" + R175H_38.replace("7675088", "7675087").replace("\tC\tT", "\tG\tA"),
     None, "REF bases of 2 records are TP53 of GRCh38"),
    ("header against one coding base", GRCH37, R175H_38, None, "REF bases of 1 record are TP53 of GRCh38"),
    ("other chromosomes against bases", "##contig=<ID=13,length=115169878>", R175H_38, None, "REF bases of 1 record are TP53 of GRCh38"),
    ("one record off", GRCH38, R175H_38 + "\n" + R175H_38.replace("\tC\tT", "\tG\tT"), None,
     "position 7675088: REF is G, GRCh38 has C"),
    ("--assembly against bases", "", R175H_38.replace("\tC\tT", "\tG\tT"), Build.GRCH38, "REF is G"),
    ("--assembly against header and bases", GRCH38, R175H_38, Build.GRCH37, "and so says the header"),
    ("nothing decides", "", "chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1", None, "--assembly"),
    ("against both", "", R175H_38.replace("\tC\tT", "\tG\tT"), None, "contradicts both"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "header", "record", "asked", "words"), WRONG, ids=[w[0] for w in WRONG])
def test_a_contradicted_build_is_refused(
    tmp_path: Path, name: str, header: str, record: str, asked: Build | None, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        source(write_vcf(tmp_path, record, header=header), assembly=asked)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("header", "record", "build"),
    [
        ("##contig=<ID=chr13,length=114364328>", "chr13\t28592642\t.\tC\tA\t.\tPASS\t.\tGT\t0/1", Build.GRCH38),
        ("##contig=<ID=13,length=115169878>", "", Build.GRCH37),
        (GRCH37, "17\t7680000\t.\t{}\tA\t.\tPASS\t.\tGT\t0/1", Build.GRCH37),  # not TP53, though the other build's intron 1
    ],
)  # fmt: skip
def test_a_file_without_a_record_on_the_gene_is_read(
    tmp_path: Path, header: str, record: str, build: Build
) -> None:
    line = record.format(reference().bases(7680000, 7680000))
    opened = source(write_vcf(tmp_path, *([line] if line else []), header=header))
    assert opened.build is build and not next(opened.calls()).candidates


def test_bases_that_fit_both_builds_ask(tmp_path: Path) -> None:
    ref = reference()
    start_37, start_38 = (ref.to_build(ref.start, b) for b in (Build.GRCH37, Build.GRCH38))
    lines = [
        f"chr17\t{start + 30}\t.\t{ref.sequence[30]}\t{'A' if ref.sequence[30] != 'A' else 'C'}\t.\t.\t.\tGT\t0/1"
        for start in (start_37, start_38)
    ]
    with pytest.raises(InputError, match="fit both builds"):
        source(write_vcf(tmp_path, *lines))


def listed(calls: SampleCalls) -> list[Uninterpreted]:
    """Every record that is no sequence change, the structural ones first."""
    return [*(entry for call in calls.structural for entry in call.listed), *calls.uninterpreted]


SYMBOLIC = [
    ("<DEL>", "SVTYPE=DEL;END=7690000", "symbolic", (("DEL",),), 7690000),
    ("<DUP>", "SVTYPE=DUP;END=7690000", "symbolic", (("DUP",),), 7690000),
    ("C[chr2:321681[", "SVTYPE=BND", "breakend", (("TRA",),), 7675088),
    ("R", ".", "ambiguous_base", (), 7675088),
    ("C", ".", "no_change", (), 7675088),
]


@pytest.mark.parametrize(("alt", "info", "code", "names", "end"), SYMBOLIC)
def test_what_is_no_sequence_change_is_listed(
    tmp_path: Path, alt: str, info: str, code: str, names: tuple[tuple[str, ...], ...], end: int
) -> None:
    line = f"chr17\t7675088\t.\tC\t{alt}\t50\tPASS\t{info}\tGT\t0/1"
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    (unread,) = listed(calls)
    assert (unread.code, unread.start, unread.end) == (code, 7675088, end)
    assert tuple(name for call in calls.structural for name in call.names) == names
    assert calls.candidates == ()


def test_a_deletion_that_begins_far_before_the_gene_is_seen_with_and_without_index(tmp_path: Path) -> None:
    line = "chr17\t7000000\t.\tN\t<DEL>\t50\tPASS\tSVTYPE=DEL;END=8000000\tGT\t0/1"
    for path in (write_vcf(tmp_path, line, header=GRCH38), indexed(tmp_path, vcf_text(line, header=GRCH38))):
        (calls,) = source(path).calls()
        assert [(u.code, u.end) for u in listed(calls)] == [("symbolic", 8000000)]
        assert calls.structural[0].names == (("DEL",),)


def test_a_malformed_line_is_listed(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, R175H_38, "chr17\tx\t.\tC", header=GRCH38)
    (calls,) = source(path).calls()
    assert [u.code for u in calls.uninterpreted] == ["malformed"]
    assert len(calls.candidates) == 1


def test_reference_blocks_of_a_gvcf(tmp_path: Path) -> None:
    line = "chr17\t7675000\t.\tG\t<NON_REF>\t.\t.\tEND=7675080\tGT:DP:MIN_DP\t0/0:60:55"
    line = line.replace("\tG\t", f"\t{reference().bases(7675000, 7675000)}\t")
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert [(b.start, b.end, b.depth) for b in calls.blocks] == [(7675000, 7675080, 55)]
    assert calls.candidates == ()


def test_unknown_sample_names_the_ones_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its samples are: S1"):
        source(write_vcf(tmp_path, R175H_38, header=GRCH38), sample="S2")


def test_records_elsewhere_are_no_tp53(tmp_path: Path) -> None:
    line = "chr17\t43000000\t.\tA\tG\t.\t.\t.\tGT\t0/1"
    opened = source(write_vcf(tmp_path, line, header=GRCH38))
    assert opened.records == ()
    assert "no TP53 record" in opened.build_call.basis


@pytest.mark.parametrize("number", ["76900\u00b20", "\u0663", "9" * 5000, "1_0", ""])
def test_odd_numbers_end_no_run(tmp_path: Path, number: str) -> None:
    lines = [
        f"chr17\t7675088\t.\tC\t<DEL>\t50\tPASS\tEND={number};SVLEN={number}\tGT:AD\t0/1:{number},{number}",
        f"chr17\t{number}\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:5,5",
    ]
    (calls,) = source(write_vcf(tmp_path, *lines, header=GRCH38)).calls()
    assert [(u.code, u.end) for u in listed(calls)] == [("symbolic", 7675088), ("malformed", None)]


def test_an_endless_allele_is_listed_and_cut_short(tmp_path: Path) -> None:
    line = R175H_38.replace("\tT\t", "\t" + "A" * 100_000 + "\t")
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert [u.code for u in calls.uninterpreted] == ["too_long"]
    assert len(calls.uninterpreted[0].record.alt) < 100


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.vcf.gz"
    path.write_bytes(gzip.compress(TEXT.encode() + b"A" * (66 << 20), 1))
    with pytest.raises(InputError, match="longer than 64 MiB"):
        source(path)


def test_the_record_is_kept_as_it_stood(tmp_path: Path) -> None:
    line = R175H_38.replace("\tC\tT", "\ty\tt,g").replace("0/1:60,40", "1/2:0,5,5")
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert [(c.record.ref, c.record.alt, c.allele.ref, c.allele.alt) for c in calls.candidates] == [
        ("y", "t", "C", "T"),
        ("y", "g", "C", "G"),
    ]


def test_records_where_tp53_lies_on_the_other_build_are_left_out(tmp_path: Path) -> None:
    elsewhere = "chr17\t7578406\t.\tG\tA\t50\tPASS\t.\tGT:AD\t0/1:60,40"
    opened = source(write_vcf(tmp_path, elsewhere, R175H_38, header=GRCH38))
    assert [r.pos for r in opened.records] == [7675088]
    assert [c.record.pos for c in next(opened.calls()).candidates] == [7675088]
