"""A change of a coding sequence: the protein before and after it."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.names.normalisation import Edit
from tp53annot.names.transcript import Transcript, translate


class CodingChange(Struct, frozen=True, kw_only=True):
    """The protein before and after a change.

    Attributes:
        reference: residues before, the stop last.
        alternate: residues after; ends in ``*`` when a stop was found.
        local: residues translated from the changed codons, past a stop among them.
        net: bases gained (+) or lost (-) in the mRNA.
        start_lost: whether the start codon is no longer ATG.
        first_codon: codon of the first changed base, 1-based.
        last_codon: codon of the last changed base.
        stop_mrna: index in the changed mRNA of the stop's first base; ``None`` without one.
    """

    reference: str
    alternate: str
    local: str
    net: int
    start_lost: bool
    first_codon: int
    last_codon: int
    stop_mrna: int | None


def coding_change(index: Edit, transcript: Transcript) -> CodingChange:
    """Apply an mRNA edit that touches the CDS and translate from the annotated start.

    Only the codons around the edit are translated anew; what follows is looked up in the frame
    it is read in.
    """
    start, mrna = transcript.cds_start, transcript.mrna
    first = max(index.start - start, 0) // 3
    begin = start + 3 * first
    head = mrna[begin : index.start] if index.start > begin else ""
    inserted = index.inserted if index.start >= begin else index.inserted[begin - index.start :]
    rest = -(len(head) + len(inserted)) % 3
    resume = index.end + rest
    local = translate(head + inserted + mrna[index.end : resume])
    tail = transcript.frames[resume % 3]
    stop = local.find("*")
    if stop >= 0:
        changed = local[: stop + 1]
    else:
        end = tail.find("*", resume // 3)
        changed = local + (tail[resume // 3 :] if end < 0 else tail[resume // 3 : end + 1])
    alternate = transcript.protein[:first] + changed
    last = max(index.start, index.end - 1)
    return CodingChange(
        reference=transcript.protein,
        alternate=alternate,
        local=local,
        net=index.net,
        start_lost=_start_lost(index, transcript),
        first_codon=first + 1,
        last_codon=max(min(last, transcript.cds_end - 1) - start, 0) // 3 + 1,
        stop_mrna=start + 3 * (len(alternate) - 1) if alternate.endswith("*") else None,
    )


def _start_lost(index: Edit, transcript: Transcript) -> bool:
    """Whether an edit that touches the CDS cuts into it from the 5' UTR, or leaves no ATG at its start."""
    start, mrna = transcript.cds_start, transcript.mrna
    codon = mrna[start : index.start] + index.inserted + mrna[index.end : index.end + 3]
    return index.start < start or (index.start < start + 3 and codon[:3] != "ATG")


def common_prefix(a: str, b: str) -> int:
    """Length of the longest common prefix (by halving: proteins agree over long stretches)."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
