"""Every table: registered, and saying of a change what its row here says."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from whole_gene import genes

from tp53annot.knowledge import tables
from tp53annot.knowledge.store import BUNDLED
from tp53annot.knowledge.tables.registry import TABLE_FILES, TABLES, load_knowledge
from tp53annot.knowledge.tables.table import ChangeKeys, Fact, FrequencyFact, Table

CURATED = "; rows from PMID 17909070, 12840112, 11535556"
PROMOTERS = "WAF1 20.5, MDM2 17.6, BAX 10.5, H1433S 10.5, AIP1 2.6, GADD45 4.1, NOXA 7.3, P53R2 7.8"
JURKAT = "JURKAT, T-Cell Acute Lymphoblastic Leukemia (ACH-000995)"
# One row a table of facts: its name, a change, the first fact it tells.
FACTS: list[tuple[str, str, Fact]] = [
    (
        "domains",
        "c.524G>A",
        Fact("domain", "DNA-binding domain", "domains", "Joerger & Fersht 2008, PMID 18410249"),
    ),
    ("kato_promoters", "c.524G>A", Fact("Kato promoters (% of wild type)", PROMOTERS, "kato")),
    (
        "funk",
        "c.524G>A",
        Fact("Funk saturation editing, amino-acid level (not counted)", 0.979, "funk_residue"),
    ),
    ("hotspots", "c.524G>A", Fact("hotspot samples with this change (v2)", "386 of 416", "hotspots")),
    ("hotspots_v3", "c.637C>T", Fact("hotspot samples with this change (v3)", "208 of 256", "hotspots_v3")),
    ("alphamissense", "c.524G>A", Fact("AlphaMissense", 0.9857, "alphamissense")),
    (
        "ci_spliceai",
        "c.318C>G",
        Fact(
            "CI-SpliceAI",
            "acceptor gain 0.01, acceptor loss 0.01, donor gain 0.99, donor loss 0.81",
            "ci_spliceai",
        ),
    ),
    ("chip", "c.524G>A", Fact("listed as driver of clonal haematopoiesis", "R175H", "chip")),
    (
        "clinvar_oncogenic",
        "c.524G>A",
        Fact(
            "ClinVar oncogenicity, export of oncogenic records",
            "Oncogenic (criteria provided, single submitter, Jul 31, 2024, VCV000012374)",
            "clinvar_oncogenic",
        ),
    ),
    ("spatial_hotspots", "c.524G>A", Fact("3D hotspot residue", "R175", "hotspots")),
    (
        "stability",
        "c.524G>A",
        Fact("stability change (kcal/mol, relative to WT)", 3.52, "stability", "Bullock AN, 2000"),
    ),
    (
        "critical",
        "c.743G>A",
        Fact("residue role", "DNA contact", "critical_residues", "Cho 1994, PMID 8023157"),
    ),
    ("features", "c.215C>G", Fact("UniProt Region 1-83", "Interaction with HRMT1L2", "uniprot_features")),
    ("tcga", "c.524G>A", Fact("TCGA patients", 140, "tcga")),
    (
        "docm",
        "c.215C>G",
        Fact("DoCM diseases", "breast cancer; lung carcinoma; cervical cancer", "docm", addition=CURATED),
    ),
    ("population", "c.215C>G", Fact("1000 Genomes allele fraction", 0.542931, "population_1000g")),
    (
        "known",
        "c.215C>G",
        Fact(
            "known variant", "common polymorphism; the reference of both builds has proline", "known_variants"
        ),
    ),
    (
        "splice_known",
        "c.375G>A",
        Fact(
            "known splice effect",
            "last base of exon 4, aberrant splicing shown (evidence: RNA)",
            "splice_known",
            "Varley 2001, PMID 11420676",
        ),
    ),
    ("cell_lines", "c.375G>A", Fact("ALL cell line", JURKAT, "cell_lines")),
    ("clinvar", "c.524G>A", Fact("ClinVar germline classification", "Pathogenic", "clinvar")),
]
FREQUENCIES: list[tuple[str, str, FrequencyFact]] = [
    ("tcga", "c.524G>A", FrequencyFact("tumour", "tumour", 140, "tcga")),
    ("population", "c.215C>G", FrequencyFact("population_all", "population", 0.542931, "population_1000g")),
    ("cell_lines", "c.375G>A", FrequencyFact("cell_line", "all", 1, "cell_lines", {"line": "JURKAT"})),
]
# Tables whose facts need an import; tests/maintain reads and shows them.
IMPORTED = {"gnomad", "scores", "nci_tumour", "nci_families", "civic"}


def keys_of(name: str) -> ChangeKeys:
    return ChangeKeys.of(genes()[name][0].variant)


@pytest.mark.parametrize(("table", "name", "expected"), FACTS)
def test_facts_of_a_change(table: str, name: str, expected: Fact) -> None:
    facts = TABLES[table].facts
    assert facts and next(iter(facts(getattr(load_knowledge(), table), keys_of(name)))) == expected
    assert expected in load_knowledge().facts(keys_of(name))


@pytest.mark.parametrize(("table", "name", "expected"), FREQUENCIES)
def test_frequencies_of_a_change(table: str, name: str, expected: FrequencyFact) -> None:
    ask = TABLES[table].frequencies
    assert ask and next(iter(ask(getattr(load_knowledge(), table), keys_of(name)))) == expected
    assert expected in load_knowledge().frequencies(keys_of(name))


def test_every_table_that_tells_something_has_its_row_here() -> None:
    assert {name for name, t in TABLES.items() if t.facts} == {row[0] for row in FACTS} | IMPORTED
    told = {row[0] for row in FREQUENCIES} | {"gnomad", "nci_tumour"}
    assert {name for name, t in TABLES.items() if t.frequencies} == told


def test_every_table_is_registered_and_every_file_has_its_table() -> None:
    written = set()
    for module in pkgutil.iter_modules(tables.__path__):
        found = vars(importlib.import_module(f"{tables.__name__}.{module.name}")).values()
        written |= {id(value) for value in found if isinstance(value, Table)}
    assert written == {id(table) for table in TABLES.values()}
    bundled = {path.stem for path in Path(BUNDLED / "tables").glob("*.tsv")} - {"all_changes"}
    assert {name for name, file in TABLE_FILES.items() if not file.imported} == bundled


def test_a_change_that_no_table_knows_has_no_facts() -> None:
    unknown = ChangeKeys(name="c.1-9999A>G")
    assert load_knowledge().facts(unknown) == [] and load_knowledge().frequencies(unknown) == []
