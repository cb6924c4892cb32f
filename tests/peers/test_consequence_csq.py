"""Sequence Ontology terms of every change of the sets beside ``bcftools csq`` on the same exon table.

bcftools names a change where the VCF has it, we in its 3'-most form; terms that only VEP has
(``splice_donor_5th_base_variant`` and its like) are left out of the comparison.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest
from change_sets import NAMER, change_set
from conftest import require_program
from judge_names import exons, locus
from msgspec import Struct

from tp53annot.core.allele import Allele
from tp53annot.core.variant import TranscriptVariant

HERE = Path(__file__).parent

RESOURCES = HERE.parents[1] / "resources"
START, SEQUENCE = locus(RESOURCES)
ONLY_VEP = {
    "splice_donor_5th_base_variant",
    "splice_donor_region_variant",
    "splice_polypyrimidine_tract_variant",
}
THEIR = {
    "5_prime_utr": "5_prime_UTR_variant", "3_prime_utr": "3_prime_UTR_variant",
    "stop_gained": "stop_gained", "stop_lost": "stop_lost", "start_lost": "start_lost",
    "stop_retained": "stop_retained_variant", "inframe_insertion": "inframe_insertion",
    "inframe_deletion": "inframe_deletion", "inframe_altering": "protein_altering_variant",
}  # fmt: skip
SPLICE = {"splice_donor_variant", "splice_acceptor_variant", "splice_region_variant", "intron_variant"}
Terms = AbstractSet[str]
_START, _STOP = r"c\.(-\d+_)?(-1|[123])(_|[^0-9]).*|c\.-\d+_\d+.*", r".*[._](117\d|118[0-2]|\*\d+)[^0-9].*"


class Rule(Struct, frozen=True):
    """A difference that is explained: number in docs/name-disagreements.md, terms that only we and only csq may give.

    ``name`` is what our c. name must look like, ``among`` a term of ours that must be there besides.
    """

    number: int
    ours: Terms
    theirs: Terms | None
    name: str = r".*"
    among: Terms = frozenset()

    def holds(self, named: TranscriptVariant, mine: Terms, other: Terms) -> bool:
        """Whether it covers the terms only we give and the terms only csq gives."""
        said = mine <= self.ours and (self.theirs is None or other <= self.theirs)
        return (
            said
            and re.fullmatch(self.name, named.hgvs_c) is not None
            and (not self.among or bool(self.among & set(named.consequences)))
        )


UTR = {"5_prime_UTR_variant", "3_prime_UTR_variant"}
SITE = {"splice_donor_variant", "splice_acceptor_variant"}
RULES = (
    Rule(27, {"upstream_gene_variant", "downstream_gene_variant"}, set()),
    Rule(33, {"feature_elongation", "coding_sequence_variant", *UTR, *SPLICE}, None, r"c\..*dup",
         {"feature_elongation", "coding_sequence_variant", *UTR}),
    Rule(23, SPLICE, SPLICE | {"synonymous_variant"}),
    Rule(22, {"coding_sequence_variant", *UTR, *SPLICE}, None, among={"coding_sequence_variant", *SITE}),
    Rule(22, UTR, set(), among={"splice_region_variant"}),
    Rule(23, SPLICE, None, among={"intron_variant"}),
    Rule(20, {"protein_altering_variant"}, {"inframe_insertion", "splice_region_variant"}),
    Rule(21, {"stop_gained"}, {"missense_variant", "splice_region_variant"}),
    Rule(24, {"start_retained_variant", "start_lost"},
         {"start_lost", "start_retained_variant", "frameshift_variant", "inframe_deletion", "inframe_insertion"}, _START),
    Rule(25, {"stop_lost", "stop_gained", "frameshift_variant", "inframe_deletion", "inframe_insertion",
              "stop_retained_variant", "protein_altering_variant"},
         {"coding_sequence_variant", "stop_retained_variant", "inframe_insertion", "stop_lost", "inframe_deletion",
          "stop_gained"}, _STOP),
    Rule(25, {"missense_variant"}, {"stop_lost"}, r"c\..*inv"),
    Rule(5, {"synonymous_variant"}, {"stop_gained"}, _STOP),
    Rule(26, {"frameshift_variant", "stop_gained"}, {"inframe_deletion"}, r"c\.(783|920|994|1101|75|97|376|560|673)(_\d+)?delins.*"),
    Rule(26, {"protein_altering_variant"}, {"frameshift_variant"}, r"c\.(783|920|994|1101|75|97|376|560|673)(_\d+)?delins.*"),
    Rule(39, {"protein_altering_variant", "stop_gained"}, {"inframe_deletion", "stop_gained"}, r"c\.\d+_\d+delins.*"),
)  # fmt: skip


def rule_of(named: TranscriptVariant, theirs: Terms) -> int | None:
    """0 when the terms are the same, else the rule that explains the difference; ``None``: none does."""
    ours = set(named.consequences) - ONLY_VEP
    if ours != set(named.consequences) and "splice_region_variant" in theirs:
        ours.add("splice_region_variant")  # VEP's finer terms stand in its place
    mine, other = ours - theirs, theirs - ours
    if not mine and not other:
        return 0
    return next((rule.number for rule in RULES if rule.holds(named, mine, other)), None)


def annotation() -> Iterator[str]:
    """GFF3 of the one transcript, positions counted from the locus' first base."""
    exon_spans, cds = exons(RESOURCES)
    whole = (exon_spans[-1][0], exon_spans[0][1])

    def line(kind: str, span: tuple[int, int], tags: str, phase: str = ".") -> str:
        low, high = (position - START + 1 for position in span)
        return f"17\t.\t{kind}\t{low}\t{high}\t.\t-\t{phase}\t{tags}\n"

    yield line("gene", whole, "ID=gene:TP53;biotype=protein_coding;Name=TP53")
    yield line("mRNA", whole, "ID=transcript:M;Parent=gene:TP53;biotype=protein_coding")
    for span in exon_spans:
        yield line("exon", span, "Parent=transcript:M")
        if span[1] > cds[0][1]:
            yield line("five_prime_UTR", (max(span[0], cds[0][1] + 1), span[1]), "Parent=transcript:M")
        if span[0] < cds[-1][0]:
            yield line("three_prime_UTR", (span[0], min(span[1], cds[-1][0] - 1)), "Parent=transcript:M")
    done = 0
    for span in cds:
        yield line("CDS", span, "Parent=transcript:M;ID=CDS:P", str(-done % 3))
        done += span[1] - span[0] + 1


