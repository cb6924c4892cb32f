"""Inputs made to harm: each ends in a documented exit code and one line, and leaves nothing behind.

What mutated inputs broke (``python -m tests.fuzz``) stands here with the smallest input that did.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pysam
import pytest
from bam_files import write_bam
from tp53annot_cli import in_a_process, tp53annot

from tp53annot.core.text import cell
from tp53annot.report.document import dump

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"
OWN_SCRIPT = (ROOT / "tp53annot" / "report" / "templates" / "cohort.js").read_text().strip()
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
RECORD = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40\n"
PAYLOAD = "<script>alert(1)</script>"
ALL = "json,tsv,html,vcf,xlsx,maf,fhir,txt"


def vcf(path: Path, *records: str, sample: str = "S1", head: str = HEAD) -> Path:
    body = "".join(records or (RECORD,))
    path.write_bytes(f"{head}{COLUMNS}{sample}\n{body}".encode("utf-8", "surrogateescape"))
    return path


def one_line(done: subprocess.CompletedProcess[str], code: int = 3) -> str:
    """The error line of a command that failed as it should."""
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tp53annot: error: "), done.stderr
    assert done.stderr.rstrip("\n").isprintable()
    return done.stderr


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    assert tp53annot("run", vcf(folder / "a.vcf"), "-o", folder / "o", "--format", "json").returncode == 0
    return (folder / "o" / "S1" / "S1.tp53.json").read_text()


# size -------------------------------------------------------------------------------------------


def test_a_line_of_fifty_megabytes(tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", RECORD.replace("PASS\t.", "PASS\tX=" + "A" * 50_000_000))
    assert tp53annot("run", path, "-o", tmp_path / "o", "--format", "json").returncode == 0
    assert (tmp_path / "o" / "S1" / "S1.tp53.json").stat().st_size < 1 << 20


def test_ten_thousand_samples(tmp_path: Path) -> None:
    names = "\t".join(f"S{n}" for n in range(10_000))
    record = RECORD.rstrip() + "\t0/1:60,40" * 9_999 + "\n"
    path = vcf(tmp_path / "a.vcf", record, sample=names)
    assert tp53annot("annotate", path, "-o", tmp_path / "b.vcf").returncode == 0
    assert (tmp_path / "b.vcf").read_text().splitlines()[-1].count("0/1:60,40") == 10_000
    done = tp53annot("run", path, "-o", tmp_path / "o", "--sample", "S77", "--format", "json")
    assert done.returncode == 0 and [p.name for p in (tmp_path / "o").glob("S*")] == ["S77"]


def test_a_thousand_alleles(tmp_path: Path) -> None:
    alts = [
        f"C{a}{b}{c}{d}{e}" for a in "ACGT" for b in "ACGT" for c in "ACGT" for d in "ACGT" for e in "ACGT"
    ]
    counts = ",".join(["10"] * 1001)
    record = f"chr17\t7675088\t.\tC\t{','.join(alts[:1000])}\t50\tPASS\t.\tGT:AD\t0/1:{counts}\n"
    assert (
        tp53annot("run", vcf(tmp_path / "a.vcf", record), "-o", tmp_path / "o", "--format", "json").returncode
        == 0
    )


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (RECORD * 3001, "more than 3000 calls"),
        (RECORD * 200_001, "more than 200000 records"),
        ("".join(RECORD.replace("\tT\t", f"\tC{'ACGT'[n % 4] * (n // 4 + 1)}\t").replace("7675088\t.\tC", f"{7675088 + k}\t.\tN")
                 for n in range(60) for k in range(4)), "pairs of calls"),
    ],
)  # fmt: skip
def test_more_calls_than_a_sample_can_have(tmp_path: Path, records: str, words: str) -> None:
    assert words in one_line(tp53annot("run", vcf(tmp_path / "a.vcf", records), "-o", tmp_path / "o"))


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (b"\0" * (1 << 20), "longer than 64 MiB"),
        (b"##x\n" * (1 << 18), "too long to be real"),
    ],
)
def test_what_unpacks_to_far_more(tmp_path: Path, piece: bytes, words: str) -> None:
    path = tmp_path / "a.vcf.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"##fileformat=VCFv4.2\n")
        for _ in range(70):
            out.write(piece)
    assert words in one_line(tp53annot("run", path, "-o", tmp_path / "o"))


def test_the_limit_of_what_is_unpacked_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(
        gzip.compress(
            f"{HEAD}{COLUMNS}S1\n{RECORD}".encode() + b"chr18\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n" * 400_000
        )
    )
    assert tp53annot("run", path, "-o", tmp_path / "o").returncode == 0
    small = tp53annot("run", path, "-o", tmp_path / "p", "--max-uncompressed", "0.005")
    assert "--max-uncompressed" in one_line(small)
    assert "--max-uncompressed" in one_line(
        tp53annot("annotate", path, "-o", tmp_path / "b.vcf", "--max-uncompressed", "0.005")
    )
    monkeypatch.setenv("TP53ANNOT_MAX_UNCOMPRESSED", "0.005")
    one_line(tp53annot("run", path, "-o", tmp_path / "q"))
    assert not list(tmp_path.rglob("*.tp53.*.tmp")) and not (tmp_path / "b.vcf").exists()


def test_bombs_in_sheets_regions_and_indexes(tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf")
    with zipfile.ZipFile(tmp_path / "s.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * (40 << 20))
    one_line(tp53annot("run", path, "-o", tmp_path / "o", "--samples", tmp_path / "s.xlsx"))
    with gzip.open(tmp_path / "r.bed.gz", "wb", compresslevel=1) as out:
        for _ in range(257):
            out.write(b"#" * (1 << 20))
    assert "256 MiB" in one_line(
        tp53annot("run", path, "-o", tmp_path / "o", "--target", tmp_path / "r.bed.gz")
    )
    pysam.tabix_compress(str(path), str(tmp_path / "b.vcf.gz"))
    (tmp_path / "b.vcf.gz.tbi").write_bytes(gzip.compress(b"TBI\1" + b"\0" * (257 << 20), 1))
    assert tp53annot("run", tmp_path / "b.vcf.gz", "-o", tmp_path / "p", "--format", "json").returncode == 0


@pytest.mark.parametrize(("shift", "depth"), [(14, 2**30), (0, 5), (2**30, 5), (-1, 5), (1, 10)])
def test_an_index_with_absurd_levels(tmp_path: Path, shift: int, depth: int) -> None:
    path = vcf(tmp_path / "a.vcf")
    pysam.tabix_compress(str(path), str(tmp_path / "b.vcf.gz"))
    pysam.tabix_index(str(tmp_path / "b.vcf.gz"), preset="vcf", csi=True)
    index = tmp_path / "b.vcf.gz.csi"
    data = gzip.decompress(index.read_bytes())
    index.write_bytes(gzip.compress(data[:4] + struct.pack("<2i", shift, depth) + data[12:]))
    assert tp53annot("run", tmp_path / "b.vcf.gz", "-o", tmp_path / "o", "--format", "json").returncode == 0


# what is no file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/dev/zero", "/dev/null", "/", "/proc/self/mem", "x" * 300, "a\nb\x1b[31m.vcf"]
)
def test_devices_folders_and_impossible_names(tmp_path: Path, path: str) -> None:
    good = vcf(tmp_path / "a.vcf")
    for arguments in (
        ("coverage", path), ("render", path), ("annotate", path), ("call", path),
        ("run", good, "-o", tmp_path / "o", "--samples", path), ("run", good, "-o", tmp_path / "o", "--callable", path),
        ("run", good, "-o", tmp_path / "o", "--bam", path),
    ):  # fmt: skip
        if (arguments[-2], path) != ("--callable", "/dev/null"):
            one_line(tp53annot(*arguments))
    if path != "/":
        one_line(tp53annot("run", path, "-o", tmp_path / "o"))


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.vcf")
    with subprocess.Popen(["sh", "-c", f"printf '%b' '{HEAD}{COLUMNS}S1\\n{RECORD}' > {tmp_path}/p.vcf"]):
        done = in_a_process("run", tmp_path / "p.vcf", "-o", tmp_path / "o", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "o/S1/S1.tp53.json").read_text())["provenance"]["inputs"][0]["sha256"] == ""
    vcf(tmp_path / "a.vcf", sample="S2")  # a pipe nobody writes to must not stop a folder's run
    done = tp53annot("run", tmp_path, "-o", tmp_path / "q", "-v", "--format", "json")
    assert done.returncode == 0 and "p.vcf: not a regular file" in done.stderr


# links --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["S1", "multiqc"])
def test_a_linked_folder_is_refused(tmp_path: Path, name: str) -> None:
    out, elsewhere = tmp_path / "o", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / name).symlink_to(elsewhere)
    done = tp53annot("run", vcf(tmp_path / "a.vcf"), "-o", out, "--force")
    assert "symbolic link" in one_line(done) and not list(elsewhere.iterdir())


def test_linked_files_are_replaced_not_written_through(tmp_path: Path) -> None:
    out, secret = tmp_path / "o", tmp_path / "secret"
    (out / "S1").mkdir(parents=True)
    secret.write_text("mine")
    names = [
        "cohort.tsv",
        "cohort.html",
        "run.json",
        *(f"S1/S1.tp53.{e}" for e in ("json", "html", "vcf.gz", "vcf.gz.tbi")),
    ]
    for name in names:
        (out / name).symlink_to(secret)
    assert tp53annot("run", vcf(tmp_path / "a.vcf"), "-o", out, "--force").returncode == 0
    assert secret.read_text() == "mine" and not any((out / name).is_symlink() for name in names)


# what a file can bring into a page, a table, a terminal -------------------------------------------

NASTY = [PAYLOAD, '"><img src=x onerror=alert(1)>', "=1+1", "@SUM(1)", "+1+cmd|' /C calc'!A0", "\x1b[31mred", "\x9b31m",
         "\u202egpj", "\u2028", "caf\udce9", "{{7*7}}", "</style><svg onload=alert(1)>"]  # fmt: skip


def inert(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every text written, after the checks that hold for all."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix in (".html", ".tsv", ".json", ".maf", ".txt"):
            shown = path.read_bytes().decode("utf-8", "surrogateescape")
            if path.name == "cohort.html":  # the one page with a script of its own
                shown = shown.replace(f"<script>{OWN_SCRIPT}</script>", "")
            assert not [c for c in shown if (ord(c) < 32 and c not in "\n\t") or ord(c) in range(127, 160)], (
                path
            )
            yield path, shown


@pytest.mark.parametrize("nasty", NASTY)
def test_fields_are_inert_in_every_format(tmp_path: Path, nasty: str) -> None:
    plain = nasty.replace(";", ",").replace("\t", " ")
    record = f"chr17\t7675088\t{plain}\tC\tT\t50\t{plain}\tX={plain}\tGT:AD:Z\t0/1:60,40:{plain.replace(':', '')}\n"
    symbolic = f"chr17\t7675088\t{plain}\tC\t<{plain}>\t.\tPASS\tEND=7675100\tGT\t0/1\n"
    path = vcf(tmp_path / "a.vcf", record, symbolic, sample=nasty)
    done = tp53annot("run", path, "-o", tmp_path / "o", "--include-filtered", "--format", ALL, "-v")
    assert done.returncode == 0, done.stderr
    assert all(line.isprintable() for line in done.stderr.splitlines())
    for written, shown in inert(tmp_path / "o"):
        if written.suffix == ".html":
            assert not [tag for tag in ("<script>alert", "<img src=x", "<svg onload") if tag in shown]
        elif written.suffix in (".tsv", ".maf"):
            cells = [cell for line in shown.splitlines() for cell in line.split("\t")]
            assert not [
                c for c in cells if c[:1] in ("=", "@") or (c[:1] in "+-" and c[1:] and not number(c))
            ]
        elif written.suffix == ".json":
            json.loads(written.read_bytes())
            assert "<script" not in shown or "mqc" not in written.name
    book = openpyxl.load_workbook(next((tmp_path / "o").rglob("*.xlsx")))
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert {p.name for p in tmp_path.iterdir()} == {"a.vcf", "o"}


def number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


@pytest.mark.parametrize("nasty", NASTY[:8])
def test_names_of_reads_and_sheets_are_inert(tmp_path: Path, nasty: str) -> None:
    header_safe = nasty.replace("\x1b", "").replace("\u2028", "")
    bam = write_bam(tmp_path / "b.bam", depth=5, skip=range(3, 12), sample=header_safe)
    assert tp53annot("run", bam, "-o", tmp_path / "o", "--format", "json,tsv,html,txt").returncode == 0
    for written, shown in inert(tmp_path / "o"):
        assert written.suffix != ".html" or "<script>alert" not in shown
    vcf(tmp_path / "a.vcf")
    quoted = nasty.replace('"', '""')
    (tmp_path / "s.csv").write_text(
        f'sample,vcf,patient\n"{quoted}",a.vcf,"{quoted}"\n', encoding="utf-8", errors="surrogateescape"
    )
    done = tp53annot("run", tmp_path, "-o", tmp_path / "p", "--samples", tmp_path / "s.csv")
    assert done.returncode == 0, done.stderr
    for written, shown in inert(tmp_path / "p"):
        assert written.suffix != ".html" or "<script>alert" not in shown


@pytest.mark.parametrize("nasty", ["\x1b[31m", "a\nb", "\u202e", "A" * 5000, "caf\udce9"])
def test_stderr_is_one_printable_line(tmp_path: Path, nasty: str) -> None:
    path = vcf(tmp_path / "a.vcf")
    one_line(tp53annot("run", path, "-o", tmp_path / "o", "--sample", nasty))
    one_line(tp53annot("run", path, "-o", tmp_path / "o", "--context", f"lineage={nasty}"), 2)
    one_line(tp53annot("explain", "--", nasty))
    usage = tp53annot("run", path, "-o", tmp_path / "o", "--format", nasty)
    assert usage.returncode == 2 and all(line.isprintable() for line in usage.stderr.splitlines())
    doubled = vcf(tmp_path / "b.vcf", sample=f"{nasty.strip()}\t{nasty.strip()}".replace("\n", ""))
    one_line(tp53annot("run", doubled, "-o", tmp_path / "o"))


def test_a_formula_is_told_from_a_number() -> None:
    assert [cell(x) for x in ("-", "-3", "+2.5e-3", "-1+1", "=x", -4, -0.5)] == [
        "-", "-3", "+2.5e-3", "'-1+1", "'=x", "-4", "-0.5"]  # fmt: skip


def test_json_escapes_what_steers_a_terminal_and_what_is_no_text() -> None:
    document = {"a": "\x9b1m\u202e\udce9\x7f"}
    assert dump(document).isascii() and json.loads(dump(document)) == document


def test_no_patient_in_the_record_of_a_run(tmp_path: Path) -> None:
    vcf(tmp_path / "a.vcf")
    (tmp_path / "bad.vcf").write_text("x")
    (tmp_path / "s.tsv").write_text(
        "sample\tvcf\tpatient\nS1\ta.vcf\tJaneDoe1970\nS2\tbad.vcf\tJaneDoe1970\n"
    )
    done = tp53annot("run", tmp_path, "-o", tmp_path / "o", "--samples", tmp_path / "s.tsv", "-vv")
    assert done.returncode == 5
    assert "JaneDoe" not in done.stderr + (tmp_path / "o" / "run.json").read_text()
    assert "JaneDoe" not in (tmp_path / "o" / "multiqc" / "tp53annot_mqc.json").read_text()


# records that make no sense -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        RECORD.replace("\t50\t", f"\t{q}\t") for q in ("nan", "-inf", "1e999", "-1", "1_0", "²")
    ] + [
        RECORD.replace("60,40", ad) for ad in ("nan,nan", "-5,-9", "1e300,1e308", "inf,1", "²,²", "60", "60,40,1", "9" * 400 + ",1")
    ] + [
        RECORD.replace("0/1:", f"{gt}:") for gt in ("0/99", "-1/1", "1/1/1/1/1", "|", "././.", "1", "")
    ] + [
        RECORD.replace("7675088", pos) for pos in ("0", "-1", "99999999999999999999", "1e6", "", "83257442")
    ] + [
        RECORD.replace("\tT\t", f"\t{alt}\t") for alt in ("", "T,T", "*", "<DEL>", "C", "N", "t", "[", "T,", "é", "<*>")
    ] + ["chr17\t7675088\n", "\n", "chr17\n", RECORD.replace("PASS\t.", "PASS\tEND=1;SVLEN=-99999999999;END=x")],
)  # fmt: skip
def test_senseless_records_are_listed_or_refused(tmp_path: Path, record: str) -> None:
    head = HEAD + HEAD.splitlines(keepends=True)[1] * 2 + '##INFO=<ID=X,Number=1,Type=String,Description="\n'
    path = vcf(tmp_path / "a.vcf", RECORD, record, head=head)
    done = tp53annot("run", path, "-o", tmp_path / "o", "--format", "json")
    if done.returncode:
        one_line(done)
        assert not list((tmp_path / "o").rglob("*.tp53.*"))
    else:
        json.loads((tmp_path / "o/S1/S1.tp53.json").read_text(), parse_constant=pytest.fail)
    assert tp53annot("annotate", path, "-o", tmp_path / "b.vcf").returncode in (0, 3)


# reads --------------------------------------------------------------------------------------------


def altered_bam(folder: Path, old: bytes, new: bytes) -> Path:
    """A small BAM with bytes of its data replaced."""
    path = write_bam(folder / "x.bam", depth=5, skip=range(3, 12), index=False)
    data = gzip.decompress(path.read_bytes())
    assert old in data
    with pysam.BGZFile(str(path), "wb") as out:
        out.write(data.replace(old, new, 1))
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"BAM\1", b"BAM\2"), (b"coordinate", b"coor\n@@ate"), (b"@SQ", b"dinat"), (b"LN:83257441", b"LN:99999999"),
     (b"chr17\0", b"chr1\0\0"), (b"r0\0", b"\0\0\0"), (b"\x40\x06\0\0", b"\xff\xff\xff\x7f")],
)  # fmt: skip
def test_damaged_reads_are_one_line(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = altered_bam(tmp_path, old, new)
    for arguments in (("coverage", path), ("call", path), ("run", path, "-o", tmp_path / "o")):
        done = in_a_process(*arguments)
        if done.returncode:
            one_line(done)
            assert "Closing failed" not in done.stderr


def test_reads_in_plain_gzip_and_a_genome_without_index(tmp_path: Path) -> None:
    bam = write_bam(tmp_path / "x.bam", depth=5, skip=range(3, 12), index=False)
    (tmp_path / "y.bam").write_bytes(gzip.compress(gzip.decompress(bam.read_bytes())))
    done = in_a_process("run", tmp_path / "y.bam", "-o", tmp_path / "o")
    assert done.returncode in (0, 3) and "Traceback" not in done.stderr
    with (
        pysam.AlignmentFile(str(bam)) as source,
        pysam.AlignmentFile(
            str(tmp_path / "c.cram"), "wc", template=source, format_options=[b"no_ref=1"]
        ) as out,
    ):
        for read in source:
            out.write(read)
    (tmp_path / "g.fa").write_text(">chr17\nACGT\n")
    before = set(tmp_path.iterdir())
    done = in_a_process("call", tmp_path / "c.cram", "--reference", tmp_path / "g.fa")
    assert "samtools faidx" in one_line(done) and set(tmp_path.iterdir()) == before
    assert in_a_process("call", tmp_path / "c.cram").returncode == 0  # it holds its bases


# reports, resources, options ----------------------------------------------------------------------


def _without(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    holder = document
    for key in keys[:-1]:
        holder = holder[key]
    del holder[keys[-1]]
    return document


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: [d], "not a report of this tool"),
        (lambda d: _without(d, "assembly"), "lacks assembly"),
        (lambda d: _without(d, "assessment", "notes"), "lacks notes"),
        (lambda d: d | {"variants": True}, "variants is not of type array"),
        (lambda d: d | {"protein": d["protein"] | {"length": 10**30}}, "protein.length is out of the range"),
        (lambda d: d | {"protein": d["protein"] | {"domains": [{"label": 1}]}}, "protein.domains[0]"),
        (lambda d: d | {"sample": "\ud800"}, None),
    ],
)  # fmt: skip
def test_reports_that_are_none(tmp_path: Path, report: str, change: Any, words: str | None) -> None:
    path = tmp_path / "x.tp53.json"
    path.write_text(json.dumps(change(json.loads(report))))
    done = tp53annot("render", path, "-o", tmp_path / "o", "--format", "html,tsv,maf,fhir,txt")
    assert words is None or words in one_line(done)
    assert done.returncode in (0, 3)


@pytest.mark.parametrize(
    "content", ["", "[" * 100_000, "NaN", '{"schema_version": "1.0"}', "\ud800", '{"a": ' + "9" * 5000 + "}"]
)
def test_what_is_no_report_at_all(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.tp53.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    one_line(tp53annot("render", path))


def test_a_report_is_the_same_again_whatever_its_names(tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", sample="caf\udce9 \x9b\u202e")
    assert tp53annot("run", path, "-o", tmp_path / "o").returncode == 0
    made = next((tmp_path / "o").glob("*/*.tp53.json"))
    assert tp53annot("render", made, "--format", "json,html,tsv").returncode == 0  # refuses to differ


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RESOURCES, tmp_path / "r"))


def test_a_manifest_that_leads_out_or_is_none(tables: Path, tmp_path: Path) -> None:
    manifest = tables / "MANIFEST.toml"
    sound = manifest.read_text()
    manifest.write_text(
        sound + '\n["../../etc/passwd"]\nversion = "1"\nsha256 = "0"\nlicence = ""\ncitation = ""\n'
    )
    assert "leads out" in one_line(tp53annot("resources", "verify", "--resources-dir", tables), 4)
    (tables / "tables" / "kato.tsv").unlink()
    (tables / "tables" / "kato.tsv").symlink_to("/dev/zero")
    other = tables.rename(tmp_path / "r2")
    done = tp53annot("resources", "verify", "--resources-dir", other)
    assert done.returncode == 4 and "kato.tsv" in done.stderr
    for number, content in enumerate(("x = 1", "[a]\nb = 1", "[", "\0")):
        folder = tmp_path / f"m{number}"
        folder.mkdir()
        (folder / "MANIFEST.toml").write_text(content)
        one_line(tp53annot("resources", "list", "--resources-dir", folder), 4)


@pytest.mark.parametrize("name", ["reference/locus.fa", "reference/builds.tsv", "tables/cell_lines.tsv", "rules/filters.toml",
                                  "evidence/gaps.toml", "tables/amino_acids.tsv"])  # fmt: skip
def test_tables_with_a_right_checksum_and_wrong_content(tables: Path, tmp_path: Path, name: str) -> None:
    import hashlib

    old = hashlib.sha256((tables / name).read_bytes()).hexdigest()
    (tables / name).write_text("x\ty\n" * 3 if name.endswith("tsv") else "x = 1\n")
    new = hashlib.sha256((tables / name).read_bytes()).hexdigest()
    manifest = tables / "MANIFEST.toml"
    manifest.write_text(manifest.read_text().replace(old, new))
    done = in_a_process("run", vcf(tmp_path / "a.vcf"), "-o", tmp_path / "o", "--resources-dir", tables)
    assert done.returncode in (0, 4), done.stderr
    if done.returncode:
        one_line(done, 4)


@pytest.mark.parametrize(
    "option",
    ["--min-vaf=nan", "--report-vaf=0", "--report-vaf=nan", "--min-depth=-1", "--max-uncompressed=0"],
)
def test_options_that_are_no_numbers(tmp_path: Path, option: str) -> None:
    assert tp53annot("run", vcf(tmp_path / "a.vcf"), "-o", tmp_path / "o", option).returncode == 2


def test_all_reads_must_show_it_at_a_threshold_of_one(tmp_path: Path) -> None:
    bed = tmp_path / "r.bed"
    bed.write_text("chr17\t7668400\t7688000\tx\t30\n")
    done = tp53annot(
        "run", vcf(tmp_path / "a.vcf"), "-o", tmp_path / "o", "--report-vaf", "1", "--callable", bed
    )
    assert done.returncode == 0, done.stderr
    bed.write_text("chr17\t²\t7688000\n")
    one_line(tp53annot("run", vcf(tmp_path / "a.vcf"), "-o", tmp_path / "p", "--target", bed))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<", b"<a></b>", b"<workbook/>"])
def test_damaged_workbooks(tmp_path: Path, part: str, content: bytes) -> None:
    book = openpyxl.Workbook()
    book.active.append(["sample", "vcf"])
    book.active.append(["S1", "a.vcf"])
    whole = io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "s.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    done = tp53annot(
        "run",
        vcf(tmp_path / "a.vcf"),
        "-o",
        tmp_path / "o",
        "--samples",
        tmp_path / "s.xlsx",
        "--format",
        "json",
    )
    assert done.returncode in (0, 3)
    if done.returncode:
        one_line(done)


def test_sheets_that_lead_nowhere(tmp_path: Path) -> None:
    path, sheet = vcf(tmp_path / "a.vcf"), tmp_path / "s.tsv"
    for value in ("x" * 300, "../" * 2000, "/dev/zero", "\0", '"' + "y" * 200_000):
        sheet.write_text(f"sample\tvcf\nS1\t{value}\n")
        one_line(tp53annot("run", path, "-o", tmp_path / "o", "--samples", sheet))


def test_mutated_inputs_in_small(tmp_path: Path) -> None:
    """The fuzzer itself works; its long runs stand in docs/fuzz.md, its scenes in tests/exhaustive."""
    command = [
        sys.executable,
        "-m",
        "tests.fuzz",
        "--inputs",
        "250",
        "--seconds",
        "25",
        "--seed",
        "8",
        "--kinds",
        "vcf,compressed,index,bcf,bam,cram,sheet,xlsx,report,explain,context,bed,statements,resources",
        "--keep",
        tmp_path,
    ]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_a_damaged_header_of_reads_costs_one_line(tmp_path: Path) -> None:
    """And not the words of pysam on closing what it could not open: the first block's checksum does not fit."""
    path = write_bam(tmp_path / "a.bam", depth=6, skip=range(5, 12), index=False)
    data = bytearray(path.read_bytes())
    (last,) = struct.unpack("<H", data[16:18])  # of the block, from 0
    data[last - 5] ^= 0xFF
    path.write_bytes(data)
    one_line(in_a_process("run", path, "-o", tmp_path / "o"))
