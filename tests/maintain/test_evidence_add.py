"""Statements of one's own: checked, put beside the others, used in reports, and refused when wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tp53annot_cli import tp53annot

EXAMPLE = Path(__file__).parents[2] / "resources" / "example" / "demo.grch38.vcf"
PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text()


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The statement that the page on evidence shows, under another id."""
    text = PAGE.split("```toml\n")[1].split("```")[0].replace("S002-06", "LAB-01")
    path = tmp_path / "my statements.toml"
    path.write_text(text.replace("TP53 mutation is associated", "In our series TP53 mutation is associated"))
    return path


def test_a_statement_of_ones_own_reaches_its_patient(mine: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    assert tp53annot("evidence", "lint", mine).returncode == 0
    done = tp53annot("evidence", "add", mine, "-o", tables)
    assert done.returncode == 0 and "--resources-dir" in done.stdout, done.stderr
    assert tp53annot("resources", "verify", "--resources-dir", tables).returncode == 0
    context = ("--context", "age_years=40", "--context", "therapy=blinatumomab", "--context", "lineage=B-ALL")
    run = ("run", EXAMPLE, "--sample", "DEMO-01", "--format", "json", *context)
    assert tp53annot(*run, "-o", tmp_path / "with", "--resources-dir", tables).returncode == 0
    report = json.loads((tmp_path / "with/DEMO-01/DEMO-01.tp53.json").read_text())
    note = next(n for n in report["assessment"]["notes"] if n["id"] == "LAB-01")
    assert note["applies"] == "applies" and note["text"].startswith("In our series")
    used = [t["name"] for t in report["provenance"]["tables"] if t["name"].startswith("evidence/own_")]
    assert len(used) == 1 and "my_statements" in used[0]
    assert tp53annot(*run, "-o", tmp_path / "without").returncode == 0
    plain = json.loads((tmp_path / "without/DEMO-01/DEMO-01.tp53.json").read_text())
    assert "LAB-01" not in [n["id"] for n in plain["assessment"]["notes"]]


def test_the_same_file_again_takes_the_place_of_the_first(mine: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert tp53annot("evidence", "add", mine, "-o", first).returncode == 0
    mine.write_text(mine.read_text().replace("In our series", "In our longer series"))
    assert tp53annot("evidence", "add", mine, "-o", second, "--resources-dir", first).returncode == 0
    shown = tp53annot("evidence", "show", "LAB-01", "--resources-dir", second).stdout
    assert "In our longer series" in shown
    assert tp53annot("evidence", "add", mine, "-o", second).returncode == 3
    assert tp53annot("evidence", "add", mine, "-o", second, "--force").returncode == 0


def test_nothing_is_written_for_a_wrong_statement_or_over_other_files(mine: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    good = mine.read_text()
    for old, new, words in (
        ('"LAB-01"', '"S002-06"', "the id stands in"),
        ("age_years", "age", "not a context field"),
        ("claim =", "clam =", "lacks the field 'claim'"),
        ('doi = "10.1182', 'doi = "doi 10.1182', "doi 'doi 10.1182"),
        ("- wide CI", "(to be verified)", "editor's note"),
        ("value = 6.84", 'value = "6.84 vs 1"', "an arm of its own"),
        ('doi = "', 'url = "http://mirror.example.com/', "copies of a page are not cited"),
        ("leukaemia_sample", "leukemia_sample", "not a context field"),
    ):
        mine.write_text(good.replace(old, new))
        done = tp53annot("evidence", "add", mine, "-o", target)
        assert done.returncode == 3 and words in done.stderr and not target.exists()
    mine.write_text(good)
    target.mkdir()
    (target / "thesis.doc").write_text("years of work")
    done = tp53annot("evidence", "add", mine, "-o", target, "--force")
    assert done.returncode == 3 and "holds something else" in done.stderr
    assert (target / "thesis.doc").read_text() == "years of work"
    assert not list(tmp_path.glob(".tp53annot-*"))
