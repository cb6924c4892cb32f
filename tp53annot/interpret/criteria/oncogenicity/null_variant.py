"""OVS1: null variants, in the strength that the place of the truncation allows."""

from __future__ import annotations

from tp53annot.interpret.annotation import nearest_codon
from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("OVS1", "OVS1_Strong", "OVS1_Moderate", "OVS1_Proven")
def null_variant(case: Case) -> None:
    """By consequence and first changed codon; elsewhere by a published effect on splicing."""
    rule, variant = case.rules.null_variant, case.variant
    terms = [term for term in variant.consequences if term in rule.terms]
    if not terms:
        if case.splice_known:
            effect, source = case.splice_known
            case.give("OVS1_Proven", source, effect=effect)
        return
    codon = variant.aa_pos or variant.codon or nearest_codon(variant)
    if codon == 0:  # an intron before the start codon: the coding sequence stays whole
        return
    for tier in rule.tier:
        if codon is None or codon < tier.below_codon:  # None: all is lost
            named = ", ".join(terms)
            case.give(tier.code, rule.source, terms=named, codon=codon, limit=tier.below_codon)
            return
