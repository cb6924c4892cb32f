"""BA1, BS1 and PM2: how frequent the change is in the population."""

from __future__ import annotations

from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion


@germline_criterion("BA1", "BS1", "PM2")
def germline_population(case: GermlineCase) -> None:
    """From 1000 Genomes and, where imported, gnomAD, which then decides about rarity."""
    knowledge, name = case.knowledge, case.variant.hgvs_c
    limits = knowledge.rules.expert_panel
    frequency = population_frequency(name, knowledge)
    source = f"{knowledge.sources[frequency.table].citation}; {case.rules.standard}"
    if frequency.fraction >= limits.ba1_min:
        case.give("BA1", source, fraction=frequency.fraction, limit=limits.ba1_min)
    elif frequency.fraction >= limits.bs1_min:
        case.give("BS1", source, fraction=frequency.fraction, limit=limits.bs1_min)
    else:
        _rare(case)


def _rare(case: GermlineCase) -> None:
    knowledge, texts, name = case.knowledge, case.rules.texts, case.variant.hgvs_c
    limit = knowledge.rules.population.rare_below
    wide, row = knowledge.gnomad.get(name), knowledge.population.get(name)
    seen = wide if knowledge.gnomad else row
    if seen is not None and seen.fraction >= limit:
        return
    table = "gnomad" if knowledge.gnomad else "population_1000g"
    basis = texts.no_alleles.format(people=knowledge.population_alleles // 2)
    if knowledge.gnomad:
        basis = texts.imported_alleles.format(seen=wide.count if wide else 0)
    source = f"{knowledge.sources[table].citation}; {case.rules.standard}"
    case.give("PM2", source, limit=limit, basis=basis)
