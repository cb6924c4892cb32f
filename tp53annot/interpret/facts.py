"""Claims: every fact the tables hold about a change, with table, version and citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.core.variant import AssayResult, Claim, TranscriptVariant
from tp53annot.knowledge.tables import Domain, Knowledge

# Field, value, table, and the citation of the row where it has its own.
_Fact = tuple[str, str | float | int | None, str, str | None]


def claims(
    variant: TranscriptVariant,
    knowledge: Knowledge,
    domain: Domain | None,
    change: str | None,
    functional: tuple[AssayResult, ...],
) -> tuple[Claim, ...]:
    """All facts, the assays first. ``change``: the substitution (R175H), where it is one."""
    return tuple(
        Claim(
            field=field,
            value=value,
            table=table,
            version=knowledge.sources[table].version,
            citation=own or knowledge.sources[table].citation,
        )
        for field, value, table, own in _facts(variant, knowledge, domain, change, functional)
    )


def _facts(
    variant: TranscriptVariant,
    knowledge: Knowledge,
    domain: Domain | None,
    change: str | None,
    functional: tuple[AssayResult, ...],
) -> Iterator[_Fact]:
    for assay in functional:
        yield assay.assay, assay.value, assay.table, None
    if domain:
        yield "domain", domain.name, "domains", domain.source
    if change:
        yield from _of_residue(variant, knowledge, change)
    yield from _of_name(variant.hgvs_c, knowledge)
    yield from _imported(variant.hgvs_c, knowledge)


def _of_residue(variant: TranscriptVariant, knowledge: Knowledge, change: str) -> Iterator[_Fact]:
    position = variant.aa_pos or 0
    if change in knowledge.kato_promoters:
        shown = ", ".join(f"{name} {value:g}" for name, value in knowledge.kato_promoters[change])
        yield "Kato promoters (% of wild type)", shown, "kato", None
    if change in knowledge.funk_residue and variant.hgvs_c in knowledge.funk_nucleotide:
        field = "Funk saturation editing, amino-acid level (not counted)"
        yield field, knowledge.funk_residue[change], "funk_residue", None
    if change in knowledge.hotspots:
        count = knowledge.hotspots[change].change_samples
        yield "hotspot samples with this change", count, "hotspots", None
    if f"{variant.aa_ref}{position}" in knowledge.spatial_hotspots:
        yield "3D hotspot residue", f"{variant.aa_ref}{position}", "hotspots", None
    for row in knowledge.stability.get(change, ()):
        field = f"stability change (kcal/mol, relative to {row.relative_to})"
        yield field, row.ddg, "stability", row.reference
        yield f"stability (relative to {row.relative_to})", row.label, "stability", row.reference
    if position in knowledge.critical:
        role, source = knowledge.critical[position]
        yield "residue role", role, "critical_residues", source
    for kind, start, end, text in knowledge.features_at(position):
        yield f"UniProt {kind} {start}-{end}", text, "uniprot_features", None


def _of_name(name: str, knowledge: Knowledge) -> Iterator[_Fact]:
    if name in knowledge.tcga:
        yield "TCGA patients", knowledge.tcga[name], "tcga", None
    if name in knowledge.docm:
        diseases, pmids = knowledge.docm[name]
        citation = f"{knowledge.sources['docm'].citation}; rows from PMID {pmids.replace(',', ', ')}"
        yield "DoCM diseases", diseases, "docm", citation
    if name in knowledge.population:
        yield "1000 Genomes allele fraction", knowledge.population[name].fraction, "population_1000g", None
    if name in knowledge.known:
        yield "known variant", knowledge.known[name].description, "known_variants", None
    if name in knowledge.splice_known:
        effect, source = knowledge.splice_known[name]
        yield "known splice effect", effect, "splice_known", source
    for line in knowledge.cell_lines.get(name, ()):
        yield "ALL cell line", f"{line.name}, {line.disease} ({line.identifier})", "cell_lines", None
    published = knowledge.clinvar.get(name)
    if published is not None:
        yield "ClinVar germline classification", published.classification, published.table, None
        if published.oncogenicity:
            review = published.oncogenicity_review or "review not stated"
            yield "ClinVar oncogenicity", f"{published.oncogenicity} ({review})", published.table, None


def _imported(name: str, knowledge: Knowledge) -> Iterator[_Fact]:
    """Facts of tables that only an updated folder has."""
    if name in knowledge.gnomad:
        yield "gnomAD allele fraction", knowledge.gnomad[name].fraction, "gnomad", None
    scores: Mapping[str, float] = knowledge.scores.get(name, {})
    for predictor, score in sorted(scores.items()):
        yield f"{predictor} score", score, "predictor_scores", None
    if name in knowledge.nci_tumour:
        yield "NCI TP53 Database tumours", knowledge.nci_tumour[name][0], "nci_tumour", None
    if name in knowledge.nci_families:
        yield "NCI TP53 Database families", knowledge.nci_families[name], "nci_germline", None
    if name in knowledge.civic:
        variant, number = knowledge.civic[name]
        yield "CIViC variant", f"{variant} (variant {number})", "civic", None
