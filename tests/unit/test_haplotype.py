"""Changes in one codon: in cis one change, in trans two, unphased both readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tp53annot.haplotype import combine
from tp53annot.inputs import Job
from tp53annot.kit import kit
from tp53annot.model import Allele
from tp53annot.sample import analyse
from tp53annot.settings import RunSettings

TOOLS = kit(None)
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
    (analysed,) = analyse(Job(vcf=path), RunSettings(), TOOLS)
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
    reference = TOOLS.reference
    deletion = Allele(
        pos=7674902, ref=reference.bases(7674902, 7674903), alt=reference.bases(7674902, 7674902)
    )
    insertion = Allele(
        pos=7674890, ref=reference.bases(7674890, 7674890), alt=reference.bases(7674890, 7674890) + "A"
    )
    together = TOOLS.namer.describe(combine([deletion, insertion], reference), isoforms=False)
    assert "frameshift_variant" not in together.consequences
    longer = Allele(pos=7674902, ref=reference.bases(7674902, 7674912), alt=reference.bases(7674902, 7674902))
    inside = Allele(pos=7674906, ref=reference.bases(7674906, 7674906), alt="N")
    with pytest.raises(ValueError, match="overlap"):
        combine([longer, inside], reference)
