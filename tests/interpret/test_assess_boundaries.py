"""Every limit of ``rules/assessment.toml``: the value on each side of it, one step away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_assess import COLUMNS, R175H, assessed, ids, record

from tp53annot.knowledge.store import load_rules

LIMITS = load_rules("assessment")["limits"]
PAIR = COLUMNS.replace("S1\n", "TUMOR\tNORMAL\n")
ON, OFF = True, False


def germline(name: str) -> Any:
    return lambda a: f"germline.{name}" in ids(a["germline_reasons"])


def possible(a: dict[str, Any]) -> bool:
    return bool(a["allelic_state"] == "possible_multi_hit")


def flagged(a: dict[str, Any]) -> bool:
    return bool(a["clonal_haematopoiesis_flag"])


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
    ("germline_vaf_low", 0.399, {}, germline("vaf"), OFF),
    ("germline_vaf_low", 0.40, {}, germline("vaf"), ON),
    ("germline_vaf_high", 0.60, {}, germline("vaf"), ON),
    ("germline_vaf_high", 0.601, {}, germline("vaf"), OFF),
    ("germline_vaf_remission", 0.299, {"sample_role": "remission"}, germline("remission"), OFF),
    ("germline_vaf_remission", 0.30, {"sample_role": "remission"}, germline("remission"), ON),
    ("germline_known_allele_vaf", 0.299, {}, germline("known_allele"), OFF),
    ("germline_known_allele_vaf", 0.30, {}, germline("known_allele"), ON),
    ("germline_age_below", 0.2, {"age_years": "18"}, germline("age"), OFF),
    ("germline_age_below", 0.2, {"age_years": "17.9"}, germline("age"), ON),
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


@pytest.mark.parametrize(("vaf", "answer"), [(0.199, OFF), (0.20, ON)])
def test_each_side_of_the_limit_in_the_normal_sample(tmp_path: Path, vaf: float, answer: bool) -> None:
    reads = round(vaf * 1000)
    line = record(R175H, 0.25).rstrip("\n") + f"\t0/1:{1000 - reads},{reads}\n"
    assessment = assessed(tmp_path, line, columns=PAIR)
    assert ("germline.normal" in ids(assessment["germline_reasons"])) is answer


def test_no_limit_is_left_out() -> None:
    elsewhere = {"germline_normal_vaf", "error_rate", "error_chance"}  # the last two in test_held_back.py
    assert {limit for limit, *_ in CASES} | elsewhere == set(LIMITS)
