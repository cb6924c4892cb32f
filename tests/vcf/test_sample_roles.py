"""Which columns are reported, which are their normals, and what a reader is told: never by the order of columns."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tp53annot_cli import reports_of
from vcf_files import GRCH38, source, write_vcf

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

RECORD = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD"
LEUKAEMIA, MARROW = "TARGET-10-PAAAAA-09A-01D", "TARGET-10-PAAAAA-14A-01D"
OTHER, OTHER_BLOOD = "TARGET-10-PBBBBB-40A-01D", "TARGET-10-PBBBBB-10A-01D"
PEDIGREE = "##PEDIGREE=<Derived=T1,Original=N1>\n##PEDIGREE=<Derived=T2,Original=N2>"
MERGED = "##tumor_sample=T1\n##tumor_sample=T2\n##normal_sample=N1\n##normal_sample=N2"
MUTECT1 = '##MuTect="analysis_type=MuTect tumor_sample_name=B normal_sample_name=A bam=x"'
TNSCOPE = '##SentieonCommandLine.TNscope=<ID=TNscope,CommandLine="driver --algo TNscope --tumor_sample B --normal_sample A o.vcf">'
OCTOPUS = '##octopus=<version=0.7,command="octopus -I A.bam B.bam --normal-sample A">'
CAVEMAN = '##SAMPLE=<ID=NORMAL,Description="Wildtype",SampleName=A>\n##SAMPLE=<ID=TUMOUR,Description="Mutant",SampleName=B>'
# header lines, columns, {reported: its normals}
ROLES: list[tuple[str, list[str], dict[str, list[str]]]] = [
    ("##tumor_sample=B\n##normal_sample=A", ["A", "B"], {"B": ["A"]}),
    ("##tumor_sample=T1\n##tumor_sample=T2\n##normal_sample=N", ["T1", "T2", "N"], {"T1": ["N"], "T2": ["N"]}),
    ("##tumor_sample=DIAG\n##normal_sample=REM", ["DIAG", "RELAPSE", "REM"], {"DIAG": ["REM"], "RELAPSE": ["REM"]}),
    ("##tumor_sample=T\n##normal_sample=N1\n##normal_sample=N2", ["T", "N1", "N2"], {"T": ["N1", "N2"]}),
    (MERGED, ["T1", "N1", "T2", "N2"], {"T1": [], "T2": []}),
    (PEDIGREE, ["T1", "N1", "T2", "N2"], {"T1": ["N1"], "T2": ["N2"]}),
    ("##PEDIGREE=<ID=B,Original=A>", ["A", "B"], {"B": ["A"]}),
    ("##SAMPLE=<ID=TUMOR,SampleName=A>\n##SAMPLE=<ID=NORMAL,SampleName=B>", ["A", "B"], {"A": ["B"]}),
    ('##SAMPLE=<ID=A,Description="normal karyotype">\n##SAMPLE=<ID=B,Description="x">', ["A", "B"], {"A": [], "B": []}),
    (CAVEMAN, ["A", "B"], {"B": ["A"]}),
    (MUTECT1, ["A", "B"], {"B": ["A"]}),
    (TNSCOPE, ["A", "B"], {"B": ["A"]}),
    (OCTOPUS, ["A", "B"], {"B": ["A"]}),
    ("##x=1", ["NORMAL", "TUMOR"], {"TUMOR": ["NORMAL"]}),
    ("##x=1", ["Tumour", "normal"], {"Tumour": ["normal"]}),
    ("##x=1", ["P1_normal", "P1_tumor", "P2-Tumor", "P2-Normal"], {"P1_tumor": ["P1_normal"], "P2-Tumor": ["P2-Normal"]}),
    ("##x=1", ["P1_germline", "P1_tumor"], {"P1_tumor": ["P1_germline"]}),
    ("##x=1", ["P1_germline", "P2"], {"P1_germline": [], "P2": []}),
    ('##SAMPLE=<ID=A,Genomes=Germline,Mixture=1.,Description="Patient germline genome">', ["A", "B"], {"B": ["A"]}),
    ('##SAMPLE=<ID=A,Genomes=Germline;Tumor,Mixture=.3;.7,Description="x">', ["A", "B"], {"A": [], "B": []}),
    ("##x=1", ["P1_normal_karyotype", "P2"], {"P1_normal_karyotype": [], "P2": []}),
    ("##x=1", ["P1_N", "P1_T"], {"P1_N": [], "P1_T": []}),  # a node and a tumour, not treated and treated ...
    ("##x=1", ["T1", "T2"], {"T1": [], "T2": []}),
    ("##source=strelka", ["N1", "T1"], {"N1": [], "T1": []}),
    ("##x=1", [MARROW, LEUKAEMIA], {LEUKAEMIA: [MARROW]}),
    ("##x=1", [MARROW, LEUKAEMIA, OTHER_BLOOD, OTHER], {LEUKAEMIA: [MARROW], OTHER: [OTHER_BLOOD]}),
    ("##x=1", [LEUKAEMIA, OTHER_BLOOD], {LEUKAEMIA: []}),  # another patient's normal
    ("##x=1", ["TCGA-AB-2802-03A-01D", "TCGA-AB-2802-11A-01D"], {"TCGA-AB-2802-03A-01D": ["TCGA-AB-2802-11A-01D"]}),
    ("##normal_sample=A", ["A"], {"A": []}),
]  # fmt: skip


def told(path: Path, **options: Any) -> dict[str, list[str]]:
    """The reported columns of a file with their normals, by name."""
    opened = source(path, **options)
    names = opened.header.samples
    return {names[c.column]: [names[n] for n in c.normals] for c in opened.columns if c.column is not None}


def by_column(folder: Path, header: str, samples: list[str]) -> Path:
    return write_vcf(
        folder,
        "\t".join([RECORD, *["0/1:50,50"] * len(samples)]),
        samples=samples,
        header=f"{GRCH38}\n{header}",
    )


@pytest.mark.parametrize(("header", "samples", "expected"), ROLES)
def test_reported_columns_and_their_normals_in_any_order(
    tmp_path: Path, header: str, samples: list[str], expected: dict[str, list[str]]
) -> None:
    for order in permutations(samples):
        found = told(by_column(tmp_path, header, list(order)))
        assert {name: sorted(normals) for name, normals in found.items()} == expected


def test_the_user_names_the_normal_and_the_sample(tmp_path: Path) -> None:
    path = by_column(tmp_path, "##x=1", ["A", "B", "C"])
    assert told(path, normal="B") == {"A": ["B"], "C": ["B"]}
    assert told(path, normal="B", sample="C") == {"C": ["B"]}
    assert told(path, sample="B") == {"B": []}


def texts(report: Any) -> dict[str, str]:
    """Warnings of a report by id."""
    return {w["id"]: w["text"] for w in report["assessment"]["warnings"]}


def test_a_column_of_unknown_role_is_reported_with_a_remark(tmp_path: Path) -> None:
    reports = reports_of(by_column(tmp_path, "##tumor_sample=A", ["A", "B"]), tmp_path / "o")
    assert {name: report["assessment"]["status"] for name, report in reports.items()} == {
        "A": "mutated",
        "B": "mutated",
    }
    assert "warning.role_unknown" not in texts(reports["A"])
    assert "does not say whether B is a tumour or a normal" in texts(reports["B"])["warning.role_unknown"]


def test_a_change_of_the_matched_normal_is_suspected_to_be_germline_in_every_tumour(tmp_path: Path) -> None:
    header = "##tumor_sample=A\n##tumor_sample=B\n##normal_sample=N"
    path = write_vcf(
        tmp_path,
        f"{RECORD}\t0/1:90,10\t0/1:80,20\t0/1:55,45",
        samples=["A", "B", "N"],
        header=f"{GRCH38}\n{header}",
    )
    reports = reports_of(path, tmp_path / "o")
    assert sorted(reports) == ["A", "B"]
    for report in reports.values():
        reasons = {flag["id"] for flag in report["assessment"]["germline_reasons"]}
        assert report["assessment"]["germline_flag"] == "suspected"
        assert "germline.normal" in reasons


def test_a_file_of_a_normal_alone_is_no_tp53_mutated_leukaemia(tmp_path: Path) -> None:
    (report,) = reports_of(by_column(tmp_path, "##normal_sample=A", ["A"]), tmp_path / "o").values()
    assert report["assessment"]["status"] == "mutated"
    assert report["assessment"]["tp53_mutated_all"] is None
    assert "A is a normal sample" in texts(report)["warning.column_is_normal"]


@pytest.mark.parametrize(
    ("keys", "tumour", "normal", "filters", "told"),
    [
        ("GT:AD", "0/0:100,0", "0/1:50,50", "PASS", True),
        ("GT:AD", "./.:.", "0/1:50,50", "germline", True),
        ("DP:AU:CU:GU:TU", "100:0,0:100,100:0,0:0,0", "100:0,0:50,50:0,0:50,50", "PASS", True),
        ("GT:AD", "0/0:100,0", "0/1:50,50", "LowQual", False),
        ("GT:AD", "0/0:100,0", "0/0:97,3", "PASS", False),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_only_the_normal_has_is_listed_and_told(
    tmp_path: Path, keys: str, tumour: str, normal: str, filters: str, told: bool, turned: bool
) -> None:
    names, values = ("TUMOR", "NORMAL"), (tumour, normal)
    if turned:
        names, values = names[::-1], values[::-1]
    line = "\t".join(["chr17", "7675088", ".", "C", "T", "50", filters, ".", keys, *values])
    (found,) = (
        a.document
        for a in analyse(
            Job(vcf=write_vcf(tmp_path, line, samples=names, header=GRCH38)), RunSettings(), interpreter_of()
        )
    )
    assessment = found["assessment"]
    assert (found["sample"], assessment["status"], found["variants"]) == ("TUMOR", "incomplete", [])
    assert assessment["germline_flag"] == ("suspected" if told else "not_suspected")
    assert ("warning.normal_only" in {w["id"] for w in assessment["warnings"]}) == told
    if told:
        (listed,) = found["rejected"]
        assert (listed["hgvs_p_short"], listed["normal"]["vaf"]) == ("R175H", 0.5)


@pytest.mark.parametrize(
    ("tumour", "normal", "told"),
    [("0/1:179,22", "0/0:196,30", True), ("0/1:60,40", "0/0:92,8", False), ("0/1:60,40", "0/1:50,50", False)],
)
def test_a_normal_with_the_fraction_of_the_tumour_is_named(
    tmp_path: Path, tumour: str, normal: str, told: bool
) -> None:
    header = f"{GRCH38}\n##tumor_sample=T\n##normal_sample=N"
    path = write_vcf(tmp_path, f"{RECORD}\t{tumour}\t{normal}", samples=["T", "N"], header=header)
    (report,) = reports_of(path, tmp_path / "o").values()
    assert ("warning.normal_alike" in {w["id"] for w in report["assessment"]["warnings"]}) is told
