"""Variant lists: every spelling of a table gives what the same changes give as a VCF, and nothing in it is lost."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import require_program
from tp53annot_cli import tp53annot
from vcf_files import GRCH37, GRCH38, write_vcf

Report = dict[str, Any]
# c. name: place on GRCh38, place on GRCh37, a MAF's place (deletions and insertions without the base before).
CHANGES = {
    "c.524G>A": ((7675088, "C", "T"), (7578406, "C", "T"), (7578406, "C", "T")),
    "c.743G>A": ((7674220, "C", "T"), (7577538, "C", "T"), (7577538, "C", "T")),
    "c.215C>G": ((7676154, "G", "C"), (7579472, "G", "C"), (7579472, "G", "C")),
    "c.455dup": ((7675156, "C", "CG"), (7578474, "C", "CG"), (7578474, "-", "G")),
    "c.626_627del": ((7674903, "TTC", "T"), (7578221, "TTC", "T"), (7578222, "TC", "-")),
}
VAFS = dict(zip(CHANGES, (40, 10, 48, 3, 30), strict=True))  # of 100 reads


def reports(output: Path) -> dict[str, Report]:
    found = (json.loads(p.read_text()) for p in sorted(output.glob("*/*.tp53.json")))
    return {r["sample"]: r for r in found}


def run(tmp_path: Path, *arguments: object) -> dict[str, Report]:
    output = tmp_path / "out"
    done = tp53annot("run", *arguments, "-o", output, "--format", "json,vcf,html", "--force", "-q")
    assert done.returncode == 0, done.stderr
    return reports(output)


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], separator: str = "\t") -> Path:
    lines = [header, *rows]
    path.write_text("".join(separator.join(map(str, line)) + "\n" for line in lines), encoding="utf-8")
    return path


def workbook(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (header, *rows):
        sheet.append(list(line))
    book.save(path)
    return path


def verdict(report: Report) -> object:
    a = report["assessment"]
    variants = [
        (
            v["hgvs_c"],
            v["hgvs_p"],
            v["vaf"],
            v["depth"],
            v["alt_reads"],
            v["classification"]["class"],
            v["amp_tier"],
        )
        for v in report["variants"]
    ]
    rejected = [(v["hgvs_c"], [f["id"] for f in v["filters_failed"]]) for v in report["rejected"]]
    return a["status"], a["tp53_mutated_all"], a["allelic_state"], variants, rejected


@pytest.fixture(scope="module")
def as_vcf(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What the same changes give as a VCF."""
    tmp_path = tmp_path_factory.mktemp("vcf")
    lines = [
        f"chr17\t{p}\t.\t{r}\t{a}\t50\t.\t.\tGT:AD:DP\t0/1:{100 - VAFS[c]},{VAFS[c]}:100"
        for c, ((p, r, a), _, _) in CHANGES.items()
    ]
    return verdict(run(tmp_path, write_vcf(tmp_path, *lines, header=GRCH38, name="S1.vcf"))["S1"])


def by_place(build: int) -> list[list[object]]:
    return [["S1", "chr17", *places[build], 100, VAFS[c], 100 - VAFS[c]] for c, places in CHANGES.items()]


