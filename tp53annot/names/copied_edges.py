"""Tandem duplications that copy the edge of an exon: what stands twice, as Sequence Ontology terms.

Both copies of a splice site work, as far as anyone can tell from the sequence, so that the transcript, and with it the
protein, is open. VEP names a duplication of known length by its place alone; these terms are those that it gives the
same event as a structural variant (release 116), which looks at the bases that are copied.
"""

from __future__ import annotations

from tp53annot.names.normalisation import Edit
from tp53annot.names.transcript import Transcript

_SITE = 2  # bases of an intron that are its splice site
_ACCEPTOR = "AG"


def copied_stretch(edit: Edit, leftmost: int) -> tuple[int, int] | None:
    """The bases (gene strand, half-open) whose copy an insertion adds behind them; ``None``: it copies none.

    Args:
        edit: on the gene strand, 3'-most.
        leftmost: where its 5'-most form begins.
    """
    size = len(edit.inserted)
    return (
        (edit.start - size, edit.start) if edit.start == edit.end and edit.start - leftmost >= size else None
    )


def copies_transcript(edit: Edit, leftmost: int, transcript: Transcript) -> bool:
    """Whether the whole transcript stands twice, in whichever spelling of the insertion."""
    copied, first, last = copied_stretch(edit, leftmost), transcript.exons[0][0], transcript.exons[-1][1]
    if copied is None:
        return False
    return max(leftmost, last - len(edit.inserted)) <= min(first, copied[0])


def copied_edge_terms(copied: tuple[int, int], transcript: Transcript) -> set[str]:
    """Terms of what is copied; empty unless an exon stands twice, or one edge of an exon with bases on both sides."""
    start, end = copied
    introns = transcript.introns_near(start, end, 0)
    whole = any(start <= a and b <= end for a, b in transcript.exons_near(start, end))
    edges = [edge for intron in introns for edge in intron if start < edge < end]
    if not whole and not any(_opens(edge, copied, transcript) for edge in edges):
        return set()
    terms = exonic_terms(start, end, transcript)
    if whole:
        terms.add("feature_elongation")
    if any(start < b - _SITE and a + _SITE < end for a, b in introns):
        terms.add("intron_variant")
    return terms


def _opens(edge: int, copied: tuple[int, int], transcript: Transcript) -> bool:
    """Whether the copy of this edge is a splice site, too.

    A copy with one base of the intron alone makes a second acceptor only where an A comes to stand before it.
    """
    start, end = copied
    if edge - start >= _SITE or edge not in (exon[0] for exon in transcript.exons):
        return True
    return transcript.gene[end - 1] + transcript.gene[start:edge] == _ACCEPTOR


def exonic_terms(start: int, end: int, transcript: Transcript) -> set[str]:
    """Terms of the bases of exons among start..end (gene strand, half-open), where no protein can be named."""
    terms: set[str] = set()
    for low, high in transcript.exons_near(start, end):
        first, last = max(low, start), min(high, end) - 1
        if first > last:
            continue
        if not transcript.coding:
            terms.add("non_coding_transcript_exon_variant")
            continue
        begin, finish = transcript.mrna_index(first), transcript.mrna_index(last)
        assert begin is not None and finish is not None  # both are bases of exons
        if begin < transcript.cds_start:
            terms.add("5_prime_UTR_variant")
        if finish >= transcript.cds_end:
            terms.add("3_prime_UTR_variant")
        if begin < transcript.cds_end and finish >= transcript.cds_start:
            terms.add("coding_sequence_variant")
    return terms
