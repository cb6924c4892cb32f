"""SBP2: no change of the protein, and no predicted effect on splicing."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("SBP2", "SBP2_Intron")
def silent_change(case: Case) -> None:
    """By consequence, away from exon edges and splice sites."""
    variant, rule = case.variant, case.rules.silent
    if case.splicing or case.predicted_splicing:
        return
    if any(term in variant.consequences for term in rule.coding_terms):
        case.give("SBP2", case.rules.standard, terms=case.terms)
    elif variant.consequences and all(term in rule.non_coding_terms for term in variant.consequences):
        case.give("SBP2_Intron", case.rules.standard, terms=case.terms)
