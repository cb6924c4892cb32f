"""Changes in one codon: in cis one change, in trans two, unphased both readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, InputRecord, ReadSupport
from tp53annot.interpret.filters import Thresholds
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.haplotype import Phasing, phase
from tp53annot.names.neighbours import combine
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.vcf.phasing import phases_of

RESOURCES = resources_of()
HEADER = """##fileformat=VCFv4.2
##contig=<ID=chr17,length=83257441>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">
##FORMAT=<ID=PGT,Number=1,Type=String,Description="Physical genotype">
##FORMAT=<ID=PID,Number=1,Type=String,Description="Physical phase id">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1
"""
# R248W is c.742C>T, R248L is c.743G>T; together c.742_743delinsTT, p.(Arg248Leu)
PAIR = ((7674220, "C", "A"), (7674221, "G", "A"))


def report(tmp_path: Path, calls: list[tuple[str, str]]) -> dict[str, Any]:
    body = "".join(
        f"chr17\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\t.\t{keys}\t{values}\n"
        for (pos, ref, alt), (keys, values) in zip(PAIR, calls, strict=True)
    )
    path = tmp_path / "s.vcf"
    path.write_text(HEADER + body)
    (analysed,) = analyse(Job(vcf=path), RunSettings(), interpreter_of())
    return analysed.document


PHASED = {
    "phased GT": ("GT:AD", "0|1:300,300", "0|1:300,300"),
    "PS": ("GT:AD:PS", "0|1:300,300:7", "0|1:300,300:7"),
    "PGT/PID": ("GT:AD:PGT:PID", "0/1:300,300:0|1:9_C_A", "0/1:300,300:0|1:9_C_A"),
    "homozygous": ("GT:AD", "1/1:1,600", "1/1:1,600"),
    "fractions above one": ("GT:AD", "0/1:200,500", "0/1:200,500"),
}


@pytest.mark.parametrize("how", PHASED)
def test_in_cis_is_one_change(tmp_path: Path, how: str) -> None:
    keys, one, two = PHASED[how]
    document = report(tmp_path, [(keys, one), (keys, two)])
    assert [v["hgvs_c"] for v in document["variants"]] == ["c.742_743delinsTT"]
    assert document["variants"][0]["hgvs_p"] == "p.(Arg248Leu)"
    parts = {v["hgvs_c"]: [f["id"] for f in v["filters_failed"]] for v in document["rejected"]}
    assert parts == {"c.742C>T": ["combined"], "c.743G>T": ["combined"]}
    assert not document["assessment"]["warnings"]


def test_in_trans_is_two_changes(tmp_path: Path) -> None:
    document = report(tmp_path, [("GT:AD", "0|1:300,300"), ("GT:AD", "1|0:300,300")])
    assert {v["hgvs_c"] for v in document["variants"]} == {"c.742C>T", "c.743G>T"}
    assert document["assessment"]["allelic_state"] == "multi_hit"


def test_unphased_gives_both_readings(tmp_path: Path) -> None:
    document = report(tmp_path, [("GT:AD", "0/1:500,100"), ("GT:AD", "0/1:500,100")])
    assert {v["hgvs_c"] for v in document["variants"]} == {"c.742C>T", "c.743G>T"}
    warnings = [w["text"] for w in document["assessment"]["warnings"] if w["id"] == "warning.phase_unknown"]
    assert len(warnings) == 1 and "p.(Arg248Leu)" in warnings[0]


def test_different_phase_sets_do_not_combine(tmp_path: Path) -> None:
    document = report(tmp_path, [("GT:AD:PS", "0|1:500,100:7"), ("GT:AD:PS", "0|1:500,100:8")])
    assert len(document["variants"]) == 2


def test_combining_frameshifts_restores_the_frame() -> None:
    reference = RESOURCES.reference
    deletion = Allele(
        pos=7674902, ref=reference.bases(7674902, 7674903), alt=reference.bases(7674902, 7674902)
    )
    insertion = Allele(
        pos=7674890, ref=reference.bases(7674890, 7674890), alt=reference.bases(7674890, 7674890) + "A"
    )
    together = RESOURCES.namer.describe(combine([deletion, insertion], reference), isoforms=False)
    assert "frameshift_variant" not in together.consequences
    longer = Allele(pos=7674902, ref=reference.bases(7674902, 7674912), alt=reference.bases(7674902, 7674902))
    inside = Allele(pos=7674906, ref=reference.bases(7674906, 7674906), alt="N")
    with pytest.raises(ValueError, match="overlap"):
        combine([longer, inside], reference)


LIMITS = Thresholds.from_rules(RESOURCES.rules.filters).cis


def call(change: tuple[int, str, str], fields: dict[str, str], vaf: float | None = 0.4) -> Candidate:
    """A call of one of two changes far apart, as the VCF door gives it."""
    pos, ref, alt = change
    stated, *others = phases_of(fields, 0) or (None,)
    return Candidate(
        sample="S1",
        allele=Allele(pos=pos, ref=ref, alt=alt),
        support=ReadSupport(vaf=vaf, depth=500, alt_reads=None if vaf is None else round(500 * vaf)),
        record=InputRecord(file="s.vcf", ordinal=1, chrom="chr17", pos=pos, ref=ref, alt=alt),
        phase=stated,
        other_phases=tuple(o for o in others if o is not None),
    )


def fields_of(text: str) -> dict[str, str]:
    """ "GT=0|1 PS=7" as a mapping."""
    return dict(part.split("=", 1) for part in text.split())


R175H, R248Q = (7675088, "C", "T"), (7674220, "C", "T")
CIS, TRANS, UNKNOWN = Phasing.CIS, Phasing.TRANS, Phasing.UNKNOWN
# what two records far apart say, and how they lie
STATED = [
    ("GT=1/1", "GT=1/1", CIS),
    ("GT=1|1", "GT=1|1", CIS),
    ("GT=1|1 PS=7", "GT=1|1 PS=8", CIS),
    ("GT=0/1", "GT=0/1", UNKNOWN),
    ("GT=0/1 PGT=0|1", "GT=0/1 PGT=0|1", UNKNOWN),
    ("GT=0/1 PGT=0|1 PID=9_C_T", "GT=0/1 PGT=0|1 PID=9_C_T", CIS),
    ("GT=0/1 PGT=0|1 PID=9_C_T", "GT=0/1 PGT=1|0 PID=9_C_T", TRANS),
    ("GT=0|1 PGT=0|1 PID=9_C_T PS=9", "GT=0|1 PGT=0|1 PID=9_C_T PS=9", CIS),
    ("GT=0|1", "GT=0|1", CIS),
    ("GT=0|1", "GT=1|0", TRANS),
    ("GT=0|1 PS=7", "GT=0|1 PS=7", CIS),
    ("GT=0|1 PS=7", "GT=1|0 PS=7", TRANS),
    ("GT=0|1 PS=7", "GT=0|1 PS=8", UNKNOWN),
    ("GT=0|1 PS=7", "GT=1|0 PS=8", UNKNOWN),
    ("GT=0|1 PS=7", "GT=0|1", UNKNOWN),
    ("GT=0|1 PS=.", "GT=0|1 PS=.", CIS),
    ("GT=0/1 PS=7", "GT=0/1 PS=7", UNKNOWN),
    # PQ and PSQ: wrong more often than the limit allows
    ("GT=0|1 PS=7 PQ=3", "GT=0|1 PS=7 PQ=60", UNKNOWN),
    ("GT=0|1 PS=7 PQ=20", "GT=0|1 PS=7", CIS),
    ("GT=0|1 PSL=.,a PSQ=.,9", "GT=0|1 PSL=.,a PSQ=.,40", UNKNOWN),
    # other numbers of copies
    ("GT=0|0|1 PS=7", "GT=0|0|1 PS=7", CIS),
    ("GT=0|0|1 PS=7", "GT=0|1|0 PS=7", TRANS),
    ("GT=0|1|1 PS=7", "GT=0|0|1 PS=7", CIS),
    ("GT=0|0|1 PS=7", "GT=0|1 PS=7", UNKNOWN),
    ("GT=1", "GT=1", UNKNOWN),
    ("GT=|1 PS=7", "GT=|1 PS=7", CIS),
    ("GT=1 PS=7", "GT=1 PS=7", CIS),
    # alleles that are missing
    (".|1", ".|1", CIS),
    (".|1", "1|.", UNKNOWN),
    ("0|1", "1|.", UNKNOWN),
    ("./1", "./1", UNKNOWN),
    # VCF 4.4: a sign of each allele
    ("GT=/0|1 PS=7", "GT=/0|1 PS=7", CIS),
    ("GT=|0/1 PS=7", "GT=|0/1 PS=7", UNKNOWN),
    ("GT=|0|1 PS=7", "GT=0|1 PS=7", CIS),
    ("GT=/1|0 PS=7", "GT=/1|0 PS=7", UNKNOWN),
    # PSL names one copy, wherever it stands in GT; PS says nothing beside it
    ("GT=0|1 PSL=.,hapA", "GT=0|1 PSL=.,hapA", CIS),
    ("GT=0|1 PSL=.,hapA", "GT=0|1 PSL=.,hapB", UNKNOWN),
    ("GT=0|1 PSL=.,hapA", "GT=1|0 PSL=hapA,.", CIS),
    ("GT=0|1 PSL=hapB,hapA", "GT=0|1 PSL=hapA,hapB", TRANS),
    ("GT=0|1 PSL=.,hapA", "GT=0|1 PS=7", UNKNOWN),
    ("GT=0|1 PSL=.,.", "GT=0|1 PSL=.,.", UNKNOWN),
    # a name that stands for two copies of a duplicated stretch (PSO tells them apart) tells nothing here
    ("GT=/0/0|0|1 PSL=.,.,d,d PSO=.,.,4,1", "GT=/0/0|0|1 PSL=.,.,d,d PSO=.,.,2,5", UNKNOWN),
    ("GT=0|1 PSL=.,d PSO=.,1", "GT=0|1 PSL=.,d PSO=.,2", CIS),
    # GATK 3 ReadBackedPhasing and WhatsHap
    ("GT=0/1 HP=9-1,9-2", "GT=0/1 HP=9-1,9-2", CIS),
    ("GT=0/1 HP=9-1,9-2", "GT=0/1 HP=9-2,9-1", TRANS),
    ("GT=0/1 HP=9-1,9-2", "GT=0/1 HP=30-1,30-2", UNKNOWN),
    ("GT=0/1 HP=9-1,9-2", "GT=0/1 HP=9-1,9-2 PQ=4.5", UNKNOWN),
    ("GT=0/1 HP=9-1,9-2", "GT=0/1 HP=9-1,9-2 PQ=35.77", CIS),
    ("GT=1/0 HP=9-2,9-1", "GT=0/1 HP=9-1,9-2", CIS),
    # no GT, no phase
    ("AD=3,4", "AD=3,4", UNKNOWN),
]


@pytest.mark.parametrize(("one", "two", "expected"), STATED)
def test_what_is_stated_of_the_phase(one: str, two: str, expected: Phasing) -> None:
    first, second = (fields_of(text if "=" in text else f"GT={text}") for text in (one, two))
    assert phase(call(R175H, first), call(R248Q, second), LIMITS) is expected
    assert phase(call(R248Q, second), call(R175H, first), LIMITS) is expected


def test_other_records_of_a_change_speak_of_its_phase_unless_they_disagree() -> None:
    def twice(change: tuple[int, str, str], *texts: str) -> Candidate:
        first, *others = (call(change, fields_of(text)) for text in texts)
        return replace(first, other_phases=tuple(p for c in others for p in c.phases))

    silent = twice(R175H, "GT=0/1", "GT=0|1 PS=7")
    assert phase(silent, twice(R248Q, "GT=0/1", "GT=0|1 PS=7"), LIMITS) is CIS
    assert phase(silent, twice(R248Q, "GT=0|1 PS=7", "GT=1|0 PS=7"), LIMITS) is UNKNOWN


def test_fractions_too_high_for_different_molecules() -> None:
    both = {"GT": "0/1"}
    assert phase(call(R175H, both, 0.6), call(R248Q, both, 0.5), LIMITS) is CIS
    assert phase(call(R175H, both, 0.6), call(R248Q, both, 0.49), LIMITS) is UNKNOWN
    one, two = call(R175H, {"GT": "0|1"}, 0.6), call(R248Q, {"GT": "1|0"}, 0.6)
    assert phase(one, two, LIMITS) is UNKNOWN, "what is stated and what is counted contradict each other"


# genotypes of two changes (GT, phase set, PGT), how they lie, and the allelic state of two oncogenic ones
PHASES = [
    (("1/1", None, None), ("1/1", None, None), "single_hit"),
    (("1|1", "7", None), ("1|1", "8", None), "single_hit"),
    (("0/1", None, None), ("0/1", None, None), "possible_multi_hit"),
    (("0/1", None, "0|1"), ("0/1", None, "0|1"), "possible_multi_hit"),
    (("0/1", "9_C_T", "0|1"), ("0/1", "9_C_T", "0|1"), "single_hit"),
    (("0|1", None, None), ("0|1", None, None), "single_hit"),
    (("0|1", "7", None), ("0|1", "7", None), "single_hit"),
    (("0|1", "7", None), ("1|0", "7", None), "multi_hit"),
    (("0|1", "7", None), ("0|1", "8", None), "possible_multi_hit"),
    (("0|1", "7", None), ("1|0", "8", None), "possible_multi_hit"),
]


@pytest.mark.parametrize(("one", "two", "state"), PHASES)
def test_one_phase_for_names_and_for_the_assessment(
    tmp_path: Path,
    one: tuple[str, str | None, str | None],
    two: tuple[str, str | None, str | None],
    state: str,
) -> None:
    def line(change: tuple[int, str, str], genotype: str, phase_set: str | None, physical: str | None) -> str:
        keys, values = ["GT", "AD"], [genotype, "300,200"]
        for key, value in (("PGT", physical), ("PID" if physical else "PS", phase_set)):
            if value:
                keys.append(key)
                values.append(value)
        pos, ref, alt = change
        return f"chr17\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\t.\t{':'.join(keys)}\t{':'.join(values)}\n"

    path = tmp_path / "s.vcf"
    for lines in ([line(R248Q, *two), line(R175H, *one)], [line(R175H, *one), line(R248Q, *two)]):
        path.write_text(HEADER + "".join(lines))
        (analysed,) = analyse(Job(vcf=path), RunSettings(), interpreter_of())
        assessment = analysed.document["assessment"]
        assert assessment["allelic_state"] == state
        texts = " ".join(f["text"] for f in assessment["allelic_state_basis"])
        assert ("myeloid" in texts) is (state == "possible_multi_hit")
