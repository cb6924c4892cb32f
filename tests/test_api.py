"""The public library: what it offers, and that it says what the command line says."""

from __future__ import annotations

import json
import subprocess
import sys
import typing
from pathlib import Path

import pandas
import pytest
from tp53annot_cli import tp53annot as tp53annot_here

import tp53annot
from tp53annot import api

EXAMPLE = Path(__file__).parents[1] / "resources" / "example"
DEMO = EXAMPLE / "demo.grch38.vcf"


def test_the_public_names_are_pinned() -> None:
    assert tp53annot.__all__ == [
        "InputError", "Tp53AnnotError", "UsageError", "__version__", "annotate_variant", "cohort_table",
        "render_report", "run_sample",
    ]  # fmt: skip
    assert all(getattr(tp53annot, name) is not None for name in tp53annot.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = tp53annot.nonsense
    for name in ("annotate_variant", "cohort_table", "render_report", "run_sample"):
        hints = typing.get_type_hints(getattr(api, name), vars(api) | {"pandas": pandas})
        assert "return" in hints and getattr(api, name).__doc__


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, tp53annot, tp53annot.cli; print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'pysam', 'cyvcf2', 'pandas', 'jinja2', 'openpyxl', 'xlsxwriter', 'weasyprint', 'requests', 'tomli')])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_a_change_is_what_explain_prints() -> None:
    done = subprocess.run([sys.executable, "-m", "tp53annot", "explain", "--json", "R175H"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert tp53annot.annotate_variant("R175H") == json.loads(done.stdout)[0]["variants"]
    assert len(tp53annot.annotate_variant("T125T")) == 3
    with pytest.raises(tp53annot.InputError, match="residue 175 of p53 is R"):
        tp53annot.annotate_variant("G175H")
    with pytest.raises(tp53annot.UsageError, match="hg19"):
        tp53annot.annotate_variant("R175H", assembly="hg19")


def test_a_sample_is_what_run_writes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tp53annot", "run", str(DEMO), "-o", str(tmp_path), "--format", "json,html,tsv",
               "--context", "age_years=64"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(tp53annot.UsageError, match="3 samples"):
        tp53annot.run_sample(DEMO)
    written = json.loads((tmp_path / "DEMO-02/DEMO-02.tp53.json").read_text())
    report = tp53annot.run_sample(str(DEMO), sample="DEMO-02", context={"age_years": 64})
    told = written["provenance"]["settings"] | {"sample": "DEMO-02"}
    assert report == written | {"provenance": written["provenance"] | {"settings": told}}
    for form in ("html", "tsv", "json"):
        path = tmp_path / f"DEMO-02/DEMO-02.tp53.{form}"
        assert tp53annot.render_report(written, form) == path.read_bytes()
    with pytest.raises(tp53annot.UsageError, match="vcf"):
        tp53annot.render_report(report, "vcf")
    with pytest.raises(tp53annot.UsageError, match="ph_status"):
        tp53annot.run_sample(DEMO, sample="DEMO-02", context={"ph_status": "sometimes"})


def test_a_copy_number_table_is_taken_as_run_takes_it(tmp_path: Path) -> None:
    table = tmp_path / "x.seg"
    table.write_text(
        "ID\tchrom\tloc.start\tloc.end\tnum.mark\tseg.mean\nDEMO-02\t17\t1\t22000000\t900\t-0.9\n"
    )
    done = tp53annot_here(
        "run", DEMO, "-o", tmp_path / "o", "--sample", "DEMO-02", "--cnv", table, "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "o/DEMO-02/DEMO-02.tp53.json").read_text())
    for given in (table, str(table), [table]):
        report = tp53annot.run_sample(DEMO, sample="DEMO-02", cnv=given)
        assert report == written and report["copy_number"]["state"] == "loss"
    table.write_text(table.read_text().replace("DEMO-02", "someone"))
    with pytest.raises(tp53annot.InputError, match="no sample of the run"):
        tp53annot.run_sample(DEMO, sample="DEMO-02", cnv=table)


def test_a_cohort_is_the_table_that_run_writes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tp53annot", "run", str(DEMO), "-o", str(tmp_path), "--format", "json"]
    subprocess.run(command, check=True, capture_output=True)
    table = tp53annot.cohort_table(tmp_path)
    written = pandas.read_csv(tmp_path / "cohort.tsv", sep="\t")
    assert list(table.columns) == list(written.columns)
    for column in ("sample", "status", "allelic_state", "variants", "variant_count"):
        assert list(table[column]) == list(written[column])
    (tmp_path / "DEMO-01" / "DEMO-01.tp53.json").write_text("{}")
    with pytest.raises(tp53annot.InputError, match="DEMO-01"):
        tp53annot.cohort_table(tmp_path)
