"""Whether a mutated sample is TP53-mutated ALL: roles, diagnoses, transplantation, and why it is left open."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_findings import Call, evidence, made_assessment, made_findings
from msgspec.structs import replace
from one_sample import HEAD, record
from report_cases import Document, course, report

from tp53annot.core.copy_number import CopySource, CopyState, GeneCopies
from tp53annot.core.report import SampleAssessment
from tp53annot.interpret.assessment.sample import assess
from tp53annot.interpret.diagnostic_sample import standing_of
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.report import Report
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.patient_comparison import compared
from tp53annot.run.settings import RunSettings

R175H, R248Q, P72R = (7675088, "C", "T"), (7674220, "C", "T"), (7676154, "G", "C")
LOST = GeneCopies(state=CopyState.LOSS, evidence=(evidence(CopySource.DECLARED, CopyState.LOSS),))
RULES = resources_of().rules.assessment()


def mutated(vaf: float = 0.4, **context: str) -> SampleAssessment:
    return made_assessment(Call(change=R175H, vaf=vaf), **context)


OPEN = [
    ({"diagnosis": "non_ALL"}, "other"),
    ({"lineage": "mature_B_Burkitt"}, "other"),
    ({"lineage": "MPAL"}, "other"),
    ({"lineage": "mature_B_Burkitt", "diagnosis": "ALL"}, "other"),
    ({"lineage": "B-ALL", "diagnosis": "non_ALL"}, "contradiction"),
    ({"sample_role": "germline_control"}, "control"),
    ({"specimen_type": "skin_fibroblast"}, "control"),
    ({"specimen_type": "hair_follicle", "sample_role": "diagnostic"}, "control"),
    ({"sample_role": "remission"}, "remission"),
    ({"disease_phase": "remission_1"}, "remission"),
    ({"disease_phase": "remission_2plus"}, "remission"),
    ({"sample_role": "mrd_followup"}, "mrd"),
    ({"sample_role": "mrd_followup", "mrd_status": "positive"}, "mrd"),
    ({"disease_phase": "post_hsct"}, "transplanted"),
    ({"prior_allo_hsct": "yes", "disease_phase": "relapse"}, "transplanted"),
    ({"prior_allo_hsct": "yes", "disease_phase": "diagnosis"}, "transplanted"),
    ({"hsct_status": "done", "disease_phase": "relapse"}, "transplanted"),
    ({"therapy": "allo_hsct", "therapy_timing": "previous"}, "transplanted"),
    ({"disease_phase": "post_hsct", "donor_tp53": "not_tested"}, "transplanted"),
    ({"disease_phase": "post_hsct", "donor_tp53": "present"}, "donor"),
    ({"blast_pct": "3"}, "unexplained"),
]


@pytest.mark.parametrize(("context", "reason"), OPEN)
def test_left_open_with_the_reason(context: dict[str, str], reason: str) -> None:
    found = mutated(**context)
    assert found.tp53_mutated_all is None and found.tp53_mutated_all_reason is not None
    assert found.tp53_mutated_all_reason.id == f"diagnosis.{reason}"
    text = " ".join(f.text for f in found.summary)
    assert found.tp53_mutated_all_reason.text in text and "this is TP53-mutated ALL" not in text


@pytest.mark.parametrize(
    ("context", "origin"),
    [
        ({}, "assumed"),
        ({"diagnosis": "ALL"}, "(declared)"),
        *(({"lineage": lineage}, "(declared)") for lineage in ("B-ALL", "T-ALL", "ETP-ALL")),
        ({"lineage": "B-ALL", "sample_role": "diagnostic", "hsct_status": "done"}, "(declared)"),
        ({"disease_phase": "relapse", "blast_pct": "80"}, "assumed"),
        ({"disease_phase": "post_hsct", "donor_tp53": "absent"}, "assumed"),
        ({"blast_pct": "3", "germline_status": "confirmed"}, "assumed"),
        ({"therapy": "allo_hsct", "therapy_timing": "planned"}, "assumed"),
    ],
)
def test_a_sample_of_the_leukaemia(context: dict[str, str], origin: str) -> None:
    found = mutated(**context)
    assert found.tp53_mutated_all is True and found.tp53_mutated_all_reason is None
    assert origin in " ".join(f.text for f in found.summary)


def test_a_normal_column_is_no_leukaemia() -> None:
    findings = replace(made_findings(Call(change=R175H, vaf=0.5), blast_pct="90"), is_normal=True)
    found = assess(findings, resources_of().statements, RULES, "default")
    assert found.tp53_mutated_all is None and found.allelic_state == "unknown"
    assert found.tp53_mutated_all_reason is not None
    assert found.tp53_mutated_all_reason.id == "diagnosis.normal_column"
    assert found.germline_flag == "suspected"


def test_other_statuses_have_a_reason_too() -> None:
    for found, value, reason in (
        (mutated(0.03), None, "low_level"),
        (made_assessment(), None, "incomplete"),
        (made_assessment(copies=LOST, del17p_status="present"), None, "deletion_only"),
        (made_assessment(Call(change=(7673772, "C", "T"), vaf=0.4)), None, "uncertain"),
        (made_assessment(sample_role="remission"), None, "remission"),
    ):
        assert found.tp53_mutated_all is value and found.tp53_mutated_all_reason is not None
        assert found.tp53_mutated_all_reason.id == f"diagnosis.{reason}"


def test_a_contradiction_of_diagnosis_and_lineage_is_a_warning() -> None:
    for context in ({"diagnosis": "ALL", "lineage": "MPAL"}, {"diagnosis": "non_ALL", "lineage": "T-ALL"}):
        assert "warning.diagnosis_contradicts" in {f.id for f in mutated(**context).warnings}
    assert "warning.diagnosis_contradicts" not in {f.id for f in mutated(lineage="MPAL").warnings}


# plausibility --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vaf", "blasts", "warned"),
    [(0.06, "1", True), (0.01, "1", False), (0.06, "10", False), (0.5, "20", True), (0.9, "90", False)],
)
def test_a_vaf_above_the_blasts(vaf: float, blasts: str, warned: bool) -> None:
    found = mutated(vaf, blast_pct=blasts)
    assert ("plausibility.vaf_above_blasts" in {f.id for f in found.plausibility}) is warned


def test_a_polymorphism_held_back_for_another_reason_is_no_sign() -> None:
    odd = Call(change=P72R, vaf=0.15, failures=("known_polymorphism", "population_frequency", "benign"))
    assert [f.id for f in made_assessment(odd).plausibility] == ["plausibility.odd_polymorphisms"]
    named = replace(evidence(CopySource.ALLELE_BALANCE, CopyState.UNKNOWN, "counted"), origin="c.215C>G")
    told = made_assessment(odd, copies=GeneCopies(evidence=(named,)))
    assert told.plausibility == () and "counted" in [w.text for w in told.warnings]
    other = made_assessment(odd, copies=GeneCopies(evidence=(replace(named, origin="c.108G>A"),)))
    assert [f.id for f in other.plausibility] == ["plausibility.odd_polymorphisms"]
    doubtful = Call(change=P72R, vaf=0.15, failures=("known_polymorphism", "caller_filter"))
    assert made_assessment(doubtful).plausibility == ()


# beside the diagnostic sample ------------------------------------------------------------------


def later(diagnostic: str, here: str, **context: str) -> tuple[Document, Document]:
    """A later sample with R175H at 0.06, and its comparison with a diagnostic sample."""
    document = {
        "sample": "B",
        "assessment": {"status": "mutated", "summary_ids": []},
        "context": {
            k: {"value": float(v) if k == "blast_pct" else v, "origin": "declared"}
            for k, v in {"diagnosis": "ALL", **context}.items()
        },
    }
    point = {"vaf": 0.06, "depth": 1000, "alt_reads": 60}
    change = {
        "hgvs_c": "c.524G>A",
        "hgvs_p_short": "R175H",
        "class": "oncogenic",
        "points": [{"sample": "A", "state": diagnostic, **point}, {"sample": "B", "state": here, **point}],
    }
    samples = [
        {"sample": "A", "role": None, "phase": "diagnosis"},
        {"sample": "B", "role": context.get("sample_role"), "phase": context.get("disease_phase")},
    ]
    return document, {"samples": samples, "variants": [change]}


MRD = {"sample_role": "mrd_followup", "mrd_status": "positive", "blast_pct": "10"}


@pytest.mark.parametrize(
    ("context", "diagnostic", "value", "reason"),
    [
        (MRD, "reported", True, None),
        (MRD | {"blast_pct": "1"}, "reported", None, "persists"),
        (MRD | {"mrd_status": "negative"}, "reported", None, "persists"),
        (MRD, "absent", None, "not_diagnostic"),
        (MRD, "not_assessed", None, "mrd"),
        ({"sample_role": "remission", "blast_pct": "10"}, "reported", None, "persists"),
        ({"sample_role": "germline_control"}, "reported", None, "control"),
        ({"prior_allo_hsct": "yes", "blast_pct": "80"}, "reported", True, None),
        ({"prior_allo_hsct": "yes"}, "reported", None, "transplanted"),
        ({"prior_allo_hsct": "yes", "blast_pct": "80"}, "absent", None, "not_diagnostic"),
    ],
)
def test_beside_the_diagnostic_sample(
    context: dict[str, str], diagnostic: str, value: bool | None, reason: str | None
) -> None:
    document, serial = later(diagnostic, "reported", **context)
    found = standing_of(document, serial, RULES)
    assert found is not None and found.mutated_all is value
    assert (found.reason.id if found.reason else None) == (reason and f"diagnosis.{reason}")
    alone = standing_of(document, None, RULES)
    assert alone is not None and alone.mutated_all is None


def test_nothing_is_lifted_for_other_diagnoses_or_unmutated_samples() -> None:
    document, serial = later("reported", "reported", **MRD, lineage="mature_B_Burkitt")
    assert standing_of(document, serial, RULES) is None
    document, serial = later("reported", "reported", disease_phase="relapse")
    assert standing_of(document, serial, RULES) is None


def test_the_reports_of_a_course_say_what_the_comparison_says() -> None:
    reports = {d["sample"]: d["assessment"] for d in course()}
    assert reports["P-DX"]["tp53_mutated_all"] is True and reports["P-REL"]["tp53_mutated_all"] is True
    remission = reports["P-CR"]
    assert remission["tp53_mutated_all"] is None and "in remission" in remission["tp53_mutated_all_reason"]


def test_a_relapse_after_transplantation_with_the_diagnostic_change_is_the_patients() -> None:
    after = {"disease_phase": "relapse", "prior_allo_hsct": "yes", "blast_pct": "90", "lineage": "B-ALL"}
    alone = report("P-REL", context=after)["assessment"]
    assert alone["tp53_mutated_all"] is None and "diagnosis.transplanted" in alone["summary_ids"]
    reports = [
        from_json(Report, report(name, context=context) | {"patient": "P"})
        for name, context in (("P-DX", {"disease_phase": "diagnosis"}), ("P-REL", after))
    ]
    together = compared(reports, RunSettings(), resources_of())
    found = together[1].assessment
    assert found.tp53_mutated_all is True and found.tp53_mutated_all_reason is None
    assert "(declared) this is TP53-mutated ALL" in found.summary and "donor" not in found.summary
    assert "summary.mutated_all" in found.summary_ids and len(found.summary_ids) == len(alone["summary_ids"])
    again = [replace(r, patient="other" if i else "P") for i, r in enumerate(together)]
    apart = compared(again, RunSettings(), resources_of())[1].assessment
    assert to_json(apart) == alone


@pytest.mark.parametrize(
    ("of_other_cells", "flag"),
    [
        ({"sample_role": "germline_control"}, "suspected"),
        ({"specimen_type": "skin_fibroblast"}, "suspected"),
        ({"disease_phase": "remission_1"}, "suspected"),
        ({"disease_phase": "remission_1", "prior_allo_hsct": "yes"}, "not_suspected"),  # can be the donor's
        ({"disease_phase": "relapse"}, "not_suspected"),
    ],
)
def test_what_other_cells_of_the_patient_show_counts_in_every_report(
    of_other_cells: dict[str, str], flag: str
) -> None:
    """R175H at nearly a half in a later sample: whether that is one of other cells decides."""
    context = {"disease_phase": "diagnosis", "blast_pct": "90", "age_years": "50"}
    alone = report("P-DX", context=context)["assessment"]
    assert alone["germline_flag"] == "not_suspected"
    reports = [
        from_json(Report, report(name, context=c) | {"patient": "P"})
        for name, c in (("P-DX", context), ("P-REL", of_other_cells))
    ]
    together = compared(reports, RunSettings(), resources_of())
    found = together[0].assessment
    assert found.germline_flag == flag
    reasons = [f.text for f in found.germline_reasons if f.id == "germline.other_cells"]
    assert bool(reasons) == (flag == "suspected")
    assert all("R175H" in text and "P-REL" in text for text in reasons)
    assert compared(together, RunSettings(), resources_of()) == together
    assert not [f for f in together[1].assessment.germline_reasons if f.id == "germline.other_cells"]
    apart = [replace(r, patient=f"P{i}") for i, r in enumerate(together)]
    assert to_json(compared(apart, RunSettings(), resources_of())[0].assessment) == alone


@pytest.mark.parametrize("donor", ["matched_sibling", "matched_unrelated"])
@pytest.mark.parametrize("control", ["skin_fibroblast", "bone_marrow"])
def test_a_germline_variant_of_another_sample_chooses_the_notes_again(donor: str, control: str) -> None:
    """Related donors of a patient with a suspected germline variant: the statement reaches the first sample's report, too."""
    context = {"disease_phase": "diagnosis", "blast_pct": "90", "age_years": "50", "lineage": "B-ALL"}
    planned = context | {"hsct_status": "planned", "donor_type": donor}
    reports = [
        from_json(Report, report(name, context=c) | {"patient": "P"})
        for name, c in (("P-DX", planned), ("P-REL", {"specimen_type": control, "disease_phase": "relapse"}))
    ]
    alone = reports[0].assessment
    together = compared(reports, RunSettings(), resources_of())
    found = together[0].assessment
    suspected = control == "skin_fibroblast"
    added = ["L55"] if suspected and donor == "matched_sibling" else []
    assert found.germline_flag == ("suspected" if suspected else "not_suspected")
    before = [n for n in found.notes if n.id not in added]
    assert before == list(alone.notes) and [n.id for n in found.notes if n.id in added] == added
    assert compared(together, RunSettings(), resources_of()) == together
    apart = [replace(r, patient=f"P{i}") for i, r in enumerate(together)]
    assert compared(apart, RunSettings(), resources_of())[0].assessment.notes == alone.notes


