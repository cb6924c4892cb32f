"""``validate``: every outcome of a true change, honest negatives, and the files it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tp53annot.core.allele import Allele
from tp53annot.demo.example_data import write_example_data
from tp53annot.errors import InputError, OutputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.run import pipeline
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.validation import procedure
from tp53annot.validation.agreement import band_of, group_of
from tp53annot.validation.figures import Validation

RESOURCES = resources_of()
RULES = RESOURCES.rules.validation
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
R175H, P72R, R248Q, R273H = "7675088\t.\tC\tT", "7676154\t.\tG\tC", "7674220\t.\tC\tT", "7673802\t.\tC\tT"


def report(folder: Path, sample: str, *calls: tuple[str, float, str], callable_bed: bool = False) -> None:
    """One sample's report, made by the tool from a VCF with these calls (change, VAF, FILTER)."""
    lines = [
        f"chr17\t{change}\t50\t{flt}\t.\tGT:AD\t0/1:{1000 - round(1000 * vaf)},{round(1000 * vaf)}\n"
        for change, vaf, flt in sorted(calls)
    ]
    path = folder / f"{sample}.vcf"
    path.write_text(
        HEAD + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n" + "".join(lines)
    )
    bed = folder / "all.bed"
    bed.write_text("chr17\t7668000\t7688000\n")
    settings = RunSettings(callable_bed=bed if callable_bed else None)
    output = OutputSettings(folder=folder / "out", formats=("json",))
    assert not pipeline.run([path], settings, output).failures


def check(folder: Path, rows: Sequence[str]) -> dict[str, Any]:
    truth = folder / "truth.tsv"
    truth.write_text("\n".join(["sample\tvariant\tvaf\tclass\tstatus", *rows]) + "\n")
    return plain(procedure.validate(truth, [folder / "out"], RESOURCES))


def plain(found: Validation) -> dict[str, Any]:
    """The content of validation.json."""
    read: dict[str, Any] = json.loads(procedure.as_json(found))
    return read


def test_every_outcome_of_a_true_change(tmp_path: Path) -> None:
    report(tmp_path, "A", (R175H, 0.4, "PASS"), (P72R, 0.5, "PASS"), (R248Q, 0.3, "weak_evidence"))
    report(tmp_path, "B", (R273H, 0.1, "PASS"))
    report(tmp_path, "C", callable_bed=True)
    found = check(tmp_path, [
        "A\tR175H\t45%\tlikely_oncogenic\tmutated", "A\tP72R\t0.5", "A\tc.743G>A\t0.3",
        "B\tc.626_627del\t0.1", "C\tR282W", "D\tR282W",
    ])  # fmt: skip
    row = found["changes"]["all"][0]
    assert (row["truth"], row["detected"], row["missed"], row["not_assessed"]) == (5, 2, 3, 1)
    assert (row["reported"], row["false"]) == (2, 1)
    assert row["ppa"]["low"] == pytest.approx(0.0527, abs=5e-5)  # 2 of 5, exact
    assert row["ppa"]["high"] == pytest.approx(0.8534, abs=5e-5)
    why = {(d["sample"], d["type"], d["change"]): d["reason"] for d in found["discordances"]}
    assert "benign" in why["A", "withheld", "P72R"]
    assert "caller_filter (the caller filtered it: weak_evidence)" in why["A", "missed", "c.743G>A"]
    assert "does not know the coverage" in why["B", "missed", "c.626_627del"]
    assert "assessed at a VAF of 5.0%" in why["C", "missed", "R282W"]
    assert why["B", "false_positive", "R273H (c.818G>A)"] == "reported, but not in the truth table"
    assert "class oncogenic instead of likely_oncogenic" in why["A", "class", "R175H"]
    assert found["no_report"] == ["D"] and found["classes"] == {"stated": 1, "agree": 0}
    assert found["vaf"][0]["n"] == 2 and found["vaf"][0]["mean"] == pytest.approx(-0.025)
    kinds = {r["group"]: (r["truth"], r["detected"]) for r in found["changes"]["by_kind"]}
    assert kinds == {"SNV": (4, 2), "deletion, 1-5 bases": (1, 0)}


