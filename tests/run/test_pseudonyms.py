"""``--pseudonymise``: no name of a sample, a patient or a file in any byte that is written."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import json
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from bam_files import Change, write_bam
from tp53annot_cli import tp53annot

from tp53annot.system.pseudonyms import pseudonyms_of

KEY = "0f" * 32
TUMOUR, NORMAL, PATIENT, FOLDER, BROKEN = (
    "ZELENKA-T1",
    "ZELENKA-N1",
    "Zelenková, Anna",
    "ward_zelenka",
    "zelenka.bad",
)
NAMES = ("zelenka", unicodedata.normalize("NFC", "zelenková"), unicodedata.normalize("NFD", "zelenková"))
FORMATS = "json,tsv,html,vcf,xlsx,maf,fhir,txt"


def vcf(path: Path, tumour: str = TUMOUR, normal: str = NORMAL) -> Path:
    path.write_text(
        "##fileformat=VCFv4.2\n"
        "##contig=<ID=chr17,length=83257441>\n"
        f"##commandline=caller --tumour {tumour} --bam /data/{FOLDER}/{tumour}.bam\n"
        f"##SAMPLE=<ID={tumour},Description=\"{PATIENT}\">\n##tumor_sample={tumour}\n##normal_sample={normal}\n"
        '##INFO=<ID=SAMPLE,Number=1,Type=String,Description="Sample name">\n'
        '##INFO=<ID=OF,Number=1,Type=String,Description="Where it was seen">\n'
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">\n'
        f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{tumour}\t{normal}\n"
        f"chr17\t7675088\t{tumour}_1\tC\tT\t50\tPASS\tSAMPLE={tumour};OF={tumour}/{normal}\tGT:AD\t0/1:600,400\t0/0:300,0\n"
        f"chr17\t7674500\t{tumour}_2\tN\tN]chr2:1000]\t50\tPASS\tSAMPLE={tumour};SVTYPE=BND\tGT:AD\t0/1:600,400\t0/0:300,0\n"
    )  # fmt: skip
    return path


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with files, a sheet, tables and one broken file, all of them named after the patient."""
    folder = tmp_path / FOLDER
    folder.mkdir()
    vcf(folder / f"{TUMOUR}.vcf")
    (folder / f"{BROKEN}.vcf").write_text(f"no VCF of {PATIENT}")
    vcf(folder / f"{TUMOUR}.more.vcf")  # in no row
    change = Change(pos=7675088, ref="C", alt="T", vaf=0.4)
    write_bam(folder / f"{TUMOUR}-R.bam", changes=[change], sample=f"{TUMOUR}-R", depth=60)
    (folder / f"{TUMOUR}.seg").write_text(
        f"ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean\n{TUMOUR}\tchr17\t1\t20000000\t500\t-0.9\n"
    )
    (folder / f"{FOLDER}.tsv").write_text(
        "sample\tpatient\tvcf\tbam\tcnv\tdisease_phase\n"
        f"{TUMOUR}\t{PATIENT}\t{TUMOUR}.vcf\t\t{TUMOUR}.seg\tdiagnosis\n"
        f"{TUMOUR}-R\t{PATIENT}\t\t{TUMOUR}-R.bam\t\trelapse\n"
        f"{BROKEN}\t{PATIENT}\t{BROKEN}.vcf\t\t\tremission_1\n"
        f"{TUMOUR}-M\t{PATIENT}\tlost.{TUMOUR}.vcf\t\t\tremission_1\n"  # is not there
    )
    (tmp_path / "key").write_text(KEY + "\n")
    return folder


def contents(data: bytes) -> bytes:
    """The bytes, those inside archives and compressed streams, too."""
    if data[:2] == b"\x1f\x8b":
        return data + gzip.decompress(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(name.encode() + contents(archive.read(name)) for name in archive.namelist())
    found = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL) if data[:4] == b"%PDF" else ():
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"".join(found)


