"""Ten patients with the notes that apply to each, and the kinds of patients whom a note must or must not reach."""

from __future__ import annotations

import pytest
from one_sample import DELETION, R175H, R248Q, applying, assessment_of, record

from tp53annot.knowledge.resources import resources_of

STATEMENTS = {s.id: s for s in resources_of().statements}
OUTCOME = {s.id for s in STATEMENTS.values() if any(c.field == "leukaemia_sample" for c in s.conditions)}
B_ALL = {"lineage": "B-ALL", "ph_status": "negative", "disease_phase": "diagnosis"}
PAGE = "S001-01 S001-03 S001-04 S001-05"  # the treatment page's, folded under low certainty
ALWAYS = "G03 S000-05"  # footers
PATIENTS = {
    "standard-risk child": (
        0.46, B_ALL | {"age_years": "5", "ploidy": "diploid", "nci_risk": "SR", "blast_pct": "92"},
        "L28 L43 L45",
    ),
    "germline child": (
        0.50, B_ALL | {"age_years": "9", "ploidy": "low_hypodiploid", "germline_status": "confirmed", "blast_pct": "90"},
        "L17 L18 L19 L21 L28 L45 L52 L53",
    ),
    "infant with KMT2A rearrangement": (
        0.42, B_ALL | {"age_years": "0.5", "ploidy": "diploid", "kmt2a_status": "rearranged", "blast_pct": "90"},
        "L28 L45",
    ),
    "diploid adult": (
        0.44, B_ALL | {"age_years": "35", "ploidy": "diploid", "blast_pct": "90"},
        f"L02 L12 L28 L68 S000-01 S000-04 {PAGE}",
    ),
    "Ph-positive adult": (
        0.40, B_ALL | {"age_years": "50", "ph_status": "positive", "ploidy": "diploid", "therapy": "tki", "blast_pct": "90"},
        "G01 L02 L68",
    ),
    "T-ALL": (
        0.38, {"age_years": "28", "lineage": "T-ALL", "disease_phase": "diagnosis", "blast_pct": "80"},
        "L02 L32 L68",
    ),
    "MPAL": (
        0.40, {"age_years": "40", "lineage": "MPAL", "disease_phase": "diagnosis", "blast_pct": "80"},
        "",
    ),
    "adult on inotuzumab": (
        0.40, B_ALL | {"age_years": "47", "disease_phase": "relapse", "therapy": "inotuzumab", "blast_pct": "80"},
        f"L02 L47 L68 {PAGE}",
    ),
    "remission": (
        0.06, B_ALL | {"age_years": "66", "disease_phase": "remission_1", "sample_role": "remission",
                       "mrd_status": "negative", "blast_pct": "1"},
        "L09 L39 L66",
    ),
    "fibroblast control": (
        0.50, B_ALL | {"age_years": "12", "sample_role": "germline_control", "specimen_type": "skin_fibroblast",
                       "germline_status": "confirmed"},
        "L19 L53",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PATIENTS)
def test_ten_patients(name: str) -> None:
    vaf, context, wanted = PATIENTS[name]
    assert applying(assessment_of(record(R175H, vaf), **context)) == set(f"{wanted} {ALWAYS}".split())


ADULT = B_ALL | {"age_years": "64", "blast_pct": "90"}
CHILD = B_ALL | {"age_years": "8", "blast_pct": "90"}


def test_two_hits_by_deletion_alone_get_the_statement_on_deletion() -> None:
    """The study compared mutation with deletion: neither two mutations nor copy-neutral LOH is that."""
    declared = applying(assessment_of(record(R175H, 0.7), **ADULT, del17p_status="present"))
    seen = applying(assessment_of(record(R175H, 0.7), DELETION, **ADULT))
    for notes in (declared, seen):
        assert "L03" in notes and "L68" not in notes
    loh = applying(assessment_of(record(R175H, 0.9), **ADULT, loh17p_status="cn_loh"))
    trans = applying(assessment_of(record(R175H, 0.4, "0|1", "1"), record(R248Q, 0.4, "1|0", "1"), **ADULT))
    for notes in (loh, trans):
        assert not {"L03", "L68"} & notes
    one = applying(assessment_of(record(R175H, 0.4), **ADULT))
    assert "L68" in one and "L03" not in one


def test_a_karyotype_of_36_chromosomes_says_low_hypodiploidy_as_the_word_does() -> None:
    karyotype = "36,XX,-2,-3,-4,-7,-9,-13,-15,-16,-19,-20[10]"
    of_ploidy = {s.id for s in STATEMENTS.values() if any(c.field == "ploidy" for c in s.conditions)}
    for patient in (ADULT, CHILD):
        declared = applying(assessment_of(record(R175H, 0.45), **patient, ploidy="low_hypodiploid"))
        read = applying(assessment_of(record(R175H, 0.45), **patient, karyotype=karyotype))
        assert read & of_ploidy == declared & of_ploidy and declared & of_ploidy
    other = applying(assessment_of(record(R175H, 0.45), **CHILD, karyotype=karyotype, ploidy="diploid"))
    assert "L17" not in other and "L17" in read, "what is declared stands before what is read"


DOUBLED = "72<3n>,XXX,-3,-7,-9,-15,-16,-17,-20,+1,+5,+6,+8,+10,+14,+18,+19,+21,+22[10]"


HYPODIPLOID = "-2,-3,-4,-7,-9,-13,-15,-16,-20"


@pytest.mark.parametrize(
    ("karyotype", "low"),
    [
        (f"37,XX,{HYPODIPLOID}[12]", True),
        (f"35~38,XX,{HYPODIPLOID}[12]", True),
        (f"36~38,XX,{HYPODIPLOID}[cp12]", True),
        (f"38,XX,{HYPODIPLOID},+mar[12]", True),  # what the marker holds is open, the number is not
        (f"37,XX,{HYPODIPLOID},del(17)(p13)[12]", True),
        ("37,XX[12]", True),
        (f"30~37,XX,{HYPODIPLOID}[12]", False),
        (f"37,XX,{HYPODIPLOID}[2]/46,XX[18]", False),
        ("40~44,XX,-2,-3[12]", False),
    ],
)
def test_the_number_of_chromosomes_is_read_whatever_is_open_about_17(karyotype: str, low: bool) -> None:
    for patient, note in ((ADULT, "L20"), (CHILD, "L18")):
        found = assessment_of(record(R175H, 0.45), **patient, karyotype=karyotype)
        assert (note in applying(found)) is low


def test_a_declared_ploidy_stands_before_a_number_of_chromosomes() -> None:
    def hint(**context: str) -> bool:
        found = assessment_of(record(R175H, 0.45), **ADULT, **context)
        return "warning.masked_hypodiploidy" in {w["id"] for w in found["warnings"]}

    assert hint(ploidy="near_triploid") and hint(modal_chromosome_number="72") and hint(karyotype=DOUBLED)
    assert not hint(ploidy="diploid", modal_chromosome_number="72") and not hint(modal_chromosome_number="46")


@pytest.mark.parametrize(
    ("ploidy", "number", "warned"),
    [
        ("diploid", {"modal_chromosome_number": "36"}, True),
        ("diploid", {"karyotype": f"37,XX,{HYPODIPLOID}[12]"}, True),
        ("near_haploid", {"modal_chromosome_number": "36"}, True),
        ("low_hypodiploid", {"modal_chromosome_number": "27"}, True),
        ("masked_low_hypodiploid", {"modal_chromosome_number": "36"}, False),
        ("near_haploid", {"modal_chromosome_number": "27"}, False),
        ("diploid", {"modal_chromosome_number": "46"}, False),
        ("low_hypodiploid", {"modal_chromosome_number": "72"}, False),  # doubled
        ("", {"modal_chromosome_number": "36"}, False),
    ],
)
def test_a_ploidy_that_the_number_of_chromosomes_contradicts(
    ploidy: str, number: dict[str, str], warned: bool
) -> None:
    declared = {"ploidy": ploidy} if ploidy else {}
    found = assessment_of(record(R175H, 0.45), **ADULT, **declared, **number)
    assert ("warning.ploidy_contradicts" in {w["id"] for w in found["warnings"]}) is warned


FISH_LOSS = {"fish": "nuc ish(TP53x1,D17Z1x2)[180/200]"}
LOST_17P = [
    ({"del17p_status": "present"}, ()),
    ({**FISH_LOSS, "del17p_status": "not_tested"}, ()),
    (FISH_LOSS, ()),
    ({"karyotype": "45,XX,-17[18]/46,XX[2]"}, ()),
    ({}, (DELETION,)),
]


@pytest.mark.parametrize(("context", "records"), LOST_17P)
def test_a_deletion_is_one_however_it_was_found(context: dict[str, str], records: tuple[str, ...]) -> None:
    """The childhood study of TP53 deletions: what FISH, a karyotype or a record show needs no second declaration."""
    course = {"mrd_status": "positive", "mrd_timepoint": "end_of_induction"}
    notes = applying(assessment_of(record(R175H, 0.8), *records, **CHILD, **context, **course))
    assert {"L29", "L44"} <= notes
    assert "L44" not in applying(assessment_of(record(R175H, 0.8), *records, **ADULT, **context))


@pytest.mark.parametrize(
    ("context", "answer"),
    [
        ({"del17p_status": "absent"}, None),
        ({"fish": "nuc ish(TP53x2,D17Z1x2)[200]"}, None),
        ({**FISH_LOSS, "del17p_status": "absent"}, None),
        ({"karyotype": "46,XX[20]"}, "context_missing"),  # too coarse for a small deletion
        ({"fish": "nuc ish(BCR,ABL1)x2[200]"}, "context_missing"),
        ({}, "context_missing"),
    ],
)
def test_without_a_deletion_its_figures_are_not_offered(context: dict[str, str], answer: str | None) -> None:
    notes = {n["id"]: n["applies"] for n in assessment_of(record(R175H, 0.45), **CHILD, **context)["notes"]}
    assert (notes.get("L29"), notes.get("L44")) == (answer, answer)


def test_a_deletion_of_some_exons_is_none_that_fish_would_see() -> None:
    part = DELETION.replace("7668000", "7669600").replace(
        "END=7690000;SVLEN=-22000", "END=7671200;SVLEN=-1601"
    )
    notes = {n["id"]: n["applies"] for n in assessment_of(part, **CHILD)["notes"]}
    assert notes["L44"] == "context_missing"


def test_a_deletion_alone_is_no_second_hit() -> None:
    notes = applying(assessment_of(**ADULT, del17p_status="present"))
    assert {"L12", "L68"} <= notes and not {"L02", "L03", "S000-04"} & notes


@pytest.mark.parametrize(
    "context",
    [
        {"sample_role": "remission", "disease_phase": "remission_1"},
        {"sample_role": "mrd_followup"},
        {"sample_role": "germline_control"},
        {"specimen_type": "saliva"},
        {"specimen_type": "hair_follicle"},
        {"specimen_type": "buccal"},
        {"disease_phase": "remission_2plus"},
        {"disease_phase": "remission_1"},
        {"disease_phase": "post_hsct"},
        {"disease_phase": "post_hsct", "sample_role": "diagnostic"},
        {"lineage": "MPAL"},
        {"lineage": "mature_B_Burkitt"},
        {"diagnosis": "non_ALL"},
    ],
)
def test_no_outcome_statement_for_what_is_no_sample_of_the_leukaemia(context: dict[str, str]) -> None:
    for patient in (ADULT, CHILD):
        for level in ("default", "all"):
            found = assessment_of(record(R175H, 0.4), evidence=level, **(patient | context))
            assert not OUTCOME & {n["id"] for n in found["notes"]}, context


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"sample_role": "diagnostic", "disease_phase": "remission_1"},
        {"sample_role": "relapse", "disease_phase": "remission_2plus"},
        {"sample_role": "relapse", "disease_phase": "post_hsct"},
        {"specimen_type": "bone_marrow"},
        {"disease_phase": "relapse"},
    ],
)
def test_outcome_statements_for_samples_of_the_leukaemia(context: dict[str, str]) -> None:
    assert "L02" in applying(assessment_of(record(R175H, 0.4), **(ADULT | context)))