def test_incomplete_is_no_true_negative(tmp_path: Path) -> None:
    report(tmp_path, "open")
    report(tmp_path, "clean", callable_bed=True)
    report(tmp_path, "dirty", (R175H, 0.2, "PASS"), callable_bed=True)
    found = check(tmp_path, ["open\tnegative", "clean\t-", "dirty\tnone\t\t\tnot_detected"])
    s = found["samples"]
    assert (s["negatives"], s["negatives_agree"], s["negatives_false"], s["negatives_no_answer"]) == (
        3,
        1,
        1,
        1,
    )
    assert (s["npa"]["hits"], s["npa"]["trials"]) == (1, 2)
    types = {(d["sample"], d["type"]) for d in found["discordances"]}
    assert types == {("open", "no_answer"), ("dirty", "false_positive"), ("dirty", "status")}
    exons = {r["exon"]: (r["negatives"], r["false"]) for r in found["exons"]}
    assert exons["5"] == (2, 1) and exons["7"] == (2, 0), "the sample of unknown coverage adds none"
    assert exons["all"] == (20, 1)


def test_changes_combined_by_the_tool_are_true(tmp_path: Path) -> None:
    path = tmp_path / "m.vcf"
    path.write_text(HEAD + "##FORMAT=<ID=PS,Number=1,Type=Integer,Description=\"x\">\n"
                    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tM\n"
                    "chr17\t7675087\t.\tG\tA\t50\tPASS\t.\tGT:AD:PS\t0|1:600,400:7\n"
                    "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD:PS\t0|1:600,400:7\n")  # fmt: skip
    assert not pipeline.run([path], RunSettings(), OutputSettings(folder=tmp_path / "out")).failures
    parts = check(tmp_path, ["M\tc.524G>A", "M\tc.525C>T"])["changes"]["all"][0]
    assert (parts["detected"], parts["reported"], parts["false"]) == (2, 1, 0)
    half = check(tmp_path, ["M\tc.524G>A"])["changes"]["all"][0]
    assert (half["detected"], half["reported"], half["false"]) == (1, 1, 1)
    whole = check(tmp_path, ["M\tc.524_525delinsAT"])["changes"]["all"][0]
    assert (whole["detected"], whole["false"]) == (1, 0)


def test_groups_and_bands() -> None:
    kinds = {("C", "T"): "snv", ("CG", "TA"): "mnv", ("C", "CAAAAA"): "ins_1_5", ("C", "CAAAAAA"): "ins_6_20",
             ("C", "C" + "A" * 21): "ins_21", ("CAA", "C"): "del_1_5", ("C" + "A" * 20, "C"): "del_6_20",
             ("C" + "A" * 21, "C"): "del_21", ("CG", "TAA"): "delins"}  # fmt: skip
    for (ref, alt), kind in kinds.items():
        assert group_of(Allele(pos=5, ref=ref, alt=alt), (), RULES.kind) == kind
    assert group_of(Allele(pos=5, ref="C", alt="T"), ("splice_donor_variant",), RULES.kind) == "splice"
    for vaf, band in ((0.0099, "below 1 %"), (0.01, "1-2 %"), (0.02, "2-5 %"), (0.05, "5-10 %"),
                      (0.1, "10-20 %"), (0.2, "over 20 %"), (1.0, "over 20 %"), (None, "VAF not stated")):  # fmt: skip
        assert band_of(vaf, RULES) == band