def leaks(folder: Path) -> list[str]:
    """Files under a folder that hold a name, in their path or their bytes; also as JSON writes it."""
    sought = [form for n in NAMES for form in (n, json.dumps(n)[1:-1])]
    found = []
    for path in sorted(folder.rglob("*")):
        text = str(path.relative_to(folder)).lower()
        if path.is_file():
            text += contents(path.read_bytes()).decode("utf-8", "replace").lower()
        found += [
            f"{path}: {text[max(0, text.index(s) - 60) : text.index(s) + 40]!r}" for s in sought if s in text
        ]
    return found


def test_no_name_in_any_output(ward: Path) -> None:
    top = ward.parent
    done = tp53annot("run", ward, "--samples", ward / f"{FOLDER}.tsv", "-o", top / "out", "--format", FORMATS,
                     "--pseudonymise", top / "key", "--history", top / "out" / "lab.sqlite", "-v")  # fmt: skip
    assert done.returncode == 5, done.stderr  # the broken file costs its sample only
    assert leaks(top / "out") == []
    record = json.loads((top / "out" / "run.json").read_text())
    assert len(record["samples"]) == 2 and len(record["failures"]) == 2 and len(record["left_out"]) >= 1
    documents = [json.loads(p.read_text()) for p in sorted((top / "out").glob("s-*/*.tp53.json"))]
    assert len({d["patient"] for d in documents}) == 1 and len({d["sample"] for d in documents}) == 2
    assert all(d["serial"] and len(d["serial"]["unavailable"]) == 1 for d in documents)  # the course is there
    assert any(d["copy_number"]["state"] == "loss" for d in documents)  # the table found its sample


def test_the_pseudonym_is_the_keyed_hash_of_the_name(ward: Path) -> None:
    names = pseudonyms_of(ward.parent / "key")
    assert names is not None
    digest = hmac.new(KEY.encode(), TUMOUR.encode(), hashlib.sha256).hexdigest()
    assert names.sample(TUMOUR) == f"s-{digest[:20]}" and names.patient(TUMOUR) == f"p-{digest[:20]}"
    nfc, nfd = (unicodedata.normalize(form, PATIENT) for form in ("NFC", "NFD"))
    assert nfc != nfd and names.patient(nfc) == names.patient(nfd)
    assert names.file("ZELENKA-T1.vcf.gz") == f"f-{digest[:20]}.vcf.gz"


@pytest.mark.parametrize("options", [[], ["--sample", TUMOUR, "--normal", NORMAL]])
def test_names_change_nothing_else(ward: Path, options: list[str]) -> None:
    """The report with pseudonyms is the report without, but for the names."""
    top, file = ward.parent, ward / f"{TUMOUR}.vcf"
    for out, more in (("plain", ()), ("hidden", ("--pseudonymise", top / "key"))):
        done = tp53annot("run", file, "-o", top / out, "--format", FORMATS, *options, *more)
        assert done.returncode == 0, done.stderr
    assert leaks(top / "hidden") == [] and leaks(top / "plain")
    (plain,), (hidden,) = (
        [json.loads(p.read_text()) for p in (top / out).glob("*/*.tp53.json")] for out in ("plain", "hidden")
    )
    same = ("status", "allelic_state", "summary", "germline_flag", "summary_ids")
    assert {k: plain["assessment"][k] for k in same} == {k: hidden["assessment"][k] for k in same}
    assert plain["assessment"]["notes"] == hidden["assessment"]["notes"]
    assert plain["variants"][0]["claims"] == hidden["variants"][0]["claims"]
    assert len(plain["uninterpreted"]) == len(hidden["uninterpreted"]) == 1
    assert [w["id"] for w in plain["assessment"]["warnings"]] == [
        w["id"] for w in hidden["assessment"]["warnings"]
    ]