def csq_terms(folder: Path, alleles: Sequence[Allele]) -> dict[int, set[str]]:
    """Terms by the change's number."""
    (folder / "17.fa").write_text(f">17\n{SEQUENCE}\n")
    subprocess.run(["samtools", "faidx", folder / "17.fa"], check=True)
    (folder / "tp53.gff").write_text("##gff-version 3\n" + "".join(annotation()))
    numbered = sorted(enumerate(alleles), key=lambda item: item[1].pos)
    records = "".join(f"17\t{a.pos - START + 1}\t{i}\t{a.ref}\t{a.alt}\t.\t.\t.\n" for i, a in numbered)
    head = f"##fileformat=VCFv4.2\n##contig=<ID=17,length={len(SEQUENCE)}>\n"
    (folder / "all.vcf").write_text(head + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + records)
    command = ["bcftools", "csq", "-l", "-p", "a", "-f", "17.fa", "-g", "tp53.gff", "all.vcf"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        if not line.startswith("#"):
            fields = line.split("\t")
            entries = fields[7].removeprefix("BCSQ=").split(",") if "BCSQ" in fields[7] else []
            said = {term.lstrip("*") for entry in entries for term in entry.split("|")[0].split("&")}
            found[int(fields[2])] = {THEIR.get(term, f"{term}_variant") for term in said}
    return found


def counted(
    folder: Path, alleles: Sequence[Allele]
) -> tuple[Counter[int], list[tuple[str, str, Terms, Terms]]]:
    """How many changes each rule explains (0: the same terms), and those that none does."""
    theirs = csq_terms(folder, alleles)
    rules: Counter[int] = Counter()
    unexplained = []
    for number, allele in enumerate(alleles):
        named = NAMER.describe(allele, isoforms=False)
        rule = rule_of(named, theirs.get(number, set()))
        if rule is None:
            unexplained.append(
                (named.hgvs_c, named.hgvs_p, set(named.consequences), theirs.get(number, set()))
            )
        else:
            rules[rule] += 1
    return rules, unexplained


@pytest.mark.peer
def test_terms_of_a_sample_beside_bcftools_csq(tmp_path: Path) -> None:
    require_program("bcftools")
    alleles = [allele for kind in ("short", "replaced", "long") for allele in change_set(kind)[::200]]
    rules, unexplained = counted(tmp_path, alleles)
    assert not unexplained, (len(unexplained), unexplained[:10])
    assert rules[0] > len(alleles) / 2


@pytest.mark.peer
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("kind", "same"), [("short", 70_000), ("replaced", 19_000), ("long", 11_000), ("locus", 56_000)]
)
def test_terms_beside_bcftools_csq(kind: str, same: int, tmp_path: Path) -> None:
    require_program("bcftools")
    rules, unexplained = counted(tmp_path, change_set(kind))
    assert not unexplained, (len(unexplained), unexplained[:10])
    assert rules[0] > same