@pytest.mark.parametrize(("control", "warned"), [("skin_fibroblast", True), ("bone_marrow", False)])
def test_an_excluded_germline_variant_that_other_cells_show_is_a_warning(control: str, warned: bool) -> None:
    context = {"disease_phase": "relapse", "germline_status": "excluded"}
    reports = [
        from_json(Report, report(name, context=c) | {"patient": "P"})
        for name, c in (("P-DX", context), ("P-REL", context | {"specimen_type": control}))
    ]
    together = compared(reports, RunSettings(), resources_of())
    found = together[0].assessment
    texts = [w.text for w in found.warnings if w.id == "warning.germline_elsewhere"]
    assert (found.germline_flag, bool(texts)) == ("excluded", warned)
    assert all("R175H" in text and "P-REL" in text for text in texts)
    assert compared(together, RunSettings(), resources_of()) == together
    apart = [replace(r, patient=f"P{i}") for i, r in enumerate(together)]
    assert compared(apart, RunSettings(), resources_of())[0].assessment == reports[0].assessment


CHILD = {"disease_phase": "diagnosis", "blast_pct": "90", "age_years": "9", "lineage": "B-ALL"}
FIBROBLASTS = {"specimen_type": "skin_fibroblast"}
REMISSION = {"sample_role": "remission", "disease_phase": "remission_1"}


