"""Tandem duplications over splice sites, whole exons and the whole transcript: terms, p. name, class."""

from __future__ import annotations

import pytest

from tp53annot.core.allele import Allele
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.consequence import SEVERITY, impact
from tp53annot.names.parser import parse_change
from tp53annot.report.formats.maf import classification

NAMER = resources_of().namer
REF = NAMER.reference
MAIN = NAMER.main
NULL = set(resources_of().rules.oncogenicity.null_variant.terms)

# c. name | terms, most severe first
CASES = """
c.376-62_560-27dup   | feature_elongation coding_sequence_variant intron_variant
c.376-64_672+159dup  | feature_elongation coding_sequence_variant intron_variant
c.376-64_512dup      | coding_sequence_variant intron_variant
c.512_560-29dup      | coding_sequence_variant intron_variant
c.512_580dup         | coding_sequence_variant intron_variant
c.-28-300_-1dup      | 5_prime_UTR_variant intron_variant
c.-29+300_74+40dup   | feature_elongation coding_sequence_variant 5_prime_UTR_variant intron_variant
c.1101-39_*301dup    | coding_sequence_variant 3_prime_UTR_variant intron_variant
"""


def duplicated(low: int, high: int) -> Allele:
    """The tandem duplication of GRCh38 positions low..high (1-based, closed)."""
    return Allele(pos=low - 1, ref=REF.bases(low - 1, low - 1), alt=REF.bases(low - 1, high))


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_copied_splice_site_leaves_the_protein_open(line: str) -> None:
    c, terms = (part.strip() for part in line.split("|"))
    (allele,) = parse_change(c, NAMER, {})
    named = NAMER.describe(allele, isoforms=False)
    assert (named.hgvs_c, named.hgvs_p, " ".join(named.consequences)) == (c, "p.?", terms)
    assert named.exon_edge


def test_every_copied_exon_is_told_and_none_is_a_null_variant() -> None:
    """Whatever introns a copy begins and ends in."""
    introns = MAIN.introns
    for i in range(len(introns) - 1):
        for j in range(i + 1, len(introns)):
            start, end = introns[i][1] - 60, introns[j][0] + 60
            named = NAMER.describe(duplicated(MAIN.position(end - 1), MAIN.position(start)), isoforms=False)
            assert named.consequences[0] == "feature_elongation", named.hgvs_c
            assert named.hgvs_p == "p.?" and not NULL & set(named.consequences)


@pytest.mark.parametrize(("before", "behind"), [(0, 0), (50, 0), (0, 70), (300, 900)])
def test_a_copied_gene_is_an_amplified_transcript(before: int, behind: int) -> None:
    low, high = MAIN.model.exons[-1][0] - behind, MAIN.model.exons[0][1] + before
    named = NAMER.describe(duplicated(low, high), isoforms=False)
    assert (named.consequences, named.hgvs_p) == (("transcript_amplification",), "p.?")
    assert named.hgvs_p_short == "?" and not named.splice_affecting


@pytest.mark.parametrize(
    "c",
    [
        "c.376-62_560-27dup",
        "c.376-64_512dup",
        "c.376-63_512dup",
        "c.512_560-29dup",
        "c.1101-39_*301dup",
        "gene",
    ],
)
def test_a_copy_is_neither_benign_by_its_place_nor_a_null_variant(c: str) -> None:
    """What a second copy of splice sites does to the transcript is not known."""
    if c == "gene":
        allele = duplicated(MAIN.model.exons[-1][0] - 90, MAIN.model.exons[0][1] + 20)
    else:
        (allele,) = parse_change(c, NAMER, {})
    found = interpreter_of().find(allele)
    codes = {criterion.code for criterion in found.classification.criteria}
    assert not codes & {"OVS1", "OM2", "SBP2"}, codes


@pytest.mark.parametrize(
    ("c", "p"),
    [
        ("c.994dup", "p.(Ile332AsnfsTer5)"),  # no base of the intron is copied
        ("c.560-1_560dup", None),
        ("c.500_559dup", "p.?"),  # the copy's end is the exon's: which donor is used is open
    ],
)
def test_a_copy_that_makes_no_second_acceptor_keeps_its_protein(c: str, p: str | None) -> None:
    """One intronic base makes a second acceptor only where an A comes to stand before its G."""
    (allele,) = parse_change(c, NAMER, {})
    named = NAMER.describe(allele, isoforms=False)
    if p is not None:
        assert named.hgvs_p == p
    else:
        assert named.hgvs_p.startswith("p.(")


def test_every_term_has_words_and_an_impact() -> None:
    for language in ("en", "de"):
        words = resources_of().texts(language)["consequence_term"]
        assert not set(SEVERITY) - set(words), language
    assert impact(("feature_elongation", "intron_variant")) == impact(("transcript_amplification",)) == "HIGH"


def test_a_copied_exon_is_no_intron_variant_in_a_maf() -> None:
    terms = ("feature_elongation", "coding_sequence_variant", "intron_variant")
    assert classification(terms, "INS") == classification(terms[1:], "INS") == "Targeted_Region"
