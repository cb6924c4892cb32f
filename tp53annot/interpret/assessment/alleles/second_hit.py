"""Evidence that the other allele is hit, too: copies of the gene on record, and whether the VAF goes with them.

A loss or copy-neutral loss of heterozygosity counts beside a variant only where the VAF of a variant does not
contradict it. Read depth and allele balance alone never count as a loss; they are named, to be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopyEvidence, CopySource, CopyState
from tp53annot.core.hypotheses import Hypothesis
from tp53annot.core.status import SecondHit
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.alleles.hypotheses import BOTH_ALLELES, leading, reading, reads_as
from tp53annot.interpret.assessment.alleles.phases import pairs_in_trans, phases_among
from tp53annot.interpret.assessment.alleles.ploidy import low_hypodiploid
from tp53annot.interpret.assessment.findings import Findings, vaf_of
from tp53annot.interpret.assessment.measured_vaf import MeasuredVaf, blasts_of, measured, span
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.haplotype import Phasing

_LOSS_READINGS = (Hypothesis.MUTATION_AND_LOSS, Hypothesis.GERMLINE_AND_LOSS)
_LOH_READINGS = (Hypothesis.COPY_NEUTRAL_LOH, Hypothesis.GERMLINE_AND_LOH)


class HitEvidence(Struct, frozen=True, kw_only=True):
    """What speaks for a second hit: ``sure`` carries the state, the rest only makes it possible."""

    kind: SecondHit
    sure: bool
    flag: Flag


def deletion_in_words(findings: Findings) -> str:
    """What says that a copy is lost; read depth and allele balance alone do not."""
    return in_words(findings.copies.stated(CopyState.LOSS))


def both_copies_lost(findings: Findings) -> tuple[CopyEvidence, ...]:
    """Evidence that no copy of the gene is left."""
    return tuple(e for e in findings.copies.evidence if e.none_left and not e.source.is_weak)


def second_hits(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> tuple[HitEvidence, ...]:
    """All that speaks for a second hit beside oncogenic variants, the surest first."""
    found = [
        *_of_trans(findings, hits, rules),
        *_of_loss(findings, hits, rules),
        *_of_loh(findings, hits, rules),
        *_of_weak(findings, rules),
        *_of_karyotype(findings, hits, rules),
    ]
    return tuple(sorted(found, key=lambda e: not e.sure))


def shows_both_alleles(findings: Findings, hit: ClassifiedVariant, rules: AssessmentRules) -> bool:
    """Whether the VAF, at the declared blasts, is both alleles' and not one's, somatic or germline."""
    one = [reads_as(findings, hit, h, rules) for h in (Hypothesis.ONE_ALLELE, Hypothesis.GERMLINE)]
    both = [reads_as(findings, hit, h, rules) for h in BOTH_ALLELES]
    return one == [False, False] and True in both


def _of_trans(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> Iterator[HitEvidence]:
    """Two variants on different molecules; in the same cells unless their VAFs leave room for two clones."""
    pairs = pairs_in_trans(findings, hits)
    if not pairs:
        return
    words, source = rules.basis, rules.sources.allelic
    if any(_same_cells(findings, pair, rules) for pair in pairs):
        flag = words.two_variants.flag(source, count=len(hits), phase=rules.words.trans)
        yield HitEvidence(kind=SecondHit.MUTATION, sure=True, flag=flag)
        return
    stated = all(vaf_of(v) is not None for pair in pairs for v in pair)
    sentence = words.trans_apart if stated else words.trans_without_vaf
    yield HitEvidence(kind=SecondHit.MUTATION, sure=False, flag=sentence.flag(source, count=len(hits)))


def _same_cells(
    findings: Findings, pair: tuple[ClassifiedVariant, ClassifiedVariant], rules: AssessmentRules
) -> bool:
    """Whether each is in every blast, or the two shares of cells are too many for the blasts without overlap."""
    one, two = (measured(v, rules) for v in pair)
    if one is None or two is None:
        return False
    blasts = blasts_of(findings, rules)
    each = [reading(Hypothesis.TWO_IN_TRANS, v, blasts, rules).fits for v in (one, two)]
    return each == [True, True] or 2 * (one.vaf + two.vaf) > (1.0 if blasts is None else blasts.high)


def _of_loss(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> Iterator[HitEvidence]:
    strong = [e for e in findings.copies.evidence if not e.source.is_weak]
    lost = [e for e in strong if e.state is CopyState.LOSS]
    if not lost:
        return
    words, source, evidence = rules.basis, rules.sources.allelic, in_words(lost)
    others = [e for e in strong if any(_contradict(e, loss) for loss in lost)]
    if others and not any(shows_both_alleles(findings, hit, rules) for hit in hits):
        disputed = words.loss_disputed.flag(source, evidence=evidence, other=in_words(others))
        yield HitEvidence(kind=SecondHit.DELETION, sure=False, flag=disputed)
        return
    against = _vaf_against_loss(findings, hits, _LOSS_READINGS, evidence, rules)
    flag = against or words.loss.flag(source, evidence=evidence)
    yield HitEvidence(kind=SecondHit.DELETION, sure=against is None, flag=flag)


def _of_loh(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> Iterator[HitEvidence]:
    found = findings.copies.stated(CopyState.COPY_NEUTRAL_LOH)
    if not found:
        return
    evidence = in_words(found)
    against = _vaf_against_loss(findings, hits, _LOH_READINGS, evidence, rules)
    flag = against or rules.basis.cn_loh.flag(rules.sources.allelic, evidence=evidence)
    yield HitEvidence(kind=SecondHit.COPY_NEUTRAL_LOH, sure=against is None, flag=flag)


def _vaf_against_loss(
    findings: Findings,
    hits: Sequence[ClassifiedVariant],
    readings: Sequence[Hypothesis],
    evidence: str,
    rules: AssessmentRules,
) -> Flag | None:
    """Why no variant's VAF goes with a loss of the other allele; ``None``: one does."""
    words, source, blasts = rules.basis, rules.sources.allelic, blasts_of(findings, rules)
    known = [vaf for hit in hits if (vaf := measured(hit, rules)) is not None]
    if not known:
        return words.loss_without_vaf.flag(source, evidence=evidence)
    best = max(known, key=lambda vaf: vaf.vaf)
    if blasts is None:
        least = rules.limits.blasts_least
        if _blasts_asked(best, readings[0]) >= least:
            return None
        return words.loss_few_blasts.flag(source, evidence=evidence, vaf=best.text, least=f"{least:.0%}")
    if any(reading(h, vaf, blasts, rules).fits for vaf in known for h in readings):
        return None
    expected = reading(readings[0], best, blasts, rules)
    shown = span(expected.low or 0.0, expected.high or 0.0)
    return words.loss_against_vaf.flag(source, evidence=evidence, vaf=best.text, expected=shown)


