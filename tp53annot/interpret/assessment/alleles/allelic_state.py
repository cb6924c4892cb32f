"""How many of the two alleles are hit, and what says so (docs/alleles.md)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopyState
from tp53annot.core.status import AllelicState, SecondHit, Status
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.alleles.phases import phases_among, trans_against_fractions
from tp53annot.interpret.assessment.alleles.second_hit import (
    HitEvidence,
    both_copies_lost,
    deletion_in_words,
    in_words,
    second_hits,
    weak_losses,
)
from tp53annot.interpret.assessment.diagnosis import no_leukaemia_sample
from tp53annot.interpret.assessment.findings import Findings, vaf_of
from tp53annot.interpret.assessment.measured_vaf import measured
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.haplotype import Phasing


class Alleles(Struct, frozen=True, kw_only=True):
    """The state of the alleles with its basis, and what the second hit is."""

    state: AllelicState
    basis: tuple[Flag, ...]
    second_hit: SecondHit = SecondHit.UNKNOWN


def alleles_of(findings: Findings, status: Status, rules: AssessmentRules) -> Alleles:
    """The state with its basis."""
    hits = findings.above
    elsewhere = no_leukaemia_sample(findings, rules)
    if elsewhere is not None and (hits or status is Status.DELETION_ONLY):
        flag = rules.basis.not_leukaemia.flag(rules.sources.allelic, reason=elsewhere.text)
        return Alleles(state=AllelicState.UNKNOWN, basis=(flag,))
    return _of_hits(findings, hits, rules) if hits else _without_hits(findings, status, rules)


def loss_in_words(findings: Findings, rules: AssessmentRules) -> str:
    """Whether loss of the other allele was looked for."""
    words = rules.words
    if _loss_tested(findings):
        return words.loss_tested
    if _no_deletion(findings):
        return words.loss_part
    return words.loss_other_part if _no_loh(findings) else words.loss_open


def _loss_tested(findings: Findings) -> bool:
    """Both kinds of loss: a balanced copy number says nothing of loss of heterozygosity."""
    return _no_deletion(findings) and _no_loh(findings)


def _no_deletion(findings: Findings) -> bool:
    return findings.word("del17p_status") == "absent" or findings.copies.state is CopyState.NORMAL


def _no_loh(findings: Findings) -> bool:
    return findings.word("loh17p_status") == "absent"


def _without_hits(findings: Findings, status: Status, rules: AssessmentRules) -> Alleles:
    basis, source = rules.basis, rules.sources.allelic
    gone = both_copies_lost(findings)
    if status is Status.DELETION_ONLY and gone:
        flag = basis.both_lost.flag(source, evidence=in_words(gone))
        return Alleles(state=AllelicState.MULTI_HIT, basis=(flag,), second_hit=SecondHit.DELETION)
    if status is Status.DELETION_ONLY:
        deletion = basis.deletion.flag(source, evidence=deletion_in_words(findings))
        return Alleles(state=AllelicState.SINGLE_HIT, basis=(deletion,))
    weak = weak_losses(findings)
    if weak:
        flag = basis.unconfirmed_loss.flag(source, evidence=in_words(weak))
        return Alleles(state=AllelicState.UNKNOWN, basis=(flag,))
    if status is Status.NOT_DETECTED:
        none = basis.none.flag(source)
        return Alleles(state=AllelicState.NONE, basis=(none,), second_hit=SecondHit.NONE)
    sentences = {Status.UNCERTAIN: basis.uncertain, Status.LOW_LEVEL: basis.low_level}
    incomplete = basis.left_open if findings.required_assessed else basis.unknown
    return Alleles(state=AllelicState.UNKNOWN, basis=(sentences.get(status, incomplete).flag(source),))


def _of_hits(findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules) -> Alleles:
    basis, source = rules.basis, rules.sources.allelic
    phases, evidence = phases_among(findings, hits), second_hits(findings, hits, rules)
    sure = [e for e in evidence if e.sure]
    sentence = basis.trans_contradicted if trans_against_fractions(findings, hits) else basis.phase_open
    open_phase = (sentence.flag(source, count=len(hits)),) if phases == {Phasing.UNKNOWN} else ()
    if sure:
        flags = tuple(e.flag for e in sure)
        return Alleles(state=AllelicState.MULTI_HIT, basis=(*flags, *open_phase), second_hit=_strongest(sure))
    high = _high_vaf(findings, hits, rules) if phases <= {Phasing.CIS} else ()
    possible = (*open_phase, *(e.flag for e in evidence), *high)
    if possible:
        return Alleles(state=AllelicState.POSSIBLE_MULTI_HIT, basis=possible)
    extra = (basis.in_cis.flag(source),) if len(hits) > 1 else ()
    single = basis.single.flag(source, loss=loss_in_words(findings, rules))
    return Alleles(
        state=AllelicState.SINGLE_HIT,
        basis=(single, *extra),
        second_hit=SecondHit.NONE if _loss_tested(findings) else SecondHit.UNKNOWN,
    )


def _strongest(sure: Sequence[HitEvidence]) -> SecondHit:
    kinds = {e.kind for e in sure}
    return next(kind for kind in SecondHit if kind in kinds)


def _high_vaf(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> tuple[Flag, ...]:
    """A VAF above what a heterozygous variant of every tumour cell gives, by its interval, too."""
    hit = max(hits, key=lambda v: vaf_of(v) or 0.0)
    found = measured(hit, rules)
    if found is None:
        return ()
    blasts, limits = findings.number("blast_pct"), rules.limits
    germline = findings.word("germline_status") == "confirmed"  # 0.5 whatever the blasts
    fraction = 1.0 if blasts is None or germline else blasts / 100
    limit = max(limits.two_hit_vaf, fraction / 2 + limits.two_hit_margin)
    if found.vaf <= limit or found.low <= fraction / 2 or _gain_explains(findings, found.low, fraction):
        return ()
    shown = rules.words.fraction_unknown if blasts is None else f"{fraction:.2f}"
    return (rules.basis.high_vaf.flag(rules.sources.allelic, vaf=found.vaf, limit=limit, fraction=shown),)


def _gain_explains(findings: Findings, vaf: float, fraction: float) -> bool:
    """Whether two of three copies with the variant would give the VAF, where a gain is on record."""
    return findings.copies.state is CopyState.GAIN and vaf <= 2 * fraction / (2 + fraction)
