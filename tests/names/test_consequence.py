"""Names and terms of the cases that programs get wrong, one line each, and NMD."""

from __future__ import annotations

import pytest

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.parser import parse_change

RESOURCES = resources_of()

# change as c. | p. name | terms, most severe first
CASES = """
c.524G>A              | p.(Arg175His)                  | missense_variant
c.375G>A              | p.(Thr125=)                    | splice_region_variant synonymous_variant
c.375+1G>A            | p.?                            | splice_donor_variant
c.375+5G>A            | p.?                            | splice_donor_5th_base_variant intron_variant
c.375+4A>G            | p.?                            | splice_donor_region_variant intron_variant
c.375+7T>A            | p.?                            | splice_region_variant intron_variant
c.376-10C>A           | p.(=)                          | splice_polypyrimidine_tract_variant intron_variant
c.920-1G>A            | p.?                            | splice_acceptor_variant
c.1A>G                | p.(Met1?)                      | start_lost
c.1_2dup              | p.(Met1?)                      | start_retained_variant
c.1_3dup              | p.(Met1dup)                    | inframe_insertion
c.626_627del          | p.(Arg209LysfsTer6)            | frameshift_variant
c.1176_1177insT       | p.(Asp393Ter)                  | stop_gained frameshift_variant
c.477_478insGGG       | p.(Ala159_Met160insGly)        | inframe_insertion
c.478_479insGGG       | p.(Met160delinsArgVal)         | protein_altering_variant
c.453_455dup          | p.(Pro153dup)                  | inframe_insertion
c.778_780del          | p.(Ser261del)                  | inframe_deletion splice_region_variant
c.742_743delinsTT     | p.(Arg248Leu)                  | missense_variant
c.523_525delinsTGGTGG | p.(Arg175delinsTrpTrp)         | protein_altering_variant
c.1179_1180insGTT     | p.(Ter394ValextTer1)           | inframe_insertion
c.1181_1182insTTT     | p.(Ter394CysextTer10)          | stop_lost
c.1180T>C             | p.(Ter394ArgextTer9)           | stop_lost
c.1181G>A             | p.(Ter394=)                    | stop_retained_variant
c.1180_1181insAGG     | p.(Ter394=)                    | inframe_insertion stop_retained_variant
c.1182_*1insT         | p.(=)                          | 3_prime_UTR_variant
c.-1_1insTG           | p.(=)                          | 5_prime_UTR_variant
c.994dup              | p.(Ile332AsnfsTer5)            | frameshift_variant splice_region_variant
c.1101-1_1101insT     | p.?                            | splice_region_variant coding_sequence_variant
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_name_and_terms(line: str) -> None:
    c, p, terms = (part.strip() for part in line.split("|"))
    (allele,) = parse_change(c, RESOURCES.namer, {})
    named = RESOURCES.namer.describe(allele, isoforms=False)
    assert (named.hgvs_c, named.hgvs_p, " ".join(named.consequences)) == (c, p, terms)


@pytest.mark.parametrize(
    ("change", "nmd"),
    [
        ("c.637C>T", "triggers"),  # R213*
        ("c.1024C>T", "triggers"),  # R342*, 77 bases before the last junction
        ("c.1051A>T", "escapes"),  # K351*, less than 50 bases before it
        ("c.1129A>T", None),
        ("c.1131_1132insTGA", "escapes"),  # last exon
        ("c.524G>A", None),
    ],
)
def test_nmd(change: str, nmd: str | None) -> None:
    (allele,) = parse_change(change, RESOURCES.namer, {})
    assert RESOURCES.namer.describe(allele, isoforms=False).nmd == nmd


@pytest.mark.parametrize(
    ("change", "hgvs_p", "terms"),
    [
        ("c.1154_1181inv", "p.(Phe385_Asp393delinsSerValTer)", {"stop_gained"}),
        ("c.1141_*9inv", "p.(Lys381_Asp393delinsTrpArgMetSerValTer)", {"stop_gained", "3_prime_UTR_variant"}),
        ("c.1159_*28delinsTGAATCGAGT", "p.(Thr387Ter)", {"stop_gained", "3_prime_UTR_variant"}),
    ],
)
def test_a_stop_before_the_old_one_is_gained_though_the_old_one_is_gone(
    change: str, hgvs_p: str, terms: set[str]
) -> None:
    (allele,) = parse_change(change, RESOURCES.namer, {})
    named = RESOURCES.namer.describe(allele, isoforms=False)
    assert named.hgvs_p == hgvs_p
    assert terms <= set(named.consequences) and "missense_variant" not in named.consequences


@pytest.mark.parametrize("change", ["c.1155_*28inv", "c.1166_*14inv", "c.1166_*14delinsTGTTAGCGTA"])
def test_a_stop_that_is_replaced_by_one_further_on_is_lost(change: str) -> None:
    (allele,) = parse_change(change, RESOURCES.namer, {})
    named = RESOURCES.namer.describe(allele, isoforms=False)
    assert "stop_lost" in named.consequences and "missense_variant" not in named.consequences


def test_a_start_codon_that_is_cut_is_lost_whatever_stands_in_its_place() -> None:
    """On p53 isoforms from codon 40 on, ATG GATG: four bases less, and ATG stands there again, out of frame."""
    namer = RESOURCES.namer
    transcript = namer.by_accession["NM_001276696.3"]
    (allele,) = parse_change("NM_001276696.3:c.-2_2del", namer, {})
    named = namer.describe(allele)
    effect = next(e for e in named.isoforms if e.transcript == transcript.accession)
    assert (effect.hgvs_c, effect.hgvs_p) == ("c.-2_2del", "p.(Met1?)")
    assert "start_lost" in effect.consequences


@pytest.mark.parametrize(
    ("change", "terms", "splice"),
    [
        (
            "c.-83_-29+5del",
            "splice_donor_variant splice_donor_5th_base_variant 5_prime_UTR_variant intron_variant",
            True,
        ),
        ("c.-29_-29+1insTT", "splice_region_variant 5_prime_UTR_variant", True),
        ("c.-28-1_-28insTT", "splice_region_variant 5_prime_UTR_variant", True),
        ("c.-199_-140del", "5_prime_UTR_variant", False),
        ("c.*1131_*1190del", "3_prime_UTR_variant", False),
    ],
)
def test_a_broken_edge_outside_the_coding_sequence_does_not_change_it(
    change: str, terms: str, splice: bool
) -> None:
    """An end of the transcript is no splice site; what its loss does to the protein is open all the same."""
    (allele,) = parse_change(change, RESOURCES.namer, {})
    named = RESOURCES.namer.describe(allele, isoforms=False)
    assert (" ".join(named.consequences), named.hgvs_p) == (terms, "p.?")
    assert named.splice_affecting is splice and named.exon_edge
    found = interpreter_of().find(allele, isoforms=False)
    assert "SBP2" not in {criterion.code for criterion in found.classification.criteria}


@pytest.mark.parametrize(
    ("change", "hgvs_p"),
    [
        ("c.1179_1181del", "p.(Asp393GlufsTer10)"),
        ("c.1125_*2del", "p.(Gln375HisfsTer9)"),
        ("c.1171_*18del", "p.(Asp391ProfsTer3)"),
        ("c.1179_1180delinsAA", "p.(Asp393GlufsTer11)"),
        ("c.1180T>C", "p.(Ter394ArgextTer9)"),
        ("c.1178_1181delinsTTTA", "p.(Asp393Val)"),
        ("c.1154_1181inv", "p.(Phe385_Asp393delinsSerValTer)"),
    ],
)
def test_what_starts_before_the_stop_codon_and_takes_it_is_a_frameshift(change: str, hgvs_p: str) -> None:
    """HGVS, protein deletions and deletion-insertions; a stop kept, or one among the new residues, is none."""
    (allele,) = parse_change(change, RESOURCES.namer, {})
    named = RESOURCES.namer.describe(allele, isoforms=False)
    assert named.hgvs_p == hgvs_p
    assert named.aa_pos is None or "fs" not in hgvs_p
