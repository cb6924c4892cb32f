"""Every coding substitution, described, annotated and classified once for all tests that look at it."""

from __future__ import annotations

from functools import cache

from tp53annot.annotate import annotate
from tp53annot.classify import classify
from tp53annot.gene_table import gene_alleles
from tp53annot.hgvs import Namer
from tp53annot.knowledge import load_knowledge, load_reference
from tp53annot.model import Allele, AnnotatedVariant, Classification

Judged = tuple[AnnotatedVariant, Classification]


@cache
def namer() -> Namer:
    """Names on the bundled reference."""
    return Namer(load_reference())


@cache
def genes() -> dict[str, Judged]:
    """Annotated and classified changes by hgvs_c."""
    found = {}
    for allele in gene_alleles(namer()):
        annotated, judged = judge(allele)
        found[annotated.variant.hgvs_c] = (annotated, judged)
    return found


def by_protein(name: str) -> list[Judged]:
    """All changes with a one-letter protein name such as R175H."""
    return [pair for pair in genes().values() if pair[0].variant.hgvs_p_short == name]


def judge(allele: Allele) -> Judged:
    """One change through the whole of it."""
    knowledge = load_knowledge()
    annotated = annotate(namer().describe(allele, isoforms=False), knowledge)
    return annotated, classify(annotated, knowledge)


def cds_allele(cds_position: int, deleted: int, inserted: str = "") -> Allele:
    """A change of the coding sequence (1-based), gene-strand bases, as an anchored forward allele."""
    transcript, reference = namer().main, namer().reference
    offset = transcript.gene_offset(transcript.cds_start + cds_position - 1)
    last = reference.end - offset
    first = last - deleted + 1
    anchor = reference.bases(first - 1, first - 1)
    ref = reference.bases(first - 1, last)
    complement = inserted.translate(str.maketrans("ACGT", "TGCA"))[::-1]
    return Allele(pos=first - 1, ref=ref, alt=anchor + complement)