def test_a_negative_child_is_offered_no_carrier_figure() -> None:
    """Not even as a note whose context is missing."""
    carriers = {"L19", "L29", "L44", "L53"}
    nothing = assessment_of(lineage="B-ALL", age_years="8")
    assert not (carriers | {"L55"}) & {n["id"] for n in nothing["notes"]}
    low = assessment_of(record(R175H, 0.03), lineage="B-ALL", age_years="8")
    assert not carriers & {n["id"] for n in low["notes"]}


def test_a_suspected_germline_variant_is_no_confirmed_one() -> None:
    found = assessment_of(record(R175H, 0.5), **CHILD)
    assert found["germline_flag"] == "suspected"
    assert not {"L19", "L53", "L56"} & {n["id"] for n in found["notes"]}
    told = assessment_of(record(R175H, 0.5), evidence="all", **CHILD, germline_status="confirmed")
    assert {"L19", "L53", "L54", "L56"} <= applying(told)


def test_confirmed_germline_is_described_without_advice() -> None:
    """Second cancers, testing and related donors stand on the page; what guidelines tell to do does not."""
    context = CHILD | {"ploidy": "low_hypodiploid", "germline_status": "confirmed", "hsct_status": "planned",
                       "donor_type": "matched_sibling"}  # fmt: skip
    default = applying(assessment_of(record(R175H, 0.5), **context))
    assert {"L19", "L52", "L53", "L55"} <= default and "L54" not in default
    assert STATEMENTS["L54"].advice and not any(STATEMENTS[i].advice for i in default)


