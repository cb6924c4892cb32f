"""Sequence Ontology terms of every short change beside ``bcftools csq`` on the same exon table.

bcftools names a change where the VCF has it, we in its 3'-most form; terms that only VEP has
(``splice_donor_5th_base_variant`` and its like) are left out of the comparison.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import require_program

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "exhaustive")]

from judge_names import exons, locus  # noqa: E402
from test_every_change import ALL, NAMER  # noqa: E402

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
# Rules of docs/name-disagreements.md: (terms only we give, terms only bcftools gives) that may differ.
AGREED = (
    ({"protein_altering_variant"}, {"inframe_insertion", "splice_region_variant"}),  # 20: inside a codon
    ({"stop_gained"}, {"missense_variant", "splice_region_variant"}),  # 21: a stop behind the first residue
    ({"coding_sequence_variant", *SPLICE}, None),  # 22: a broken exon edge has no protein
    (SPLICE, SPLICE | {"synonymous_variant"}),  # 23: another place of the same change
    ({"start_retained_variant"}, {"start_lost"}),  # 24: the start codon is there again
    (set(), {"frameshift_variant", "inframe_deletion", "start_retained_variant"}),  # 24: beside start_lost
    ({"stop_lost", "frameshift_variant", "inframe_deletion", "inframe_insertion"},
     {"coding_sequence_variant", "stop_retained_variant", "inframe_insertion"}),  # 25: at the stop codon
    ({"frameshift_variant"}, {"inframe_deletion"}),  # 26: three bases for one is no in-frame change
)  # fmt: skip


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


def csq_terms(folder: Path) -> dict[int, set[str]]:
    """Terms by the change's number in ALL."""
    (folder / "17.fa").write_text(f">17\n{SEQUENCE}\n")
    subprocess.run(["samtools", "faidx", folder / "17.fa"], check=True)
    (folder / "tp53.gff").write_text("##gff-version 3\n" + "".join(annotation()))
    numbered = sorted(enumerate(ALL), key=lambda item: item[1].pos)
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


@pytest.mark.peer
def test_terms_beside_bcftools_csq(tmp_path: Path) -> None:
    require_program("bcftools")
    theirs = csq_terms(tmp_path)
    unexplained, same = [], 0
    for number, allele in enumerate(ALL):
        named = NAMER.describe(allele, isoforms=False)
        ours = set(named.consequences) - ONLY_VEP
        if ours != set(named.consequences) and "splice_region_variant" in theirs[number]:
            ours.add("splice_region_variant")  # VEP's finer terms stand in its place
        mine, other = ours - theirs[number], theirs[number] - ours
        if not mine and not other:
            same += 1
        elif not any(mine <= a and (b is None or other <= b) for a, b in AGREED):
            unexplained.append((named.hgvs_c, named.hgvs_p, mine, other))
    assert not unexplained, (len(unexplained), unexplained[:10])
    assert same > 70_000
