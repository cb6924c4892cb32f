"""Every table, one line each: what :class:`Knowledge` holds, and how it is read from a resources folder."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import fields

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules
from tp53annot.knowledge.rules.ruleset import ruleset
from tp53annot.knowledge.store import IMPORTED, Store, open_store
from tp53annot.knowledge.tables.ci_spliceai import CI_SPLICEAI, SplicePredictions
from tp53annot.knowledge.tables.clinvar import CLINVAR, CLINVAR_ONCOGENIC, ClinVar, ClinVarOncogenicity
from tp53annot.knowledge.tables.funk import FUNK, Funk
from tp53annot.knowledge.tables.giacomelli import GIACOMELLI, Giacomelli
from tp53annot.knowledge.tables.hotspots import (
    HOTSPOT_RESIDUES,
    HOTSPOTS,
    HOTSPOTS_V3,
    SPATIAL_HOTSPOTS,
    SPLICE_HOTSPOTS,
    Hotspot,
)
from tp53annot.knowledge.tables.kato import KATO, KATO_PROMOTERS
from tp53annot.knowledge.tables.kawaguchi import KAWAGUCHI
from tp53annot.knowledge.tables.known_variants import (
    KNOWN_VARIANTS,
    SPLICE_KNOWN,
    KnownChange,
    SpliceEffect,
)
from tp53annot.knowledge.tables.kotler import KOTLER, KOTLER_DELETIONS
from tp53annot.knowledge.tables.population import (
    GNOMAD,
    POPULATION,
    POPULATION_ALLELES,
    Frequency,
    Population,
)
from tp53annot.knowledge.tables.predictors import ALPHAMISSENSE, PREDICTORS, PREDICTORS_FILE, SCORES
from tp53annot.knowledge.tables.protein import (
    AMINO_ACIDS,
    CRITICAL_RESIDUES,
    DOMAINS,
    UNIPROT_FEATURES,
    Domain,
    ProteinFeature,
)
from tp53annot.knowledge.tables.residue_scores import ResidueScores
from tp53annot.knowledge.tables.stability import STABILITY, Stability
from tp53annot.knowledge.tables.table import (
    Cells,
    ChangeKeys,
    Fact,
    FrequencyFact,
    Table,
    TableFile,
    Unread,
    table_field,
)
from tp53annot.knowledge.tables.tumours import (
    CELL_LINES,
    CHIP,
    CIVIC,
    DOCM,
    NCI_FAMILIES,
    NCI_TUMOUR,
    TCGA,
    CellLine,
    CuratedMutation,
)


class Source(Struct, frozen=True, kw_only=True):
    """Pedigree of a table: file name, version, citation; ``imported``: an update wrote it."""

    table: str
    version: str
    citation: str
    imported: bool = False


class Knowledge(Struct, frozen=True, kw_only=True):
    """Every table, each as its own file under ``tables/`` describes it.

    A report lists the facts of a change in the order of these fields. Imported tables have no rows where they
    were not imported. ``phrases``: what tables and assays say in words, in the language of the reasons.
    """

    sources: Mapping[str, Source]
    rules: OncogenicityRules
    phrases: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[Domain, ...] = table_field(DOMAINS)
    kato: Mapping[str, float] = table_field(KATO)
    kato_promoters: Mapping[str, list[str]] = table_field(KATO_PROMOTERS)
    giacomelli: Mapping[str, Giacomelli] = table_field(GIACOMELLI)
    funk: Funk = table_field(FUNK)
    kotler: ResidueScores = table_field(KOTLER)
    kotler_deletions: Mapping[str, float] = table_field(KOTLER_DELETIONS)
    kawaguchi: Mapping[str, str] = table_field(KAWAGUCHI)
    hotspots: Mapping[str, Hotspot] = table_field(HOTSPOTS)
    hotspots_v3: Mapping[str, Hotspot] = table_field(HOTSPOTS_V3)
    hotspot_residues: Mapping[int, int] = table_field(HOTSPOT_RESIDUES)
    splice_hotspots: Mapping[int, Hotspot] = table_field(SPLICE_HOTSPOTS)
    spatial_hotspots: frozenset[str] = table_field(SPATIAL_HOTSPOTS)
    stability: Mapping[str, tuple[Stability, ...]] = table_field(STABILITY)
    critical: Mapping[int, tuple[str, str]] = table_field(CRITICAL_RESIDUES)
    features: Mapping[int, tuple[ProteinFeature, ...]] = table_field(UNIPROT_FEATURES)
    residues: Mapping[str, tuple[float, float, float]] = table_field(AMINO_ACIDS)
    tcga: Mapping[str, int] = table_field(TCGA)
    docm: Mapping[str, CuratedMutation] = table_field(DOCM)
    population: Mapping[str, Population] = table_field(POPULATION)
    population_alleles: int = table_field(POPULATION_ALLELES)
    known: Mapping[str, KnownChange] = table_field(KNOWN_VARIANTS)
    splice_known: Mapping[str, SpliceEffect] = table_field(SPLICE_KNOWN)
    ci_spliceai: SplicePredictions = table_field(CI_SPLICEAI)
    alphamissense: ResidueScores = table_field(ALPHAMISSENSE)
    chip: frozenset[str] = table_field(CHIP)
    cell_lines: Mapping[str, tuple[CellLine, ...]] = table_field(CELL_LINES)
    clinvar: Mapping[str, ClinVar] = table_field(CLINVAR)
    clinvar_oncogenic: Mapping[str, ClinVarOncogenicity] = table_field(CLINVAR_ONCOGENIC)
    gnomad: Mapping[str, Frequency] = table_field(GNOMAD)
    scores: Mapping[str, Mapping[str, float]] = table_field(SCORES)
    predictors: frozenset[str] = table_field(PREDICTORS)
    nci_tumour: Mapping[str, tuple[int, int]] = table_field(NCI_TUMOUR)
    nci_families: Mapping[str, int] = table_field(NCI_FAMILIES)
    civic: Mapping[str, tuple[str, str]] = table_field(CIVIC)

    def said(self, phrase: str) -> str:
        """A table's phrase in the language of the reasons; one that it does not have stays as it is."""
        return self.phrases.get(phrase, phrase)

    def hotspot(self, change: str) -> Hotspot | None:
        """The row in force of a change: of an imported catalogue, else of the newest, else of the one before.

        The cohorts of the catalogues overlap: their counts are never added.
        """
        tables = [self.hotspots_v3, self.hotspots]
        if self.sources["hotspots"].imported:
            tables.reverse()
        return tables[0].get(change) or tables[1].get(change)

    def facts(self, keys: ChangeKeys) -> list[Fact]:
        """What every table says of a change."""
        return [fact for name, ask in _FACTS for fact in ask(getattr(self, name), keys)]

    def frequencies(self, keys: ChangeKeys) -> list[FrequencyFact]:
        """How often every table saw a change."""
        return [fact for name, ask in _FREQUENCIES for fact in ask(getattr(self, name), keys)]

    def names_by_rsid(self) -> dict[str, tuple[str, ...]]:
        """c. names by the rsIDs that are bundled."""
        found: dict[str, tuple[str, ...]] = {}
        pairs = [(row.rsid, name) for name, row in self.known.items()]
        pairs += [(row.rsid, name) for name, row in self.clinvar.items() if row.rsid]
        for rsid, name in pairs:
            if rsid and name not in found.get(rsid, ()):
                found[rsid] = (*found.get(rsid, ()), name)
        return found


