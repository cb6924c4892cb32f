"""How many of the two alleles are hit, and what says so."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tp53annot.core.candidate import Flag
from tp53annot.core.status import AllelicState, Status
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.findings import Findings, vaf_of
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.haplotype import Phasing, phase


def allelic_state(
    findings: Findings, status: Status, rules: AssessmentRules
) -> tuple[AllelicState, tuple[Flag, ...]]:
    """The state with its basis."""
    basis, source = rules.basis, rules.sources.allelic
    if status is Status.DELETION_ONLY:
        return AllelicState.SINGLE_HIT, (basis.deletion.flag(source),)
    if status is Status.NOT_DETECTED:
        return AllelicState.NONE, (basis.none.flag(source),)
    hits = findings.above
    if not hits:
        return AllelicState.UNKNOWN, (basis.unknown.flag(source),)
    phases = _phases(findings, hits)
    sure = _second_hits(findings, len(hits), phases, rules)
    open_phase = (basis.phase_open.flag(source, count=len(hits)),) if phases == {Phasing.UNKNOWN} else ()
    if sure:
        return AllelicState.MULTI_HIT, (*sure, *open_phase)
    possible = _high_vaf(findings, hits, rules) if phases <= {Phasing.CIS} else ()
    if open_phase or possible:
        return AllelicState.POSSIBLE_MULTI_HIT, (*open_phase, *possible)
    extra = (basis.in_cis.flag(source),) if len(hits) > 1 else ()
    return AllelicState.SINGLE_HIT, (basis.single.flag(source, loss=loss_in_words(findings, rules)), *extra)


def loss_in_words(findings: Findings, rules: AssessmentRules) -> str:
    """Whether loss of the other allele was looked for."""
    tested = findings.word("del17p_status") == findings.word("loh17p_status") == "absent"
    return rules.words.loss_tested if tested else rules.words.loss_open


def _phases(findings: Findings, hits: Sequence[ClassifiedVariant]) -> set[Phasing]:
    """The phases that matter: trans when one pair lies in trans, else unknown when one does not tell."""
    found = {phase(a.candidate, b.candidate, findings.cis) for a, b in itertools.combinations(hits, 2)}
    return next(({p} for p in (Phasing.TRANS, Phasing.UNKNOWN) if p in found), found)


def _second_hits(
    findings: Findings, count: int, phases: set[Phasing], rules: AssessmentRules
) -> tuple[Flag, ...]:
    basis, source = rules.basis, rules.sources.allelic
    found = []
    if phases == {Phasing.TRANS}:
        found.append(basis.two_variants.flag(source, count=count, phase=rules.words.trans))
    if findings.word("del17p_status") == "present":
        found.append(basis.del17p.flag(source))
    if findings.word("loh17p_status") == "cn_loh":
        found.append(basis.cn_loh.flag(source))
    if findings.deletion == "seen":
        found.append(basis.structural.flag(source))
    if findings.word("ploidy") in rules.groups.hypodiploid:
        found.append(basis.karyotype.flag(source))
    return tuple(found)


def _high_vaf(
    findings: Findings, hits: Sequence[ClassifiedVariant], rules: AssessmentRules
) -> tuple[Flag, ...]:
    """A VAF above what a heterozygous variant of every tumour cell gives."""
    vaf = vaf_of(hits[0])
    if vaf is None or findings.word("germline_status") == "confirmed":
        return ()
    blasts = findings.number("blast_pct")
    fraction = 1.0 if blasts is None else blasts / 100
    limit = max(rules.limits.two_hit_vaf, fraction / 2 + rules.limits.two_hit_margin)
    if vaf <= limit:
        return ()
    shown = rules.words.fraction_unknown if blasts is None else f"{fraction:.2f}"
    return (rules.basis.high_vaf.flag(rules.sources.allelic, vaf=vaf, limit=limit, fraction=shown),)
