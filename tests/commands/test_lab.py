"""``--lab``: with and without each key, one line a fault, its place below the command line and the environment."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mutated import laid
from one_sample import HEAD, R175H, record
from rendered import rendered

from tp53annot.errors import FaultsError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.analysis import analyse, same_question
from tp53annot.run.inputs.plan import plan
from tp53annot.run.lab_file import read_lab
from tp53annot.run.settings import RunSettings

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC"
)
WORDS = resources_of().texts("en")
KEYS: dict[str, tuple[str, tuple[str, ...]]] = {  # key: what the file says, and what page and text then hold
    "name": ('name = "Laboratory <of> Haematology"', ("Laboratory <of> Haematology",)),
    "address": ('address = ["1 Example Street", "Exampletown"]', ("1 Example Street", "Exampletown")),
    "accreditation": ('accreditation = "ISO 15189, No. 4711"', ("ISO 15189, No. 4711",)),
    "date": ("date = 2026-03-31", ("2026-03-31",)),
    "footer": ('footer = "Valid with signature only."', ("Valid with signature only.",)),
    "assay": ('[assay]\nname = "Panel A v3"\nlimits = "exons 2-11 only"', ("Panel A v3", "exons 2-11 only")),
    "signatures": ('[[signatures]]\nname = "Dr A"\nrole = "head of it"\n[[signatures]]\nname = "Dr B"', ("Dr A", "head of it", "Dr B")),
    "thresholds": ('[thresholds]\nmin_vaf = { value = 0.03, reason = "validated in 2025" }', ("validated in 2025", "min_vaf = 0.03")),
    "context": ('[context]\nlineage = "T-ALL"\nage_years = 30', ("T-ALL (assumed)", "30 (assumed)")),
}  # fmt: skip


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "S1.vcf"
    path.write_text(f"{HEAD}\tFORMAT\tS1\n{record(R175H, 0.4)}")
    return path


def lab_of(folder: Path, text: str) -> Path:
    path = folder / "lab.toml"
    path.write_text(text)
    return path


def report_of(vcf: Path, lab: str | None, **given: Any) -> dict[str, Any]:
    read = None if lab is None else read_lab(lab_of(vcf.parent, lab), resources_of())
    (job,) = plan([vcf], bam=None, context={}).jobs
    settings = RunSettings(lab=read, **given, **({} if read is None else _thresholds(read.defaults, given)))
    (found,) = analyse(job, settings, interpreter_of())
    assert same_question(found.report, found.report.sample, job, settings, resources_of())
    return dict(found.document)


def _thresholds(defaults: dict[str, object], given: dict[str, Any]) -> dict[str, Any]:
    """As the command line gives them: the file's where no option is."""
    return {name: value for name, value in defaults.items() if name not in ("formats", *given)}


@pytest.mark.parametrize("key", KEYS)
def test_each_key_reaches_page_and_text(key: str, vcf: Path) -> None:
    text, told = KEYS[key]
    document, plain = report_of(vcf, text), report_of(vcf, None)
    for name in ("html", "txt"):
        with_it, without = (rendered(d, name, WORDS).decode() for d in (document, plain))
        with_it = with_it.replace("&lt;", "<").replace("&gt;", ">")
        for part in told:
            assert part in with_it, (name, part)
            assert part not in without, (name, part)


def test_without_a_lab_file_nothing_is_there(vcf: Path) -> None:
    document = report_of(vcf, None)
    assert document["laboratory"] is None
    page = rendered(document, "html", WORDS).decode()
    assert 'letterhead"' not in page and "img-src" not in page and '<section class="signatures"' not in page


def test_a_logo_is_inside_the_page(vcf: Path) -> None:
    (vcf.parent / "logo.png").write_bytes(PNG)
    document = report_of(vcf, 'logo = "logo.png"\nname = "L"')
    page = rendered(document, "html", WORDS).decode()
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert not re.search(r'src="(?!data:image/png;base64,)', page)


def test_a_threshold_that_an_option_replaces_gives_no_reason(vcf: Path) -> None:
    text = KEYS["thresholds"][0]
    assert report_of(vcf, text)["laboratory"]["thresholds"][0]["value"] == 0.03
    other = report_of(vcf, text, min_vaf=0.04)
    assert other["laboratory"]["thresholds"] == [] and other["provenance"]["settings"]["min_vaf"] == 0.04


