"""Every fact the tables hold about a change, each with table, version and citation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tp53annot.core.variant import AnnotatedVariant, AssayResult, TranscriptVariant
from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.interpret.facts import claims as facts
from tp53annot.knowledge.rules.oncogenicity import FrequencyLabel
from tp53annot.knowledge.tables import Domain, Giacomelli, Knowledge, Known, Population

NON_FUNCTIONAL, PARTIAL, FUNCTIONAL = "non-functional", "partially functional", "functional"
_INTRONIC = re.compile(r"c\.(-?)(\d+)[+-]\d")
_SPLICE_KIND = "splice site"
LOSS, NO_LOSS = "loss of function", "no loss of function"
# Names of the NCI TP53 Database, by (dominant-negative effect, loss of function).
_DNE_LOF = {
    (True, True): "DNE_LOF",
    (False, True): "notDNE_LOF",
    (False, False): "notDNE_notLOF",
    (True, False): "unclassified",
}


def annotate(variant: TranscriptVariant, knowledge: Knowledge, *, claims: bool = True) -> AnnotatedVariant:
    """Look a named change up in every table.

    Args:
        claims: also list every fact with its pedigree; leave out where only the class is wanted.
    """
    change = aa_change(variant)
    functional = _functional(variant, change, knowledge)
    hotspot = _hotspot(variant, change, knowledge)
    frequencies = _frequencies(variant, knowledge)
    germline, rsid = _germline(variant, knowledge)
    known = knowledge.known.get(variant.hgvs_c)
    domain = _domain(variant, knowledge)
    return AnnotatedVariant(
        variant=variant,
        domain=domain.name if domain else None,
        functional=functional,
        functional_summary=functional_summary(change, knowledge) if change else None,
        hotspot=hotspot,
        frequencies=frequencies,
        germline=germline,
        known=None if known is None else _known(known),
        rsid=known.rsid if known else rsid,
        claims=facts(variant, knowledge, domain, change, functional) if claims else (),
    )


def _known(row: Known) -> Mapping[str, object]:
    return {"label": row.label, "kind": row.kind, "description": row.description, "rsid": row.rsid}


def aa_change(variant: TranscriptVariant) -> str | None:
    """``R175H`` when the protein change is one substitution of a residue (or to a stop)."""
    if variant.aa_ref is None or variant.aa_alt is None or variant.aa_ref == variant.aa_alt:
        return None
    return f"{variant.aa_ref}{variant.aa_pos}{variant.aa_alt}"


def nearest_codon(variant: TranscriptVariant) -> int | None:
    """Codon of the exon base that an intronic name hangs on; 0 before the start codon, None elsewhere."""
    place = _INTRONIC.match(variant.hgvs_c)
    if place is None:
        return None
    return 0 if place[1] == "-" else (int(place[2]) - 1) // 3 + 1


def kato_class(median: float, knowledge: Knowledge) -> str:
    """Kato's class from the median promoter activity (per cent of wild type)."""
    limits = knowledge.rules.functional
    if median <= limits.kato_non_functional_max_pct:
        return NON_FUNCTIONAL
    return PARTIAL if median <= limits.kato_partial_max_pct else FUNCTIONAL


def _functional(
    variant: TranscriptVariant, change: str | None, knowledge: Knowledge
) -> tuple[AssayResult, ...]:
    limits = knowledge.rules.functional
    results = []
    median = knowledge.kato.get(change) if change else None
    if median is not None:
        results.append(_assay("Kato transactivation, median of 8 promoters", median, "% of wild type",
                              kato_class(median, knowledge), "kato", knowledge))  # fmt: skip
    screens = knowledge.giacomelli.get(change) if change else None
    if screens is not None:
        results += _giacomelli(screens, knowledge)
    score = knowledge.funk_nucleotide.get(variant.hgvs_c)
    table = "funk_nucleotide"
    if score is None and change:
        score, table = knowledge.funk_residue.get(change), "funk_residue"
    if score is not None:
        label = LOSS if score >= limits.funk_lof_min_rfs else NO_LOSS
        level = "nucleotide" if table == "funk_nucleotide" else "amino-acid"
        name = f"Funk saturation editing, {level} level"
        results.append(_assay(name, score, "relative fitness score", label, table, knowledge))
    return tuple(results)


def _giacomelli(screens: Giacomelli, knowledge: Knowledge) -> list[AssayResult]:
    limits = knowledge.rules.functional
    results = []
    if screens.null_etoposide is not None:
        label = LOSS if screens.null_etoposide <= limits.giacomelli_lof_max_z else NO_LOSS
        results.append(_assay("Giacomelli p53-null + etoposide", screens.null_etoposide, "Z score", label,
                              "giacomelli", knowledge))  # fmt: skip
    if screens.wt_nutlin is not None:
        dominant = screens.wt_nutlin >= limits.giacomelli_dne_min_z
        label = "dominant-negative effect" if dominant else "no dominant-negative effect"
        results.append(_assay("Giacomelli p53 wild type + nutlin-3", screens.wt_nutlin, "Z score", label,
                              "giacomelli", knowledge))  # fmt: skip
    if screens.null_nutlin is not None:
        results.append(_assay("Giacomelli p53-null + nutlin-3", screens.null_nutlin, "Z score", None,
                              "giacomelli", knowledge))  # fmt: skip
    return results


