"""PM1: the panel's hotspot codons, and recurrence of the change in tumours."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion


@germline_criterion("PM1")
def germline_hotspot(case: GermlineCase) -> None:
    """For missense changes, from the release of cancerhotspots.org that the panel names."""
    if not case.missense:
        return
    rule, texts, codon = case.rules.hotspot, case.rules.texts, case.variant.aa_pos
    spot = case.knowledge.hotspots.get(case.change or "")
    count = spot.change_samples if spot else 0
    source = f"{case.knowledge.sources['hotspots'].citation}; {case.rules.standard}"
    if codon in rule.codons:
        case.give("PM1", case.rules.standard, "moderate", counts=texts.hotspot_codon.format(codon=codon))
    elif count >= rule.supporting_min_samples:
        strength = "moderate" if count >= rule.moderate_min_samples else "supporting"
        case.give("PM1", source, strength, counts=texts.hotspot_count.format(count=count))