@pytest.mark.parametrize(("rows", "words"), [
    (["A\tR999H"], "line 2"),
    (["A\tR175H\t12"], "VAF '12'"),
    (["A\tR175H\t\tbad"], "class 'bad'"),
    (["A\tR175H\t\t\tgone"], "status 'gone'"),
    (["A\tR175H", "A\tnegative"], "line 3: sample 'A' is both negative and not"),
    (["A\tR175H", "A\tc.524G>A"], "line 3: c.524G>A stands twice"),
    (["\tR175H"], "no name"),
    ([], "no sample"),
])  # fmt: skip
def test_a_truth_table_with_faults_is_refused(tmp_path: Path, rows: list[str], words: str) -> None:
    report(tmp_path, "A")
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        check(tmp_path, rows)


def test_reports_that_cannot_be_used(tmp_path: Path) -> None:
    report(tmp_path, "A")
    truth = tmp_path / "t.tsv"
    truth.write_text("sample\tvariant\nA\tnegative\n")
    (tmp_path / "empty").mkdir()
    one = tmp_path / "out" / "A" / "A.tp53.json"
    cut = json.loads(one.read_text())
    del cut["variants"]
    (tmp_path / "cut.tp53.json").write_text(json.dumps(cut))
    for reports, words in (([tmp_path / "empty"], "no report"), ([one, one], "also in"),
                           ([tmp_path / "cut.tp53.json"], "lacks variants"), ([truth], "not JSON")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            procedure.validate(truth, reports, RESOURCES)


def test_the_command_on_the_example(tmp_path: Path) -> None:
    """Reads made by the tool, called, and held against the truth table that ships."""
    write_example_data(tmp_path / "ex", RESOURCES, force=False)
    with pytest.raises(OutputError, match="not empty"):
        write_example_data(tmp_path / "ex", RESOURCES, force=False)
    tool = [sys.executable, "-m", "tp53annot"]
    subprocess.run([*tool, "run", tmp_path / "ex/bam", "--samples", tmp_path / "ex/samples.tsv", "-o",
                    tmp_path / "out", "--format", "json"], check=True)  # fmt: skip
    command = [*tool, "validate", str(tmp_path / "ex/truth.tsv"), str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "v"), "--json"], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found == json.loads((tmp_path / "v/validation.json").read_text())
    assert found["changes"]["all"][0]["ppa"]["hits"] == found["changes"]["all"][0]["truth"] == 5
    assert [(d["sample"], d["type"]) for d in found["discordances"]] == [("EX-05", "no_answer")]
    assert abs(found["vaf"][0]["largest"]) < 0.03
    first = {p.name: p.read_bytes() for p in (tmp_path / "v").iterdir()}
    assert sorted(first) == [
        "discordances.tsv",
        "validation.html",
        "validation.json",
        "validation.md",
        "validation.tsv",
    ]
    assert subprocess.run([*command, "-o", str(tmp_path / "v")], capture_output=True).returncode == 3
    again = subprocess.run(
        [*command, "-o", str(tmp_path / "v"), "--force"], capture_output=True, text=True, check=True
    )
    assert first == {p.name: p.read_bytes() for p in (tmp_path / "v").iterdir()}, "same input, same bytes"
    for words in ("PPA", "NPA", "exon 7", "over 20 %"):
        assert all(
            words in text
            for text in (again.stdout, first["validation.html"].decode(), first["validation.md"].decode())
        )
    assert all(len(line) <= 120 for line in again.stdout.splitlines())
    wilson = subprocess.run(
        [*command, "--json", "--interval", "wilson"], capture_output=True, text=True, check=True
    )
    assert json.loads(wilson.stdout)["changes"]["all"][0]["ppa"]["low"] == pytest.approx(0.5655, abs=5e-5)


def test_outside_text_stays_text(tmp_path: Path) -> None:
    report(tmp_path, "A<script>|x", (R175H, 0.2, "PASS"))
    check(tmp_path, ["A<script>|x\tnegative"])
    found = procedure.validate(tmp_path / "truth.tsv", [tmp_path / "out"], RESOURCES)
    procedure.write(found, tmp_path / "v", RESOURCES, force=False)
    assert "<script>" not in (tmp_path / "v/validation.html").read_text()
    assert r"A\<script\>\|x" in (tmp_path / "v/validation.md").read_text()