def _assay(
    name: str, value: float, unit: str, label: str | None, table: str, knowledge: Knowledge
) -> AssayResult:
    return AssayResult(
        assay=name,
        value=value,
        unit=unit,
        assay_class=label,
        source=knowledge.sources[table].citation,
        table=table,
    )


def functional_summary(change: str, knowledge: Knowledge) -> Mapping[str, object] | None:
    """Transactivation class and DNE/LOF class, as the NCI TP53 Database summarises them."""
    limits = knowledge.rules.functional
    median, screens = knowledge.kato.get(change), knowledge.giacomelli.get(change)
    label = None
    if screens and screens.wt_nutlin is not None and screens.null_etoposide is not None:
        dominant = screens.wt_nutlin >= limits.giacomelli_dne_min_z
        loss = screens.null_etoposide <= limits.giacomelli_lof_max_z
        label = _DNE_LOF[dominant, loss]
    if median is None and label is None:
        return None
    # Measured in the wild-type background where that was done; the rows stand in this order.
    stability = next(iter(knowledge.stability.get(change, ())), None)
    return {
        "transactivation_class": None if median is None else kato_class(median, knowledge),
        "dne_lof_class": label,
        "ddg_kcal_per_mol": stability.ddg if stability else None,
        "ddg_reference": stability.reference if stability else None,
    }


def _hotspot(
    variant: TranscriptVariant, change: str | None, knowledge: Knowledge
) -> Mapping[str, object] | None:
    spot = knowledge.hotspots.get(change or variant.hgvs_p_short)
    if spot is None and (variant.splice_affecting or variant.hgvs_c in knowledge.splice_known):
        spot = knowledge.splice_hotspots.get(variant.codon or nearest_codon(variant) or 0)
    position = variant.aa_pos
    if spot is None and (change is None or position not in knowledge.hotspot_residues):
        return None
    residue = spot.residue if spot else f"{variant.aa_ref}{position}"
    count, source = spot.change_samples if spot else 0, knowledge.sources["hotspots"].citation
    if spot and spot.kind == _SPLICE_KIND:  # the catalogue lumps all splice changes of a residue
        count = knowledge.tcga.get(variant.hgvs_c, 0)
        source = f"{source}; {knowledge.sources['tcga'].citation}"
    return {
        "residue": residue,
        "residue_count": spot.residue_samples if spot else knowledge.hotspot_residues[position or 0],
        "same_change_count": count,
        "kind": spot.kind if spot else "single residue",
        "in_3d_cluster": residue in knowledge.spatial_hotspots,
        "source": source,
    }


def _frequencies(variant: TranscriptVariant, knowledge: Knowledge) -> Mapping[str, object]:
    labels = knowledge.rules.labels

    def entry(table: str, label: FrequencyLabel, value: object, **facts: object) -> Mapping[str, object]:
        return {
            "name": label.name.format(**facts),
            "value": value,
            "unit": label.unit,
            "source": knowledge.sources[table].citation,
        }

    name = variant.hgvs_c
    population, tumour = [], []
    row: Population | None = knowledge.population.get(name)
    if row is not None:
        population.append(entry("population_1000g", labels["population_all"], row.fraction))
        if row.highest_population:
            place = row.highest_population
            population.append(
                entry("population_1000g", labels["population_highest"], row.highest, place=place)
            )
    wide = knowledge.gnomad.get(name)
    if wide is not None:
        population.append(entry("gnomad", labels["population_gnomad"], wide.fraction))
    patients = knowledge.tcga.get(name)
    if patients is not None:
        tumour.append(entry("tcga", labels["tumour"], patients))
    lines = knowledge.cell_lines.get(name, ())
    leukaemias = []
    if name in knowledge.nci_tumour:
        samples, lymphoblastic = knowledge.nci_tumour[name]
        tumour.append(entry("nci_tumour", labels["nci_tumour"], samples))
        leukaemias.append(entry("nci_tumour", labels["nci_leukaemia"], lymphoblastic))
    return {
        "population": population,
        "tumour": tumour,
        "all": [
            *leukaemias,
            *(entry("cell_lines", labels["cell_line"], 1, line=line.name) for line in lines),
        ],
    }


def _germline(
    variant: TranscriptVariant, knowledge: Knowledge
) -> tuple[Mapping[str, object] | None, str | None]:
    row = knowledge.clinvar.get(variant.hgvs_c)
    panel, frequency = knowledge.rules.expert_panel, population_frequency(variant.hgvs_c, knowledge)
    fraction, cutoff = frequency.fraction, None
    if fraction >= panel.ba1_min:
        cutoff = panel.ba1_text.format(fraction=fraction, limit=panel.ba1_min)
    elif fraction >= panel.bs1_min:
        cutoff = panel.bs1_text.format(fraction=fraction, limit=panel.bs1_min)
    if row is None and cutoff is None:
        return None, None
    return {
        "significance": row.classification if row else None,
        "review_status": row.review_status if row else None,
        "accession": row.accession if row else None,
        "oncogenicity": row.oncogenicity if row else None,
        "source": knowledge.sources[row.table if row else frequency.table].citation,
        "frequency_criterion": cutoff,
        "frequency_source": panel.source if cutoff else None,
    }, row.rsid if row else None


def _domain(variant: TranscriptVariant, knowledge: Knowledge) -> Domain | None:
    position = variant.aa_pos or variant.codon
    if position is None:
        return None
    return next((d for d in knowledge.domains if d.start <= position <= d.end), None)
