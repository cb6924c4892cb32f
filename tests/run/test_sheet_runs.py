"""Whole runs with a sample sheet: the same bytes from the same sheet, and what a missing file costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sheet_variants import variants
from tp53annot_cli import tp53annot

HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
VARIANTS = {variant.name: variant for variant in variants()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "abc":
        record = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:600,400\n"
        (tmp_path / f"{name}.vcf").write_text(f"{HEAD}{name}\n{record}")
    return tmp_path


def written(folder: Path, variant: str, output: str) -> dict[str, bytes]:
    """What a run with a variant of the sheet writes, but for the record of the run."""
    sheet = VARIANTS[variant]
    (folder / sheet.file).write_bytes(sheet.data)
    out = folder / output
    options = [f"--{name.replace('_', '-')}" for name in sheet.options]
    done = tp53annot(
        "run", folder, "--samples", folder / sheet.file, "-o", out, "-q", "--format", "json,tsv", *options
    )
    assert done.returncode == 0, done.stderr
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in out.rglob("*")
        if p.is_file() and p.name != "run.json"
    }


def test_the_same_bytes_from_the_same_sheet(folder: Path) -> None:
    plain = written(folder, "tsv", "o1")
    assert len(plain) > 8 and b"88" in plain["S-01/S-01.tp53.json"]
    assert written(folder, "German, cp1252", "o2") == plain
    assert written(folder, "xlsx, German columns", "o3") == plain
    assert written(folder, "ods", "o4") == plain


def test_a_missing_file_costs_its_sample(folder: Path) -> None:
    sheet = folder / "s.csv"
    sheet.write_text("Probe;VCF;Station\nS1;a.vcf;K1\nS2;none.vcf;K2\nS3;c.vcf;K1\n")
    arguments = ("run", folder, "--samples", sheet, "--format", "json", "--ignore-columns", "-o")
    done = tp53annot(*arguments, folder / "o")
    assert done.returncode == 5
    missing = f"{sheet}: line 3, column VCF: sample 'S2': no such file: none.vcf; "
    lines = done.stderr.splitlines()
    assert lines[0] == "s.csv: column 'Station' is left out"
    assert lines[1].startswith(f"tp53annot: error: {missing}")
    assert lines[2:] == ["2 samples: 2 mutated; 1 failed", f"page: {folder / 'o/cohort.html'}"]
    record = json.loads((folder / "o/run.json").read_text())
    assert [s["sample"] for s in record["samples"]] == ["S1", "S3"] and record["failures"][0].startswith(
        missing
    )
    assert record["remarks"] == [lines[0]]
    again = tp53annot(*arguments, folder / "o", "--resume")
    assert again.stderr.splitlines()[2] == "2 samples: 2 mutated; 2 kept from before; 1 failed"
    printed = tp53annot(*arguments, "-")
    assert (
        printed.returncode == 5
        and printed.stdout.count('"schema_version"') == 2
        and missing in printed.stderr
    )
    strict = tp53annot(*arguments, folder / "p", "--strict")
    assert strict.returncode == 3 and missing in strict.stderr and not (folder / "p").exists()


def test_a_sheet_with_faults_runs_nothing_and_lists_them_all(folder: Path) -> None:
    (folder / "s.csv").write_text("sample,vcf,lineage,Name\nS1,a.vcf,c-Al,x\nS1,none.vcf,T,y\n")
    done = tp53annot("run", folder, "--samples", folder / "s.csv", "-o", folder / "o")
    lines = done.stderr.splitlines()
    assert done.returncode == 3 and done.stdout == "" and not (folder / "o").exists()
    assert len(lines) == 5 and all(
        line.startswith(f"tp53annot: error: {folder / 's.csv'}: ") for line in lines
    )
    json_lines = tp53annot(
        "run", folder, "--samples", folder / "s.csv", "-o", folder / "o", "--log-json"
    ).stderr
    assert [json.loads(line)["level"] for line in json_lines.splitlines()] == ["error"] * 5


def test_options_of_a_sheet_need_one(folder: Path) -> None:
    for option in (["--strict"], ["--ignore-columns"], ["--sheet-tab", "x"]):
        done = tp53annot("run", folder, "-o", folder / "o", *option)
        assert done.returncode == 2 and f"{option[0]} is about a sample sheet" in done.stderr
    (folder / "s.tsv").write_text("sample\na\n")
    done = tp53annot("run", folder, "--samples", folder / "s.tsv", "--bam", "x.bam", "-o", folder / "o")
    assert done.returncode == 2 and "column bam" in done.stderr


def test_words_of_sheets_hold_for_a_declared_context_too(folder: Path) -> None:
    said = ("lineage=c-ALL", "blast_pct=88%", "collection_date=05.01.2024", "ph_status=Ph-")
    options = [part for text in said for part in ("--context", text)]
    done = tp53annot("run", folder / "a.vcf", "-o", folder / "o", "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    context = json.loads((folder / "o/a/a.tp53.json").read_text())["context"]
    named = {
        name: context[name]["value"] for name in ("lineage", "blast_pct", "collection_date", "ph_status")
    }
    assert named == {
        "lineage": "B-ALL",
        "blast_pct": 88.0,
        "collection_date": "2024-01-05",
        "ph_status": "negative",
    }
    done = tp53annot("run", folder / "a.vcf", "-o", folder / "o", "--context", "ph_status=-")
    assert done.returncode == 2 and done.stderr.startswith(
        "tp53annot: error: --context ph_status: '-' may mean no, or not known"
    )


# The control's fields and reads, and what the sample of diagnosis says of the germline. Age below 18 alone suspects.
CONTROLS = [
    ("skin_fibroblast", "", "0/0:1000,0", "not_suspected"),
    ("skin_fibroblast", "", "0/1:500,500", "suspected"),
    ("skin_fibroblast", "yes", "0/0:1000,0", "not_suspected"),
    ("saliva", "", "0/0:1000,0", "not_suspected"),
    ("saliva", "yes", "0/0:1000,0", "suspected"),  # after a transplantation, saliva can be the donor's
    ("bone_marrow", "", "0/0:1000,0", "suspected"),  # no control
]


def test_a_control_of_the_sheet_is_the_matched_normal_of_its_patient(tmp_path: Path) -> None:
    columns = [name for i in range(len(CONTROLS)) for name in (f"D{i}", f"C{i}")]
    values = [value for _, _, reads, _ in CONTROLS for value in ("0/1:550,450", reads)]
    record = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t" + "\t".join(values)
    (tmp_path / "all.vcf").write_text(HEAD + "\t".join(columns) + f"\n{record}\n")
    rows = ["sample\tvcf\tpatient\tage_years\tlineage\tdisease_phase\tspecimen_type\tprior_allo_hsct"]
    for i, (specimen, transplanted, _, _) in enumerate(CONTROLS):
        rows.append(f"D{i}\tall.vcf\tP{i}\t9\tB-ALL\tdiagnosis\tbone_marrow\t")
        rows.append(f"C{i}\tall.vcf\tP{i}\t9\tB-ALL\t\t{specimen}\t{transplanted}")
    (tmp_path / "s.tsv").write_text("\n".join(rows) + "\n")
    sheet, out = tmp_path / "s.tsv", tmp_path / "o"
    done = tp53annot("run", tmp_path, "--samples", sheet, "-o", out, "-q", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = {p.name.split(".")[0]: json.loads(p.read_text())["assessment"] for p in out.glob("*/*.tp53.json")}
    assert set(found) == set(columns), "each row has its report, controls too"
    for i, (*_, flag) in enumerate(CONTROLS):
        assert found[f"D{i}"]["germline_flag"] == flag, CONTROLS[i]
