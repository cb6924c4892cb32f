"""Allelic state and its readings: each state on its evidence, and never more with less of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_findings import RULES, Call, evidence, made_assessment, made_findings
from msgspec.structs import replace

from tp53annot.core.copy_number import CopySource, CopyState, GeneCopies
from tp53annot.core.report import SampleAssessment
from tp53annot.core.status import SecondHit
from tp53annot.interpret.assessment.alleles.allelic_state import alleles_of
from tp53annot.interpret.assessment.status import status_of

R175H, R248Q, R273H, VUS = (7675088, "C", "T"), (7674220, "C", "T"), (7673802, "C", "T"), (7673772, "C", "T")
RANK = {"unknown": 0, "none": 0, "single_hit": 1, "possible_multi_hit": 2, "multi_hit": 3}
SOURCES = list(CopySource)
WEAK = [CopySource.READ_DEPTH, CopySource.ALLELE_BALANCE]
STRONG = [s for s in SOURCES if s not in WEAK]


def one(vaf: float | None, depth: int | None = 1000, **rest: object) -> Call:
    return Call(change=R175H, vaf=vaf, depth=depth, **rest)  # type: ignore[arg-type]


def copies(*statements: tuple[CopySource, CopyState], state: CopyState = CopyState.UNKNOWN) -> GeneCopies:
    return GeneCopies(state=state, evidence=tuple(evidence(source, what) for source, what in statements))


def ids(a: SampleAssessment) -> list[str]:
    return [f.id.removeprefix("basis.") for f in a.allelic_state_basis]


def fitting(a: SampleAssessment) -> set[str]:
    return {h.id for h in a.allelic_hypotheses if h.fits}


# VAF, blasts, context, state, ids of the basis
CASES = [
    (0.45, "90", {}, "single_hit", ["single"]),
    (0.82, "85", {"del17p_status": "present"}, "multi_hit", ["loss"]),
    (0.82, "", {"del17p_status": "present"}, "multi_hit", ["loss"]),
    (0.08, "90", {"del17p_status": "present"}, "possible_multi_hit", ["loss_against_vaf"]),
    (0.08, "", {"del17p_status": "present"}, "possible_multi_hit", ["loss_few_blasts"]),
    (0.45, "90", {"del17p_status": "present"}, "possible_multi_hit", ["loss_against_vaf"]),
    (None, "90", {"del17p_status": "present"}, "possible_multi_hit", ["loss_without_vaf"]),
    (0.92, "95", {"loh17p_status": "cn_loh"}, "multi_hit", ["cn_loh"]),
    (0.30, "95", {"loh17p_status": "cn_loh"}, "possible_multi_hit", ["loss_against_vaf"]),
    (0.93, "95", {"ploidy": "low_hypodiploid"}, "multi_hit", ["karyotype"]),
    (0.93, "", {"ploidy": "low_hypodiploid"}, "possible_multi_hit", ["karyotype_open", "high_vaf"]),
    (0.52, "90", {"ploidy": "low_hypodiploid", "germline_status": "confirmed"}, "possible_multi_hit", ["karyotype_open"]),
    (0.93, "95", {"ploidy": "masked_low_hypodiploid"}, "multi_hit", ["karyotype"]),
    (0.90, "90", {"ploidy": "near_triploid"}, "possible_multi_hit", ["high_vaf"]),
    (0.90, "90", {}, "possible_multi_hit", ["high_vaf"]),
    (0.93, "95", {"modal_chromosome_number": "36"}, "multi_hit", ["karyotype"]),
    (0.93, "95", {"modal_chromosome_number": "36", "ploidy": "diploid"}, "possible_multi_hit", ["high_vaf"]),
    (0.06, "1", {"sample_role": "mrd_followup", "del17p_status": "present"}, "unknown", ["not_leukaemia"]),
    (0.50, "", {"sample_role": "germline_control"}, "unknown", ["not_leukaemia"]),
    (0.50, "", {"specimen_type": "skin_fibroblast"}, "unknown", ["not_leukaemia"]),
]  # fmt: skip


@pytest.mark.parametrize(("vaf", "blasts", "context", "state", "basis"), CASES)
def test_one_variant(
    vaf: float | None, blasts: str, context: dict[str, str], state: str, basis: list[str]
) -> None:
    found = made_assessment(one(vaf), **context, **({"blast_pct": blasts} if blasts else {}))
    assert (found.allelic_state, ids(found)) == (state, basis)
    assert all(f.text.count("{") == 0 and f.source for f in found.allelic_state_basis)


@pytest.mark.parametrize(
    ("vafs", "haplotypes", "blasts", "state"),
    [
        ((0.42, 0.40), (0, 1), "90", "multi_hit"),
        ((0.42, 0.40), (0, 0), "90", "single_hit"),
        ((0.42, 0.40), (None, None), "90", "possible_multi_hit"),
        (
            (0.42, 0.06),
            (0, 1),
            "90",
            "possible_multi_hit",
        ),  # 93 % and 13 % of the blasts fit beside each other
        ((0.30, 0.25), (0, 1), "90", "multi_hit"),  # 67 % and 56 % of the blasts do not
        ((0.10, 0.08), (0, 1), "90", "possible_multi_hit"),
        ((0.10, 0.08), (0, 1), "20", "multi_hit"),
        ((0.30, 0.28), (0, 1), "", "multi_hit"),  # whatever the blasts: 60 % and 56 % of all cells
        ((0.20, 0.20), (0, 1), "", "possible_multi_hit"),
        ((None, None), (0, 1), "90", "possible_multi_hit"),
    ],
)
def test_two_variants(
    vafs: tuple[float | None, ...], haplotypes: tuple[int | None, ...], blasts: str, state: str
) -> None:
    calls = [
        Call(change=c, vaf=v, haplotype=h) for c, v, h in zip((R248Q, R175H), vafs, haplotypes, strict=True)
    ]
    for order in (calls, calls[::-1]):
        found = made_assessment(*order, **({"blast_pct": blasts} if blasts else {}))
        assert found.allelic_state == state


@pytest.mark.parametrize("source", STRONG)
def test_a_loss_of_any_strong_source_with_its_vaf_is_the_second_hit(source: CopySource) -> None:
    loss = copies((source, CopyState.LOSS), state=CopyState.LOSS)
    assert made_assessment(one(0.82), copies=loss, blast_pct="85").allelic_state == "multi_hit"
    assert made_assessment(one(0.10), copies=loss, blast_pct="85").allelic_state == "possible_multi_hit"
    assert (
        made_assessment(one(0.10), copies=loss, blast_pct="85").warnings[-1].id
        == "warning.vaf_contradicts_loss"
    )


@pytest.mark.parametrize("source", WEAK)
@pytest.mark.parametrize("state", [CopyState.LOSS, CopyState.COPY_NEUTRAL_LOH])
def test_depth_and_balance_alone_make_it_possible_only(source: CopySource, state: CopyState) -> None:
    weak = copies((source, state), state=state)
    found = made_assessment(one(0.82), copies=weak, blast_pct="85")
    assert found.allelic_state == "possible_multi_hit" and "weak_loss" in ids(found)
    without = made_assessment(copies=weak)
    assert (without.allelic_state, ids(without)) == ("unknown", ["unconfirmed_loss"])


def test_read_depth_overrules_no_declared_loss_and_the_other_way_round() -> None:
    depth = copies((CopySource.READ_DEPTH, CopyState.NORMAL), (CopySource.FISH, CopyState.LOSS))
    found = made_assessment(one(0.82), copies=depth, blast_pct="85")
    assert found.allelic_state == "multi_hit"
    assert "warning.copies_contradict" in {f.id for f in found.warnings}
    low = copies((CopySource.READ_DEPTH, CopyState.LOSS))
    found = made_assessment(one(0.45), copies=low, blast_pct="90", del17p_status="absent")
    assert found.allelic_state == "possible_multi_hit"
    text = next(f.text for f in found.warnings if f.id == "warning.copies_contradict")
    assert "del(17p) is declared absent" in text and "as stated" in text


@pytest.mark.parametrize(
    ("lost", "kept", "vaf", "expected"),
    [
        (
            CopySource.FISH,
            CopySource.TABLE,
            0.6,
            "possible_multi_hit",
        ),  # at 50-70 % blasts one copy gives 0.33-0.54
        (CopySource.FISH, CopySource.TABLE, 0.48, "possible_multi_hit"),
        (CopySource.FISH, CopySource.TABLE, 0.66, "multi_hit"),  # the VAF shows both alleles
        (CopySource.TABLE, CopySource.DECLARED, 0.48, "possible_multi_hit"),
        (CopySource.TABLE, CopySource.KARYOTYPE, 0.48, "multi_hit"),  # too small for banding
        (CopySource.TABLE, CopySource.READ_DEPTH, 0.48, "multi_hit"),
    ],
)
def test_a_disputed_loss(lost: CopySource, kept: CopySource, vaf: float, expected: str) -> None:
    both = copies((lost, CopyState.LOSS), (kept, CopyState.NORMAL), state=CopyState.LOSS)
    assert made_assessment(one(vaf), copies=both, blast_pct="60").allelic_state == expected


@pytest.mark.parametrize(
    ("lost", "kept", "warned"),
    [
        (CopySource.DECLARED, CopySource.FISH, "copies_disagree"),
        (CopySource.TABLE, CopySource.STRUCTURAL_RECORD, "copies_disagree"),
        (CopySource.TABLE, CopySource.FISH, "copies_contradict"),
        (CopySource.TABLE, CopySource.KARYOTYPE, None),  # too small for banding
    ],
)
def test_statements_that_contradict_each_other_are_named(
    lost: CopySource, kept: CopySource, warned: str | None
) -> None:
    both = GeneCopies(
        state=CopyState.LOSS,
        evidence=(evidence(lost, CopyState.LOSS, "one left"), evidence(kept, CopyState.NORMAL, "two left")),
    )
    found = [f for f in made_assessment(one(0.82), copies=both, blast_pct="85").warnings if "copies" in f.id]
    assert [f.id for f in found] == ([f"warning.{warned}"] if warned else [])
    assert all("one left" in f.text and "two left" in f.text for f in found)


def test_copies_alone_do_not_contradict_loss_of_heterozygosity() -> None:
    balanced = evidence(CopySource.TABLE, CopyState.NORMAL, "two left")
    context = {"loh17p_status": "cn_loh", "blast_pct": "95"}
    for minor, warned in ((None, False), (1, True)):
        table = GeneCopies(evidence=(replace(balanced, minor=minor),))
        found = made_assessment(one(0.92), copies=table, **context)
        assert found.allelic_state == "multi_hit"
        assert ("warning.copies_contradict" in {f.id for f in found.warnings}) is warned
    loh = GeneCopies(evidence=(evidence(CopySource.TABLE, CopyState.COPY_NEUTRAL_LOH),))
    found = made_assessment(one(0.92), copies=loh, blast_pct="95", loh17p_status="absent")
    assert "warning.copies_contradict" in {f.id for f in found.warnings}


def test_cytogenetics_see_no_loss_of_an_exon() -> None:
    part = replace(evidence(CopySource.STRUCTURAL_RECORD, CopyState.LOSS), exons=("8",))
    fish = evidence(CopySource.FISH, CopyState.NORMAL)
    found = made_assessment(
        one(0.48), copies=GeneCopies(state=CopyState.LOSS, evidence=(part, fish)), blast_pct="60"
    )
    assert found.allelic_state == "multi_hit"
    assert "warning.copies_contradict" not in {f.id for f in found.warnings}


@pytest.mark.parametrize(
    ("calls", "basis"),
    [([], "unknown"), ([one(0.03)], "low_level"), ([Call(change=VUS, vaf=0.4)], "uncertain")],
)
def test_without_a_hit_the_state_is_open_and_says_why(calls: list[Call], basis: str) -> None:
    found = made_assessment(*calls)
    assert (found.allelic_state, ids(found)) == ("unknown", [basis])


def test_both_copies_lost() -> None:
    gone = GeneCopies(
        state=CopyState.LOSS, evidence=(evidence(CopySource.TABLE, CopyState.LOSS, "CN 0", total=0),)
    )
    findings = made_findings(copies=gone, del17p_status="present")
    alleles = alleles_of(findings, status_of(findings, RULES.limits), RULES)
    assert (alleles.state, alleles.second_hit) == ("multi_hit", SecondHit.DELETION)
    assert "CN 0" in alleles.basis[0].text


def test_a_gain_explains_a_high_vaf() -> None:
    gain = copies((CopySource.TABLE, CopyState.GAIN), state=CopyState.GAIN)
    assert made_assessment(one(0.62), blast_pct="92").allelic_state == "possible_multi_hit"
    found = made_assessment(one(0.62), copies=gain, blast_pct="92")
    assert found.allelic_state == "single_hit" and "gained" in fitting(found)


@pytest.mark.parametrize(
    ("context", "vaf", "expected"),
    [
        ({}, 0.45, "unknown"),
        ({"del17p_status": "absent", "loh17p_status": "absent"}, 0.45, "none"),
        ({"del17p_status": "absent"}, 0.45, "unknown"),
        ({"del17p_status": "present"}, 0.82, "deletion"),
        ({"loh17p_status": "cn_loh"}, 0.9, "copy_neutral_loh"),
    ],
)
def test_what_the_second_hit_is(context: dict[str, str], vaf: float, expected: str) -> None:
    findings = made_findings(one(vaf), blast_pct="90", **context)
    assert alleles_of(findings, status_of(findings, RULES.limits), RULES).second_hit == expected
    trans = made_findings(one(0.42, haplotype=0), Call(change=R248Q, vaf=0.4, haplotype=1), blast_pct="90")
    assert alleles_of(trans, status_of(trans, RULES.limits), RULES).second_hit == "mutation"


@pytest.mark.parametrize(
    ("vaf", "blasts", "germline", "fits"),
    [
        (0.45, "90", "", {"one_allele", "germline"}),
        (0.82, "90", "", {"mutation_and_loss", "copy_neutral_loh", "germline_and_loss"}),
        (0.82, "90", "excluded", {"mutation_and_loss", "copy_neutral_loh"}),
        (0.20, "90", "", {"subclone"}),
        (0.05, "90", "", {"subclone", "other_cells"}),
        (0.06, "1", "", {"other_cells"}),
        (0.50, "40", "", {"copy_neutral_loh", "germline"}),
        (0.20, "40", "", {"one_allele", "mutation_and_loss", "other_cells"}),
        (0.95, "90", "", {"mutation_and_loss", "copy_neutral_loh", "germline_and_loss", "germline_and_loh"}),
        (0.50, "", "", {"germline"}),
    ],
)
def test_readings_that_fit(vaf: float, blasts: str, germline: str, fits: set[str]) -> None:
    context = {"blast_pct": blasts, "germline_status": germline}
    found = made_assessment(one(vaf), **{k: v for k, v in context.items() if v})
    assert fitting(found) == fits
    assert all(h.label and h.reason.startswith("R175H") for h in found.allelic_hypotheses)


def test_a_matched_normal_without_the_variant_rules_the_germline_out() -> None:
    found = made_assessment(one(0.5, normal=(0, 200)), blast_pct="90")
    assert not {h for h in fitting(found) if h.startswith("germline")}
    assert found.germline_flag == "not_suspected"
    assert "germline" in fitting(made_assessment(one(0.5), blast_pct="90"))


def test_no_variant_no_readings_and_no_vaf_no_verdict() -> None:
    assert made_assessment().allelic_hypotheses == ()
    found = made_assessment(one(None), blast_pct="90")
    assert found.allelic_hypotheses and all(h.fits is None for h in found.allelic_hypotheses)


def test_two_variants_have_their_own_readings() -> None:
    trans = made_assessment(one(0.42, haplotype=0), Call(change=R248Q, vaf=0.4, haplotype=1), blast_pct="90")
    assert "two_in_trans" in fitting(trans) and "two_subclones" not in fitting(trans)
    apart = made_assessment(one(0.2, haplotype=0), Call(change=R248Q, vaf=0.15, haplotype=1), blast_pct="90")
    assert "two_subclones" in fitting(apart) and "two_in_trans" not in fitting(apart)
    cis = made_assessment(one(0.42, haplotype=0), Call(change=R248Q, vaf=0.4, haplotype=0), blast_pct="90")
    assert not {"two_in_trans", "two_subclones"} & fitting(cis)


# facts taken away, one by one ---------------------------------------------------------------

FACTS = [{"del17p_status": "present"}, {"loh17p_status": "cn_loh"}, {"ploidy": "low_hypodiploid"}]
VAFS = [0.06, 0.2, 0.35, 0.45, 0.52, 0.62, 0.75, 0.82, 0.93, 0.99]


@pytest.mark.parametrize("vaf", VAFS)
@pytest.mark.parametrize("blasts", ["", "5", "30", "60", "85", "95"])
def test_less_evidence_of_a_second_hit_never_gives_more(vaf: float, blasts: str) -> None:
    shared = {"blast_pct": blasts} if blasts else {}
    for count in (1, 2, 3):
        for chosen in itertools.combinations(FACTS, count):
            everything = {k: v for fact in chosen for k, v in fact.items()}
            full = RANK[made_assessment(one(vaf), **shared, **everything).allelic_state]
            for left_out in everything:
                less = {k: v for k, v in everything.items() if k != left_out}
                assert RANK[made_assessment(one(vaf), **shared, **less).allelic_state] <= full


@pytest.mark.parametrize("context", [{}, {"ploidy": "low_hypodiploid"}, {"germline_status": "confirmed"}])
@pytest.mark.parametrize("blasts", ["30", "60", "85", "95"])
@pytest.mark.parametrize("vaf", VAFS)
def test_without_the_blasts_the_vaf_alone_never_makes_it_sure(
    vaf: float, blasts: str, context: dict[str, str]
) -> None:
    with_blasts = made_assessment(one(vaf), blast_pct=blasts, **context).allelic_state
    without = made_assessment(one(vaf), **context).allelic_state
    assert without != "multi_hit"
    assert RANK[without] <= RANK[with_blasts]


@given(
    st.sampled_from(VAFS),
    st.sampled_from([10, 20, 50, 200, 1000, 5000]),
    st.sampled_from(["60", "85", "95", ""]),
)
@settings(deadline=None, max_examples=60)
def test_fewer_reads_fit_no_less_and_make_nothing_surer(vaf: float, depth: int, blasts: str) -> None:
    context = {"ploidy": "low_hypodiploid", **({"blast_pct": blasts} if blasts else {})}
    reads = round(vaf * depth)
    deep = made_assessment(one(reads / depth, depth * 10), **context)
    shallow = made_assessment(one(reads / depth, depth), **context)
    assert fitting(deep) <= fitting(shallow)
    exact = made_assessment(one(reads / depth, 100_000), **context)
    if not exact.plausibility:  # a VAF above what the blasts give fits no reading until its interval is wide
        uncounted = made_assessment(one(reads / depth, None), **context)
        assert RANK[shallow.allelic_state] <= RANK[deep.allelic_state] <= RANK[exact.allelic_state]
        assert RANK[uncounted.allelic_state] <= RANK[exact.allelic_state]


def test_an_uncertain_variant_makes_no_hit() -> None:
    alone = made_assessment(one(0.45), blast_pct="90")
    beside = made_assessment(one(0.45), Call(change=VUS, vaf=0.4), blast_pct="90")
    assert alone.allelic_state == beside.allelic_state == "single_hit"
