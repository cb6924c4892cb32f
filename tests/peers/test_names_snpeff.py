"""Every change of the sets named by snpEff with a model of TP53 alone, and its terms of every substitution.

c. names must be equal but for ``inv``, which snpEff does not write; a protein name may differ only as
docs/name-disagreements.md lists it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from change_sets import NAMER, change_set
from conftest import require_program
from judge_names import MAIN, exons, locus
from name_rules import within

from tp53annot.core.allele import Allele
from tp53annot.core.variant import TranscriptVariant
from tp53annot.names.parser import parse_change

HERE = Path(__file__).parent

RESOURCES = HERE.parents[1] / "resources"
START, SEQUENCE = locus(RESOURCES)
ANY = r".*"
# (our c. name, our p. name, its p. name, brackets left out)
AGREED = (
    (ANY, r"p\.(\?|=)", r""),  # 1: no protein name outside the CDS
    (ANY, r"p\.(\?|=)", r"p\..+"),  # 13: a protein name over a broken exon edge, or behind the stop
    (ANY, r"p\..*Ter", r"p\..*(fs|ins|Ter|del).*"),  # 14: an immediate stop, named no further
    (ANY, r"p\..*(ins|dup).*", r"p\..*(ins|dup).*"),  # 15: residues of an insertion in 3'-most place, dup
    (ANY, r"p\..*(del|fs)", r"p\..*(del|fs)"),  # 15: 3'-most residue
    (ANY, r"p\..*_.*delins.*", r"p\.([A-Z][a-z]{2})+\d+([A-Z][a-z]{2})+(ext\*\?)?"),  # 16: its own spelling
    (ANY, r"p\.Ter394.*extTer\d+", r"p\.(Ter394|Asp393).*"),  # 17: the stop codon changed
    (ANY, r"p\.([A-Z][a-z]{2})\d+\1", r"p\.\d+"),  # 16
    (r"c\.118.*", r"p\.Ter394Ter", ANY),  # 5: stop kept
    (r"c\.11(7[6-9]|80).*", r"p\.Asp393delins.*", r"p\..*Ter39[34].*"),  # 17
    (r"c\..*[._](\*\d+|11(69|7\d|8[0-2]))(del|inv|dup|ins).*", r"p\..*(delins.*|fs)", r"p\..*(Ter39[34]|Ter\d+).*"),   # 19
    (ANY, r"p\.([A-Z][a-z]{2}\d+_)?[A-Z][a-z]{2}\d+[A-Z][a-z]{2}", r"p\.\d+"),  # 16
    (r"c\.(75|97|376|560|673|783|920|994|1101)(_\d+)?delins.*", r"p\..*fs", r"p\..*ins.*\?\?\?"),  # 26: beside an exon's first base
    (r"c\.-\d+_\d+delins.*", r"p\.Met1\?", ANY),  # 31
    (r"c\.1178_1179ins.*", r"p\.Asp393Asp", ANY),  # 5
    (ANY, r"p\.Met1\?", r"p\.(Met|-1).*|"),  # 3
)  # fmt: skip


def model(folder: Path) -> None:
    """A snpEff data folder with the stored locus as chromosome 17 and one transcript."""
    data = folder / "data" / "tp53"
    data.mkdir(parents=True)
    (data / "sequences.fa").write_text(f">17\n{SEQUENCE}\n")
    exon_spans, cds = exons(RESOURCES)
    whole = (min(low for low, _ in exon_spans), max(high for _, high in exon_spans))
    rows = [("gene", whole), ("transcript", whole)]
    rows += [("exon", span) for span in exon_spans] + [("CDS", span) for span in cds]
    ids = f'gene_id "TP53"; gene_name "TP53"; transcript_id "{MAIN}";'
    lines = (
        f"17\t.\t{kind}\t{low - START + 1}\t{high - START + 1}\t.\t-\t.\t{ids}\n"
        for kind, (low, high) in rows
    )
    (data / "genes.gtf").write_text("".join(lines))
    (folder / "snpEff.config").write_text("data.dir = ./data/\ntp53.genome : TP53\n")
    build = [
        "snpEff",
        "build",
        "-c",
        "snpEff.config",
        "-gtf22",
        "-noCheckCds",
        "-noCheckProtein",
        "-noLog",
        "tp53",
    ]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)


def snpeff_names(folder: Path, alleles: Sequence[Allele]) -> list[tuple[str, str, set[str]]]:
    """c. and p. names, and terms, as snpEff gives them; bases after ``del`` and ``dup`` left out."""
    model(folder)
    records = "".join(
        f"17\t{a.pos - START + 1}\t{i}\t{a.ref}\t{a.alt}\t.\t.\t.\n" for i, a in enumerate(alleles)
    )
    (folder / "all.vcf").write_text(
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + records
    )
    command = ["snpEff", "ann", "-c", "snpEff.config", "-noStats", "-noLog", "tp53", "all.vcf"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found: list[tuple[str, str, set[str]]] = [("", "", set())] * len(alleles)
    for line in done.stdout.splitlines():
        if line.startswith("17\t"):
            fields = line.split("\t")
            first = fields[7].split("ANN=")[1].split(",")[0].split("|")
            c = re.sub(r"(del|dup)[ACGT]+", r"\1", first[9])
            p = first[10].replace("*?", "").replace("*", "Ter")
            found[int(fields[2])] = c, p, set(first[1].split("&"))
    return found


def comparable(hgvs_p: str) -> str:
    """Our p. name as snpEff would write it: no brackets, silent residues twice, no frameshift length."""
    bare = hgvs_p.replace("(", "").replace(")", "")
    bare = re.sub(r"([A-Z][a-z]{2})(\d+)=$", r"\1\2\1", bare)
    return re.sub(r"(\d+)[A-Z][a-z]{2}fsTer.*", r"\1fs", bare)


def explained(hgvs_c: str, mine: str, theirs: str) -> bool:
    """Whether a rule covers a difference of p. names, both as :func:`comparable` writes them."""
    texts = (hgvs_c, mine, theirs)
    return any(all(re.fullmatch(r, t) for r, t in zip(rule, texts, strict=True)) for rule in AGREED)


def c_differs(ours: TranscriptVariant, theirs: str) -> bool:
    """Whether a c. name differs by none of the rules: 27 outside the transcript, 29 ``delins`` for ``inv``."""
    if ours.hgvs_c == theirs or not within(ours.hgvs_c):
        return False
    if re.fullmatch(
        r"c\.\d+_\*\d+dup", ours.hgvs_c
    ):  # 44: it counts places before the stop codon on behind it
        return re.fullmatch(r"c\.\d+_\*\d+dup", theirs) is None
    return not (ours.hgvs_c.endswith("inv") and parse_change(theirs, NAMER, {}) == (ours.allele,))


# Terms that only we and only snpEff give for a substitution, and the rule.
TERMS = (
    ({"upstream_gene_variant", "downstream_gene_variant"}, {"intergenic_region"}),  # 27: 5,000 bases from the gene
    ({"splice_polypyrimidine_tract_variant"}, set()),  # a term of VEP alone
    ({"splice_donor_5th_base_variant", "splice_donor_region_variant"}, {"splice_region_variant"}),  # VEP's finer ones
    (set(), {"intron_variant"}),  # 23: beside the splice site
    ({"5_prime_UTR_variant"}, {"5_prime_UTR_premature_start_codon_gain_variant"}),  # 41: a term of snpEff alone
    ({"5_prime_UTR_variant"}, set()),  # 42: beside splice_region_variant
    ({"3_prime_UTR_variant"}, {"splice_region_variant"}),  # 43: at the transcript's end
)  # fmt: skip


@pytest.mark.peer
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("kind", "same"), [("short", 70_000), ("replaced", 16_000), ("long", 3_000), ("locus", 3_000)]
)
def test_snpeff(kind: str, same: int, tmp_path: Path) -> None:
    require_program("snpEff")
    alleles = change_set(kind)
    wrong, unexplained, equal = [], [], 0
    for allele, (c, p, terms) in zip(alleles, snpeff_names(tmp_path, alleles), strict=True):
        ours = NAMER.describe(allele, isoforms=False)
        if c_differs(ours, c):
            wrong.append((ours.hgvs_c, c))
        mine = comparable(ours.hgvs_p)
        if mine == p:
            equal += 1
        elif not explained(ours.hgvs_c, mine, p):
            unexplained.append((ours.hgvs_c, mine, p))
        if kind == "locus":
            said = set(ours.consequences)
            if said != terms and not any(said - terms <= a and terms - said <= b for a, b in TERMS):
                unexplained.append((ours.hgvs_c, " ".join(said), " ".join(terms)))
    assert not wrong, wrong[:10]
    assert not unexplained, (len(unexplained), unexplained[:10])
    assert equal > same
