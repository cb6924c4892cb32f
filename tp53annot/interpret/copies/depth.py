"""Read depth of exons, and of the gene, as evidence on its copies: weak, to be confirmed, never a deletion by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.core.copy_number import CopyEvidence, CopySource, CopyState, ExonDepth
from tp53annot.core.exon_depth import DepthJudgement
from tp53annot.knowledge.rules.copy_number import DepthRules
from tp53annot.knowledge.rules.copy_sentences import MeasuredCopySentences
from tp53annot.knowledge.rules.sentence import Sentence


def depth_evidence(
    judged: DepthJudgement, rules: DepthRules, words: MeasuredCopySentences
) -> Iterator[CopyEvidence]:
    """What the depth of a sample's reads says, or why it says nothing."""
    if judged.gap is not None:
        facts = {"comparable": judged.comparable, "least": rules.least_samples}
        yield _evidence(words.not_judged[judged.gap], facts)
        return
    others = judged.comparable - 1
    low = [e for e in judged.exons if exon_is_low(e, rules)]
    for exon in low:
        gone = exon.ratio is not None and exon.ratio <= rules.gone_ratio
        sentence = words.exon_gone if gone else words.exon_low
        yield _evidence(sentence, _figures(exon, others), CopyState.LOSS, (exon.exon,))
    high = [e for e in judged.exons if _is_high(e, rules)]
    if high:
        listed = ", ".join(f"{e.exon} ({e.ratio:.2f})" for e in high)
        yield _evidence(words.exons_high, {"exons": listed, "others": others})
    if not low and not high:
        lowest = min(judged.exons, key=lambda e: e.ratio or 0.0)
        yield _evidence(words.exons_kept, _figures(lowest, others))
    if judged.gene is not None:
        lost = gene_is_low(judged.gene, rules)
        sentence = words.gene_low if lost else words.gene_kept
        state = CopyState.LOSS if lost else CopyState.UNKNOWN
        yield _evidence(sentence, _figures(judged.gene, others), state)


def exon_is_low(exon: ExonDepth, rules: DepthRules) -> bool:
    """Whether an exon's depth stands for a lost copy of it."""
    return _at_most(exon, rules.loss_ratio, rules.loss_z)


def gene_is_low(gene: ExonDepth, rules: DepthRules) -> bool:
    """Whether the depth of the whole gene stands for a lost copy of it."""
    return _at_most(gene, rules.gene_ratio, rules.gene_z)


def _at_most(measured: ExonDepth, ratio: float, z: float) -> bool:
    if measured.ratio is None or measured.z is None:
        return False
    return measured.ratio <= ratio and measured.z <= z


def _is_high(exon: ExonDepth, rules: DepthRules) -> bool:
    if exon.ratio is None or exon.z is None:
        return False
    return exon.ratio >= rules.gain_ratio and exon.z >= -rules.loss_z


def _figures(measured: ExonDepth, others: int) -> Mapping[str, object]:
    return {
        "exon": measured.exon,
        "ratio": f"{measured.ratio:.2f}",
        "z": f"{measured.z:.1f}",
        "others": others,
    }


def _evidence(
    sentence: Sentence,
    facts: Mapping[str, object],
    state: CopyState = CopyState.UNKNOWN,
    lost: tuple[str, ...] = (),
) -> CopyEvidence:
    return CopyEvidence(
        source=CopySource.READ_DEPTH,
        state=state,
        text=sentence.text.format(**facts),
        origin=sentence.id,
        exons=lost,
    )
