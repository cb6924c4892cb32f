"""Germline: every variant examined, a reason for and against each, and no flag that is always on."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_findings import RULES, Call, made_assessment, made_findings

import tp53annot
from tp53annot.core.report import SampleAssessment
from tp53annot.interpret.assessment.germline import examined
from tp53annot.knowledge.resources import resources_of

R175H, R248Q = (7675088, "C", "T"), (7674220, "C", "T")
R337H, R181C, R181H, R110L = (
    (7670699, "C", "T"),
    (7675071, "G", "A"),
    (7675070, "C", "T"),
    (7676040, "C", "A"),
)
INTRON, R290H = (7687376, "C", "A"), (7673751, "C", "T")
ADULT, CHILD = {"age_years": "50"}, {"age_years": "7"}


def ids(a: SampleAssessment) -> list[str]:
    return [f.id.removeprefix("germline.") for f in a.germline_reasons]


def judged(change: tuple[int, str, str], vaf: float, **context: str) -> SampleAssessment:
    return made_assessment(Call(change=change, vaf=vaf), **context)


@pytest.mark.parametrize(
    ("vaf", "blasts", "flag"),
    [
        (0.45, "90", "not_suspected"),  # 0.40-0.50 expected of a somatic variant
        (0.38, "80", "not_suspected"),
        (0.41, "80", "not_suspected"),
        (0.50, "95", "not_suspected"),
        (0.44, "70", "suspected"),  # 0.30-0.40
        (0.50, "60", "suspected"),
        (0.50, "20", "suspected"),
        (0.45, "", "suspected"),  # nothing explains it
        (0.30, "60", "not_suspected"),
        (0.15, "90", "not_suspected"),
        (0.90, "90", "not_suspected"),
    ],
)
def test_an_adult_with_one_hotspot(vaf: float, blasts: str, flag: str) -> None:
    context = ADULT | ({"blast_pct": blasts} if blasts else {})
    found = judged(R175H, vaf, **context)
    assert found.germline_flag == flag
    assert "published" in ids(found)  # a reason that is named and decides nothing


ONE_STAR, NO_STAR = (7675221, "T", "G"), (7674244, "C", "T")


@pytest.mark.parametrize("context", [ADULT, CHILD, CHILD | {"family_history_lfs": "yes"}])
def test_a_published_class_counts_with_stated_criteria_only(context: dict[str, str]) -> None:
    single, none = judged(ONE_STAR, 0.48, **context), judged(NO_STAR, 0.48, **context)
    assert (single.germline_flag, none.germline_flag) == ("suspected", "not_suspected")
    (reason,) = (f.text for f in single.germline_reasons if f.id == "germline.known_allele")
    assert "(criteria provided, single submitter)" in reason
    (said,) = (f.text for f in none.germline_reasons if f.id == "germline.no_criteria")
    assert "Pathogenic" in said and "(no assertion criteria provided)" in said
    assert "against_class" in ids(none) and "known_allele" not in ids(none)


@pytest.mark.parametrize("change", [R337H, R181C, R181H, R110L])
@pytest.mark.parametrize("context", [ADULT, CHILD, ADULT | {"blast_pct": "90"}, {}])
def test_alleles_known_from_families_are_examined_whatever_their_somatic_class(
    change: tuple[int, str, str], context: dict[str, str]
) -> None:
    found = judged(change, 0.48, **context)
    assert found.status == "uncertain" and found.germline_flag == "suspected"
    assert "known_allele" in ids(found)
    low = judged(change, 0.08, **context)
    assert low.germline_flag == "not_suspected" and "against_low" in ids(low)


@pytest.mark.parametrize("context", [ADULT, CHILD, CHILD | {"family_history_lfs": "yes"}])
def test_an_unpublished_uncertain_variant_raises_nothing_by_its_fraction(context: dict[str, str]) -> None:
    found = judged(INTRON, 0.45, **context)
    assert found.germline_flag == "not_suspected" and "against_class" in ids(found)


@pytest.mark.parametrize("change", [R175H, R337H, INTRON])
def test_the_matched_normal_decides(change: tuple[int, str, str]) -> None:
    seen = made_assessment(Call(change=change, vaf=0.45, normal=(100, 200)), **ADULT, blast_pct="90")
    assert seen.germline_flag == "suspected" and "normal" in ids(seen)
    absent = made_assessment(
        Call(change=change, vaf=0.48, normal=(0, 200)), **CHILD, family_history_lfs="yes"
    )
    assert absent.germline_flag == "not_suspected" and "against_normal" in ids(absent)
    shallow = made_assessment(Call(change=change, vaf=0.48, normal=(0, 10)), **CHILD)
    assert "against_normal" not in ids(shallow)


def test_a_family_allele_in_the_normal_of_a_child_with_a_family_history() -> None:
    found = made_assessment(Call(change=R337H, vaf=0.5, normal=(50, 100)), **CHILD, family_history_lfs="yes")
    assert found.germline_flag == "suspected"
    assert {"normal", "known_allele", "family", "age"} <= set(ids(found))


@pytest.mark.parametrize("role", ["remission", "mrd_followup", "germline_control"])
def test_half_of_the_molecules_in_a_sample_without_leukaemia(role: str) -> None:
    assert judged(R175H, 0.48, sample_role=role, **ADULT).germline_flag == "suspected"
    assert judged(R175H, 0.06, sample_role=role, **ADULT).germline_flag == "not_suspected"


def test_what_a_caller_set_aside_as_germline_is_examined() -> None:
    aside = Call(change=R175H, vaf=0.45, failures=("caller_filter",), filters=("germline",))
    found = made_assessment(aside, **ADULT, blast_pct="90")
    assert found.germline_flag == "suspected" and "caller" in ids(found)
    weak = Call(change=R175H, vaf=0.45, failures=("caller_filter",), filters=("weak_evidence",))
    assert made_assessment(weak, **ADULT).germline_flag == "not_suspected"
    benign = Call(change=R290H, vaf=0.5, failures=("known_polymorphism",))
    assert made_assessment(benign, **CHILD).germline_flag == "not_suspected"
    founder = Call(change=R337H, vaf=0.5, failures=("benign",))
    assert made_assessment(founder, **CHILD).germline_flag == "suspected"


def test_a_declared_status_stands_and_a_contradiction_is_named() -> None:
    normal = Call(change=R175H, vaf=0.48, normal=(90, 200))
    excluded = made_assessment(normal, germline_status="excluded", **ADULT)
    assert excluded.germline_flag == "excluded"
    assert "warning.germline_contradicts" in {f.id for f in excluded.warnings}
    low = judged(R175H, 0.08, germline_status="confirmed", **ADULT)
    assert low.germline_flag == "confirmed"
    assert "warning.germline_contradicts" in {f.id for f in low.warnings}
    fine = judged(R175H, 0.5, germline_status="confirmed", **ADULT)
    assert "warning.germline_contradicts" not in {f.id for f in fine.warnings}


def test_each_reason_names_its_variant_and_its_side() -> None:
    found = made_assessment(
        Call(change=R175H, vaf=0.45), Call(change=R248Q, vaf=0.1), **CHILD, blast_pct="90"
    )
    *reasons, advice = found.germline_reasons
    assert advice.id == "germline.advice" and found.germline_flag == "suspected"
    assert {f.text.split(" ")[0] for f in reasons} == {"R175H", "R248Q"}
    sides = [f for f in reasons if f.id != "germline.published"]
    assert all(
        ": for a germline origin" in f.text or ": against a germline origin: " in f.text for f in sides
    )


@pytest.mark.parametrize("fact", ["age_years", "family_history_lfs", "ploidy"])
@pytest.mark.parametrize("vaf", [0.1, 0.35, 0.45, 0.9])
def test_a_fact_left_out_suspects_no_more(fact: str, vaf: float) -> None:
    everything = {**CHILD, "family_history_lfs": "yes", "ploidy": "low_hypodiploid", "blast_pct": "90"}
    less = {k: v for k, v in everything.items() if k != fact}
    rank = {"not_suspected": 0, "suspected": 1}
    flags = [rank[judged(R175H, vaf, **facts).germline_flag] for facts in (less, everything)]
    assert flags == sorted(flags)


def test_a_sample_without_variants_has_nothing_to_examine() -> None:
    assert (
        made_assessment(**CHILD, family_history_lfs="yes", ploidy="low_hypodiploid").germline_flag
        == "not_suspected"
    )
    assert examined(made_findings(**CHILD), RULES) == []


def test_every_published_class_and_review_has_words_in_each_language() -> None:
    """R337H's class, with its low penetrance, is the only one of its kind."""
    rows = (Path(tp53annot.__file__).parent / "resources/tables/clinvar.tsv").read_text().splitlines()
    head, *cells = (row.split("\t") for row in rows)
    columns = [head.index(f"germline_{name}") for name in ("classification", "review_status")]
    stated = {row[column] for row in cells for column in columns} - {""}
    for language in ("en", "de"):
        words = resources_of().rules.assessment(language).words.published
        assert stated <= set(words)
