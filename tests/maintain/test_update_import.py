"""`resources update --from FILE`: every kind of file, what is taken and left, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import release_files as files
from tp53annot_cli import tp53annot
from whole_gene import genes

from tp53annot.core.allele import Build
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.store import BUNDLED, Store
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.maintain.readers.registry import READERS


def bring(folder: Path, *arguments: object) -> str:
    """The text of an update that must succeed."""
    done = tp53annot("resources", "update", *arguments, "--resources-dir", folder)
    assert done.returncode == 0, done.stderr
    assert Store(folder).problems() == []
    return done.stdout


def refused(folder: Path, *arguments: object, code: int = 3) -> str:
    """The one line of an update that must fail and leave nothing behind."""
    before = sorted(p for p in folder.rglob("*")) if folder.exists() else []
    done = tp53annot("resources", "update", *arguments, "--resources-dir", folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tp53annot: error: ")
    assert sorted(p for p in folder.rglob("*")) == before if folder.exists() else not before
    return done.stderr


def used(folder: Path) -> Path:
    """The release in use."""
    return Store(folder).root


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return Store(folder).rows(f"tables/{name}.tsv")


def test_every_kind_of_file_has_its_reader_and_every_reader_its_kind() -> None:
    assert {form.reader for form in resources_of().rules.sources.format} == set(READERS)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.mark.parametrize(("build", "name"), [(Build.GRCH37, "c.vcf"), (Build.GRCH38, "c.vcf.gz")])
def test_clinvar_vcf_of_either_build(build: Build, name: str, tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / name, files.clinvar_vcf(build))
    text = bring(data, "--from", path)
    assert f"clinvar: 3654 TP53 rows taken from ClinVar VCF 2026-11-16, {build}" in text
    assert "left: 1 another gene of the chromosome" in text
    assert "left: 1 no germline classification" in text
    assert "published germline classifications that differ: 0" in text
    row = load_knowledge(used(data)).clinvar["c.524G>A"]
    assert row.classification == "Pathogenic" and row.review_status == "reviewed by expert panel"
    assert row.oncogenicity == "Oncogenic" and re.fullmatch(r"VCV000\d{6}", row.accession)
    assert table(data, "clinvar_vus") == []
    # Germline classifications give no points: no class moved.
    assert "changes whose class differs: 0; points only: 0" in text


def test_clinvar_summary_takes_one_build(tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / "variant_summary.txt.gz", files.clinvar_summary())
    text = bring(data, "clinvar", "--from", path, "--release", "2026-11")
    assert "3654 TP53 rows taken from ClinVar variant_summary 2026-11, GRCh38" in text
    assert "left: 3654 the same change on another build" in text
    assert "left: 1 another gene" in text and "left: 1 outside the TP53 locus" in text
    assert load_knowledge(used(data)).clinvar["c.215C>G"].classification == "Likely pathogenic"
    assert "Benign -> Likely pathogenic" in text


def test_a_clinvar_file_that_looks_cut_short_needs_force(tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / "clinvar.vcf", files.clinvar_vcf(limit=200))
    assert re.search(r"199 rows would replace \d{4}:", refused(data, "--from", path))
    assert "199 TP53 rows taken" in bring(data, "--from", path, "--force")


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("joint.vcf.gz", files.gnomad_vcf, 7),
        ("exomes.vcf", lambda: files.gnomad_vcf(joint=False), 7),
        ("b37.vcf.gz", lambda: files.gnomad_vcf(Build.GRCH37), 7),
        ("browser.csv", files.gnomad_csv, 3),
        ("answer.json", files.gnomad_api, 5),
    ],
)
def test_gnomad_in_every_form(
    name: str, text: Callable[[], str], count: int, tmp_path: Path, data: Path
) -> None:
    said = bring(data, "--from", files.put(tmp_path / name, text()), "--release", "v4.1")
    assert "gnomad: 3653 TP53 rows taken" in said and "left: 1 failed gnomAD's filter" in said
    knowledge = load_knowledge(used(data))
    row = knowledge.gnomad["c.524G>A"]
    assert (row.count, row.number) == (count, 1_600_000) and row.fraction == pytest.approx(count / 1_600_000)
    assert "c.1A>T" not in knowledge.gnomad
    done = tp53annot("explain", "R175H", "c.1A>T", "--resources-dir", used(data))
    assert f"imported gnomAD table ({count} alleles seen)" in done.stdout and "v4.1" in done.stdout
    assert "larger population tables are not installed" not in done.stdout
    assert "gnomAD population frequencies" not in done.stdout


def test_a_frequency_table_that_misses_an_exon_is_refused(tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / "part.vcf", files.gnomad_vcf(first=7_674_000))
    assert "no row in coding exon 8, 9, 10, 11; absence there would be read as rarity" in refused(
        data, "--from", path
    )


def test_a_plain_frequency_table_needs_its_name(tmp_path: Path, data: Path) -> None:
    rows = [f"17\t{a.pos}\t{a.ref}\t{a.alt}\t2\t1000000" for a, _ in files.snvs()]
    path = files.put(tmp_path / "mine.tsv", "#CHROM\tPOS\tREF\tALT\tAC\tAN\n" + "\n".join(rows) + "\n")
    assert "not a kind of file" in refused(data, "--from", path)
    assert "3654 TP53 rows" in bring(data, "gnomad", "--from", path)


def test_an_imported_frequency_reaches_class_filter_and_germline_criterion(
    tmp_path: Path, data: Path
) -> None:
    """3,200 of 1,600,000 alleles of a change that 1000 Genomes has not seen."""
    rows = [
        f"17\t{a.pos}\t{a.ref}\t{a.alt}\t{3200 if v.hgvs_c == 'c.1025G>C' else 1}\t1600000"
        for a, v in files.snvs()
    ]
    table = files.put(tmp_path / "mine.tsv", "#CHROM\tPOS\tREF\tALT\tAC\tAN\n" + "\n".join(rows) + "\n")
    bring(data, "gnomad", "--from", table)
    sample = tmp_path / "s.vcf"
    sample.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
        "chr17\t7670684\t.\tC\tG\t.\tPASS\t.\tGT:AD\t0/1:600,400\n"
    )
    found = {}
    for out, extra in (("plain", ()), ("imported", ("--resources-dir", data))):
        done = tp53annot("run", sample, "-o", tmp_path / out, "-q", *extra)
        assert done.returncode == 0, done.stderr
        (report,) = (tmp_path / out).glob("*/*.tp53.json")
        found[out] = json.loads(report.read_text())
    (plain,), (wide,) = found["plain"]["variants"], found["imported"]["rejected"]
    assert (plain["hgvs_c"], plain["filters_failed"], found["imported"]["variants"]) == ("c.1025G>C", [], [])
    assert "SBVS1" in {c["code"] for c in wide["classification"]["criteria"]}
    assert wide["germline_classification"]["frequency_criterion"] == "BA1: allele fraction 0.0020 >= 0.001"
    failed = {f["id"]: f["text"] for f in wide["filters_failed"]}
    assert failed["population_frequency"] == "allele fraction 0.0020 in the population, at or above 0.001"


def test_gnomad_that_answers_an_error_is_refused(tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / "answer.json", '{"data": null, "errors": [{"message": "rate limit"}]}')
    assert "rate limit" in refused(data, "--from", path)
    path = files.put(tmp_path / "answer.json", '{"data": {"gene": {"sites": []}}}')
    assert "another form" in refused(data, "gnomad", "--from", path)


SCORES = [
    ("AlphaMissense", "am.tsv.gz", files.alphamissense, 0.999),
    ("AlphaMissense", "am19.tsv.gz", lambda: files.alphamissense("hg19"), 0.999),
    ("REVEL", "revel.zip", files.revel, 0.93),
    ("BayesDel", "bd.gz", files.bayesdel, 0.45),
    ("BayesDel", "bd38.gz", lambda: files.bayesdel(Build.GRCH38), 0.45),
    ("SpliceAI", "spliceai.vcf.gz", files.spliceai, 0.01),
]


@pytest.mark.parametrize(("predictor", "name", "text", "score"), SCORES)
def test_predictors_in_their_public_form(
    predictor: str, name: str, text: Callable[[], str], score: float, tmp_path: Path, data: Path
) -> None:
    said = bring(data, "--from", files.put(tmp_path / name, text()))
    knowledge = load_knowledge(used(data))
    assert knowledge.predictors == {predictor}
    assert knowledge.scores["c.524G>A"] == {predictor: score}
    expected = {
        "REVEL": "another transcript",
        "AlphaMissense": "another transcript",
        "SpliceAI": "another gene",
    }
    assert expected.get(predictor, "") in said
    shown = tp53annot("explain", "R175H", "--resources-dir", used(data)).stdout
    # OP1 names what it rests on; SpliceAI's low score says nothing of the protein, and AlphaMissense stays.
    reason = next(line for line in shown.splitlines() if "OP1 +1 " in line)
    assert ("AlphaMissense 0.9857" if predictor == "SpliceAI" else f"{predictor} {score:g}") in reason
    assert f"{predictor} score" in shown and "computational predictors: " in shown


def test_predictors_stand_beside_each_other_and_replace_themselves(tmp_path: Path, data: Path) -> None:
    one = files.put(tmp_path / "revel.zip", files.revel())
    two = files.put(tmp_path / "bd.gz", files.bayesdel())
    bring(data, "--from", one, "--from", two)
    first = load_knowledge(used(data))
    assert first.scores["c.524G>A"] == {"REVEL": 0.93, "BayesDel": 0.45}
    row = next(row for row in table(data, "all_changes") if row["hgvs_c"] == "c.524G>A")
    assert "OP1+1" in row["criteria"] and int(row["points"]) == genes()["c.524G>A"][1].points
    bring(
        data, "bayesdel", "--from", files.put(tmp_path / "bd2.gz", files.bayesdel().replace("0.45", "-0.2"))
    )
    second = load_knowledge(used(data))
    assert second.scores["c.524G>A"] == {"REVEL": 0.93, "BayesDel": -0.2}
    # The whole gene is classified anew for each release.
    made = {row["hgvs_c"]: row for row in table(data, "all_changes")}
    assert len(made) == len(genes()) and "OP1" not in made["c.524G>A"]["criteria"]
    # Predictors that disagree give neither OP1 nor SBP1.
    assert not re.search(
        "OP1|SBP1 -1",
        tp53annot("explain", "R175H", "--resources-dir", used(data)).stdout.split("not considered")[0],
    )


def test_scores_that_disagree_within_a_file_are_refused(tmp_path: Path, data: Path) -> None:
    text = files.bayesdel() + files.bayesdel().splitlines()[1].replace("0.45", "0.1") + "\n"
    assert "two scores, 0.45 and 0.1" in refused(data, "--from", files.put(tmp_path / "bd.gz", text))


def test_nci_tumours_and_families_are_shown_and_give_no_points(tmp_path: Path, data: Path) -> None:
    one = files.put(tmp_path / "t.csv", files.nci_tumour())
    two = files.put(tmp_path / "g.csv", files.nci_germline())
    text = bring(data, "nci", "--from", one, "--from", two, "--release", "R21")
    assert "nci: 2 TP53 rows taken from NCI TP53 Database, tumour variants R21" in text
    assert "left: 1 no GRCh38 change given" in text and "left: 1 change not understood" in text
    assert "changes whose class differs: 0; points only: 0" in text
    knowledge = load_knowledge(used(data))
    assert knowledge.nci_tumour == {"c.524G>A": (3, 1), "c.743G>A": (1, 0)}
    assert knowledge.nci_families == {"c.1010G>A": 2}
    done = json.loads(tp53annot("explain", "R175H", "--json", "--resources-dir", used(data)).stdout)
    found = done[0]["variants"][0]["frequencies"]
    assert [e["value"] for e in found["tumour"] if "NCI" in e["name"]] == [3]
    assert [e["value"] for e in found["all"] if "NCI" in e["name"]] == [1]


def test_classes_the_database_publishes_are_compared_with_those_recomputed(
    tmp_path: Path, data: Path
) -> None:
    head = "g_description_GRCh38,Morphology,Topography,Sample_ID,ProtDescription,TransactivationClass,DNE_LOFclass\n"
    rows = (
        "g.7675088C>T,x,y,1,p.R175H,non-functional,DNE_LOF\n"
        "g.7670699C>T,x,y,2,p.R337H,functional,notDNE_notLOF\n"
        "g.7674220C>T,x,y,3,p.R248Q,NA,unclass.\n"
    )
    text = bring(data, "--from", files.put(tmp_path / "t.csv", head + rows))
    assert "2 of 3 published values of dne_lof_class" in text and "R248Q unclassified, here DNE_LOF" in text
    assert "1 of 2 published values of transactivation_class" in text
    assert "R337H functional, here partially functional" in text


@pytest.mark.parametrize(("name", "text"), [("civic.tsv", files.civic_tsv), ("civic.vcf", files.civic_vcf)])
def test_civic(name: str, text: Callable[[], str], tmp_path: Path, data: Path) -> None:
    said = bring(data, "--from", files.put(tmp_path / name, text()))
    assert ("no single DNA change" if "tsv" in name else "1 TP53 rows taken from CIViC VCF") in said
    assert load_knowledge(used(data)).civic["c.524G>A"] == ("R175H", "116")
    assert "R175H (variant 116)" in tp53annot("explain", "R175H", "--resources-dir", used(data)).stdout


def test_hotspots_replace_only_the_types_they_hold(tmp_path: Path, data: Path) -> None:
    text = files.hotspots_single().replace('"H": 386', '"H": 9')
    said = bring(data, "--from", files.put(tmp_path / "single.json", text), "--release", "2026")
    rows = table(data, "hotspots")
    assert {row["type"] for row in rows} == {"single residue", "splice site", "3d", "in-frame indel"}
    assert len(rows) == 623 and Store(data).manifest["tables/hotspots.tsv"]["version"] == "2026; v2"
    assert "c.524G>A\tp.(Arg175His)\toncogenic (12) -> likely oncogenic" in said


def test_the_raw_tables_give_the_shipped_ones(shared: Path, data: Path) -> None:
    bring(data, "--from", shared / "tables" / "cancerhotspots_v2_3d_tp53.tsv")
    name = "tables/hotspots.tsv"
    assert Store(data).read(name) == (BUNDLED / name).read_bytes()
    bring(data, "clinvar", "--from", shared / "tables" / "clinvar_tp53_missense_2026-04.tsv", "--force")
    assert Store(data).read("tables/clinvar.tsv") == (BUNDLED / "tables/clinvar.tsv").read_bytes()


WRONG = {
    "empty": (b"", "the file is empty"),
    "page": (b"<!DOCTYPE html>\n<html><body>404</body></html>", "is a web page, not data"),
    "csv": (b"a,b\n1,2\n", "not a kind of file that can be imported"),
    "bytes": (bytes(range(256)) * 100, "not a kind of file"),
    "json": (b'{"data": {"gene"', "no valid JSON"),
    "line": (b"x" * (1 << 25), "a line is longer than 16 MiB"),
    "gzip": (files.packed(files.clinvar_summary(), "gz")[:-200], "cut off or damaged"),
    "flipped": (files.packed(files.clinvar_summary(), "gz")[:30_000] + b"\0" * 500, "cut off or damaged"),
    "zip": (files.packed(files.revel(), "zip")[:-30], "cut off or damaged"),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_cannot_be_read_is_one_line(case: str, tmp_path: Path, data: Path) -> None:
    content, reason = WRONG[case]
    path = tmp_path / case
    path.write_bytes(content)
    line = refused(data, "--from", path)
    assert reason in line and str(path) in line


def test_a_table_cut_in_the_middle_of_a_row_is_refused(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "variant_summary.txt"
    path.write_text(files.clinvar_summary()[:-45])
    assert "cut off or altered" in refused(data, "--from", path)
    path = tmp_path / "clinvar.vcf"
    path.write_text(files.clinvar_vcf().rsplit("CLNSIG", 1)[0].rsplit("\t", 5)[0])
    assert "cut off" in refused(data, "--from", path)


def test_a_bgzf_file_without_its_end_is_refused(tmp_path: Path, data: Path) -> None:
    import pysam

    plain, packed = tmp_path / "c.vcf", tmp_path / "c.vcf.gz"
    plain.write_text(files.clinvar_vcf())
    pysam.tabix_compress(str(plain), str(packed))
    bring(tmp_path / "whole", "--from", packed)
    packed.write_bytes(packed.read_bytes()[:-28])  # whole blocks, but no end-of-file block
    assert "cut off or damaged" in refused(data, "--from", packed)


def test_another_build_or_source_is_refused(tmp_path: Path, data: Path) -> None:
    wrong = files.clinvar_vcf(Build.GRCH37).replace(
        f"length={files.LENGTH[Build.GRCH37]}", f"length={files.LENGTH[Build.GRCH38]}"
    )
    path = files.put(tmp_path / "c.vcf", wrong)
    assert "stated to be GRCh38" in refused(data, "--from", path)
    other = files.put(tmp_path / "ok.vcf", files.clinvar_vcf())
    assert "REF bases on TP53 contradict it" in refused(data, "--from", other, "--assembly", "GRCh37")
    assert "is a ClinVar VCF, not a file of gnomad" in refused(data, "gnomad", "--from", other)
    assert "no TP53 row" in refused(data, "--from", files.put(tmp_path / "n.vcf", files.clinvar_vcf(limit=1)))


def test_usage(tmp_path: Path, data: Path) -> None:
    path = files.put(tmp_path / "c.vcf", files.clinvar_vcf())
    assert "no source 'cosmic'" in refused(data, "cosmic", "--from", path, code=2)
    assert "has no address" in refused(data, "revel", code=2)
    assert "exclude each other" in refused(data, "--from", path, "--url", "http://localhost", code=2)
    assert "takes one source name" in refused(data, "nci", "civic", "--from", path, code=2)
    assert "no such file" in refused(data, "--from", tmp_path / "absent")
    shutil.copytree(BUNDLED, tmp_path / "plain")
    assert "is a resources folder itself" in refused(tmp_path / "plain", "--from", path, code=2)


def test_one_file_of_two_that_fails_is_named_and_the_other_taken(tmp_path: Path, data: Path) -> None:
    good = files.put(tmp_path / "bd.gz", files.bayesdel())
    done = tp53annot(
        "resources", "update", "--from", good, "--from", tmp_path / "absent", "--resources-dir", data
    )
    assert done.returncode == 5 and "absent: no such file" in done.stderr
    assert load_knowledge(used(data)).predictors == {"BayesDel"}


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    path = files.put(tmp_path / "bd.gz", files.bayesdel())
    for name in ("a", "b"):
        bring(tmp_path / name, "--from", path)
    one, two = (Store(tmp_path / name).root for name in ("a", "b"))
    assert one.name == two.name
    names = [p.relative_to(one) for p in one.rglob("*") if p.is_file()]
    assert len(names) > 40 and all((one / n).read_bytes() == (two / n).read_bytes() for n in names)
    bring(tmp_path / "a", "--from", path)  # again: nothing to do, nothing lost
    assert [p.name for p in (tmp_path / "a").iterdir()].count(one.name) == 1
