"""Allele frequencies in people: 1000 Genomes, and gnomAD where it was imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import Fact, FrequencyFact, RowsOf, Table, TableFile, by_name

_FILE = TableFile(
    name="population_1000g",
    columns=("hgvs_c", "allele_fraction", "highest_allele_fraction", "highest_population"),
)
_SIZES = TableFile(name="population_sizes_1000g", columns=("population", "people"))
GNOMAD_FILE = TableFile(
    name="gnomad",
    columns=("hgvs_c", "allele_fraction", "allele_count", "allele_number"),
    imported=True,
)
_GROUP = "population"


class Population(Struct, frozen=True, kw_only=True):
    """Allele fractions (0 to 1) over all people of 1000 Genomes, and the highest among its populations.

    Attributes:
        fraction: over all.
        highest: in the population where it is highest.
        highest_population: its code; ``None`` where no population has the allele.
    """

    fraction: float
    highest: float
    highest_population: str | None


class Frequency(Struct, frozen=True, kw_only=True):
    """An imported allele frequency.

    Attributes:
        fraction: 0 to 1.
        count: alternate alleles seen.
        number: alleles tested.
    """

    fraction: float
    count: int
    number: int


def _population(rows: RowsOf) -> Mapping[str, Population]:
    return {
        name: Population(fraction=float(fraction), highest=float(highest), highest_population=place or None)
        for name, fraction, highest, place in rows(_FILE)
    }


def _alleles(rows: RowsOf) -> int:
    return 2 * sum(int(people) for _, people in rows(_SIZES))


def _population_facts(row: Population) -> Iterator[Fact]:
    yield Fact("1000 Genomes allele fraction", row.fraction, _FILE.name)


def _population_frequencies(row: Population) -> Iterator[FrequencyFact]:
    yield FrequencyFact("population_all", _GROUP, row.fraction, _FILE.name)
    if row.highest_population:
        place = {"place": row.highest_population}
        yield FrequencyFact("population_highest", _GROUP, row.highest, _FILE.name, place)


def _gnomad(rows: RowsOf) -> Mapping[str, Frequency]:
    return {
        name: Frequency(fraction=float(fraction), count=int(count), number=int(tested))
        for name, fraction, count, tested in rows(GNOMAD_FILE)
    }


def _gnomad_facts(row: Frequency) -> Iterator[Fact]:
    yield Fact("gnomAD allele fraction", row.fraction, GNOMAD_FILE.name)


def _gnomad_frequencies(row: Frequency) -> Iterator[FrequencyFact]:
    yield FrequencyFact("population_gnomad", _GROUP, row.fraction, GNOMAD_FILE.name)


# By c. name.
POPULATION = Table(
    files=(_FILE,),
    read=_population,
    facts=by_name(_population_facts),
    frequencies=by_name(_population_frequencies),
)
# Chromosomes tested by 1000 Genomes.
POPULATION_ALLELES = Table(files=(_SIZES,), read=_alleles)
# By c. name; imported.
GNOMAD = Table(
    files=(GNOMAD_FILE,),
    read=_gnomad,
    facts=by_name(_gnomad_facts),
    frequencies=by_name(_gnomad_frequencies),
)
