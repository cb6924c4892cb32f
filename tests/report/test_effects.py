"""A comparison as every format prints it: each arm with its own interval and patients, and the caveats beside it."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from one_sample import HEAD, R175H, record
from openpyxl import load_workbook
from tp53annot_cli import tp53annot

from tp53annot.core.report import Note
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.wording import citation_link, citation_text, effect_text

STATEMENTS = {s.id: s for s in resources_of().statements}
WORDS = {language: resources_of().texts(language) for language in ("en", "de")}
CHILD = {
    "lineage": "B-ALL", "ph_status": "negative", "disease_phase": "diagnosis", "age_years": "6", "del17p_status": "present",
    "mrd_status": "positive", "mrd_timepoint": "end_of_induction", "blast_pct": "90",
}  # fmt: skip
DELETION = "5-year DFS: TP53 deletion 0.0 % (CI {none}); no TP53 deletion 58.0 % (95 % CI 49.2–68.3)"


def note(effect: dict[str, Any]) -> Note:
    return Note(
        id="X", topic="os", text="t", effect=effect, population="p", direction="adverse", evidence_level="B",  # type: ignore[arg-type]
        citation={}, caveats=(), applies="applies", missing_fields=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (
            {"measure": "3-year OS", "value": "60 % vs 71 %", "p": ".5", "n": 219,
             "arms": [{"group": "mutated", "value": "60 %", "interval": None, "n": 19},
                      {"group": "wild type", "value": "71 %", "interval": None, "n": None}]},
            "3-year OS: mutated 60 % (n = 19); wild type 71 %, P .5, n = 219, CI not reported",
        ),
        (
            {"value": "1 % vs 2 %", "arms": [{"group": "a", "value": "1 %", "interval": [0.5, 2.0], "n": 3},
                                            {"group": "b", "value": "2 %", "interval": None, "n": 4}]},
            "a 1 % (95 % CI 0.5–2.0, n = 3); b 2 % (CI not reported, n = 4), n not reported",
        ),
        ({"measure": "hazard ratio", "value": 2.0, "ci": [1.0, 4.0], "n": 9}, "hazard ratio 2.0, 95 % CI 1.0–4.0, n = 9"),
        (
            {"value": "55 %", "ci": [49.0, 61.0], "n": 9, "further": "OS 61 %", "note": "no P in the abstract"},
            "55 %, 95 % CI 49.0–61.0, n = 9; OS 61 %; no P in the abstract",
        ),
        ({}, "not reported"),
    ],
)  # fmt: skip
def test_each_arm_has_its_own_interval(effect: dict[str, Any], text: str) -> None:
    assert effect_text(note(effect), WORDS["en"]) == text


def test_a_source_without_a_record_says_so() -> None:
    citation = {"short": "A B, preprint", "no_record": "preprint, number not known"}
    assert citation_text(citation) == "A B, preprint, preprint, number not known"
    assert citation_link(citation) is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a child with a TP53 deletion, in every format, and of an adult."""
    place = tmp_path_factory.mktemp("effects")
    vcf = place / "S1.vcf"
    vcf.write_text(f"{HEAD}\tFORMAT\tS1\n{record(R175H, 0.7)}")
    told = [part for name, value in CHILD.items() for part in ("--context", f"{name}={value}")]
    formats = "json,tsv,html,vcf,xlsx,maf,fhir,txt"
    done = tp53annot("run", vcf, "-o", place / "child", "--format", formats, *told)
    assert done.returncode == 0, done.stderr
    adult = ["--context", "age_years=40", "--context", "lineage=B-ALL", "--context", "ph_status=negative"]
    adult += ["--context", "disease_phase=diagnosis", "--language", "de"]
    done = tp53annot("run", vcf, "-o", place / "adult", "--format", f"{formats},pdf", *adult)
    assert done.returncode == 0, done.stderr
    return place