def of_file(
    folder: Path, name: str, *lines: str, settings: RunSettings | None = None, **context: str
) -> Report:
    """The report of a sample of patient P from records."""
    path = folder / f"{name}.vcf"
    path.write_text(f"{HEAD}\tFORMAT\t{name}\n" + "".join(lines))
    (found,) = analyse(Job(vcf=path, context=context), settings or RunSettings(), interpreter_of())
    return from_json(Report, found.document | {"patient": "P"})


def reference(change: tuple[int, str, str], alt: int = 1, depth: int = 1000) -> str:
    return f"chr17\t{change[0]}\t.\t{change[1]}\t{change[2]}\t.\tPASS\t.\tGT:AD\t0/0:{depth - alt},{alt}\n"


SHOWN = record(R175H, 0.45)


@pytest.mark.parametrize(
    ("lines", "control", "line", "flag"),
    [
        ([SHOWN], FIBROBLASTS, reference(R175H), "not_suspected"),
        ([SHOWN], REMISSION, reference(R175H), "not_suspected"),
        ([SHOWN], REMISSION, reference(R175H, 50), "not_suspected"),
        ([SHOWN], REMISSION, reference(R175H, 51), "suspected"),
        ([SHOWN], FIBROBLASTS, reference(R175H, 1, 20), "not_suspected"),
        ([SHOWN], FIBROBLASTS, reference(R175H, 0, 19), "suspected"),  # too few reads
        ([SHOWN], FIBROBLASTS, "", "suspected"),  # no record says nothing
        ([SHOWN], FIBROBLASTS, record(R175H, 0.5), "suspected"),
        ([SHOWN], {"disease_phase": "relapse"}, reference(R175H), "suspected"),
        ([SHOWN], REMISSION | {"prior_allo_hsct": "yes"}, reference(R175H), "suspected"),  # the donor's
        ([SHOWN], FIBROBLASTS | {"prior_allo_hsct": "yes"}, reference(R175H), "not_suspected"),
        ([SHOWN, record(R248Q, 0.4)], FIBROBLASTS, reference(R175H), "suspected"),  # the other one is open
        ([record(R248Q, 0.4), SHOWN], FIBROBLASTS, reference(R248Q) + reference(R175H), "not_suspected"),
    ],
)
def test_what_other_cells_of_the_patient_lack_is_not_of_the_germline(
    tmp_path: Path, lines: list[str], control: dict[str, str], line: str, flag: str
) -> None:
    """As in a matched normal column of the same file, whose reads are the same fact."""
    ordered = sorted(lines, key=lambda text: int(text.split("\t")[1]))
    reports = [of_file(tmp_path, "DX", *ordered, **CHILD), of_file(tmp_path, "C", line, **control)]
    alone = reports[0].assessment
    assert alone.germline_flag == "suspected"
    together = compared(reports, RunSettings(), resources_of())
    assert together[0].assessment.germline_flag == flag
    assert compared(together, RunSettings(), resources_of()) == together
    apart = [replace(r, patient=f"P{i}") for i, r in enumerate(together)]
    assert to_json(compared(apart, RunSettings(), resources_of())[0].assessment) == to_json(alone)


