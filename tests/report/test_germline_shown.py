"""The germline class beside the oncogenicity class in every format that a reader sees, and the terms of tables."""

from __future__ import annotations

import copy
import re
from typing import Any

from rendered import render_maf, render_page, render_summary, render_tsv
from report_cases import report

from tp53annot.knowledge.resources import resources_of

ENGLISH, GERMAN = resources_of().texts("en"), resources_of().texts("de")


def document() -> Any:
    return copy.deepcopy(report("two_hit"))


def test_page_and_letter_show_both_classes_and_what_is_in_force() -> None:
    shown = document()
    first = shown["variants"][0]["germline_class"]
    for text in (render_page(shown, ENGLISH), render_summary(shown, ENGLISH)):
        assert "germline class by the expert panel&#39;s rules" in text or "expert panel's rules" in text
        assert f"{first['published']['class']} ({first['published']['review']})" in text
        assert ", ".join(f"{c['code']} {c['strength']}" for c in first["criteria"]) in text
    assert "Keimbahnklasse nach den Regeln" in render_summary(shown, GERMAN)
    assert "germline class" not in render_summary(shown, ENGLISH).split("\n- ")[0]


def test_a_report_without_a_germline_class_shows_none() -> None:
    """Saved by an older version."""
    shown = document()
    for variant in shown["variants"]:
        variant["germline_class"] = None
    assert ENGLISH["germline_class"] not in render_page(shown, ENGLISH)
    assert "expert panel's rules" not in render_summary(shown, ENGLISH)
    assert shown["variants"][0]["germline_classification"]["significance"] in render_maf(shown)


def test_a_single_submission_is_told_as_that() -> None:
    shown = document()
    variant = shown["variants"][0]
    variant["germline_class"]["published"] = None
    variant["germline_classification"] |= {
        "significance": "Likely pathogenic",
        "review_status": "one submitter",
    }
    page = render_page(shown, ENGLISH)
    assert "a single submission only: Likely pathogenic (one submitter" in page
    row = render_maf(shown).splitlines()[-len(shown["variants"]) :][0]
    assert "Likely pathogenic" not in row


def test_tables_carry_the_germline_class_in_columns_of_its_own() -> None:
    shown = document()
    header, first, *_ = (line.split("\t") for line in render_tsv(shown).splitlines())
    cells = dict(zip(header, first, strict=True))
    germline = shown["variants"][0]["germline_class"]
    assert cells["germline_class"] == germline["class"] and cells["class"] != cells["germline_class"]
    assert cells["germline_in_force"] == germline["published"]["class"]
    assert cells["germline_criteria"].count(":") == len(germline["criteria"])


def test_terms_that_restrict_a_table_stand_on_the_page() -> None:
    shown = document()
    tables = {t["name"]: t for t in shown["provenance"]["tables"]}
    restricted = [name for name, t in tables.items() if t["terms"]]
    assert set(restricted) == {"tables/kato.tsv", "tables/kawaguchi.tsv", "tables/stability.tsv"}
    page = render_page(shown, ENGLISH)
    assert "not for sale or use with commercial or promotional purposes" in page
    for name in ("tables/alphamissense.tsv", "tables/ci_spliceai.tsv"):
        assert tables[name]["licence"] == "CC BY 4.0"
    assert tables["tables/hotspots_v3.tsv"]["licence"] == "ODbL 1.0" and "ODbL 1.0" in page


def test_what_a_reader_needs_first_is_not_folded() -> None:
    """A germline suspicion in the banner, open readings beside those that fit, gaps unfolded, nothing said twice."""
    words = resources_of().texts("en")
    pages = {name: render_page(report(name), words) for name in ("germline", "incomplete", "not_detected")}
    banner = pages["germline"].split("</section>")[0]
    assert '<a href="#germline">Germline: suspected</a>.' in banner
    assert "#germline" not in pages["not_detected"].split("</section>")[0]
    fits = re.search(r"<summary>Fit the VAF: (.*?)</summary>", pages["germline"])
    assert fits is not None
    told = re.sub("<[^>]+>| ", "", fits[1])
    assert told == "D·cannotbetold:ABCEF"  # the blasts are not declared: these are not excluded
    for name, unfolded in (("incomplete", True), ("not_detected", False)):
        assert ('<details class="part on-paper" open>' in pages[name]) is unfolded
    assert "No TP53 mutation was found in the assessed region" not in pages["not_detected"]
    assert "peer-reviewed ;" not in pages["germline"]
