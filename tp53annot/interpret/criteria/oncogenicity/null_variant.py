"""OVS1: null variants, in the strength that the place of the truncation allows."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates
from tp53annot.interpret.truncation import truncation_of


@evaluates("OVS1", "OVS1_Strong", "OVS1_Moderate", "OVS1_Proven")
def null_variant(case: Case) -> None:
    """By consequence and first changed codon; elsewhere by a known effect on splicing."""
    found = truncation_of(case.variant, case.rules.null_variant)
    if found is not None:
        tier = found.tier
        terms = ", ".join(found.terms)
        source = case.rules.null_variant.source
        case.give(tier.code, source, terms=terms, codon=found.codon, limit=tier.below_codon)
    elif case.splice_known and not any(t in case.rules.null_variant.terms for t in case.variant.consequences):
        known, said = case.splice_known, case.knowledge.said
        case.give("OVS1_Proven", known.source, effect=said(known.effect), evidence=said(known.evidence))
