"""What a change does to a transcript: Sequence Ontology terms and NMD.

Terms and their order of severity follow the Ensembl Variant Effect Predictor (release 105 and later;
https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html). The change is taken in its 3'-most form, as
HGVS names it, so that one change has one consequence.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tp53annot.names.coding_change import CodingChange, coding_change, common_prefix
from tp53annot.names.copied_edges import (
    copied_edge_terms,
    copied_stretch,
    copies_transcript,
    exonic_terms,
)
from tp53annot.names.normalisation import Edit, shift_left
from tp53annot.names.transcript import Transcript

# Most severe first.
SEVERITY = (
    "transcript_ablation",
    "splice_acceptor_variant",
    "splice_donor_variant",
    "stop_gained",
    "frameshift_variant",
    "stop_lost",
    "start_lost",
    "transcript_amplification",
    "feature_elongation",
    "inframe_insertion",
    "inframe_deletion",
    "missense_variant",
    "protein_altering_variant",
    "splice_donor_5th_base_variant",
    "splice_region_variant",
    "splice_donor_region_variant",
    "splice_polypyrimidine_tract_variant",
    "start_retained_variant",
    "stop_retained_variant",
    "synonymous_variant",
    "coding_sequence_variant",
    "5_prime_UTR_variant",
    "3_prime_UTR_variant",
    "non_coding_transcript_exon_variant",
    "intron_variant",
    "non_coding_transcript_variant",
    "upstream_gene_variant",
    "downstream_gene_variant",
)
_RANK = {term: rank for rank, term in enumerate(SEVERITY)}
# Where each of VEP's impacts begins in that order.
_IMPACT_FROM = {
    "HIGH": "transcript_ablation",
    "MODERATE": "inframe_insertion",
    "LOW": "splice_donor_5th_base_variant",
    "MODIFIER": "coding_sequence_variant",
}

# Windows of the Sequence Ontology's splice terms, in bases from the exon edge (0-based, half-open).
_SITE, _DONOR_REGION, _FIFTH, _REGION, _TRACT, _EXON_EDGE = (0, 2), (2, 6), (4, 5), (2, 8), (2, 17), 3
# A stop at most this many bases before the last junction escapes decay (Lindeboom 2016, PMID 27618451).
NMD_WINDOW = 50
# Intronic bases beside an exon for which no protein name is predicted (p.?).
NEAR_SPLICE = 7


class TranscriptEffect(Struct, frozen=True, kw_only=True):
    """The consequence of a change on one transcript.

    Attributes:
        terms: of the Sequence Ontology, most severe first.
        coding: the protein; ``None`` when none can be predicted.
        canonical_splice: whether an intron's first or last two bases, or an exon edge, are changed.
        exon_edge: whether the last base of an exon or the first of the next is changed, or copied by a duplication,
            or an end of the transcript is cut off.
        near_splice: the same of the intronic bases beside an exon (``NEAR_SPLICE``).
        nmd: "triggers" or "escapes" nonsense-mediated decay; ``None`` without a premature stop.
    """

    terms: tuple[str, ...]
    coding: CodingChange | None
    canonical_splice: bool
    exon_edge: bool
    near_splice: bool
    nmd: str | None


def impact(terms: Sequence[str]) -> str:
    """VEP's impact of the most severe of these terms.

    >>> impact(("splice_region_variant", "missense_variant")), impact(("intron_variant",))
    ('MODERATE', 'MODIFIER')
    """
    rank = min(_RANK[term] for term in terms)
    return [name for name, first in _IMPACT_FROM.items() if _RANK[first] <= rank][-1]


def _touches(edit: Edit, start: int, end: int) -> bool:
    """True when the edit changes bases start..end; an insertion must lie strictly inside."""
    if edit.start == edit.end:
        return start < edit.start < end
    return edit.start < end and start < edit.end


def _touches_window(edit: Edit, edge: int, window: tuple[int, int], direction: int) -> bool:
    """The same for a window counted from an exon edge into the intron (+1 donor, -1 acceptor)."""
    low, high = window
    if direction > 0:
        return _touches(edit, edge + low, edge + high)
    return _touches(edit, edge - high, edge - low)


def effect(edit: Edit, transcript: Transcript, leftmost: int) -> TranscriptEffect:
    """The consequence of a change on a transcript.

    Args:
        edit: on the gene strand, 3'-most.
        transcript: the transcript.
        leftmost: where its 5'-most form begins, so that an insertion that copies an exon edge is known.
    """
    first, last = transcript.exons[0][0], transcript.exons[-1][1]
    copied = copied_stretch(edit, leftmost)
    if copies_transcript(edit, leftmost, transcript):
        return _whole("transcript_amplification", touched=True)
    if edit.start < first and edit.end >= last:
        return _whole("transcript_ablation", touched=True)
    copies = copied_edge_terms(copied, transcript) if copied is not None else set()
    if not copies and ((edit.end <= first and edit.start < first) or edit.start >= last):
        term = "upstream_gene_variant" if edit.start < first else "downstream_gene_variant"
        return _whole(term, touched=False)
    terms = set(copies)
    canonical = _splice_terms(edit, transcript, terms)
    exon_edge, near = _edges(edit, transcript, leftmost)
    coding = None
    index = _mrna_edit(edit, transcript)
    if index is None:
        canonical = _partly_exonic(edit, transcript, terms) or canonical
        ends = any(edit.start < end < edit.end for end in (first, last))  # of the transcript
        exon_edge, near = exon_edge or ends, near or ends
    elif not copies:  # what is copied says more than the place of the copy
        coding = _exonic_terms(index, transcript, terms)
    if not transcript.coding and "intron_variant" in terms:
        terms.add("non_coding_transcript_variant")
    return TranscriptEffect(
        terms=tuple(sorted(terms, key=_RANK.__getitem__)),
        coding=coding,
        canonical_splice=canonical,
        exon_edge=exon_edge,
        near_splice=near,
        nmd=_nmd(coding, transcript),
    )


def _whole(term: str, *, touched: bool) -> TranscriptEffect:
    """The consequence of a change that takes or copies the whole transcript, or leaves all of it alone."""
    return TranscriptEffect(
        terms=(term,),
        coding=None,
        canonical_splice=term == "transcript_ablation",  # a copy leaves the sites as they are
        exon_edge=touched,
        near_splice=touched,
        nmd=None,
    )


def _splice_terms(edit: Edit, transcript: Transcript, terms: set[str]) -> bool:
    canonical = False
    for start, end in transcript.introns_near(edit.start, edit.end, _EXON_EDGE):
        site = donor = False
        if _touches_window(edit, start, _SITE, +1):
            terms.add("splice_donor_variant")
            site = True
        if _touches_window(edit, end, _SITE, -1):
            terms.add("splice_acceptor_variant")
            site = True
        if _touches_window(edit, start, _DONOR_REGION, +1):
            fifth = _touches_window(edit, start, _FIFTH, +1)
            terms.add("splice_donor_5th_base_variant" if fifth else "splice_donor_region_variant")
            donor = True
        if _touches_window(edit, end, _TRACT, -1):
            terms.add("splice_polypyrimidine_tract_variant")
        if not site and not donor and _in_region(edit, start, end):
            terms.add("splice_region_variant")
        if _touches(edit, start + 2, end - 2) or (
            edit.start == edit.end and start + 2 <= edit.start <= end - 2
        ):
            terms.add("intron_variant")
        canonical = canonical or site
    return canonical


def _in_region(edit: Edit, start: int, end: int) -> bool:
    at_edge = edit.start == edit.end and edit.start in (start, end, start + 2, end - 2)
    return (
        at_edge
        or _touches(edit, start - _EXON_EDGE, start)
        or _touches(edit, end, end + _EXON_EDGE)
        or _touches_window(edit, start, _REGION, +1)
        or _touches_window(edit, end, _REGION, -1)
    )


def _edges(edit: Edit, transcript: Transcript, leftmost: int) -> tuple[bool, bool]:
    """Whether an exon-edge base, and whether the intronic bases next to an exon, are changed or copied."""
    edge = near = False
    for start, end in transcript.introns_near(leftmost, edit.end, 1):
        at_edge = edit.start == edit.end and any(leftmost <= place <= edit.start for place in (start, end))
        edge = edge or at_edge or _touches(edit, start - 1, start) or _touches(edit, end, end + 1)
        near = (
            near
            or at_edge
            or _touches(edit, start, start + NEAR_SPLICE)
            or _touches(edit, end - NEAR_SPLICE, end)
        )
    return edge, near


def _mrna_edit(edit: Edit, transcript: Transcript) -> Edit | None:
    """The edit on the mRNA; ``None`` when it is not wholly inside one exon."""
    probe = edit.start - 1 if edit.start == edit.end else edit.start
    exon = transcript.exon_index(probe)
    if exon is None:
        return None
    start, end = transcript.exons[exon]
    inside = edit.end <= end if edit.start < edit.end else start < edit.start < end
    if not inside:
        return None
    index = transcript.mrna_index(probe)
    assert index is not None
    index += edit.start - probe
    return Edit(index, index + edit.end - edit.start, edit.inserted)


def _partly_exonic(edit: Edit, transcript: Transcript, terms: set[str]) -> bool:
    """Terms of an edit that is intronic or crosses an end of an exon; True when it breaks a splice site's edge."""
    near = transcript.introns_near(edit.start, edit.end, 1)
    if edit.start == edit.end:
        at_edge = any(edit.start in intron for intron in near)
        terms |= exonic_terms(edit.start - 1, edit.start + 1, transcript) if at_edge else set()
        return at_edge
    found = exonic_terms(edit.start, edit.end, transcript)
    terms |= found
    return bool(found) and any(_touches(edit, edge - 1, edge + 1) for intron in near for edge in intron)