PLACED = ["sample", "chrom", "pos", "ref", "alt", "depth", "alt_reads", "ref_reads"]
MAF = ["Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "Reference_Allele", "Tumor_Seq_Allele1",
       "Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "t_depth", "t_alt_count", "t_ref_count"]  # fmt: skip
ANNOVAR = ["Chr", "Start", "End", "Ref", "Alt", "Gene.refGene", "depth", "alt_reads", "ref_reads"]


def maf_rows(build: str) -> list[list[object]]:
    return [
        ["TP53", build, "17", p, r, r, a, "S1", 100, VAFS[c], 100 - VAFS[c]]
        for c, (_, _, (p, r, a)) in CHANGES.items()
    ]


def named(spelling: str) -> list[list[object]]:
    return [["S1", spelling.format(c), 100, VAFS[c], 100 - VAFS[c]] for c in CHANGES]


@pytest.mark.parametrize(
    "kind",
    ["tsv38", "tsv37", "csv", "semicolons", "xlsx", "maf", "maf_with_version", "annovar", "hgvs", "hgvsc_accession",
     "hgvsg", "shuffled", "upper_case", "vaf_stated", "other_rows", "crlf_bom", "txt"],
)  # fmt: skip
def test_a_list_gives_what_the_vcf_gives(tmp_path: Path, as_vcf: object, kind: str) -> None:
    names = ["sample", "hgvs", "depth", "alt_reads", "ref_reads"]
    placed = by_place(0)
    made = {
        "tsv38": lambda: table(tmp_path / "l.tsv", PLACED, placed),
        "tsv37": lambda: table(tmp_path / "l.tsv", PLACED, by_place(1)),
        "txt": lambda: table(tmp_path / "l.txt", PLACED, placed),
        "csv": lambda: table(tmp_path / "l.csv", PLACED, placed, ","),
        "semicolons": lambda: table(tmp_path / "l.csv", PLACED, placed, ";"),
        "xlsx": lambda: workbook(tmp_path / "l.xlsx", PLACED, placed),
        "maf": lambda: table(tmp_path / "l.maf", MAF, maf_rows("GRCh37")),
        "maf_with_version": lambda: prefixed(table(tmp_path / "l.maf", MAF, maf_rows("hg19")), "#version 2.4\n"),
        "annovar": lambda: table(
            tmp_path / "S1.txt",
            ANNOVAR,
            [["chr17", p, p, r, a, "TP53", 100, VAFS[c], 100 - VAFS[c]] for c, (_, _, (p, r, a)) in CHANGES.items()],
        ),
        "hgvs": lambda: table(tmp_path / "l.tsv", names, named("{}")),
        "hgvsc_accession": lambda: table(
            tmp_path / "l.tsv", ["sample", "HGVSc", *names[2:]], named("NM_000546.6:{}")
        ),
        "hgvsg": lambda: table(
            tmp_path / "l.tsv",
            ["sample", "HGVSg", *names[2:]],
            [["S1", f"chr17:{p}:{r}:{a}", *row[2:]] for ((p, r, a), _, _), row in zip(CHANGES.values(), named(""), strict=True)],
        ),
        "shuffled": lambda: table(tmp_path / "l.tsv", PLACED, placed[::-1]),
        "upper_case": lambda: table(tmp_path / "l.tsv", [h.upper() for h in PLACED], placed),
        "vaf_stated": lambda: table(
            tmp_path / "l.tsv", [*PLACED, "vaf"], [[*row, f"{VAFS[c]},0 %"] for c, row in zip(CHANGES, placed, strict=True)]
        ),
        "other_rows": lambda: table(
            tmp_path / "l.tsv",
            PLACED,
            [*placed, ["S1", "chr12", 25398284, "C", "T", 100, 50, 50], ["S2", "chr7", 5, "A", "T", 9, 9, 0]],
        ),
        "crlf_bom": lambda: prefixed(table(tmp_path / "l.tsv", PLACED, placed), "\ufeff", "\r\n"),
    }  # fmt: skip
    found = run(tmp_path, made[kind]())
    assert verdict(found["S1"]) == as_vcf
    if (
        kind == "other_rows"
    ):  # a sample without a row on TP53 gets a report, and nobody is told it is negative
        assert verdict(found["S2"])[0] == "incomplete"  # type: ignore[index]
        assert any("1 row(s)" in w["text"] for w in found["S2"]["assessment"]["warnings"])


def prefixed(path: Path, start: str, end: str = "\n") -> Path:
    path.write_bytes((start + path.read_text()).replace("\n", end).encode())
    return path


@pytest.mark.peer
def test_the_vcf_of_a_list_is_read_by_bcftools(tmp_path: Path) -> None:
    path = table(tmp_path / "l.tsv", [*PLACED, "filter"], [[*row, "low qual"] for row in by_place(1)])
    run(tmp_path, path)
    shown = subprocess.run(
        [require_program("bcftools"), "query", "-f", "%POS %REF %ALT %FILTER [%AF %DP %AO]\\n",
         tmp_path / "out" / "S1" / "S1.tp53.vcf.gz"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stderr == ""
    wanted = sorted(
        f"{p} {r} {a} low_qual {VAFS[c] / 100:g} 100 {VAFS[c]}" for c, (_, (p, r, a), _) in CHANGES.items()
    )
    assert sorted(shown.stdout.splitlines()) == wanted


def test_builds_may_differ_by_row_and_are_said(tmp_path: Path) -> None:
    both = [
        ["S1", b, "17", *CHANGES[c][i], 40, 100]
        for c, i, b in (("c.524G>A", 0, "hg38"), ("c.743G>A", 1, "37"))
    ]
    path = table(tmp_path / "l.tsv", ["sample", "build", *PLACED[1:5], "alt_reads", "depth"], both)
    (report,) = run(tmp_path, path).values()
    assert sorted(v["hgvs_c"] for v in report["variants"]) == ["c.524G>A", "c.743G>A"]
    assert any("more than one genome build" in w["text"] for w in report["assessment"]["warnings"])


@pytest.mark.parametrize("alleles", list(itertools.permutations(["c.637C>T", "c.638G>A", "c.524G>A"], 2)))
def test_every_sample_gets_its_own_rows(tmp_path: Path, alleles: tuple[str, str]) -> None:
    path = table(
        tmp_path / "l.csv",
        ["Tumor_Sample_Barcode", "HGVSc"],
        [list(pair) for pair in zip("AB", alleles, strict=True)],
        ",",
    )
    found = run(tmp_path, path)
    assert {name: [v["hgvs_c"] for v in r["variants"]] for name, r in found.items()} == {
        "A": [alleles[0]],
        "B": [alleles[1]],
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("p.Arg213fs", "frameshift"),
        ("p.Val147LeufsTer2", "frameshift"),
        ("p.H175R", "residue 175 of p53 is R"),
        ("c.524A>G", "the reference has G there"),
        ("garbage", "not understood"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_line(tmp_path: Path, name: str, reason: str) -> None:
    path = table(
        tmp_path / "l.tsv", ["sample", "gene", "hgvs"], [["S1", "TP53", "c.524G>A"], ["S1", "TP53", name]]
    )
    (report,) = run(tmp_path, path).values()
    (listed,) = report["uninterpreted"]
    assert (listed["row"], name in listed["input"]["alt"]) == (3, True)
    assert reason in listed["reason"]
    page = (tmp_path / "out" / "S1" / "S1.tp53.html").read_text()
    assert "row 3" in page


def test_a_place_and_a_name_that_contradict_each_other_are_not_reported(tmp_path: Path) -> None:
    header = ["chrom", "pos", "ref", "alt", "HGVSc"]
    rows = [["17", 7675088, "C", "T", "c.743G>A"], ["17", 7674220, "C", "T", "NM_000546.5:c.743G>A"]]
    (report,) = run(tmp_path, table(tmp_path / "S1.tsv", header, rows)).values()
    assert [v["hgvs_c"] for v in report["variants"]] == ["c.743G>A"]
    assert "another change" in report["uninterpreted"][0]["reason"]


PROTEINS = [
    ("c.524G>A", "p.R175H", True),
    ("c.524G>A", "p.(Arg175His)", True),
    ("c.524G>A", "p.R43H", True),  # on delta133
    ("c.375G>A", "p.T125T", True),
    ("c.375G>A", "p.X125_splice", True),
    ("c.523_524delinsTA", "p.R175Y", True),
    ("c.524G>A", "p.R248Q", False),
    ("c.637C>T", "p.R196*", False),
]


def test_two_names_of_a_row_that_contradict_each_other_are_not_reported(tmp_path: Path) -> None:
    header = ["sample", "cdna", "protein"]
    rows = [[f"S{i}", cdna, protein] for i, (cdna, protein, _) in enumerate(PROTEINS)]
    found = run(tmp_path, table(tmp_path / "l.tsv", header, rows))
    for i, (cdna, protein, fits) in enumerate(PROTEINS):
        report = found[f"S{i}"]
        reported = [v["hgvs_c"] for v in [*report["variants"], *report["rejected"]]]
        assert reported == ([cdna] if fits else []), protein
        assert fits or f"{cdna} and {protein}" in report["uninterpreted"][0]["reason"]


def test_a_protein_name_of_several_changes_takes_the_least_certain_class(tmp_path: Path) -> None:
    alone = {}
    for name in ("c.375G>A", "c.375G>C", "c.375G>T"):
        (report,) = run(tmp_path, table(tmp_path / "S1.tsv", ["hgvs"], [[name]])).values()
        listed = [*report["variants"], *report["rejected"]]
        alone[name] = listed[0]["classification"]["class"]
    (report,) = run(tmp_path, table(tmp_path / "S1.tsv", ["HGVSp_Short"], [["p.T125T"]])).values()
    rank = {"uncertain": 0, "likely_oncogenic": 1, "likely_benign": 1, "oncogenic": 2, "benign": 2}
    (variant,) = [*report["variants"], *report["rejected"]]
    assert rank[variant["classification"]["class"]] == min(rank[c] for c in alone.values())
    (told,) = [w["text"] for w in report["assessment"]["warnings"] if "protein name alone" in w["text"]]
    assert all(name in told for name in alone) and "p.T125T" in told
    assert variant["input"]["alt"] == "p.T125T"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("c.[524G>A];[743G>A]", "multi_hit"),
        ("c.[524G>A;743G>A]", "single_hit"),
        ("c.[524G>A(;)743G>A]", "possible_multi_hit"),
    ],
)
def test_brackets_say_which_changes_share_a_molecule(tmp_path: Path, name: str, state: str) -> None:
    (report,) = run(tmp_path, table(tmp_path / "S1.tsv", ["hgvs", "vaf"], [[name, 0.3]])).values()
    assert sorted(v["hgvs_c"] for v in report["variants"]) == ["c.524G>A", "c.743G>A"]
    assert report["assessment"]["allelic_state"] == state


def test_changes_of_one_codon_on_one_molecule_are_one_change(tmp_path: Path) -> None:
    (report,) = run(tmp_path, table(tmp_path / "S1.tsv", ["hgvs"], [["c.[523C>T;524G>A]"]])).values()
    assert [v["hgvs_c"] for v in report["variants"]] == ["c.523_524delinsTA"]


@pytest.mark.parametrize("spelling", ["del exon 5-6", "c.(375+1_376-1)_(672+1_673-1)del"])
def test_lost_exons_stated_by_name_are_a_deletion(tmp_path: Path, spelling: str) -> None:
    (report,) = run(tmp_path, table(tmp_path / "S1.tsv", ["hgvs"], [[spelling]])).values()
    assert report["assessment"]["status"] == "deletion_only"
    assert report["uninterpreted"][0]["hgvs_c"] == "c.(375+1_376-1)_(672+1_673-1)del"
    assert "warning.uninterpreted" not in {w["id"] for w in report["assessment"]["warnings"]}


def test_the_matched_normal_of_a_maf_is_read(tmp_path: Path) -> None:
    header = [*MAF, "n_depth", "n_alt_count"]
    row = [*maf_rows("GRCh37")[0], 80, 38]
    (report,) = run(tmp_path, table(tmp_path / "l.maf", header, [row])).values()
    assert report["variants"][0]["normal"]["vaf"] == 38 / 80
    assert report["assessment"]["germline_flag"] == "suspected"


@pytest.mark.parametrize("column", [("build", "GRCh38"), ("NCBI_Build", "hg38")])
def test_a_place_of_the_other_build_is_not_another_gene(tmp_path: Path, column: tuple[str, str]) -> None:
    rows = [["17", 7578406, "C", "T", column[1]], ["17", 7674220, "C", "T", column[1]]]
    path = table(tmp_path / "S1.tsv", ["chrom", "pos", "ref", "alt", column[0]], rows)
    (report,) = run(tmp_path, path).values()
    assert [u["row"] for u in report["uninterpreted"]] == [2]
    assert "outside TP53 in GRCh38" in report["uninterpreted"][0]["reason"]


def test_a_download_of_cbioportal_is_read(tmp_path: Path) -> None:
    header = [
        "Study",
        "Sample ID",
        "Protein Change",
        "Chromosome",
        "Start Pos",
        "End Pos",
        "Ref",
        "Var",
        "Allele Freq (T)",
    ]
    row = ["all_x", "S1", "R175H", 17, 7578406, 7578406, "C", "T", 0.41]
    (report,) = run(tmp_path, table(tmp_path / "table.tsv", header, [row])).values()
    assert [(v["hgvs_p_short"], v["vaf"]) for v in report["variants"]] == [("R175H", 0.41)]


def test_one_sample_is_picked(tmp_path: Path) -> None:
    path = table(tmp_path / "l.tsv", ["sample", "hgvs"], [["A", "c.524G>A"], ["B", "c.743G>A"]])
    assert set(run(tmp_path, path, "--sample", "B")) == {"B"}


@pytest.mark.parametrize(
    ("header", "rows", "says"),
    [
        (["a", "b"], [["1", "2"]], "no column states a variant"),
        (["hgvs"], [], "no row below its header"),
        (["hgvs"], [["garbage"], ["p.R213fs"]], "not one row can be understood"),
        (["sample", "hgvs"], [["A", "c.524G>A"], ["", "c.743G>A"]], "names no sample"),
        (["chrom", "pos", "ref", "alt"], [["17", "7675088", "A", "G"]], "not one row can be understood"),
        (
            ["gene", *PLACED[1:5], "build"],
            [["TP53", "17", 7675088, "C", "T", "mm10"]],
            "neither GRCh37 nor GRCh38",
        ),
    ],
)
def test_a_list_that_says_nothing_is_one_line(
    tmp_path: Path, header: list[str], rows: list[list[object]], says: str
) -> None:
    path = table(tmp_path / "l.tsv", header, rows)
    done = tp53annot("run", path, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert says in done.stderr and "l.tsv" in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*/*.json"))


def test_a_folder_never_yields_a_list(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    table(folder / "l.tsv", ["hgvs"], [["c.524G>A"]])
    write_vcf(
        folder,
        "17\t7578406\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40",
        header=GRCH37.replace("chr17", "17"),
        name="V.vcf",
    )
    assert set(run(tmp_path, folder)) == {"S1"}


@pytest.mark.parametrize(
    ("columns", "cells", "named"),
    [
        (["VAF"], ["45"], "vaf 45"),  # of what? neither a fraction nor marked as per cent
        (["VAF"], [">40%"], "vaf >40%"),
        (["VAF"], ["40-50%"], "vaf 40-50%"),
        (["depth"], ["1000"], "depth 1000"),
        (["depth"], ["1e308"], "depth 1e308"),
        (["depth"], ["9" * 400], "depth 999"),
        (["t_alt_count", "VAF"], ["1e999", "1e-99999"], "t_alt_count 1e999, vaf 1e-99999"),
        (["t_alt_count"], ["40"], "t_alt_count 40"),
        (["depth", "alt_reads"], ["100x", "40"], "depth 100x, alt_reads 40"),
    ],
)
def test_numbers_that_give_no_vaf_are_named_and_low_level_at_most(
    tmp_path: Path, columns: list[str], cells: list[str], named: str
) -> None:
    path = table(tmp_path / "S1.tsv", ["hgvs", *columns], [["c.524G>A", *cells]])
    (report,) = run(tmp_path, path).values()
    assert (report["assessment"]["status"], report["assessment"]["tp53_mutated_all"]) == ("low_level", None)
    assert any(f"({named}" in w["text"] for w in report["assessment"]["warnings"])


def test_counts_decide_where_the_stated_fraction_is_not_clear(tmp_path: Path) -> None:
    path = table(tmp_path / "S1.tsv", ["hgvs", "VAF", "depth", "alt_reads"], [["c.524G>A", 45, 100, 40]])
    (report,) = run(tmp_path, path).values()
    assert report["assessment"]["status"] == "mutated"
    assert report["variants"][0]["vaf"] == 0.4


def test_a_place_beyond_counting_is_not_read(tmp_path: Path) -> None:
    """And takes no other row with it."""
    rows = [[*row, ""] for row in by_place(0)] + [
        ["S1", "chr17", "76" * 60, "C", "T", 100, 40, 60, "c.524G>A"]
    ]
    report = run(tmp_path, table(tmp_path / "l.tsv", [*PLACED, "HGVSc"], rows))["S1"]
    assert len(report["variants"]) + len(report["rejected"]) == len(CHANGES)
    assert [(u["row"], u["input"]["pos"]) for u in report["uninterpreted"]] == [(len(rows) + 1, 0)]


def test_remarks_among_the_rows_are_no_samples(tmp_path: Path) -> None:
    """A line of ``#`` alone; a sample whose name begins with it is one."""
    path = table(tmp_path / "l.tsv", PLACED, by_place(0))
    path.write_text(path.read_text().replace("S1\t", "##reference=hg19\nS1\t", 1) + "#end" + "\t" * 7 + "\n")
    assert list(run(tmp_path, path)) == ["S1"]
    path.write_text(path.read_text().replace("#end" + "\t" * 7, "#S2\tchr17\t7675088\tC\tT\t100\t40\t60"))
    assert set(run(tmp_path, path)) == {"#S2", "S1"}


def test_a_row_with_more_cells_than_columns_is_not_read_shifted(tmp_path: Path) -> None:
    """A decimal comma in a table that commas separate would make 45 % of reads none."""
    header = ["sample", "hgvs", "vaf", "depth", "alt_reads"]
    rows = [
        ["S1", "c.524G>A", "0,45", 100, 45],
        ["S1", "c.743G>A", '"0,45"', 100, 45],
        ["S1", "c.818G>A", "0.45", 100, 45, ""],
    ]
    report = run(tmp_path, table(tmp_path / "l.csv", header, rows, ","))["S1"]
    found = {(v["hgvs_c"], v["vaf"]) for v in report["variants"]}
    assert found == {("c.743G>A", 0.45), ("c.818G>A", 0.45)} and not report["rejected"]
    (unread,) = report["uninterpreted"]
    assert unread["row"] == 2 and "6 cells under 5 columns" in unread["reason"]
    done = tp53annot("run", table(tmp_path / "m.csv", header, rows[:1], ","), "-o", tmp_path / "o")
    assert done.returncode == 3 and "6 cells under 5 columns" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("gene", ["TP5", "30TP53", "c.524G>A", "WRAP53"])
def test_a_place_in_tp53_under_the_name_of_another_gene_is_listed(tmp_path: Path, gene: str) -> None:
    """A misspelt gene, or cells that moved, must not take a change out of sight; a neighbour's own rows are its own."""
    header = ["gene", "sample", "chrom", "pos", "ref", "alt", "build"]
    rows = [
        [gene, "S1", "chr17", 7675088, "C", "T", "GRCh38"],
        ["TP53", "S1", "chr17", 7674220, "C", "T", "GRCh38"],
    ]
    rows.append(["WRAP53", "S1", "chr17", 7686500, "C", "T", "GRCh38"])
    report = run(tmp_path, table(tmp_path / "l.tsv", header, rows))["S1"]
    (unread,) = report["uninterpreted"]
    assert unread["row"] == 2 and f"names the gene {gene}" in unread["reason"]
    assert [v["hgvs_c"] for v in report["variants"]] == ["c.743G>A"]
    assert any(
        w["text"].startswith("1 row(s) of the list name another gene")
        for w in report["assessment"]["warnings"]
    )
