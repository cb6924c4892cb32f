"""Larger deletions: which exons they take, and how HGVS writes them."""

from __future__ import annotations

from dataclasses import replace

from tp53annot.core.candidate import Uninterpreted
from tp53annot.names.hgvs import Namer
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


def refine(event: Uninterpreted, namer: Namer) -> Uninterpreted:
    """A deletion with its name and exons; one that takes no exon is no TP53 deletion."""
    if not event.deletion or event.start is None or event.end is None or event.hgvs_c is not None:
        return event
    transcript = namer.main
    info = event.record.info or ""
    precise = not any(key in info for key in ("IMPRECISE", "CIPOS", "CIEND"))
    first = event.start + 1 if event.record.alt.startswith("<") else event.start  # POS is the base before
    name = deletion_name(first, event.end, transcript, precise=precise)
    if name is None:
        return replace(event, deletion=False, reason=f"{event.reason}; it takes no exon of TP53")
    hit = exons_hit(first, event.end, transcript)
    exons = f"exon {hit[0]}" if len(hit) == 1 else f"exons {hit[0]}-{hit[-1]}"
    return replace(event, hgvs_c=name, reason=f"deletion of {exons} of {len(transcript.exons)}: {name}")