def _blasts_asked(vaf: MeasuredVaf, hypothesis: Hypothesis) -> float:
    """The share of blasts (0..1) that gives this VAF beside a loss, or in copy-neutral loss of heterozygosity."""
    return 2 * vaf.vaf / (1 + vaf.vaf) if hypothesis is Hypothesis.MUTATION_AND_LOSS else vaf.vaf


def _of_weak(findings: Findings, rules: AssessmentRules) -> Iterator[HitEvidence]:
    found = [
        e
        for e in findings.copies.evidence
        if e.source.is_weak and (_lost(e) or e.source is CopySource.ALLELE_BALANCE)
    ]
    if found:
        flag = rules.basis.weak_loss.flag(rules.sources.allelic, evidence=in_words(found))
        yield HitEvidence(kind=SecondHit.DELETION, sure=False, flag=flag)


def _lost(evidence: CopyEvidence) -> bool:
    return evidence.state in (CopyState.LOSS, CopyState.COPY_NEUTRAL_LOH)


def weak_losses(findings: Findings) -> tuple[CopyEvidence, ...]:
    """Losses that read depth or allele balance alone speak for, and copy-neutral ones without a variant."""
    return tuple(
        e
        for e in findings.copies.evidence
        if (_lost(e) and e.source.is_weak) or e.state is CopyState.COPY_NEUTRAL_LOH
    )


