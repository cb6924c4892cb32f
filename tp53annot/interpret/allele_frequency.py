"""The one population frequency of a change that class, filter and germline criteria rest on."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.tables.registry import Knowledge

BUNDLED_TABLE, IMPORTED_TABLE = "population_1000g", "gnomad"


class PopulationFrequency(Struct, frozen=True, kw_only=True):
    """Allele fraction (0..1; 0 where no table has enough alleles) and the table that says so."""

    fraction: float
    table: str


def population_frequency(hgvs_c: str, knowledge: Knowledge) -> PopulationFrequency:
    """The highest fraction, in 1000 Genomes or an imported gnomAD, that rests on enough alleles."""
    least = knowledge.rules.population.min_alleles
    row, wide = knowledge.population.get(hgvs_c), knowledge.gnomad.get(hgvs_c)
    best, table = 0.0, BUNDLED_TABLE
    # 1000 Genomes gives fractions; half an allele absorbs their rounding.
    if row is not None and row.fraction * knowledge.population_alleles >= least - 0.5:
        best = row.fraction
    if wide is not None and wide.count >= least and wide.fraction > best:
        best, table = wide.fraction, IMPORTED_TABLE
    return PopulationFrequency(fraction=best, table=table)
