"""How the oncogenic variants of a sample lie to each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tp53annot.core.variant import ClassifiedVariant
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.names.haplotype import Phasing, phase, stated_phase


def phases_among(findings: Findings, hits: Sequence[ClassifiedVariant]) -> set[Phasing]:
    """The phases that matter: trans when one pair lies in trans, else unknown when one does not tell."""
    found = {phase(a.candidate, b.candidate, findings.cis) for a, b in itertools.combinations(hits, 2)}
    return next(({p} for p in (Phasing.TRANS, Phasing.UNKNOWN) if p in found), found)


def pairs_in_trans(
    findings: Findings, hits: Sequence[ClassifiedVariant]
) -> list[tuple[ClassifiedVariant, ClassifiedVariant]]:
    """Pairs of variants on different molecules."""
    return [
        (a, b)
        for a, b in itertools.combinations(hits, 2)
        if phase(a.candidate, b.candidate, findings.cis) is Phasing.TRANS
    ]


def trans_against_fractions(findings: Findings, hits: Sequence[ClassifiedVariant]) -> bool:
    """Whether genotypes put a pair in trans whose fractions are too high for different molecules."""
    return any(
        phase(a.candidate, b.candidate, findings.cis) is Phasing.UNKNOWN
        and stated_phase(a.candidate, b.candidate, findings.cis) is Phasing.TRANS
        for a, b in itertools.combinations(hits, 2)
    )