TABLES: Mapping[str, Table[object]] = {
    f.name: f.default_factory.table for f in fields(Knowledge) if isinstance(f.default_factory, Unread)
}
TABLE_FILES: Mapping[str, TableFile] = {file.name: file for table in TABLES.values() for file in table.files}
_FACTS = [(name, table.facts) for name, table in TABLES.items() if table.facts]
_FREQUENCIES = [(name, table.frequencies) for name, table in TABLES.items() if table.frequencies]


@functools.cache
def load_knowledge(root: Path | None = None) -> Knowledge:
    """All tables, checked against the manifest.

    Raises:
        ResourceError: a table is missing, altered or holds what it should not.
    """
    source = open_store(root)
    with source.sound("tables"):
        rules = ruleset(root).oncogenicity
        read = _reader(source)
        make: Callable[..., Knowledge] = Knowledge
        knowledge = make(
            sources=_sources(source),
            rules=rules,
            **{name: table.read(read) for name, table in TABLES.items()},
        )
        _check_predictors(knowledge, rules.predictor, source)
    return knowledge


def _reader(source: Store) -> Callable[[TableFile], Cells]:
    """Reads the rows of a file once, without its header."""

    @functools.cache
    def rows(file: TableFile) -> Cells:
        name = f"tables/{file.name}.tsv"
        if file.imported and name not in source.manifest:
            return []
        header, *lines = source.read(name).decode("utf-8").split("\n")
        if tuple(header.split("\t")) != file.columns:
            raise ResourceError(
                f"{source.root / name}: its columns are {', '.join(header.split())}, not "
                f"{', '.join(file.columns)}; {source.mend}"
            )
        return [line.split("\t") for line in lines if line]

    return rows


def _sources(source: Store) -> Mapping[str, Source]:
    tables = {Path(name).stem: e for name, e in source.manifest.items() if name.startswith("tables/")}
    return {
        name: Source(
            table=name,
            version=entry["version"],
            citation=entry["citation"],
            imported=entry.get("origin") == IMPORTED,
        )
        for name, entry in tables.items()
    }


def _check_predictors(knowledge: Knowledge, cutoffs: Mapping[str, object], source: Store) -> None:
    for predictor in sorted(knowledge.predictors - cutoffs.keys()):
        raise ResourceError(
            f"{source.root / 'tables' / PREDICTORS_FILE.name}.tsv: no cut-off for predictor {predictor!r}; "
            f"known are {', '.join(sorted(cutoffs))}"
        )
