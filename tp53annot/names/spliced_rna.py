"""HGVS names on the RNA of splicing that differs from a transcript (HGVS nomenclature 21.1, RNA recommendations).

Observed, not predicted: the names stand without parentheses. A deletion is shifted to the 3' end within its exon only,
since the boundary of two exons is known.
"""

from __future__ import annotations

from tp53annot.names.transcript import Transcript

# An inserted stretch of an intron: gene-strand offsets, half-open.
IntronPart = tuple[int, int]


def rna_name(
    transcript: Transcript, before: int, after: int, inserted: IntronPart | None = None
) -> str | None:
    """The name of a transcript in which one base is followed by another.

    Args:
        transcript: the reference transcript.
        before: gene-strand offset of the last base before the junction.
        after: gene-strand offset of the first base behind it.
        inserted: an exon within the intron that lies between them, where that is known.

    Returns:
        ``r.560_672del``, ``r.375_376ins[376-18_376-1]``; ``None`` beyond the transcript, and where nothing differs.
    """
    first, last = transcript.exons[0][0], transcript.exons[-1][1]
    if not first <= before < after < last:
        return None
    left, right = _exon_before(transcript, before), _exon_behind(transcript, after)
    parts = [inserted] if inserted else []
    if before >= transcript.exons[left][1]:
        parts.insert(0, (transcript.exons[left][1], before + 1))
        before = transcript.exons[left][1] - 1
    if after < transcript.exons[right][0]:
        parts.append((after, transcript.exons[right][0]))
        after = transcript.exons[right][0]
    start, end = transcript.mrna_index(before), transcript.mrna_index(after)
    if start is None or end is None or start >= end:
        return None
    return _name(transcript, start, end, parts)


def retention_name(transcript: Transcript, intron: int) -> str:
    """The name of a transcript that keeps an intron (from 1)."""
    begin, end = transcript.introns[intron - 1]
    upstream, downstream = transcript.mrna_index(begin - 1), transcript.mrna_index(end)
    assert upstream is not None and downstream is not None
    return _flanked(transcript, upstream, downstream, f"ins[{_span(transcript, (begin, end))}]")


def _name(transcript: Transcript, start: int, end: int, parts: list[IntronPart]) -> str | None:
    """``start`` and ``end``: indexes in the mRNA of the bases that are joined."""
    inserted = f"ins[{';'.join(_span(transcript, part) for part in parts)}]" if parts else ""
    if end == start + 1:
        return _flanked(transcript, start, end, inserted) if parts else None
    low, high = start + 1, end - 1
    if not parts:
        low, high = _shifted(transcript, low, high)
    one, two = _base(transcript, low), _base(transcript, high)
    return f"r.{one}del{inserted}" if one == two else f"r.{one}_{two}del{inserted}"


def _flanked(transcript: Transcript, start: int, end: int, inserted: str) -> str:
    return f"r.{_base(transcript, start)}_{_base(transcript, end)}{inserted}"


def _shifted(transcript: Transcript, low: int, high: int) -> tuple[int, int]:
    """A deletion as far 3' as the bases allow, within the exon that holds all of it."""
    exon = transcript.exon_index(transcript.gene_offset(low))
    while (
        high + 1 < len(transcript.mrna)
        and transcript.mrna[low] == transcript.mrna[high + 1]
        and transcript.exon_index(transcript.gene_offset(high + 1)) == exon
    ):
        low, high = low + 1, high + 1
    return low, high


def _base(transcript: Transcript, index: int) -> str:
    return str(transcript.c_position(transcript.gene_offset(index)))


def _span(transcript: Transcript, part: IntronPart) -> str:
    """Positions of a stretch of an intron."""
    first, last = (transcript.c_position(t) for t in (part[0], part[1] - 1))
    return str(first) if first == last else f"{first}_{last}"


def _exon_before(transcript: Transcript, t: int) -> int:
    """The exon (index) that holds an offset or ends before it."""
    return max(i for i, (begin, _) in enumerate(transcript.exons) if begin <= t)


def _exon_behind(transcript: Transcript, t: int) -> int:
    """The exon (index) that holds an offset or begins behind it."""
    return min(i for i, (_, end) in enumerate(transcript.exons) if t < end)