def test_a_declared_value_goes_before_the_laboratorys(vcf: Path) -> None:
    read = read_lab(lab_of(vcf.parent, KEYS["context"][0]), resources_of())
    (job,) = plan([vcf], bam=None, context={"lineage": "B-ALL"}).jobs
    (found,) = analyse(job, RunSettings(lab=read), interpreter_of())
    context: Any = found.document["context"]
    assert context["lineage"] == {"value": "B-ALL", "origin": "declared"}
    assert context["age_years"] == {"value": 30.0, "origin": "default"}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('nam = "x"', ["nam: is not a key of a lab file; did you mean name?"]),
        ("name = 3", ["name: is a number, not a text"]),
        ('name = ""', ["name: is empty, not a text"]),
        ("address = [1]", ["address: holds what is no text"]),
        ('logo = "no.png"', ["logo: no.png cannot be read"]),
        ('logo = "lab.toml"', ["logo: lab.toml is no picture that can be embedded"]),
        ('date = "31.3.26"', ["date: '31.3.26' is not a date"]),
        ('language = "fr"', ["language: 'fr' is not one of en, de"]),
        ('formats = ["html", "docx"]', ["formats: 'docx' is not one of json, tsv, html"]),
        ("formats = 3", ["formats: is a number"]),
        ("assay = 3", ["assay: is a number, not a table"]),
        ('[assay]\nlimit = "a"', ["assay.limit: is not a key of a lab file; did you mean limits?"]),
        ('[[signatures]]\nrole = "a"', ["signatures[1].name: is missing"]),
        ("signatures = 3", ["signatures: is no list of tables"]),
        ("[thresholds]\nreport_vaf = 0.03", ["thresholds.report_vaf: has no reason"]),
        ("[thresholds]\nmin_vaf = { value = 0.03 }", ["thresholds.min_vaf.reason: is missing"]),
        ('[thresholds]\nmin_vaf = { value = 3, reason = "a" }', ["thresholds.min_vaf.value: 3 is out of range"]),
        ('[thresholds]\nmin_depth = { value = 30.5, reason = "a" }', ["min_depth.value: 30.5 is not a whole number"]),
        ('[thresholds]\nmin_vaf = { value = nan, reason = "a" }', ["min_vaf.value: nan is not a number"]),
        ('[context]\nlinage = "B-ALL"', ["context.linage: 'linage' is not a context field; did you mean lineage?"]),
        ('[context]\nage_years = "old"', ["context.age_years: age_years='old' is not a number"]),
        ("name = ", ["it is no TOML"]),
        ('nam = "x"\ndate = 3', ["nam: is not a key", "date: 3 is not a date"]),
    ],
)  # fmt: skip
def test_every_fault_is_one_line_with_its_key(text: str, faults: list[str], tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as caught:
        read_lab(lab_of(tmp_path, text), resources_of())
    lines = [str(fault) for fault in caught.value.faults]
    assert len(lines) == len(faults)
    for line, fault in zip(lines, faults, strict=True):
        assert line.startswith(str(tmp_path / "lab.toml")) and fault in line and "; " in line


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tp53annot", "run", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def test_command_line_then_environment_then_the_file(vcf: Path, tmp_path: Path) -> None:
    lab = lab_of(tmp_path, 'language = "de"\nformats = ["json", "txt"]\n' + KEYS["thresholds"][0])
    for number, (arguments, environment, language, least) in enumerate(
        [
            ((), {}, "de", 0.03),
            ((), {"TP53ANNOT_LANGUAGE": "en", "TP53ANNOT_MIN_VAF": "0.05"}, "en", 0.05),
            (("--language", "de", "--min-vaf", "0.04"), {"TP53ANNOT_LANGUAGE": "en"}, "de", 0.04),
        ]
    ):
        out = tmp_path / f"out{number}"
        done = run(vcf, "-o", out, *arguments, TP53ANNOT_LAB=str(lab), **environment)
        assert done.returncode == 0, done.stderr
        settings = json.loads((out / "S1/S1.tp53.json").read_text())["provenance"]["settings"]
        assert (settings["language"], settings["min_vaf"]) == (language, least)
        assert sorted(p.name for p in (out / "S1").iterdir()) == ["S1.tp53.json", "S1.tp53.txt"]


def test_a_faulty_file_writes_nothing(vcf: Path, tmp_path: Path) -> None:
    lab = lab_of(tmp_path, 'nam = "x"\ndate = 3')
    done = run(vcf, "-o", tmp_path / "out", "--lab", lab)
    assert done.returncode == 3 and not (tmp_path / "out").exists()
    assert len(done.stderr.splitlines()) == 3 and "2 faults; nothing was run" in done.stderr
    assert all(line.startswith(f"tp53annot: error: {lab}: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("given", ["before", "after", "environment"])
def test_the_context_is_checked_against_the_tables_in_use(given: str, vcf: Path, tmp_path: Path) -> None:
    tables = laid(tmp_path / "t", "evidence/vocabulary.toml", lambda text: f'[ward]\nkind = "text"\n{text}')
    lab = ("--lab", lab_of(tmp_path, '[context]\nward = "7b"'))
    folder = ("--resources-dir", tables)
    options = {"before": (*folder, *lab), "after": (*lab, *folder), "environment": lab}[given]
    variables = {"TP53ANNOT_RESOURCES_DIR": str(tables)} if given == "environment" else {}
    done = run(vcf, "-o", tmp_path / "out", *options, **variables)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "S1" / "S1.tp53.json").read_text())
    assert document["context"]["ward"] == {"value": "7b", "origin": "default"}
    refused = run(vcf, "-o", tmp_path / "none", *lab)
    assert refused.returncode == 3 and "context.ward" in refused.stderr


def test_a_lab_file_in_another_code_page(tmp_path: Path) -> None:
    lab = tmp_path / "lab.toml"
    lab.write_bytes('language = "en"\nname = "Hämatologie"\n'.encode("cp1252"))
    with pytest.raises(FaultsError, match="line 2 is not UTF-8 text; save the file as UTF-8"):
        read_lab(lab, resources_of())


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400, "nan", "inf", "1e999"])
def test_a_threshold_beyond_numbers(tmp_path: Path, number: str) -> None:
    lab = tmp_path / "lab.toml"
    for name in ("report_vaf", "min_depth"):
        lab.write_text(f'[thresholds]\n{name} = {{ value = {number}, reason = "x" }}\n')
        with pytest.raises(FaultsError, match=f"thresholds.{name}.value: .{{1,64}} is not a") as caught:
            read_lab(lab, resources_of())
        assert len(str(caught.value)) < 400
