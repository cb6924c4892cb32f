"""One change, one form: trimmed edits, left-aligned as VCF has them or 3'-most as HGVS has them."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.names.transcript import reverse_complement


class Edit(Struct, frozen=True):
    """Bases ``start..end`` (0-based, half-open, of some sequence) replaced by ``inserted``."""

    start: int
    end: int
    inserted: str

    @property
    def net(self) -> int:
        """Change in length."""
        return len(self.inserted) - (self.end - self.start)


def trim(edit: Edit, sequence: str) -> Edit:
    """Without the bases that both alleles share at either end."""
    start, end, new = edit.start, edit.end, edit.inserted
    old = sequence[start:end]
    head, limit = 0, min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Edit(start + head, end - tail, new[head : len(new) - tail])


def shift_right(edit: Edit, sequence: str) -> Edit:
    """The 3'-most form of a pure deletion or insertion; other edits as they are."""
    start, end, new = edit.start, edit.end, edit.inserted
    if not new:
        while end < len(sequence) and sequence[start] == sequence[end]:
            start, end = start + 1, end + 1
    elif start == end:
        while start < len(sequence) and sequence[start] == new[0]:
            new = new[1:] + new[0]
            start += 1
        end = start
    return Edit(start, end, new)


def shift_left(edit: Edit, sequence: str) -> Edit:
    """The 5'-most form of a pure deletion or insertion; other edits as they are."""
    start, end, new = edit.start, edit.end, edit.inserted
    if not new:
        while start > 0 and sequence[start - 1] == sequence[end - 1]:
            start, end = start - 1, end - 1
    elif start == end:
        while start > 0 and sequence[start - 1] == new[-1]:
            new = new[-1] + new[:-1]
            start -= 1
        end = start
    return Edit(start, end, new)


def forward_edit(allele: Allele, reference: Reference) -> Edit:
    """The trimmed edit on the forward strand of the stored locus."""
    start = allele.pos - reference.start
    return trim(Edit(start, start + len(allele.ref), allele.alt), reference.sequence)


def gene_edit(allele: Allele, reference: Reference, gene: str) -> Edit:
    """The trimmed, 3'-shifted edit on the gene strand (``gene``: the locus, reverse complement)."""
    start = reference.end - allele.end
    edit = Edit(start, start + len(allele.ref), reverse_complement(allele.alt))
    return shift_right(trim(edit, gene), gene)


def forward_allele(edit: Edit, reference: Reference) -> Allele:
    """A forward-strand edit as VCF writes it, with an anchor base where an allele would be empty."""
    start, new = edit.start, edit.inserted
    if start == edit.end or not new:
        start -= 1
        new = reference.sequence[start] + new
    return Allele(pos=reference.start + start, ref=reference.sequence[start : edit.end], alt=new)


def normalise(allele: Allele, reference: Reference) -> Allele:
    """The minimal, left-aligned VCF form.

    Raises:
        ValueError: both alleles are the same bases, or the change leaves the stored locus.
    """
    if not reference.covers(allele.pos - 1, allele.end + 1):
        raise ValueError(f"{allele.pos}-{allele.end} leaves the stored locus")
    if len(allele.ref) == 1 == len(allele.alt):
        return allele
    return forward_allele(shift_left(forward_edit(allele, reference), reference.sequence), reference)


def stretch(allele: Allele, reference: Reference) -> tuple[int, int]:
    """First and last GRCh38 position between which a change can be written anywhere with the same result."""
    edit, sequence = forward_edit(allele, reference), reference.sequence
    first, last = shift_left(edit, sequence).start, shift_right(edit, sequence).end
    return reference.start + first, reference.start + max(first, last - 1)


def gene_to_allele(edit: Edit, reference: Reference) -> Allele:
    """The normalised VCF form of an edit on the gene strand."""
    size = len(reference.sequence)
    forward = Edit(size - edit.end, size - edit.start, reverse_complement(edit.inserted))
    trimmed = trim(forward, reference.sequence)
    return forward_allele(shift_left(trimmed, reference.sequence), reference)
