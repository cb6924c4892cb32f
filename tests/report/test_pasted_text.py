"""Text to paste and German reports: what a reader needs to be safe, in the numbers and words of the language."""

from __future__ import annotations

import copy
import re

import pytest
from msgspec.structs import replace
from rendered import render_page, render_summary, typed
from report_cases import ADULT, CASES, course, report

from tp53annot.core.platform import Platform
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.local_numbers import local_sentence, with_local_numbers
from tp53annot.report.page_marks import page_marks, report_id
from tp53annot.report.wording import citation_text, effect_text

ENGLISH, GERMAN = resources_of().texts("en"), resources_of().texts("de")
CLINICAL = ADULT | {
    "specimen_type": "bone_marrow", "sample_date": "2026-03-31", "sex": "female", "blast_pct": "87.5", "mrd_status": "positive",
    "mrd_timepoint": "end_of_induction", "mrd_method": "flow", "del17p_status": "absent", "del17p_method": "fish",
}  # fmt: skip


def sections(text: str) -> dict[str, list[str]]:
    """Lines under each heading that ends in a colon."""
    blocks = [block.splitlines() for block in text.split("\n\n")]
    return {lines[0].removesuffix(":"): lines[1:] for lines in blocks if lines}


@pytest.mark.parametrize("name", CASES)
def test_the_text_holds_what_makes_it_safe_to_paste(name: str) -> None:
    document = report(name)
    told = render_summary(document, ENGLISH)
    answer = document["assessment"]
    assert f"Genome build: {document['assembly']}; Transcript: NM_000546.6; Report " in told
    for v in document["variants"]:
        line = next(x for x in told.splitlines() if x.startswith(f"- {v['transcript']}:{v['hgvs_c']}, "))
        assert f"{document['assembly']} {v['chrom']}:{v['pos']} {v['ref']}>{v['alt']}" in line
        assert f"reads {v['alt_reads']} of {v['depth']}" in line and "95 % interval" in line
        assert (f"Tier {v['amp_tier']['tier']}" in line) == bool(v["amp_tier"])
    notes = [
        n
        for n in typed(document).assessment.notes
        if n.applies == "applies" and n.publish in ("note", "warn")
    ]
    for note in notes:
        line = next(x for x in told.splitlines() if f"[{note.id}; " in x)
        assert (
            note.text in line and effect_text(note, ENGLISH) in line and citation_text(note.citation) in line
        )
        assert note.evidence_level in line and all(caveat in line for caveat in note.caveats)
    parts = sections(told)
    assert parts.get("Warnings", []) == [f"- {w['text']}" for w in answer["warnings"]]
    assert not {f"- {w['text']}" for w in answer["warnings"]} & set(parts["Limitations"])
    assert [f"- {x['text']}" for x in answer["limitations"]] == parts["Limitations"][
        : len(answer["limitations"])
    ]


def test_facts_of_the_sample_stand_on_page_and_text() -> None:
    document = report("two_hit", context=CLINICAL)
    page = re.sub(r"<[^>]*>", "", render_page(document, ENGLISH))
    told = render_summary(document, ENGLISH)
    for fact in (
        "Specimen: bone marrow", "Date of the sample: 2026-03-31", "Sex: female", "Blasts (%): 87.5", "Genome build: GRCh38",
        "MRD: positive, end of induction, flow cytometry", "del(17p): absent, FISH", "Transcript: NM_000546.6",
    ):  # fmt: skip
        assert fact in page and fact in told, fact
    assert "Patient" not in page
    assert "Patient: P" in re.sub(r"<[^>]*>", "", render_page(course()[0], ENGLISH))


def test_german_numbers_dates_and_words() -> None:
    document = report("two_hit", context=CLINICAL, language="de")
    summary = document["assessment"]["summary"]
    assert re.search(r"VAF 0,\d\d", summary) and not re.search(r"VAF \d\.\d", summary)
    page, told = render_page(document, GERMAN), render_summary(document, GERMAN)
    for text in (re.sub(r"<[^>]*>", "", page), told):
        for part in (
            "43,1 %",
            "87,5",
            "31.03.2026",
            "weiblich",
            "Knochenmark",
            "onkogen",
            "Ende der Induktion",
        ):
            assert part in text, part
    for part in ("Missense-Variante", "DNA-Bindedomäne", "ungünstiger", "begutachtet", "gültig: pathogen"):
        assert part in page, part
    own = [
        f["text"]
        for key in ("warnings", "limitations", "germline_reasons")
        for f in document["assessment"][key]
    ]
    assert not [x for x in own if re.search(r"VAF (von )?\d\.\d", x)]


def test_english_reports_are_left_alone_and_names_stay() -> None:
    document = report("two_hit")
    assert with_local_numbers(typed(document), ENGLISH) == typed(document)
    for kept in (
        "c.524G>A",
        "NM_000546.6:c.743G>A",
        "chr17:7675088",
        "17p13.1",
        "del(17)(p13.1)",
        "run.v1.2.bam",
        "v2.4.0",
    ):
        assert local_sentence(kept, GERMAN) == kept


def test_what_tells_the_platform_has_the_numbers_of_the_language() -> None:
    own = (
        resources_of(None, "de")
        .rules.calling.platform.texts["own_errors"]
        .format(indels=0.0131, mismatches=0.0004)
    )
    told = Platform(name="ion", molecule="dna", source=own, note=f"PL:ILLUMINA, {own}")
    found = with_local_numbers(replace(typed(report("two_hit")), platform=told), GERMAN).platform
    assert found is not None and found.note == f"PL:ILLUMINA, {found.source}"
    assert "1,31 %" in str(found.source) and "0,04 %" in str(found.source)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_editors_note_and_every_doi_is_a_link(language: str) -> None:
    words = resources_of().texts(language)
    document = copy.deepcopy(report("two_hit", language=language))
    note = next(n for n in document["assessment"]["notes"] if n["citation"].get("doi"))
    note["citation"]["doi"] += " (to be verified)"  # as reports of version 1 have it
    page, told = render_page(document, words), render_summary(document, words)
    assert "to be verified" not in page + told
    for doi in re.findall(r"doi:(10\.\d+/[^\s\]<,;]*[^\s\]<,;.])", re.sub(r"<a [^>]*>|</a>", "", page)):
        assert f'href="https://doi.org/{doi}"' in page


def test_marks_of_printed_pages_hold_no_rule_of_a_name() -> None:
    document = report("not_detected") | {"sample": 'a"}</style><script>x\n\\'}
    marks = page_marks(typed(document), ENGLISH, report_id(typed(document)))
    assert "<" not in marks and marks.count("}") == marks.count("{") == 5
    assert report_id(typed(document)) in marks
    assert '"Page\\20 " counter(page) "\\20 of\\20 " counter(pages) ""' in marks
    assert "<script>x" not in render_page(document, ENGLISH)