def test_low_vaf_is_an_older_patients_question() -> None:
    clonal = {"L39", "L66"}
    assert clonal <= applying(assessment_of(record(R175H, 0.1), **ADULT))
    assert clonal <= applying(assessment_of(record(R175H, 0.03), **ADULT))
    assert not clonal & applying(assessment_of(record(R175H, 0.93), **ADULT))
    assert not clonal & applying(assessment_of(record(R175H, 0.1), **CHILD))
    unstated = assessment_of(record(R175H, None), **ADULT)
    assert not (clonal | {"L06"}) & {n["id"] for n in unstated["notes"]}


def test_the_neutral_half_of_a_study_reaches_whom_it_concerns() -> None:
    standard = applying(assessment_of(record(R175H, 0.45), **CHILD, nci_risk="SR"))
    high = applying(assessment_of(record(R175H, 0.45), **CHILD, nci_risk="HR"))
    assert "L43" in standard and "L27" not in standard
    assert "L27" in high and "L43" not in high
    assert "L45" in standard & high
    deleted = applying(assessment_of(record(R175H, 0.7), **CHILD, del17p_status="present"))
    assert {"L44", "L45"} <= deleted
    young = applying(
        assessment_of(
            record(R175H, 0.4), **(ADULT | {"age_years": "30", "therapy": "chemo_pediatric_inspired"})
        )
    )
    older = applying(
        assessment_of(
            record(R175H, 0.4), **(ADULT | {"age_years": "45", "therapy": "chemo_pediatric_inspired"})
        )
    )
    assert "L10" in young and "L11" not in young and "L11" in older and "L10" not in older


