"""What a sample's role changes: the role before the phase, controls, donors, and the sentences that say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_findings import RULES, Call, evidence, made_assessment, made_findings
from msgspec.structs import replace
from vcf_files import GRCH38, write_vcf

from tp53annot.core.copy_number import CopySource, CopyState, GeneCopies
from tp53annot.core.report import SampleAssessment
from tp53annot.interpret.assessment.sample import assess
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

R175H, R248Q, VUS = (7675088, "C", "T"), (7674220, "C", "T"), (7673772, "C", "T")
REMISSIONS = ("remission_1", "remission_2plus")


def one(vaf: float, **context: str) -> SampleAssessment:
    return made_assessment(Call(change=R175H, vaf=vaf, depth=1000), **context)


def texts(found: SampleAssessment) -> str:
    return " ".join(f.text for f in found.summary)


def haematopoiesis(found: SampleAssessment) -> set[str]:
    return {f.id.removeprefix("ch.") for f in found.clonal_haematopoiesis_reasons}


@pytest.mark.parametrize("phase", REMISSIONS)
@pytest.mark.parametrize("role", ["diagnostic", "relapse"])
def test_the_role_of_a_sample_stands_before_the_phase_of_the_course(role: str, phase: str) -> None:
    found = one(0.40, sample_role=role, disease_phase=phase, age_years="45", blast_pct="80")
    plain = one(0.40, age_years="45", blast_pct="80")
    assert found.tp53_mutated_all is True
    assert found.allelic_state == plain.allelic_state == "single_hit"
    assert found.germline_flag == plain.germline_flag == "not_suspected"
    assert found.clonal_haematopoiesis_flag is plain.clonal_haematopoiesis_flag is False


@pytest.mark.parametrize("phase", REMISSIONS)
def test_a_phase_without_a_role_is_the_samples(phase: str) -> None:
    found = one(0.40, disease_phase=phase, age_years="45", blast_pct="80")
    assert (found.tp53_mutated_all, found.allelic_state) == (None, "unknown")
    assert "remission" in haematopoiesis(found)


@pytest.mark.parametrize("control", [{"sample_role": "germline_control"}, {"specimen_type": "saliva"}])
@pytest.mark.parametrize(("vaf", "reasons"), [(0.10, {"vaf", "listed"}), (0.50, set())])
def test_a_control_is_no_remission_sample(control: dict[str, str], vaf: float, reasons: set[str]) -> None:
    assert haematopoiesis(one(vaf, age_years="70", **control)) == reasons


def test_the_practice_is_named_without_calling_a_control_a_tumour() -> None:
    control = one(0.50, specimen_type="skin_fibroblast").germline_reasons[-1]
    leukaemia = one(0.50).germline_reasons[-1]
    assert (control.id, leukaemia.id) == ("germline.advice_control", "germline.advice")
    assert leukaemia.text.endswith(control.text) and "Tumour-only" not in control.text


REMISSION = {"sample_role": "remission", "age_years": "45", "blast_pct": "1"}
TRANSPLANTED = {"prior_allo_hsct": "yes"}


@pytest.mark.parametrize(
    ("context", "flag", "donor"),
    [
        (REMISSION, "suspected", False),
        (REMISSION | TRANSPLANTED, "not_suspected", True),
        (REMISSION | TRANSPLANTED | {"donor_tp53": "present"}, "not_suspected", True),
        (REMISSION | TRANSPLANTED | {"donor_tp53": "absent"}, "suspected", False),
        (TRANSPLANTED | {"specimen_type": "saliva"}, "not_suspected", True),
        (TRANSPLANTED | {"specimen_type": "skin_fibroblast"}, "suspected", False),
        (TRANSPLANTED | {"specimen_type": "hair_follicle"}, "suspected", False),
        ({"disease_phase": "post_hsct", "blast_pct": "1"}, "not_suspected", True),
        ({"disease_phase": "post_hsct", "sample_role": "relapse", "blast_pct": "30"}, "suspected", False),
        (REMISSION | TRANSPLANTED | {"family_history_lfs": "yes"}, "suspected", True),
    ],
)
def test_a_donors_blood_says_nothing_of_the_patients_germline(
    context: dict[str, str], flag: str, donor: bool
) -> None:
    found = one(0.50, **context)
    assert found.germline_flag == flag
    assert ("germline.donor" in {f.id for f in found.germline_reasons}) is donor


@pytest.mark.parametrize(
    ("context", "open_"),
    [
        ({"disease_phase": "relapse"}, True),
        ({"disease_phase": "diagnosis"}, False),  # found in the donor before, it is not the donor's blood
        ({"sample_role": "diagnostic"}, False),
        ({"disease_phase": "diagnosis"} | TRANSPLANTED, True),
    ],
)
def test_a_donors_variant_is_no_mutation_of_the_leukaemia(context: dict[str, str], open_: bool) -> None:
    found = one(0.40, age_years="45", lineage="B-ALL", donor_tp53="present", blast_pct="80", **context)
    outcome = "L02" in {n.id for n in found.notes if n.applies == "applies"}
    assert (found.tp53_mutated_all is None, "donor" in haematopoiesis(found), not outcome) == (open_,) * 3


@pytest.mark.parametrize(
    ("context", "donor"),
    [
        ({"disease_phase": "post_hsct"}, True),
        ({"disease_phase": "relapse", "hsct_status": "done"}, True),
        ({"disease_phase": "relapse", "prior_allo_hsct": "yes"}, True),
        ({"disease_phase": "relapse", "prior_allo_hsct": "yes", "donor_tp53": "absent"}, False),
        ({"disease_phase": "diagnosis", "hsct_status": "done"}, False),
    ],
)
def test_the_donor_is_thought_of_where_the_verdict_thinks_of_the_donor(
    context: dict[str, str], donor: bool
) -> None:
    found = one(0.40, age_years="30", blast_pct="85", **context)
    assert ("donor" in haematopoiesis(found)) is donor
    assert (found.tp53_mutated_all is None) is donor


@pytest.mark.parametrize(
    ("calls", "copies"),
    [
        ([Call(change=VUS, vaf=0.48, depth=1000)], None),
        ([Call(change=R175H, vaf=0.03, depth=1000)], None),
        ([], GeneCopies(state=CopyState.LOSS, evidence=(evidence(CopySource.TABLE, CopyState.LOSS),))),
    ],
)
@pytest.mark.parametrize(
    "context",
    [{"sample_role": "germline_control"}, {"sample_role": "remission"}, {"lineage": "MPAL"}],
)
def test_every_summary_says_what_is_no_sample_of_the_leukaemia(
    calls: list[Call], copies: GeneCopies | None, context: dict[str, str]
) -> None:
    found = made_assessment(*calls, copies=copies, **context)
    assert found.tp53_mutated_all_reason is not None
    assert found.tp53_mutated_all_reason.text in texts(found)


@pytest.mark.parametrize(
    "beside", [[], [Call(change=R175H, vaf=0.03, depth=1000)], [Call(change=VUS, vaf=0.8)]]
)
def test_a_deletion_is_told_with_its_evidence_and_denies_no_listed_variant(beside: list[Call]) -> None:
    lost = evidence(CopySource.KARYOTYPE, CopyState.LOSS)
    found = made_assessment(*beside, copies=GeneCopies(state=CopyState.LOSS, evidence=(lost,)))
    assert found.status == "deletion_only" and lost.text in texts(found)
    said = " ".join((found.allelic_state_basis[0].text, found.tp53_mutated_all_reason.text))  # type: ignore[union-attr]
    assert "at or above the reporting threshold" in said and "without a reported" not in said


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({}, "loss_open"),
        ({"del17p_status": "absent"}, "loss_part"),
        ({"loh17p_status": "absent"}, "loss_other_part"),
        ({"del17p_status": "absent", "loh17p_status": "absent"}, "loss_tested"),
    ],
)
def test_what_was_looked_for_is_said_as_it_is(context: dict[str, str], words: str) -> None:
    assert getattr(RULES.words, words) in texts(one(0.45, blast_pct="90", **context))


@pytest.mark.parametrize(
    ("modal", "state"),
    [(31, "single_hit"), (32, "possible_multi_hit"), (39, "possible_multi_hit"), (40, "single_hit")],
)
def test_the_karyotypes_chromosomes_count_as_the_declared_ones(modal: int, state: str) -> None:
    normal = replace(evidence(CopySource.KARYOTYPE, CopyState.NORMAL), modal=modal)
    copies = GeneCopies(state=CopyState.NORMAL, evidence=(normal,))
    call = Call(change=R248Q, vaf=0.46, depth=1000)
    assert made_assessment(call, copies=copies, blast_pct="92").allelic_state == state
    assert made_assessment(call, modal_chromosome_number=str(modal), blast_pct="92").allelic_state == state
    assert (
        made_assessment(call, copies=copies, ploidy="diploid", blast_pct="92").allelic_state == "single_hit"
    )


def test_blasts_of_nothing_are_no_range() -> None:
    assert "At 0 % blasts" in texts(one(0.10, blast_pct="0"))


@pytest.mark.parametrize(
    ("vafs", "basis"), [((0.90, 0.88), "trans_contradicted"), ((0.44, 0.42), "two_variants")]
)
def test_genotypes_in_trans_against_the_fractions_are_named(vafs: tuple[float, float], basis: str) -> None:
    calls = [Call(change=c, vaf=v, haplotype=h) for c, v, h in zip((R175H, R248Q), vafs, (0, 1), strict=True)]
    found = made_assessment(*calls, blast_pct="95")
    assert [f.id for f in found.allelic_state_basis] == [f"basis.{basis}"]
    assert (found.allelic_state == "multi_hit") is (basis == "two_variants")


@pytest.mark.parametrize("status", ["confirmed", "suspected", "excluded", "not_tested"])
def test_the_declared_germline_status_is_in_the_pages_language(status: str) -> None:
    german = resources_of().rules.assessment("de").words.germline_status[status]
    calls = made_findings(Call(change=R175H, vaf=0.45, depth=1000), germline_status=status)
    said = assess(calls, (), resources_of().rules.assessment("de"), "default").germline_reasons[0].text
    assert said.endswith(german) and german != RULES.words.germline_status[status]


@pytest.mark.parametrize(
    ("context", "tier"),
    [
        ({"lineage": "B-ALL"}, "IB"),
        ({}, "IB"),
        ({"lineage": "ETP-ALL"}, "IIC"),
        ({"lineage": "B-ALL", "sample_role": "relapse", "disease_phase": "post_hsct"}, "IB"),
        *(
            (context, None)
            for context in (
                {"lineage": "MPAL"},
                {"lineage": "mature_B_Burkitt"},
                {"diagnosis": "non_ALL"},
                {"lineage": "B-ALL", "sample_role": "germline_control"},
                {"lineage": "B-ALL", "specimen_type": "buccal"},
                {"lineage": "T-ALL", "sample_role": "remission"},
                {"lineage": "B-ALL", "sample_role": "mrd_followup"},
                {"lineage": "B-ALL", "disease_phase": "post_hsct"},
            )
        ),
    ],
)
def test_a_prognostic_tier_is_one_of_the_leukaemia_it_was_made_for(
    tmp_path: Path, context: dict[str, str], tier: str | None
) -> None:
    lines = [
        "chr17\t{}\t.\t{}\t{}\t50\tPASS\t.\tGT:AD\t0/1:600,400".format(*change) for change in (R175H, VUS)
    ]
    path = write_vcf(tmp_path, *lines, header=GRCH38)
    (done,) = analyse(Job(vcf=path, context=context), RunSettings(), interpreter_of())
    oncogenic, uncertain = (v["amp_tier"] for v in done.document["variants"])
    assert (oncogenic and oncogenic["tier"] + oncogenic["level"]) == tier
    assert uncertain["tier"] == "III"
