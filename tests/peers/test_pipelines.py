"""The workflow, the wrapper, the CWL tool and the Nextflow module, each run by its own engine.

The engines live in their own Python: ``TP53ANNOT_PIPELINES_PYTHON`` (default: the one running the
tests) has snakemake, cwltool and multiqc beside it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bam_files import Change, write_bam
from conftest import require_beside, require_program

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / "workflow"
DEMO = ROOT / "resources" / "example" / "demo.grch38.vcf"

R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.4)
Done = subprocess.CompletedProcess[str]


def engine(name: str) -> str:
    """Path of an engine."""
    return str(require_beside("TP53ANNOT_PIPELINES_PYTHON", name))


def start(command: list[object], folder: Path) -> Done:
    """Run in a folder, with this tp53annot first on the path and no settings from outside."""
    places = [str(Path(sys.executable).parent), *os.environ["PATH"].split(os.pathsep)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TP53ANNOT_", "SNAKEMAKE_"))}
    environment = kept | {"PATH": os.pathsep.join(places), "XDG_CACHE_HOME": str(folder / ".cache")}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def snakemake(folder: Path, *options: object, sheet: Path | None = None, config: str = "") -> Done:
    """The workflow in ``folder`` with its own config, the sheet and further settings."""
    command: list[object] = [engine("snakemake"), "--cores", 2, "--snakefile", WORKFLOW / "Snakefile"]
    command += ["--configfile", WORKFLOW / "config" / "config.yaml", *options]
    command += ["--config", f"samples={sheet or WORKFLOW / 'config' / 'samples.tsv'}"]
    return start([*command, *([config] if config else [])], folder)


def report(folder: Path, sample: str) -> dict[str, Any]:
    path = folder / "results" / "reports" / sample / f"{sample}.tp53.json"
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def fine(done: Done) -> str:
    """Everything printed by a command that must end well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.peer