def test_a_declared_suspicion_stands_beside_a_control_without_the_variant(tmp_path: Path) -> None:
    control = of_file(tmp_path, "C", reference(R175H), **FIBROBLASTS)
    for declared in ("suspected", "confirmed", "excluded"):
        sample = of_file(tmp_path, "DX", SHOWN, **CHILD, germline_status=declared)
        found = compared([sample, control], RunSettings(), resources_of())[0].assessment
        assert found.germline_flag == declared
        assert "germline.other_cells_without" in {f.id for f in found.germline_reasons}


def test_the_reason_of_another_sample_has_the_numbers_of_the_language(tmp_path: Path) -> None:
    german = RunSettings(language="de")
    sample, with_it, without = (
        of_file(tmp_path, name, line, settings=german, **context)
        for name, line, context in (
            ("DX", SHOWN, CHILD),
            ("C", record(R175H, 0.5), FIBROBLASTS),
            ("N", reference(R175H), FIBROBLASTS),
        )
    )
    for control, shown in ((with_it, "VAF 0,50 in der Probe C"), (without, "1 von 1.000 Reads")):
        found = compared([sample, control], german, resources_of())[0].assessment
        assert any(shown in flag.text for flag in found.germline_reasons)


@pytest.mark.parametrize(("end", "flag"), [(7695000, "not_suspected"), (7675000, "suspected")])
def test_the_coverage_of_other_cells_tells_where_no_record_does(tmp_path: Path, end: int, flag: str) -> None:
    """R175H lies at 7675088: within what could be called in the fibroblasts, or not."""
    bed = tmp_path / "callable.bed"
    bed.write_text(f"chr17\t7660000\t{end}\n")
    sample = of_file(tmp_path, "DX", SHOWN, **CHILD)
    control = of_file(tmp_path, "C", settings=RunSettings(callable_bed=bed), **FIBROBLASTS)
    found = compared([sample, control], RunSettings(), resources_of())[0].assessment
    assert found.germline_flag == flag
    reasons = {f.id for f in found.germline_reasons}
    assert ("germline.other_cells_assessed" in reasons) is (flag == "not_suspected")
