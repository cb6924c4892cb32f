from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from whole_gene import by_protein, cds_allele, genes, judge

from tp53annot.interpret.annotation import (
    FUNCTIONAL,
    LOSS,
    NO_LOSS,
    NON_FUNCTIONAL,
    PARTIAL,
    annotate,
    kato_class,
)
from tp53annot.knowledge.tables.population import Frequency
from tp53annot.knowledge.tables.registry import load_knowledge


def assays(name: str) -> dict[str, str | None]:
    return {r.assay: r.assay_class for r in genes()[name][0].functional}


def test_r175h_facts() -> None:
    found = genes()["c.524G>A"][0]
    assert found.domain == "DNA-binding domain"
    assert found.hotspot and (found.hotspot["residue_count"], found.hotspot["same_change_count"]) == (
        416,
        386,
    )
    assert found.functional_summary and found.functional_summary["transactivation_class"] == NON_FUNCTIONAL
    assert found.functional_summary["dne_lof_class"] == "DNE_LOF"
    assert found.germline and found.germline["review_status"] == "reviewed by expert panel"
    assert found.rsid == "rs28934578"
    (tcga,) = found.frequencies["tumour"]  # type: ignore[misc]
    assert tcga["value"] == 140


def test_every_fact_has_table_version_and_citation() -> None:
    knowledge = load_knowledge()
    used = set()
    for annotated, _ in genes().values():
        for claim in annotated.claims:
            assert claim.version == knowledge.sources[claim.table].version and claim.citation
            assert "as cited" not in claim.citation
            used.add(claim.table)
        for result in annotated.functional:
            assert result.source == knowledge.sources[result.table].citation
    keyed = {
        "kato", "giacomelli", "funk_nucleotide", "hotspots", "clinvar", "clinvar_vus", "tcga", "docm",
        "population_1000g", "known_variants", "splice_known", "stability", "cell_lines", "domains",
        "critical_residues", "uniprot_features", "hotspots_v3", "alphamissense", "ci_spliceai", "chip",
        "kotler", "kawaguchi", "clinvar_oncogenic",
    }  # fmt: skip
    assert keyed <= used


def test_amino_acid_level_of_funk_serves_changes_of_more_than_one_base() -> None:
    annotated, _ = judge(cds_allele(523, 3, "TGG"))
    assert annotated.variant.hgvs_p_short == "R175W"
    tables = {r.table for r in annotated.functional}
    assert "giacomelli" in tables and tables & {"funk_residue", "funk_nucleotide"}


def test_kato_classes_at_their_edges() -> None:
    knowledge = load_knowledge()
    edges = {0.0: NON_FUNCTIONAL, 20.0: NON_FUNCTIONAL, 20.1: PARTIAL, 75.0: PARTIAL, 75.1: FUNCTIONAL}
    assert {value: kato_class(value, knowledge) for value in edges} == edges


def test_classes_recomputed_from_the_raw_assays(shared: Path) -> None:
    """Kato's class from the eight raw promoter values; loss of function from the raw Z and RFS."""
    import csv
    from statistics import median

    with (shared / "tables" / "kato2003_promoter_activity.csv").open(encoding="utf-8-sig") as handle:
        raw = {row["AAchange"]: row for row in csv.DictReader(handle)}
    names = [c for c in next(iter(raw.values())) if c.endswith("nWT")]
    assert len(names) == 8
    checked = 0
    for annotated, _ in genes().values():
        row = raw.get(annotated.variant.hgvs_p_short)
        label = next((r.assay_class for r in annotated.functional if r.table == "kato"), None)
        if row is None or not all(row[n] for n in names):
            continue
        value = median(float(row[n]) for n in names)
        assert label == (NON_FUNCTIONAL if value <= 20 else PARTIAL if value <= 75 else FUNCTIONAL)
        checked += 1
    assert checked > 2_300
    with (shared / "tables" / "funk2025_rfs_exons5-8.tsv").open() as handle:
        scores = {
            r["hg38_cDNA"].split(":")[1]: r["rfs_median"] for r in csv.DictReader(handle, delimiter="\t")
        }
    seen = 0
    for name, (annotated, _) in genes().items():
        label = next((r.assay_class for r in annotated.functional if r.table == "funk_nucleotide"), None)
        if label and name in scores:
            assert label == (LOSS if float(scores[name]) >= 0 else NO_LOSS), name
            seen += 1
    assert seen > 1_200


