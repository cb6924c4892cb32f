"""Every limit of ``rules/assessment.toml``: the value on each side of it, one step away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_findings import Call, made_assessment
from rule_files import written_rules
from test_assess import COLUMNS, R175H, assessed, ids, record

LIMITS = written_rules("assessment")["limits"]
PAIR = COLUMNS.replace("S1\n", "TUMOR\tNORMAL\n")
ON, OFF = True, False
CHILD = {"age_years": "9", "lineage": "B-ALL"}
P72R = (7676154, "G", "C")
HOTSPOTS = [(7675088, "C", "T"), (7674220, "C", "T"), (7673802, "C", "T"), (7674872, "T", "C")]


def germline(name: str) -> Any:
    return lambda a: f"germline.{name}" in ids(a["germline_reasons"])


def possible(a: dict[str, Any]) -> bool:
    return bool(a["allelic_state"] == "possible_multi_hit")


def multi(a: dict[str, Any]) -> bool:
    return bool(a["allelic_state"] == "multi_hit")


def suspected(a: dict[str, Any]) -> bool:
    return bool(a["germline_flag"] == "suspected")


def fits(name: str) -> Any:
    return lambda a: next(h["fits"] for h in a["allelic_hypotheses"] if h["id"] == name)


def flagged(a: dict[str, Any]) -> bool:
    return bool(a["clonal_haematopoiesis_flag"])


def near_haploid(a: dict[str, Any]) -> bool:
    """Of the low-hypodiploid statements: none is open, and the guideline names near haploidy among its presentations."""
    notes = {n["id"]: n["applies"] for n in a["notes"]}
    return "L17" not in notes and notes.get("L52") == "applies"


def masked(a: dict[str, Any]) -> bool:
    return "warning.masked_hypodiploidy" in ids(a["warnings"])


def clonal(a: dict[str, Any]) -> bool:
    return bool(a["clonality"] == "clonal")


def low_blasts(a: dict[str, Any]) -> bool:
    return "warning.low_blasts" in ids(a["warnings"])


# limit, VAF, context, what is asked, the answer
CASES: list[tuple[str, float, dict[str, str], Any, bool]] = [
    ("two_hit_vaf", 0.55, {"blast_pct": "80"}, possible, OFF),
    ("two_hit_vaf", 0.551, {"blast_pct": "80"}, possible, ON),
    ("two_hit_margin", 0.60, {"blast_pct": "100"}, possible, OFF),
    ("two_hit_margin", 0.601, {"blast_pct": "100"}, possible, ON),
    ("germline_vaf_low", 0.399, {}, germline("unexplained"), OFF),
    ("germline_vaf_low", 0.40, {}, germline("unexplained"), ON),
    ("germline_vaf_high", 0.60, {}, germline("unexplained"), ON),
    ("germline_vaf_high", 0.601, {}, germline("unexplained"), OFF),
    ("germline_vaf_remission", 0.299, {"sample_role": "remission"}, germline("remission"), OFF),
    ("germline_vaf_remission", 0.30, {"sample_role": "remission"}, germline("remission"), ON),
    ("germline_vaf_least", 0.271, {}, germline("against_low"), ON),  # interval of 1,000 reads to 0.2994
    ("germline_vaf_least", 0.272, {}, germline("against_low"), OFF),  # to 0.3004
    ("germline_age_below", 0.2, {"age_years": "18"}, germline("age"), OFF),
    ("germline_age_below", 0.2, {"age_years": "17.9"}, germline("age"), ON),
    ("germline_weak_reasons", 0.45, {"blast_pct": "90"}, suspected, OFF),
    ("germline_weak_reasons", 0.45, {"blast_pct": "90", "ploidy": "low_hypodiploid"}, suspected, ON),
    (
        "blast_tolerance_points",
        0.530,
        {"blast_pct": "90"},
        fits("one_allele"),
        ON,
    ),  # from 0.4990, of 0.40-0.50
    ("blast_tolerance_points", 0.531, {"blast_pct": "90"}, fits("one_allele"), OFF),  # from 0.5000
    # 5-15 % blasts: 0.025-0.075
    ("blast_tolerance_share", 0.091, {"blast_pct": "10"}, fits("one_allele"), ON),  # from 0.0747
    ("blast_tolerance_share", 0.092, {"blast_pct": "10"}, fits("one_allele"), OFF),  # from 0.0756
    ("blasts_least", 0.111, {"del17p_status": "present"}, multi, OFF),  # asks for 19.98 % blasts
    ("blasts_least", 0.112, {"del17p_status": "present"}, multi, ON),  # 20.1 %
    ("low_hypodiploid_modal", 0.45, {"modal_chromosome_number": "31"}, possible, OFF),
    ("low_hypodiploid_modal", 0.45, {"modal_chromosome_number": "32"}, possible, ON),
    ("low_hypodiploid_modal", 0.45, {"modal_chromosome_number": "39"}, possible, ON),
    ("low_hypodiploid_modal", 0.45, {"modal_chromosome_number": "40"}, possible, OFF),
    *(
        ("near_haploid_modal", 0.45, CHILD | {"modal_chromosome_number": number}, near_haploid, answer)
        for number, answer in (("23", OFF), ("24", ON), ("31", ON), ("32", OFF))
    ),
    *(
        ("masked_modal", 0.45, {"modal_chromosome_number": number}, masked, answer)
        for number, answer in (("49", OFF), ("50", ON), ("78", ON), ("79", OFF))
    ),
    ("ch_age_from", 0.2, {"age_years": "39.9"}, flagged, OFF),
    ("ch_age_from", 0.2, {"age_years": "40"}, flagged, ON),
    ("ch_vaf_below", 0.30, {"age_years": "50"}, flagged, OFF),
    ("ch_vaf_below", 0.299, {"age_years": "50"}, flagged, ON),
    ("clonal_vaf", 0.099, {}, clonal, OFF),
    ("clonal_vaf", 0.10, {}, clonal, ON),
    ("subclonal_ccf", 0.249, {"blast_pct": "100"}, clonal, OFF),
    ("subclonal_ccf", 0.25, {"blast_pct": "100"}, clonal, ON),
    ("low_blasts_factor", 0.2, {"blast_pct": "20"}, low_blasts, OFF),
    ("low_blasts_factor", 0.2, {"blast_pct": "19.9"}, low_blasts, ON),
]


@pytest.mark.parametrize(("limit", "vaf", "context", "asked", "answer"), CASES)
def test_each_side_of_a_limit(
    tmp_path: Path, limit: str, vaf: float, context: dict[str, str], asked: Any, answer: bool
) -> None:
    assert limit in LIMITS
    assert asked(assessed(tmp_path, record(R175H, vaf), **context)) is answer


@pytest.mark.parametrize(
    ("vaf", "depth", "reason", "answer"),
    [
        (0.199, 1000, "normal", OFF),
        (0.20, 1000, "normal", ON),
        (0.05, 1000, "against_normal", ON),
        (0.051, 1000, "against_normal", OFF),
        (0.0, 20, "against_normal", ON),
        (0.0, 19, "against_normal", OFF),
    ],
)
def test_each_side_of_the_limits_in_the_normal_sample(
    tmp_path: Path, vaf: float, depth: int, reason: str, answer: bool
) -> None:
    reads = round(vaf * depth)
    line = record(R175H, 0.25).rstrip("\n") + f"\t0/0:{depth - reads},{reads}\n"
    assessment = assessed(tmp_path, line, columns=PAIR)
    assert (f"germline.{reason}" in ids(assessment["germline_reasons"])) is answer


@pytest.mark.parametrize(("vaf", "answer"), [(0.06, ON), (0.04, OFF), (0.31, ON), (0.34, OFF), (0.5, OFF)])
@pytest.mark.parametrize("mirror", [False, True])
def test_polymorphisms_at_odd_fractions(vaf: float, answer: bool, mirror: bool) -> None:
    """``odd_low``, ``odd_het_low``, ``odd_het_high``, ``odd_high``: with the interval of 1,000 reads."""
    failures = ("known_polymorphism", "population_frequency", "benign")
    call = Call(change=P72R, vaf=1 - vaf if mirror else vaf, depth=1000, failures=failures)
    found = [flag.id for flag in made_assessment(call).plausibility]
    assert ("plausibility.odd_polymorphisms" in found) is answer


@pytest.mark.parametrize(("count", "answer"), [(3, OFF), (4, ON)])
def test_many_oncogenic_variants(tmp_path: Path, count: int, answer: bool) -> None:
    found = assessed(tmp_path, *(record(change, 0.2) for change in HOTSPOTS[:count]))
    assert ("plausibility.many_oncogenic" in ids(found["plausibility"])) is answer


def test_a_vaf_without_reads_has_a_wide_interval(tmp_path: Path) -> None:
    """``vaf_margin_uncounted``."""
    columns = COLUMNS
    stated = f"chr17\t{R175H[0]}\t.\tC\tT\t.\tPASS\t.\tGT:AF\t0/1:0.56\n"
    found = assessed(tmp_path, stated, columns=columns, blast_pct="90")
    (one,) = [h for h in found["allelic_hypotheses"] if h["id"] == "one_allele"]
    assert one["fits"] is True and "0.46-0.66" in one["reason"]
    counted = assessed(tmp_path, record(R175H, 0.56), blast_pct="90")
    assert not next(h["fits"] for h in counted["allelic_hypotheses"] if h["id"] == "one_allele")


def test_no_limit_is_left_out() -> None:
    elsewhere = {
        *("germline_normal_vaf", "germline_normal_depth", "germline_normal_absent_vaf"),
        *("error_rate", "error_chance"),  # in test_held_back.py
        *("odd_low", "odd_het_low", "odd_het_high", "odd_high", "many_oncogenic", "vaf_margin_uncounted"),
    }
    assert {limit for limit, *_ in CASES} | elsewhere == set(LIMITS)
