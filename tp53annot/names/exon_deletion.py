"""Larger deletions: which exons they take, and how HGVS writes them."""

from __future__ import annotations

from tp53annot.names.transcript import Transcript


def exons_hit(start: int, end: int, transcript: Transcript) -> tuple[int, ...]:
    """Numbers of the exons that GRCh38 positions start..end touch (1-based, closed)."""
    return tuple(
        number for number, (low, high) in enumerate(transcript.model.exons, 1) if start <= high and end >= low
    )


def deletion_name(start: int, end: int, transcript: Transcript, *, precise: bool) -> str | None:
    """c. name of a deletion of GRCh38 positions start..end; ``None`` when no exon is touched.

    With imprecise ends the name says between which bases they lie:
    ``c.(375+1_376-1)_(672+1_673-1)del``; an end outside the transcript is ``?``.
    """
    hit = exons_hit(start, end, transcript)
    if not hit:
        return None
    first, last = transcript.last_position - end, transcript.last_position - start
    if precise:
        return f"c.{transcript.c_position(first)}_{transcript.c_position(last)}del"
    return f"c.{_edge_before(hit[0], transcript)}_{_edge_after(hit[-1], transcript)}del"


def _edge_before(exon: int, transcript: Transcript) -> str:
    """The stretch in which the 5' end of an imprecise deletion lies."""
    begin = transcript.exons[exon - 1][0]
    if exon == 1:
        return f"(?_{transcript.c_position(begin)})"
    before = transcript.exons[exon - 2][1] - 1
    return f"({transcript.c_position(before)}+1_{transcript.c_position(begin)}-1)"


def _edge_after(exon: int, transcript: Transcript) -> str:
    last = transcript.exons[exon - 1][1] - 1
    if exon == len(transcript.exons):
        return f"({transcript.c_position(last)}_?)"
    following = transcript.exons[exon][0]
    return f"({transcript.c_position(last)}+1_{transcript.c_position(following)}-1)"


def coding_exons_hit(start: int, end: int, transcript: Transcript) -> tuple[int, ...]:
    """Numbers of the exons of which GRCh38 positions start..end touch a coding base (1-based, closed)."""
    coding = [part for part in transcript.model.cds if start <= part[1] and end >= part[0]]
    return tuple(
        number
        for number, (low, high) in enumerate(transcript.model.exons, 1)
        if any(low <= part[0] and part[1] <= high for part in coding)
    )


def covers_coding(start: int, end: int, transcript: Transcript) -> bool:
    """Whether GRCh38 positions start..end hold every coding base (1-based, closed)."""
    parts = transcript.model.cds
    return start <= min(low for low, _ in parts) and end >= max(high for _, high in parts)
