"""A covered file with a filtered oncogenic candidate is no plain negative, unless something explains the candidate."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_files import written_rules
from test_assess import R175H, assessed, ids, record

from tp53annot.core.statistics import binomial_at_most

LIMITS = written_rules("assessment")["limits"]

# why it is held back, and the record
OPEN = [
    ("caller's filter", record(R175H, 0.17, flt="weak")),
    ("caller's filter below the reporting threshold", record(R175H, 0.03, flt="weak")),
    ("caller's filter, no fraction stated", record(R175H, None, flt="weak")),
    ("too shallow", record(R175H, 0.4, depth=15)),
    ("too few reads", record(R175H, 7 / 24, depth=24)),
    ("genotyped reference against the reads", record(R175H, 0.06, gt="0/0")),
]
EXPLAINED = [
    ("below the lowest VAF reported", record(R175H, 0.019, flt="weak")),
    ("genotyped reference, reads below the threshold", record(R175H, 0.04, gt="0/0")),
    ("one wrong read of thirty", record(R175H, 1 / 30, flt="weak", depth=30)),
]


@pytest.mark.parametrize(("why", "line"), OPEN)
def test_it_leaves_the_negative_open_and_is_named(tmp_path: Path, why: str, line: str) -> None:
    found = assessed(tmp_path, line, covered=True)
    assert (found["status"], found["tp53_mutated_all"], found["allelic_state"]) == (
        "incomplete",
        None,
        "unknown",
    )
    assert "R175H" in found["summary"], why


def test_an_assessed_gene_is_not_told_as_not_assessed(tmp_path: Path) -> None:
    found = assessed(tmp_path, OPEN[0][1], covered=True)
    assert "leaves the result open" in found["tp53_mutated_all_reason"]
    assert ids(found["allelic_state_basis"]) == ["basis.left_open"]
    bare = assessed(tmp_path, OPEN[0][1])
    assert "not fully assessed" in bare["tp53_mutated_all_reason"]
    assert ids(bare["allelic_state_basis"]) == ["basis.unknown"]


@pytest.mark.parametrize(("count", "more"), [(4, ""), (6, "and 2 more")])
def test_a_summary_that_names_some_says_how_many_others_there_are(
    tmp_path: Path, count: int, more: str
) -> None:
    changes = [
        R175H,
        (7674220, "C", "T"),
        (7674221, "G", "A"),
        (7673802, "C", "T"),
        (7673776, "G", "A"),
        (7674894, "G", "A"),
    ]
    found = assessed(tmp_path, *(record(change, 0.4, flt="weak") for change in changes[:count]), covered=True)
    assert found["summary"].count("VAF 0.40") == 4 and (
        more in found["summary"] if more else "more" not in found["summary"]
    )
    assert ids(found["warnings"]).count("warning.rejected_oncogenic") == count


@pytest.mark.parametrize(("why", "line"), EXPLAINED)
def test_what_errors_or_limits_explain_does_not(tmp_path: Path, why: str, line: str) -> None:
    assert assessed(tmp_path, line, covered=True)["status"] == "not_detected", why


@pytest.mark.parametrize(("vaf", "status"), [(0.4, "incomplete"), (0.01, "not_detected")])
def test_what_lies_outside_the_target_leaves_it_open_and_is_named(
    tmp_path: Path, vaf: float, status: str
) -> None:
    target = tmp_path / "target.bed"
    target.write_text("chr17\t7674000\t7674300\n")
    found = assessed(tmp_path, record(R175H, vaf), covered=True, target=target)
    assert (found["status"], "R175H" in found["summary"]) == (status, True)


def test_the_sentence_names_fraction_and_filter(tmp_path: Path) -> None:
    found = assessed(tmp_path, record(R175H, 0.17, flt="weak"), covered=True)
    assert found["summary_ids"] == ["summary.incomplete_held_back", "summary.filtered"]
    assert "R175H (c.524G>A), VAF 0.17 (the caller filtered it: weak)" in found["summary"]
    assert "warning.rejected_oncogenic" in ids(found["warnings"])


def test_asked_for_it_is_reported_and_an_uncertain_one_changes_nothing(tmp_path: Path) -> None:
    uncertain = (7673772, "C", "T")
    assert assessed(tmp_path, record(uncertain, 0.17, flt="weak"), covered=True)["status"] == "not_detected"


@pytest.mark.parametrize("depth", [60, 100, 200, 400])
def test_the_rule_of_errors_at_its_limit(tmp_path: Path, depth: int) -> None:
    """The fewest reads that errors give with less than the stated chance leave the result open; one fewer does not."""
    chance, rate = LIMITS["error_chance"], LIMITS["error_rate"]
    fewest = next(k for k in range(1, depth) if 1 - binomial_at_most(k - 1, depth, rate) < chance)
    assert fewest / depth >= 0.02 or depth == 400
    found = [
        assessed(tmp_path, record(R175H, reads / depth, flt="weak", depth=depth), covered=True)["status"]
        for reads in (max(fewest, round(0.02 * depth)), fewest - 1)
    ]
    assert found == ["incomplete", "not_detected"]


@pytest.mark.parametrize(("blasts", "verdict"), [("0", None), ("9.9", None), ("10", False), ("80", False)])
def test_nothing_found_where_the_blasts_are_too_few_leaves_the_leukaemia_open(
    tmp_path: Path, blasts: str, verdict: bool | None
) -> None:
    found = assessed(tmp_path, covered=True, blast_pct=blasts)
    assert (found["status"], found["tp53_mutated_all"]) == ("not_detected", verdict)
    reason = found["tp53_mutated_all_reason"]
    assert ("below the reporting threshold of 5%" in reason) == (verdict is None)


@pytest.mark.parametrize(
    ("records", "context", "told"),
    [
        ([], {"germline_status": "confirmed"}, True),
        ([], {"germline_status": "suspected"}, False),
        ([], {"germline_status": "confirmed", "del17p_status": "present"}, False),
        ([record(R175H, 0.5)], {"germline_status": "confirmed"}, False),
        ([record(R175H, 0.5, flt="weak")], {"germline_status": "confirmed"}, False),
    ],
)
@pytest.mark.parametrize("covered", [True, False])
def test_a_confirmed_germline_variant_that_is_not_there_is_missed(
    tmp_path: Path, records: list[str], context: dict[str, str], told: bool, covered: bool
) -> None:
    found = assessed(tmp_path, *records, covered=covered, **context)
    assert ("warning.germline_not_found" in ids(found["warnings"])) == told
    assert found["germline_flag"] == context["germline_status"]


@pytest.mark.parametrize(
    ("assay", "status"),
    [
        ("RNA-Seq", "incomplete"),
        ("TruSight RNA Fusion", "incomplete"),
        ("Archer mRNA panel", "incomplete"),
        ("RNAseq 2x100", "incomplete"),
        ("DNA and RNA panel", "not_detected"),
        ("exome", "not_detected"),
        ("Journal panel", "not_detected"),
    ],
)
def test_calls_of_a_declared_rna_assay_are_no_negative_result(
    tmp_path: Path, assay: str, status: str
) -> None:
    found = assessed(tmp_path, covered=True, assay=assay)
    assert found["status"] == status
    assert ("rna.reads" in ids(found["warnings"])) == (status == "incomplete")
