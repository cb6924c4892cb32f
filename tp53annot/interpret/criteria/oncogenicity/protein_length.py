"""OM2: the length of the protein changes, and it is not lost."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("OM2", after=("OVS1",))
def protein_length(case: Case) -> None:
    """By consequence."""
    terms = [term for term in case.variant.consequences if term in case.rules.protein_length.terms]
    if terms and not case.null:
        case.give("OM2", case.rules.standard, terms=", ".join(terms))