def test_common_polymorphism_has_population_figures_and_ba1() -> None:
    found = genes()["c.215C>G"][0]
    everyone, highest = found.frequencies["population"]  # type: ignore[misc]
    assert 0.5 < everyone["value"] < highest["value"] <= 1.0
    assert found.germline and str(found.germline["frequency_criterion"]).startswith("BA1")
    assert found.known and found.known["kind"] == "polymorphism"


def test_expert_panel_cut_offs_are_recomputed() -> None:
    knowledge = load_knowledge()
    variant = genes()["c.524G>A"][0].variant
    row = next(iter(knowledge.population.values()))

    def criterion(fraction: float, alleles: int = 100_000) -> object:
        table = {variant.hgvs_c: replace(row, fraction=fraction)}
        changed = replace(knowledge, population=table, population_alleles=alleles)
        germline = annotate(variant, changed).germline
        assert germline
        return germline["frequency_criterion"] and str(germline["frequency_criterion"])[:3]

    assert [criterion(x) for x in (0.001, 0.00099, 0.0003, 0.00029)] == ["BA1", "BS1", "BS1", None]
    assert criterion(0.001, alleles=3_000) is None  # three alleles are no frequency


@pytest.mark.parametrize("name", ["c.375G>A", "c.672+1G>A", "c.1010G>A"])
def test_places_off_the_usual_path(name: str) -> None:
    annotated = genes()[name][0]
    assert annotated.claims
    assert name != "c.375G>A" or any(c.field == "known splice effect" for c in annotated.claims)


def test_cell_lines_are_listed() -> None:
    names = [entry["name"] for entry in genes()["c.524G>A"][0].frequencies["all"]]  # type: ignore[attr-defined]
    assert "CCRFCEM" in names


def test_codon_72_is_read_on_the_reference_allele() -> None:
    assert by_protein("P72R") and by_protein("P72R")[0][0].functional
    assert assays("c.215C>G")["Giacomelli p53-null + etoposide"] == NO_LOSS


def test_imported_gnomad_is_listed_and_feeds_the_panel_cut_offs() -> None:
    knowledge = load_knowledge()
    variant = genes()["c.524G>A"][0].variant
    source = replace(knowledge.sources["tcga"], table="gnomad", citation="gnomAD of a test")
    wide = replace(
        knowledge,
        gnomad={variant.hgvs_c: Frequency(fraction=0.0004, count=60, number=150_000)},
        sources={**knowledge.sources, "gnomad": source},
    )
    found = annotate(variant, wide)
    assert found.germline and str(found.germline["frequency_criterion"]).startswith("BS1")
    assert [e["source"] for e in found.frequencies["population"]] == ["gnomAD of a test"]  # type: ignore[attr-defined]


def test_splice_hotspots_count_the_single_change_in_tcga() -> None:
    counts = {name: genes()[name][0].hotspot for name in ("c.375G>A", "c.375G>T", "c.375G>C")}
    assert [h and h["same_change_count"] for h in counts.values()] == [10, 19, 3]
    assert all(h and "Ellrott" in str(h["source"]) for h in counts.values())
    reasons = " ".join(c.reason for c in genes()["c.375G>A"][1].criteria)
    assert "10 TCGA patients carry this change" in reasons


def test_every_hotspot_row_is_reached() -> None:
    from whole_gene import namer

    from tp53annot.names.parser import parse_change

    knowledge = load_knowledge()
    reached = {str(a.hotspot["residue"]) for a, _ in genes().values() if a.hotspot}
    kinds = {str(a.hotspot["kind"]) for a, _ in genes().values() if a.hotspot}
    assert kinds == {"single residue", "splice site"}
    assert {f"X{codon}" for codon in knowledge.splice_hotspots} <= reached
    for name, spot in knowledge.hotspots.items():
        if spot.kind == "single residue":
            found = [judge(allele)[0].hotspot for allele in parse_change(f"p.{name}", namer(), {})]
            assert any(h and h["same_change_count"] == spot.change_samples for h in found), name