def test_the_podcast_reaches_the_group_it_spoke_of() -> None:
    """Adults with Ph-negative B-ALL, with its caveats; nobody else."""
    podcast = {"S000-01", "S000-04"}
    found = assessment_of(record(R175H, 0.4), **ADULT)
    notes = {n["id"]: n for n in found["notes"]}
    assert podcast <= applying(found)
    assert all(notes[i]["caveats"] == list(STATEMENTS[i].caveats) != [] for i in podcast)
    for other in (
        CHILD,
        ADULT | {"lineage": "T-ALL"},
        ADULT | {"ph_status": "positive"},
        ADULT | {"disease_phase": "relapse"},
    ):
        assert not podcast & {n["id"] for n in assessment_of(record(R175H, 0.4), **other)["notes"]}


@pytest.mark.parametrize(("number", "first"), [("", True), ("1", True), ("2", False), ("3", False)])
def test_a_study_of_first_relapses_is_not_of_later_ones(number: str, first: bool) -> None:
    for lineage, notes, others in (("B-ALL", {"L48"}, {"L15", "L16"}), ("T-ALL", {"L30"}, {"L15", "L46"})):
        context = {"lineage": lineage, "age_years": "12", "disease_phase": "relapse", "blast_pct": "80"}
        found = assessment_of(record(R175H, 0.4), **context, **({"relapse_number": number} if number else {}))
        applies, listed = applying(found), {n["id"] for n in found["notes"]}
        assert (notes <= applies) is first and (not notes & listed) is not first and others <= applies