@pytest.mark.exhaustive
def test_the_shipped_example_from_lint_to_report(tmp_path: Path) -> None:
    assert "in a good condition" in fine(snakemake(tmp_path, "--lint"))
    fine(snakemake(tmp_path))
    results = tmp_path / "results"
    table = (results / "cohort" / "cohort.tsv").read_text().splitlines()
    assert [line.split("\t")[0] for line in table][1:] == [
        "DEMO-01", "DEMO-02", "DEMO-03", "DEMO37-01", "DEMO37-02", "DEMO37-03",
    ]  # fmt: skip
    fine(start([Path(sys.executable).parent / "tp53annot", "demo", "-o", "demo"], tmp_path))
    for name in ("DEMO-01", "DEMO37-02"):
        direct = tmp_path / "demo" / name
        assert {p.name: p.read_bytes() for p in direct.iterdir()} == {
            p.name: p.read_bytes() for p in (results / "reports" / name).iterdir()
        }
    assert "Nothing to be done" in fine(snakemake(tmp_path))
    fine(snakemake(tmp_path, "--report", tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text()
    assert "DEMO37-03" in page and "cohort.tsv" in page

    fine(start([engine("multiqc"), results / "cohort", "--outdir", "qc", "--quiet", "--no-ansi"], tmp_path))
    assert "tp53annot" in (tmp_path / "qc" / "multiqc_report.html").read_text()
    shown = next((tmp_path / "qc" / "multiqc_data").glob("*tp53annot*.txt")).read_text()
    assert all(name in shown for name in ("DEMO-01", "DEMO37-03", "mutated"))


@pytest.mark.peer
def test_calls_reads_pairs_and_a_sample_that_fails(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_bam(tmp_path / "in" / "reads.bam", changes=[R175H])
    (tmp_path / "in" / "paper.vcf").write_bytes(b"%PDF-1.7\n")
    lines = DEMO.read_text().splitlines()
    one = [line if line.startswith("##") else "\t".join(line.split("\t")[:10]) for line in lines]
    (tmp_path / "in" / "one.vcf").write_text("\n".join(one) + "\n")
    shutil.copy(DEMO, tmp_path / "in" / "three.vcf")
    sheet = tmp_path / "in" / "samples.csv"
    sheet.write_bytes(
        b"\xef\xbb\xbfsample,vcf,bam,normal,patient,ph_status\r\n"
        b"reads,,reads.bam,,P1,\r\n"
        b"both,one.vcf,reads.bam,,P1,negative\r\n"
        b"DEMO-02,three.vcf,,DEMO-03,P2,\r\n"
        b"broken,paper.vcf,,,P3,\r\n"
        b",,,,,\r\n"
    )
    stopped = snakemake(tmp_path, "--keep-going", sheet=sheet)
    assert stopped.returncode != 0 and "broken" in stopped.stdout + stopped.stderr
    assert "paper.vcf" in (tmp_path / "results" / "logs" / "run" / "broken.log").read_text()
    assert not (tmp_path / "results" / "reports" / "broken" / "broken.tp53.json").exists()
    assert report(tmp_path, "reads")["coverage"] is not None
    both = report(tmp_path, "both")
    assert both["coverage"] is not None
    assert both["context"]["ph_status"]["origin"] == "declared"
    assert [i["name"] for i in both["provenance"]["inputs"]] == ["one.vcf", "reads.bam"]
    assert report(tmp_path, "DEMO-02")["sample"] == "DEMO-02"

    fine(snakemake(tmp_path, sheet=sheet, config="exclude=[broken]"))
    table = (tmp_path / "results" / "cohort" / "cohort.tsv").read_text().splitlines()
    assert sorted(line.split("\t")[0] for line in table[1:]) == ["DEMO-02", "both", "reads"]


@pytest.mark.peer
@pytest.mark.parametrize(
    ("sheet", "config", "words"),
    [
        ("sample\tvcf\nA\ta.vcf\nA\ta.vcf\n", "", ("line 3", "'A'", "twice")),
        ("sample\tvcf\nA b\ta.vcf\n", "", ("line 2", "A b")),
        ("sample\tvcf\nA\ta.vcf\tx\n", "", ("line 2", "cells")),
        ("sample\tvcf\nA\ta.vcf\n", "formats=[html]", ("formats",)),
        ("sample\tvcf\nA\ta.vcf\n", "exclude=[B]", ("exclude", "B")),
        ("sample\tvcf\nA\ta.vcf\n", "colour=red", ("colour",)),
    ],
)  # fmt: skip
def test_a_sheet_or_config_that_cannot_be_used(
    tmp_path: Path, sheet: str, config: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "samples.tsv"
    path.write_text(sheet)
    done = snakemake(tmp_path, "--dry-run", sheet=path, config=config)
    assert done.returncode != 0
    assert all(word in done.stdout + done.stderr for word in words), done.stderr


@pytest.mark.peer
@pytest.mark.exhaustive
def test_two_hundred_samples(tmp_path: Path) -> None:
    made = start([sys.executable, WORKFLOW / "scripts" / "make_samples.py", "in", 200], tmp_path)
    sheet = tmp_path / fine(made).strip()
    fine(snakemake(tmp_path, sheet=sheet))
    assert len((tmp_path / "results" / "cohort" / "cohort.tsv").read_text().splitlines()) == 201
    assert "Nothing to be done" in fine(snakemake(tmp_path, sheet=sheet))


@pytest.mark.peer
def test_the_snakemake_wrapper(tmp_path: Path) -> None:
    program = engine("snakemake")
    shutil.copytree(WORKFLOW / "wrappers", tmp_path / "prefix" / "master")
    folder = tmp_path / "work"
    shutil.copytree(WORKFLOW / "wrappers" / "bio" / "tp53annot" / "run" / "test", folder)
    options = ["--cores", 1, "--wrapper-prefix", f"file:{tmp_path}/prefix/"]
    fine(start([program, *options, "reports/S1.tp53.json"], folder))
    made = json.loads((folder / "reports" / "S1.tp53.json").read_text())
    assert made["sample"] == "S1" and made["context"]["age_years"] == {"value": 64, "origin": "declared"}
    assert sorted(p.name for p in (folder / "reports").iterdir()) == [
        "S1.tp53.html", "S1.tp53.json", "S1.tp53.vcf.gz", "S1.tp53.vcf.gz.tbi",
    ]  # fmt: skip


def cwl(folder: Path, tool: str, job: str) -> dict[str, Any]:
    """Outputs of a CWL tool or workflow, run without containers."""
    command = [engine("cwltool"), "--quiet", "--no-container", "--outdir", folder / "out"]
    done = start([*command, WORKFLOW / "cwl" / tool, WORKFLOW / "cwl" / job], folder)
    assert done.returncode == 0, done.stderr
    outputs: dict[str, Any] = json.loads(done.stdout)
    return outputs


@pytest.mark.peer
def test_the_cwl_tool(tmp_path: Path) -> None:
    outputs = cwl(tmp_path, "tp53annot-run.cwl", "example.yml")
    made = json.loads(Path(outputs["json"][0]["path"]).read_text())
    assert made["sample"] == "DEMO-01" and made["assessment"]["status"] == "mutated"
    assert made["context"]["ph_status"]["value"] == "negative"
    assert outputs["annotated_vcf"][0]["secondaryFiles"]


@pytest.mark.peer
def test_the_cwl_workflow_over_many_files(tmp_path: Path) -> None:
    outputs = cwl(tmp_path, "tp53annot.cwl", "example-many.yml")
    assert [folder["basename"] for folder in outputs["reports"]] == ["demo.grch37", "demo.grch38"]
    with (Path(outputs["overview"]["path"]) / "cohort.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    assert len(rows) == 6
    assert all((Path(outputs["overview"]["path"]) / row["report"]).is_file() for row in rows)


@pytest.mark.peer
def test_the_nextflow_module_as_far_as_groovy_goes(tmp_path: Path) -> None:
    """Without Nextflow: its sections parse, and the command they make runs and writes what is declared."""
    module = WORKFLOW / "nextflow" / "modules" / "tp53annot" / "run" / "main.nf"
    groovy = require_program("groovy")
    inputs = "[meta: [id: 'DEMO-01', normal: 'DEMO-03', context: [age_years: 64]], vcf: 'demo.vcf', bam: [], indices: []]"
    declared = ("json", "html", "tsv", "vcf.gz", "vcf.gz.tbi")
    for section in ("script", "stub"):
        folder = tmp_path / section
        folder.mkdir()
        shutil.copy(DEMO, folder / "demo.vcf")
        command = fine(
            start(
                [groovy, Path(__file__).with_name("nextflow_section.groovy"), module, section, inputs], folder
            )
        )
        fine(start(["bash", "-euo", "pipefail", "-c", command], folder))
        assert all(len(list(folder.glob(f"reports/*/*.tp53.{end}"))) == 1 for end in declared)
    document = json.loads((tmp_path / "script" / "reports" / "DEMO-01" / "DEMO-01.tp53.json").read_text())
    assert document["context"]["age_years"]["value"] == 64