def _exonic_terms(index: Edit, transcript: Transcript, terms: set[str]) -> CodingChange | None:
    if not transcript.coding:
        terms.add("non_coding_transcript_exon_variant")
        return None
    start, end = transcript.cds_start, transcript.cds_end
    if index.end <= start:
        terms.add("5_prime_UTR_variant")
        return None
    if index.start >= end:
        terms.add("3_prime_UTR_variant")
        return None
    if index.start < start:
        terms.add("5_prime_UTR_variant")
    if index.end > end:
        terms.add("3_prime_UTR_variant")
    change = coding_change(index, transcript)
    terms.update(_protein_terms(index, change, _start_kept(index, transcript)))
    return change


def _start_kept(index: Edit, transcript: Transcript) -> bool:
    """True for an insertion or deletion at the start codon that leaves the CDS as it was."""
    start = transcript.cds_start
    return index.start < start + 3 and index.net != 0 and shift_left(index, transcript.mrna).end <= start


def _protein_terms(index: Edit, change: CodingChange, start_kept: bool) -> set[str]:
    if start_kept:
        return {"start_retained_variant"}
    if change.start_lost:
        return {"start_lost"}
    ref, alt, net = change.reference, change.alternate, change.net
    terms = {"frameshift_variant"} if net % 3 else set()
    at_stop = change.last_codon >= len(ref)
    if ref == alt:
        terms.add("stop_retained_variant" if at_stop else "synonymous_variant")
    elif at_stop and "*" not in change.local:
        terms |= {"stop_lost"} if net % 3 or "*" in _old(change) else set()
    elif at_stop and len(alt) > len(ref) + max(net // 3, 0):
        terms.add("stop_lost")
    elif _new_stop(index, change, at_stop):
        terms.add("stop_gained")
    if net and not net % 3:
        terms.add(_length_term(index, change))
    elif not terms:
        terms.add("missense_variant")
    return terms - {"protein_altering_variant"} if "stop_lost" in terms else terms


def _length_term(index: Edit, change: CodingChange) -> str:
    """In frame when residues were only added or only taken away, as VEP compares them."""
    if change.net < 0:
        return "protein_altering_variant" if index.inserted else "inframe_deletion"
    old, new = _old(change), change.local[: change.local.find("*") + 1] or change.local
    return "inframe_insertion" if new.startswith(old) or new.endswith(old) else "protein_altering_variant"


def _old(change: CodingChange) -> str:
    """The residues that an in-frame change replaces by ``local``."""
    first = change.first_codon - 1
    return change.reference[first : first + len(change.local) - change.net // 3]


def _new_stop(index: Edit, change: CodingChange, at_stop: bool) -> bool:
    """True when the first changed residue, or in frame one of the new residues, is a stop before the old one."""
    shared, stop = common_prefix(change.reference, change.alternate), len(change.alternate) - 1
    if change.net % 3:
        return change.alternate[shared : shared + 1] == "*"
    old = (
        len(change.reference) - 1
    )  # at the stop codon, bases behind it may be gone, and the length says nothing
    return bool(index.inserted) and stop < old if at_stop else shared <= stop < old + change.net // 3


def _nmd(change: CodingChange | None, transcript: Transcript) -> str | None:
    """Whether a premature stop is predicted to trigger nonsense-mediated decay."""
    if change is None or change.start_lost or change.stop_mrna is None or len(transcript.exons) < 2:
        return None
    normal = transcript.cds_end - 3 + change.net
    if change.stop_mrna >= normal or change.alternate == change.reference:
        return None
    last_exon = transcript.exons[-1]
    junction = len(transcript.mrna) - (last_exon[1] - last_exon[0]) + change.net
    return "triggers" if change.stop_mrna + 3 <= junction - NMD_WINDOW else "escapes"
