"""PVS1: null variants, in the strength that the place of the truncation allows."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion
from tp53annot.interpret.truncation import truncation_of

# The strengths by place are the panel's; the oncogenicity rules took them over.
_STRENGTH = {"OVS1": "very_strong", "OVS1_Strong": "strong", "OVS1_Moderate": "moderate"}


@germline_criterion("PVS1", "PVS1_RNA")
def germline_null_variant(case: GermlineCase) -> None:
    """By consequence and first changed codon; elsewhere where transcripts were seen to be spliced otherwise."""
    rule, texts = case.knowledge.rules.null_variant, case.rules.texts
    found = truncation_of(case.variant, rule)
    if found is not None:
        strength = _STRENGTH[found.tier.code]
        text = texts.upstream if strength == "very_strong" else texts.at_codon
        place = text.format(limit=found.tier.below_codon, codon=found.codon)
        case.give("PVS1", rule.source, strength, terms=", ".join(found.terms), place=place)
    elif case.splice_known is not None and case.splice_known.shown:
        source = f"{case.splice_known.source}; {case.rules.standard}"
        case.give("PVS1_RNA", source, "strong", effect=case.knowledge.said(case.splice_known.effect))