def test_lists_panels_and_regions(ward: Path) -> None:
    """Several columns, rows that are not understood, regions: named by the sample, the file, the patient."""
    top, key = ward.parent, ("--pseudonymise", ward.parent / "key")
    listed = ward / f"{TUMOUR}.csv"
    listed.write_text(
        f"sample,hgvs,vaf\n{TUMOUR},c.524G>A,0.4\n{TUMOUR},see {TUMOUR} of old,\n{NORMAL},p.R248Q,\n"
    )
    regions = ward / f"{TUMOUR}.bed"
    regions.write_text("chr17\t7668000\t7688000\n")
    panel = vcf(ward / "panel.vcf", f"{TUMOUR}-2", f"{TUMOUR}-3")
    for out, inputs in (("list", (listed,)), ("panel", (panel, "--callable", regions, "--target", regions))):
        done = tp53annot("run", *inputs, "-o", top / "out" / out, "--format", FORMATS, *key)
        assert done.returncode == 0, done.stderr
    assert leaks(top / "out") == []
    assert len(list((top / "out").glob("*/s-*/*.tp53.json"))) == 3  # the panel has a normal


@pytest.mark.parametrize("name", ["ALL", "TP53", "1", "C", "GATTACA", "R175H", "mutated", "chr17", "50"])
def test_names_that_are_words_of_the_report_break_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "key").write_text(KEY)
    path = vcf(tmp_path / f"{name}.vcf", name, "N")
    for out, more in (("plain", ()), ("hidden", ("--pseudonymise", tmp_path / "key"))):
        assert tp53annot("run", path, "-o", tmp_path / out, "--format", "json,vcf", *more).returncode == 0
    (plain, *_), (hidden, *_) = (
        sorted((json.loads(p.read_text()) for p in (tmp_path / out).glob("*/*.tp53.json")), key=lambda d: -len(d["variants"]))
        for out in ("plain", "hidden")
    )  # fmt: skip
    assert plain["assessment"]["summary"] == hidden["assessment"]["summary"]
    for key in ("hgvs_c", "ref", "alt", "chrom", "classification", "claims", "vaf", "caller_filters"):
        assert plain["variants"][0][key] == hidden["variants"][0][key]
    assert hidden["sample"].startswith("s-")


def test_resume_knows_its_own_reports(ward: Path) -> None:
    top = ward.parent
    command = (
        "run",
        ward,
        "--samples",
        ward / f"{FOLDER}.tsv",
        "-o",
        top / "out",
        "--pseudonymise",
        top / "key",
    )
    assert tp53annot(*command).returncode == 5
    before = {p: p.read_bytes() for p in (top / "out").rglob("*") if p.is_file() and p.name != "run.json"}
    assert tp53annot(*command, "--resume").returncode == 5
    record = json.loads((top / "out" / "run.json").read_text())
    assert [s["outcome"] for s in record["samples"]] == ["resumed", "resumed"]
    assert before == {
        p: p.read_bytes() for p in (top / "out").rglob("*") if p.is_file() and p.name != "run.json"
    }


def test_a_history_under_pseudonyms_is_asked_by_name(ward: Path) -> None:
    top = ward.parent
    hidden = ("--pseudonymise", top / "key")
    file = ("--history", top / "lab.sqlite")
    tp53annot("run", ward, "--samples", ward / f"{FOLDER}.tsv", "-o", top / "out", *hidden, *file)
    shown = tp53annot("history", "show", PATIENT, *file, *hidden)
    assert shown.returncode == 0 and len(json.loads(shown.stdout)) == 2
    assert tp53annot("history", "forget", "--patient", PATIENT, *file, *hidden).returncode == 0
    assert tp53annot("history", "list", *file).stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("key", "words"), [("short", "at least 16"), ("", "at least 16"), (None, "cannot be read")]
)
def test_a_key_that_is_none(tmp_path: Path, key: str | None, words: str) -> None:
    if key is not None:
        (tmp_path / "key").write_text(key)
    done = tp53annot("run", vcf(tmp_path / "a.vcf"), "-o", tmp_path / "o", "--pseudonymise", tmp_path / "key")
    assert done.returncode == 3 and words in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "o").exists()


def test_another_key_gives_other_names(ward: Path) -> None:
    (ward.parent / "other").write_text("1e" * 32)
    one, other = (pseudonyms_of(ward.parent / name) for name in ("key", "other"))
    assert one is not None and other is not None and one.sample(TUMOUR) != other.sample(TUMOUR)