def _of_karyotype(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> Iterator[HitEvidence]:
    if not low_hypodiploid(findings, rules):
        return
    words, source = rules.basis, rules.sources.allelic
    telling = [hit for hit in hits if shows_both_alleles(findings, hit, rules)]
    if telling and phases_among(findings, hits) <= {Phasing.CIS}:
        best = max(telling, key=lambda hit: vaf_of(hit) or 0.0)
        vaf = measured(best, rules)
        flag = words.karyotype.flag(source, vaf=vaf.text if vaf else "")
        yield HitEvidence(kind=SecondHit.DELETION, sure=True, flag=flag)
    else:
        yield HitEvidence(kind=SecondHit.DELETION, sure=False, flag=words.karyotype_open.flag(source))


def contradictions(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """Statements on the copies that contradict each other, and a loss that the leading variant's VAF does not show."""
    words, source = rules.warning, rules.sources.allelic
    evidence = findings.copies.evidence
    declared = [e for e in evidence if e.source.is_clinical]
    measured_here = [e for e in evidence if not e.source.is_clinical]
    against = [(d, m) for d in declared for m in measured_here if _contradict(d, m)]
    if against:
        yield words.copies_contradict.flag(
            source,
            declared=in_words(list(dict.fromkeys(d for d, _ in against))),
            measured=in_words(list(dict.fromkeys(m for _, m in against))),
        )
    for alike in (declared, measured_here):
        disputed = [e for e in alike if any(_contradict(e, other) for other in alike)]
        if disputed:
            yield words.copies_disagree.flag(source, statements=in_words(disputed))
    yield from _vaf_contradiction(findings, evidence, rules)


def _vaf_contradiction(
    findings: Findings, evidence: Sequence[CopyEvidence], rules: AssessmentRules
) -> Iterator[Flag]:
    blasts, hits = blasts_of(findings, rules), findings.above
    if blasts is None or not hits:
        return
    for state, readings in ((CopyState.LOSS, _LOSS_READINGS), (CopyState.COPY_NEUTRAL_LOH, _LOH_READINGS)):
        found = [e for e in evidence if e.state is state and not e.source.is_weak]
        if not found or _vaf_against_loss(findings, hits, readings, "", rules) is None:
            continue
        best = leading(findings)[0]
        vaf, expected = measured(best, rules), reading(readings[0], None, blasts, rules)
        if vaf is not None:
            yield rules.warning.vaf_contradicts_loss.flag(
                rules.sources.allelic,
                evidence=in_words(found),
                variant=f"{best.annotated.variant.hgvs_p_short}, VAF {vaf.text}",
                blasts=f"{100 * blasts.stated:g} %",
                expected=span(expected.low or 0.0, expected.high or 0.0),
            )


def _contradict(one: CopyEvidence, two: CopyEvidence) -> bool:
    """A loss against both copies, or against a gain; loss of heterozygosity against both alleles, or its absence.

    What a method cannot see contradicts nothing: cytogenetics a loss of a part of the gene, banding a small one, a
    count of copies the loss of heterozygosity.
    """
    pair = (one, two)
    neutral = next((e for e in pair if e.state is CopyState.COPY_NEUTRAL_LOH), None)
    if neutral is not None:
        other = two if neutral is one else one
        denied = other.source is CopySource.DECLARED and other.origin == "loh17p_status"
        return (denied and other.state is CopyState.UNKNOWN) or (
            other.state is CopyState.NORMAL and bool(other.minor)
        )
    lost = next((e for e in pair if e.state is CopyState.LOSS), None)
    kept = next((e for e in pair if e.state in (CopyState.NORMAL, CopyState.GAIN)), None)
    if lost is None or kept is None:
        return False
    unseen = bool(lost.exons) and kept.source.is_clinical
    banding = kept.source is CopySource.KARYOTYPE and not lost.source.is_clinical
    return not (unseen or banding)


def in_words(evidence: Sequence[CopyEvidence]) -> str:
    """The texts of evidence, each once."""
    return "; ".join(dict.fromkeys(e.text.rstrip(".") for e in evidence))