def test_the_report_holds_typed_arms(folder: Path) -> None:
    report = json.loads((folder / "child/S1/S1.tp53.json").read_text())
    found = next(n for n in report["assessment"]["notes"] if n["id"] == "L29")
    assert found["effect"] == {
        "measure": "5-year DFS", "p": "<.001", "n": "subgroup size not reported in the abstract", "value": "0.0 % vs 58.0 %",
        "arms": [
            {"group": "TP53 deletion", "value": "0.0 %", "interval": None, "n": None},
            {"group": "no TP53 deletion", "value": "58.0 %", "interval": [49.2, 68.3], "n": None},
        ],
    }  # fmt: skip


def test_every_format_prints_the_arms(folder: Path) -> None:
    wanted = DELETION.format(none="not reported")
    page = html.unescape((folder / "child/S1/S1.tp53.html").read_text()).replace("\u00a0", " ")
    letter = (folder / "child/S1/S1.tp53.txt").read_text()
    bundle = json.dumps(json.loads((folder / "child/S1/S1.tp53.fhir.json").read_text()), ensure_ascii=False)
    book = load_workbook(BytesIO((folder / "child/S1/S1.tp53.xlsx").read_bytes()), read_only=True)
    cells = " ".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    for name, text in (("html", page), ("txt", letter), ("fhir", bundle), ("xlsx", cells)):
        assert wanted in text, name
        assert "0.0 % vs 58.0 % (95" not in text, name


def test_the_podcasts_caveats_are_printed_wherever_it_is(folder: Path) -> None:
    place = folder / "adult/S1"
    caveat = "rounded spoken figures; no CI/p/n"
    figures = "survival probability: TP53-mutated ~60 %; TP53 wild type ~90 %"
    book = load_workbook(BytesIO((place / "S1.tp53.xlsx").read_bytes()), read_only=True)
    cells = " ".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    page = html.unescape((place / "S1.tp53.html").read_text()).replace("\u00a0", " ")
    bundle = json.dumps(json.loads((place / "S1.tp53.fhir.json").read_text()), ensure_ascii=False)
    texts = {"html": page, "txt": (place / "S1.tp53.txt").read_text(), "fhir": bundle, "xlsx": cells}
    for name, text in texts.items():
        assert figures in text and caveat in text, name
    assert (place / "S1.tp53.pdf").read_bytes().startswith(b"%PDF")
    listed = tp53annot("evidence", "list").stdout
    assert caveat in next(line for line in listed.splitlines() if line.startswith("S000-04\t"))
    shown = tp53annot("evidence", "show", "S000-04").stdout
    assert caveat in shown and "TP53-mutated ~60 %" in shown


def test_caveats_of_an_opinion_are_never_folded_alone_and_all_are_on_paper(folder: Path) -> None:
    """Those of an opinion stand with its claim; those of a series in the fold, which the style sheet opens in print."""
    page = (folder / "child/S1/S1.tp53.html").read_text() + (folder / "adult/S1/S1.tp53.html").read_text()
    seen = set()
    for article in re.findall(r'<article class="note.*?</article>', page, re.DOTALL):
        name = re.search(r"; ([A-Z]\d+(?:-\d+)?)<", article)
        assert name is not None
        statement = STATEMENTS[name[1]]
        open_part, folded = article.split('<details class="on-paper">')
        marks = [len(re.findall("(?:Caveats|Einschränkungen): ", part)) for part in (open_part, folded)]
        if statement.caveats:
            assert marks == ([1, 0] if statement.strength == "opinion" else [0, 1]), name[1]
        seen.add(statement.strength)
    assert len(seen) > 1


def test_a_report_says_how_a_statement_was_published(folder: Path) -> None:
    report = json.loads((folder / "adult/S1/S1.tp53.json").read_text())
    stated = {n["id"]: n["strength"] for n in report["assessment"]["notes"]}
    assert stated["S000-04"] == "opinion" and stated["L02"] == "peer_reviewed"
    assert stated == {name: STATEMENTS[name].strength.value for name in stated}
