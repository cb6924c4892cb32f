"""Statements on the copies of the gene in words, and the state they give together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tp53annot.core.copy_number import (
    CopyEvidence,
    CopyKind,
    CopySource,
    CopyState,
    CopyStatement,
    ExonDepth,
    GeneCopies,
)
from tp53annot.knowledge.rules.copy_sentences import CopySentences
from tp53annot.names.exon_deletion import coding_exons_hit, covers_coding, exons_hit
from tp53annot.names.transcript import Transcript

STATE_OF_KIND = {
    CopyKind.LOSS: CopyState.LOSS,
    CopyKind.BOTH_LOST: CopyState.LOSS,
    CopyKind.CN_LOH: CopyState.COPY_NEUTRAL_LOH,
    CopyKind.LOH_OPEN: CopyState.UNKNOWN,
    CopyKind.GAIN: CopyState.GAIN,
    CopyKind.NORMAL: CopyState.NORMAL,
    CopyKind.NORMAL_LOH_OPEN: CopyState.NORMAL,
    CopyKind.PART_GAINED: CopyState.UNKNOWN,
    CopyKind.CONTRADICTORY: CopyState.UNKNOWN,
    CopyKind.SHALLOW: CopyState.UNKNOWN,
    CopyKind.NOT_COVERED: CopyState.UNKNOWN,
    CopyKind.NO_SEGMENT: CopyState.UNKNOWN,
    CopyKind.BELOW_SIGHT: CopyState.UNKNOWN,
    CopyKind.ALTERED_ONLY: CopyState.UNKNOWN,
}
# The first of these that any evidence states is in force: what was found goes before what was not.
_IN_ORDER = (CopyState.LOSS, CopyState.COPY_NEUTRAL_LOH, CopyState.GAIN, CopyState.NORMAL)
_WHOLE_GENE_ONLY = {
    CopyKind.GAIN: CopyKind.PART_GAINED,
    CopyKind.NORMAL: CopyKind.NOT_COVERED,
    CopyKind.NORMAL_LOH_OPEN: CopyKind.NOT_COVERED,
}


def gene_copies(evidence: Sequence[CopyEvidence], exons: Sequence[ExonDepth] = ()) -> GeneCopies:
    """All evidence, each once, that for the state in force first: a loss before copy-neutral LOH, gain and a normal state.

    Read depth and allele balance decide only where nothing else states the copies.
    """
    strong = {e.state for e in evidence if not e.source.is_weak} - {CopyState.UNKNOWN}
    stated = strong or {e.state for e in evidence}
    state = next((s for s in _IN_ORDER if s in stated), CopyState.UNKNOWN)
    ordered = sorted(dict.fromkeys(evidence), key=lambda e: e.state is not state)
    return GeneCopies(state=state, evidence=tuple(ordered), exons=tuple(exons))


def evidence_of(
    statements: Sequence[CopyStatement], transcript: Transcript, words: CopySentences
) -> Iterator[CopyEvidence]:
    """Each statement in words, in an order that the input's has no part in. One that touches no exon says nothing about the gene and is left out."""
    for statement in sorted(statements, key=lambda s: (s.source, s.start or 0, s.end or 0, s.origin)):
        kind, exons = _on_gene(statement, transcript)
        if kind is None:
            continue
        text = words.kind[kind].text.format(
            origin=f"{words.source[statement.source]} {statement.origin}",
            part=_part(exons, words),
            stated=_figures(statement, words),
        )
        yield CopyEvidence(
            source=statement.source,
            state=STATE_OF_KIND[kind],
            text=text,
            origin=statement.origin,
            total=statement.total,
            minor=statement.minor,
            none_left=kind is CopyKind.BOTH_LOST,
            exons=exons,
        )


def _on_gene(statement: CopyStatement, transcript: Transcript) -> tuple[CopyKind | None, tuple[str, ...]]:
    """What a statement says of the gene, and of which exons (none: the whole gene)."""
    start, end = statement.start, statement.end
    if start is None or end is None or covers_coding(start, end, transcript):
        return statement.kind, ()
    exons = coding_exons_hit(start, end, transcript) or tuple(
        n for n in exons_hit(start, end, transcript) if n == 1
    )
    if not exons:
        return None, ()
    return _WHOLE_GENE_ONLY.get(statement.kind, statement.kind), tuple(str(n) for n in exons)


def _part(exons: tuple[str, ...], words: CopySentences) -> str:
    if not exons:
        return words.whole_gene
    if len(exons) == 1:
        return words.one_exon.format(exon=exons[0])
    return words.exons.format(first=exons[0], last=exons[-1])


def _figures(statement: CopyStatement, words: CopySentences) -> str:
    """``2 copies, 0 of the rarer allele, BAF 0.02``."""
    parts = []
    if statement.total is not None:
        parts.append(words.total.format(total=statement.total))
    if statement.minor is not None:
        parts.append(words.minor.format(minor=statement.minor))
    parts += [f"{name} {value}" for name, value in statement.figures.items()]
    return ", ".join(parts) or words.no_figures


def declared_evidence(del17p: str | None, loh17p: str | None, words: CopySentences) -> Iterator[CopyEvidence]:
    """What ``del17p_status`` and ``loh17p_status`` declare; ``None`` or an untested state says nothing."""
    declared = {
        ("del17p", "present"): (CopyState.LOSS, words.declared_loss),
        ("del17p", "absent"): (CopyState.NORMAL, words.declared_no_loss),
        ("loh17p", "cn_loh"): (CopyState.COPY_NEUTRAL_LOH, words.declared_cn_loh),
        ("loh17p", "absent"): (CopyState.UNKNOWN, words.declared_no_loh),
    }
    for field, value in (("del17p", del17p), ("loh17p", loh17p)):
        if (field, value or "") in declared:
            state, sentence = declared[field, value or ""]
            yield CopyEvidence(
                source=CopySource.DECLARED, state=state, text=sentence.text, origin=f"{field}_status"
            )
