"""OM1: a residue whose role in the DNA-binding domain is known from structures."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("OM1", after=("OS3",))
def critical_residue(case: Case) -> None:
    """For a missense change; counted beside the hotspot criterion, and said so."""
    position = case.variant.aa_pos or 0
    entry = case.knowledge.critical.get(position)
    if entry and case.missense:
        role, source = entry
        beside = case.rules.om1.beside_hotspot_text if "OS3" in case.met else ""
        case.give("OM1", source, residue=position, role=case.knowledge.said(role), beside=beside)
