"""A sample's calls: each change once, parts in cis together, and no passing oncogenic call lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, InputRecord, ReadSupport
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.calls import Judge, JudgedCalls
from tp53annot.interpret.filters import Thresholds
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.names.normalisation import normalise
from tp53annot.vcf.phasing import phases_of

INTERPRETER = interpreter_of()
REF = INTERPRETER.resources.reference
LIMITS = Thresholds.from_rules(INTERPRETER.resources.rules.filters)
JUDGE = Judge(
    interpreter=INTERPRETER,
    thresholds=LIMITS,
    rules=INTERPRETER.resources.rules.assessment(),
    lineage=None,
    in_target=lambda allele: True,
)
# codon 175 is GCG on the forward strand at 7675087-7675089, codon 248 CCG at 7674219-7674221
R175H, R175C = (7675088, "C", "T"), (7675089, "G", "A")
R248Q, SILENT_248 = (7674220, "C", "T"), (7674219, "C", "T")
CIS = "GT=0|1 PS=1"


def call(
    change: tuple[int, str, str],
    counts: str | None = "40/100",
    filters: str = "PASS",
    stated: str = "GT=0/1",
    vaf: float | None = None,
) -> Candidate:
    """A call as the VCF door gives it: ``counts`` are reads of the change and of all."""
    pos, ref, alt = change
    reads, depth = map(int, counts.split("/")) if counts else (None, None)
    fraction = reads / depth if reads is not None and depth else vaf
    fields = dict(part.split("=", 1) for part in stated.split())
    phases = phases_of(fields, 0)
    names = tuple(filters.split(";"))
    return Candidate(
        sample="S1",
        allele=Allele(pos=pos, ref=ref, alt=alt),
        support=ReadSupport(vaf=fraction, depth=depth, alt_reads=reads, vaf_source="AD" if reads else None),
        record=InputRecord(
            file="s.vcf",
            ordinal=1,
            chrom="chr17",
            pos=pos,
            ref=ref,
            alt=alt,
            filters=names,
            sample=f"{counts}{stated}",
        ),
        caller_filters=() if filters == "PASS" else None if filters == "." else names,
        phase=phases[0] if phases else None,
        other_phases=phases[1:],
    )


def judged(*calls: Candidate) -> JudgedCalls:
    """The calls judged, and the same in any other order."""
    first = JUDGE.judged(calls)
    for order in itertools.islice(itertools.permutations(calls), 1, 24):
        assert JUDGE.judged(order) == first
    return first


def shown(variants: tuple[ClassifiedVariant, ...]) -> dict[str, float | None]:
    """Short names with their fractions."""
    return {v.annotated.variant.hgvs_p_short: v.candidate.support_in_force.vaf for v in variants}


def said(found: JudgedCalls) -> str:
    return " ".join(flag.text for flag in found.remarks)


def reasons(found: JudgedCalls) -> dict[str, list[str]]:
    return {v.annotated.variant.hgvs_p_short: [f.id for f in v.failures] for v in found.rejected}


# merging ---------------------------------------------------------------------------------------


def test_in_cis_at_one_fraction_is_one_change_and_says_by_what_test() -> None:
    found = judged(call(R175H, "40/100", stated=CIS), call(R175C, "44/104", stated=CIS))
    assert shown(found.variants) == {"R175Y": 0.4}
    assert reasons(found) == {"R175H": ["combined"], "R175C": ["combined"]}
    (remark,) = found.variants[0].candidate.remarks
    assert "c.523C>T (VAF 0.423, 44 of 104 reads) and c.524G>A (VAF 0.400, 40 of 100 reads)" in remark.text
    assert "Fisher's exact test, p = " in remark.text and "limit 0.01" in remark.text


def test_a_hotspot_that_became_something_else_is_named() -> None:
    r282w, r282l = (7673776, "G", "A"), (7673775, "C", "A")
    found = judged(call(r282w, "40/100", stated=CIS), call(r282l, "44/104", stated=CIS))
    assert shown(found.variants) == {"R282L": 0.4}
    assert "R282W (c.844C>T) alone would be oncogenic" in said(found)


@pytest.mark.parametrize(("partner", "low"), [("15/1000", 0.0), ("30/1000", 0.03)])
def test_a_subclone_in_cis_takes_no_clone_with_it(partner: str, low: float) -> None:
    found = judged(call(SILENT_248, partner, stated=CIS), call(R248Q, "450/1000", stated=CIS))
    assert shown(found.variants) == {"R248Q": 0.45}
    text = said(found)
    assert "R248Q (c.743G>A)" in text and "c.743_744delinsAA" in text
    assert ("VAF 0.030" in text) == bool(low)


def test_a_filtered_neighbour_takes_no_passing_one_with_it() -> None:
    found = judged(call(R175H, stated=CIS), call(R175C, filters="germline", stated=CIS))
    assert shown(found.variants) == {"R175H": 0.4}
    assert reasons(found) == {"R175C": ["caller_filter"]}
    assert "R175C (c.523C>T) was held back (the caller filtered it: germline)" in said(found)
    assert "R175Y" in said(found)


def test_two_filtered_parts_are_held_back_as_what_they_are() -> None:
    found = judged(call(R175H, filters="weak", stated=CIS), call(R175C, filters="weak;bias", stated=CIS))
    assert not found.variants
    assert reasons(found) == {
        "R175Y": ["caller_filter"],
        "R175H": ["caller_filter", "combined"],
        "R175C": ["caller_filter", "combined"],
    }


def test_fractions_on_either_side_of_the_threshold_stay_apart() -> None:
    found = judged(call(R248Q, "11/200", stated=CIS), call(SILENT_248, "9/200", stated=CIS))
    assert shown(found.variants)["R248Q"] == 0.055
    assert "either side of the reporting threshold of 0.05" in said(found)


@pytest.mark.parametrize(
    ("one", "two", "together"),
    [
        (call(R175H, None, stated=CIS), call(R175C, None, stated=CIS), True),
        (call(R175H, None, stated=CIS, vaf=0.4), call(R175C, None, stated=CIS, vaf=0.39), True),
        (call(R175H, None, stated=CIS, vaf=0.4), call(R175C, None, stated=CIS, vaf=0.3), False),
        (call(R175H, None, stated=CIS, vaf=0.4), call(R175C, None, stated=CIS), False),
        (call(R175H, None, stated="GT=1|1 PS=1"), call(R175C, None, stated=CIS), False),
        (call(R175H, "40/100", stated=CIS), call(R175C, "34/100", stated=CIS), True),
        (call(R175H, "40/100", stated=CIS), call(R175C, "20/100", stated=CIS), False),
        (call(R175H, "9000/20000", stated=CIS), call(R175C, "8300/20000", stated=CIS), True),
    ],
    ids=["no fractions", "alike", "no counts", "one unknown", "other copies", "chance", "beyond it", "deep"],
)
def test_what_is_not_known_or_not_alike_stays_apart(
    one: Candidate, two: Candidate, *, together: bool
) -> None:
    found = judged(one, two)
    assert set(shown(found.variants)) == ({"R175Y"} if together else {"R175H", "R175C"})
    assert ("one haplotype" in said(found)) or together


def test_of_three_bases_the_two_that_agree_are_one_change() -> None:
    third = (7675087, "G", "A")  # silent
    found = judged(
        call(R175H, "40/100", stated=CIS),
        call(R175C, "40/100", stated=CIS),
        call(third, "12/100", stated=CIS),
    )
    assert set(shown(found.variants)) == {"R175Y", "R175R"} or "R175Y" in shown(found.variants)
    assert "c.523_524delinsTA" in said(found) and "c.523_525delins" in said(found)


def test_parts_that_a_longer_record_states_together_are_one_change() -> None:
    """One caller wrote the bases apart and without phase, another as one."""
    longer = call((7675088, "CG", "TA"), "41/100")
    found = judged(call(R175H), call(R175C, "42/100"), longer)
    assert shown(found.variants) == {"R175Y": 0.41}
    assert reasons(found) == {"R175H": ["combined"], "R175C": ["combined"]}
    assert set(shown(judged(call(R175H), call(R175C, "90/100"), longer).variants)) == {
        "R175H",
        "R175C",
        "R175Y",
    }


def test_a_longer_record_that_is_filtered_does_not_silence_its_parts() -> None:
    longer = call((7675088, "CG", "TA"), "40/100", filters="weak")
    found = judged(call(R175H, stated=CIS), call(R175C, stated=CIS), longer)
    assert shown(found.variants) == {"R175Y": 0.4}
    assert reasons(found)["R175Y"] == ["caller_filter", "duplicate_record"]


def test_an_oncogenic_part_stays_visible_in_what_it_became() -> None:
    """R273S and a silent base in cis are silent together: named, and not set aside as benign."""
    found = judged(call((7673803, "G", "T"), stated=CIS), call((7673801, "A", "T"), stated=CIS))
    (only,) = found.variants
    assert only.annotated.variant.hgvs_c == "c.817_819delinsAGA"
    assert only.classification.oncogenicity.is_benign
    assert "alone would be" in said(found)


# duplicates ------------------------------------------------------------------------------------


def test_of_two_records_the_passing_one_with_the_most_reads_speaks() -> None:
    found = judged(
        call(R175H, "70/100", filters="weak"),
        call(R175H, "38/100"),
        call(R175H, "41/100"),
        call(R175H, "40/104"),
    )
    assert shown(found.variants) == {"R175H": 0.41}
    assert [[f.id for f in v.failures] for v in found.rejected] == [
        ["caller_filter", "duplicate_record"],
        ["duplicate_record"],
        ["duplicate_record"],
    ]
    assert "VAF 0.410, 41 of 100 reads and VAF 0.700, 70 of 100 reads" in said(found)


def test_fractions_that_differ_by_chance_are_not_spoken_of() -> None:
    assert judged(call(R175H, "41/100"), call(R175H, "36/100")).remarks == ()


def test_two_spellings_are_one_change() -> None:
    padded = call((7675087, "GC", "GT"), "15/1000")
    found = judged(padded, call(R175H, "40/100"))
    assert shown(found.variants) == {"R175H": 0.4}
    assert "VAF 0.015" in said(found) and "VAF 0.400" in said(found)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_records_that_stand_several_times_are_merged_as_one(times: int) -> None:
    found = judged(*[call(R175H, stated=CIS), call(R175C, stated=CIS)] * times)
    assert shown(found.variants) == {"R175Y": 0.4}
    assert found.remarks == judged(call(R175H, stated=CIS), call(R175C, stated=CIS)).remarks


def test_the_phase_of_another_record_counts() -> None:
    """One caller phases, the other has the most reads."""
    found = judged(
        call(R175H, "50/120"),
        call(R175C, "50/120"),
        call(R175H, "40/100", stated=CIS),
        call(R175C, "40/100", stated=CIS),
    )
    assert set(shown(found.variants)) == {"R175Y"}


# whatever the calls ----------------------------------------------------------------------------

CODONS = (range(7675087, 7675090), range(7674219, 7674222), range(7673801, 7673804))
STATED = (
    "GT=0/1",
    CIS,
    "GT=1|0 PS=1",
    "GT=0|1",
    "GT=1/1",
    "GT=0|1 PSL=.,a",
    "GT=0/1 HP=1-1,1-2",
    "GT=1",
    "AD=1",
)


@st.composite
def snv(draw: st.DrawFn) -> tuple[int, str, str]:
    pos = draw(st.sampled_from([p for codon in CODONS for p in codon]))
    ref = REF.bases(pos, pos)
    return pos, ref, draw(st.sampled_from([b for b in "ACGT" if b != ref]))


@st.composite
def indel(draw: st.DrawFn) -> tuple[int, str, str]:
    pos = draw(st.integers(7675070, 7675100))
    ref = REF.bases(pos, pos + 1)
    return draw(
        st.sampled_from([(pos, ref, ref[0]), (pos, ref[0], ref[0] + "A"), (pos, ref[0], ref[0] + "CC")])
    )


@st.composite
def any_call(draw: st.DrawFn) -> Candidate:
    change = draw(st.one_of(snv(), snv(), snv(), indel()))
    depth = draw(st.sampled_from([30, 100, 200, 1000, 20_000]))
    reads = round(
        depth * draw(st.sampled_from([0.01, 0.03, 0.045, 0.05, 0.055, 0.2, 0.38, 0.4, 0.45, 0.8, 1.0]))
    )
    filters = draw(st.sampled_from(["PASS", "PASS", "PASS", "weak", "."]))
    counts = draw(st.sampled_from([f"{reads}/{depth}", f"{reads}/{depth}", None]))
    vaf = draw(st.sampled_from([None, reads / depth]))
    return call(change, counts, filters, draw(st.sampled_from(STATED)), vaf)


@settings(max_examples=300, deadline=None)
@given(st.lists(any_call(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_no_passing_oncogenic_call_is_lost_and_order_has_no_effect(
    calls: list[Candidate], random: object
) -> None:
    """Each at or above the threshold is reported: alone, or in a reported change, at the fraction of its weakest part."""
    found = JUDGE.judged(calls)
    shuffled = list(calls)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert JUDGE.judged(shuffled) == found
    reported = {v.candidate.allele: v for v in found.variants}
    speakers = {}
    for one in calls:
        allele = normalise(one.allele, REF)
        alone = JUDGE.judged([one])
        if not alone.variants:
            continue
        best = speakers.get(allele)
        reads = one.support.alt_reads if one.support.alt_reads is not None else -1
        if best is None or (reads, one.support.vaf or 0.0) > best[:2]:
            speakers[allele] = (reads, one.support.vaf or 0.0, alone.variants[0])
    for allele, (_, vaf, variant) in speakers.items():
        stated = variant.candidate.support_in_force.vaf
        if not variant.classification.is_oncogenic or (stated is not None and stated < LIMITS.report_vaf):
            continue
        if allele in reported and reported[allele].candidate.support_in_force.vaf == stated:
            continue
        into = [
            v
            for v in found.rejected
            if v.candidate.allele == allele and "combined" in {f.id for f in v.failures}
        ]
        assert into, f"{variant.annotated.variant.hgvs_c} at {vaf} is neither reported nor part of what is"
        wholes = [v for v in found.variants if any(r.id == "combined" for r in v.candidate.remarks)]
        whole = next(v for v in wholes if variant.annotated.variant.hgvs_c in str(v.candidate.remarks))
        share = whole.candidate.support_in_force.vaf
        assert share is None or (share <= (stated or 1.0) and share >= LIMITS.report_vaf)


@settings(max_examples=100, deadline=None)
@given(st.lists(any_call(), min_size=1, max_size=4))
def test_records_written_twice_change_nothing_reported(calls: list[Candidate]) -> None:
    once, twice = JUDGE.judged(calls), JUDGE.judged([c for c in calls for _ in range(2)])
    assert [bare(v) for v in twice.variants] == [bare(v) for v in once.variants]
    assert twice.remarks == once.remarks


def bare(variant: ClassifiedVariant) -> ClassifiedVariant:
    """Without what other records of the change say of its phase."""
    return replace(variant, candidate=replace(variant.candidate, other_phases=()))
