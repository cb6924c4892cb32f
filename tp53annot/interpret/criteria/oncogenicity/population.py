"""SBVS1, SBS1 and OP4: how frequent the change is in the population."""

from __future__ import annotations

from tp53annot.interpret.allele_frequency import BUNDLED_TABLE, population_frequency
from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("SBVS1", "SBS1", "OP4", "OP4_Imported")
def population(case: Case) -> None:
    """From 1000 Genomes and, where imported, gnomAD, which then decides about rarity."""
    rule, knowledge, name = case.rules.population, case.knowledge, case.variant.hgvs_c
    frequency = population_frequency(name, knowledge)
    fraction, bundled = frequency.fraction, frequency.table == BUNDLED_TABLE
    source = rule.source if bundled else knowledge.sources[frequency.table].citation
    if fraction >= rule.sbvs1_min:
        case.give("SBVS1", source, fraction=fraction, limit=rule.sbvs1_min)
    elif fraction >= rule.sbs1_min:
        case.give("SBS1", source, fraction=fraction, limit=rule.sbs1_min)
    else:
        _rare(case)


def _rare(case: Case) -> None:
    """OP4 counts every allele seen, however few."""
    rule, knowledge, name = case.rules.population, case.knowledge, case.variant.hgvs_c
    if knowledge.gnomad:
        wide = knowledge.gnomad.get(name)
        if wide is None or wide.fraction < rule.rare_below:
            seen = wide.count if wide else 0
            source = knowledge.sources["gnomad"].citation
            case.give("OP4_Imported", source, limit=rule.rare_below, seen=seen)
        return
    row = knowledge.population.get(name)
    if row is None or row.fraction < rule.rare_below:
        people = knowledge.population_alleles // 2
        case.give("OP4", rule.source, limit=rule.rare_below, people=people)
