"""Every fact the tables hold about a change, each with table, version and citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tp53annot.core.variant import AnnotatedVariant, AssayResult, Claim, TranscriptVariant
from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.knowledge.assays import (
    FUNK_NUCLEOTIDE,
    FUNK_RESIDUE,
    KATO_MEDIAN,
    KAWAGUCHI_OLIGOMER,
    KOTLER_DELETION,
    KOTLER_EXCHANGE,
    NULL_ETOPOSIDE,
    NULL_NUTLIN,
    WILD_TYPE_NUTLIN,
    Assay,
)
from tp53annot.knowledge.tables.giacomelli import Giacomelli
from tp53annot.knowledge.tables.hotspots import SINGLE_RESIDUE, SPLICE_SITE
from tp53annot.knowledge.tables.kawaguchi import SUBUNITS
from tp53annot.knowledge.tables.known_variants import KnownChange
from tp53annot.knowledge.tables.protein import domain_of
from tp53annot.knowledge.tables.registry import Knowledge
from tp53annot.knowledge.tables.table import ChangeKeys, Fact

NON_FUNCTIONAL, PARTIAL, FUNCTIONAL = "non-functional", "partially functional", "functional"
_INTRONIC = re.compile(r"c\.(-?)(\d+)[+-]\d")
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
    keys = ChangeKeys.of(variant)
    functional = _functional(keys, knowledge)
    germline, rsid = _germline(variant, knowledge)
    known = knowledge.known.get(variant.hgvs_c)
    domain = domain_of(knowledge.domains, keys)
    return AnnotatedVariant(
        variant=variant,
        domain=domain.name if domain else None,
        functional=functional,
        functional_summary=functional_summary(keys.change, knowledge) if keys.change else None,
        hotspot=_hotspot(variant, keys.change, knowledge),
        frequencies=_frequencies(keys, knowledge),
        germline=germline,
        known=None if known is None else _known(known, knowledge),
        chip=keys.change in knowledge.chip,
        rsid=known.rsid if known else rsid,
        claims=tuple(_claims(keys, functional, knowledge)) if claims else (),
    )


def _claims(keys: ChangeKeys, functional: tuple[AssayResult, ...], knowledge: Knowledge) -> Iterator[Claim]:
    """Every fact with table, version and citation, the assays first."""
    for result in functional:
        yield _claim(Fact(result.assay, result.value, result.table), knowledge)
    for fact in knowledge.facts(keys):
        yield _claim(fact, knowledge)


def _claim(fact: Fact, knowledge: Knowledge) -> Claim:
    source = knowledge.sources[fact.table]
    citation = fact.citation or source.citation
    return Claim(
        field=fact.field,
        value=fact.value,
        table=fact.table,
        version=source.version,
        citation=citation + fact.addition,
    )


def _known(row: KnownChange, knowledge: Knowledge) -> Mapping[str, object]:
    said = knowledge.said(row.description)
    return {"label": row.label, "kind": row.kind, "description": said, "rsid": row.rsid}


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


def _functional(keys: ChangeKeys, knowledge: Knowledge) -> tuple[AssayResult, ...]:
    change = keys.change or ""
    results = []
    median = knowledge.kato.get(change)
    if median is not None:
        results.append(_result(KATO_MEDIAN, median, kato_class(median, knowledge), knowledge))
    screens = knowledge.giacomelli.get(change)
    if screens is not None:
        results += _giacomelli(screens, knowledge)
    assay, score = FUNK_NUCLEOTIDE, knowledge.funk.nucleotide.get(keys.name)
    if score is None:
        assay, score = FUNK_RESIDUE, knowledge.funk.residue.get(change)
    if score is not None:
        label = LOSS if score >= knowledge.rules.functional.funk_lof_min_rfs else NO_LOSS
        results.append(_result(assay, score, label, knowledge))
    results += _kotler(keys, knowledge)
    oligomer = knowledge.kawaguchi.get(change)
    if oligomer is not None:
        label = LOSS if oligomer in knowledge.rules.functional.kawaguchi_lof else NO_LOSS
        results.append(_result(KAWAGUCHI_OLIGOMER, SUBUNITS[oligomer], label, knowledge))
    return tuple(results)


def _kotler(keys: ChangeKeys, knowledge: Knowledge) -> list[AssayResult]:
    least = knowledge.rules.functional.kotler_lof_min_rfs
    found = (
        (KOTLER_EXCHANGE, knowledge.kotler.get(keys.change or "")),
        (KOTLER_DELETION, knowledge.kotler_deletions.get(keys.name)),
    )
    return [
        _result(assay, score, LOSS if score >= least else NO_LOSS, knowledge)
        for assay, score in found
        if score is not None
    ]


def _giacomelli(screens: Giacomelli, knowledge: Knowledge) -> list[AssayResult]:
    limits = knowledge.rules.functional
    results = []
    if screens.null_etoposide is not None:
        label = LOSS if screens.null_etoposide <= limits.giacomelli_lof_max_z else NO_LOSS
        results.append(_result(NULL_ETOPOSIDE, screens.null_etoposide, label, knowledge))
    if screens.wt_nutlin is not None:
        dominant = screens.wt_nutlin >= limits.giacomelli_dne_min_z
        label = "dominant-negative effect" if dominant else "no dominant-negative effect"
        results.append(_result(WILD_TYPE_NUTLIN, screens.wt_nutlin, label, knowledge))
    if screens.null_nutlin is not None:
        results.append(_result(NULL_NUTLIN, screens.null_nutlin, None, knowledge))
    return results


def _result(assay: Assay, value: float, label: str | None, knowledge: Knowledge) -> AssayResult:
    return AssayResult(
        assay=assay.name,
        value=value,
        unit=assay.unit,
        assay_class=label,
        source=knowledge.sources[assay.table].citation,
        table=assay.table,
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
    spot = knowledge.hotspot(change or variant.hgvs_p_short)
    if spot is None and (variant.splice_affecting or variant.hgvs_c in knowledge.splice_known):
        spot = knowledge.splice_hotspots.get(variant.codon or nearest_codon(variant) or 0)
    position = variant.aa_pos
    if spot is None and (change is None or position not in knowledge.hotspot_residues):
        return None
    residue = spot.residue if spot else f"{variant.aa_ref}{position}"
    count = spot.change_samples if spot else 0
    source = knowledge.sources[spot.table if spot else "hotspots_v3"].citation
    if spot and spot.kind == SPLICE_SITE:  # the catalogue lumps all splice changes of a residue
        count = knowledge.tcga.get(variant.hgvs_c, 0)
        source = f"{source}; {knowledge.sources['tcga'].citation}"
    return {
        "residue": residue,
        "residue_count": spot.residue_samples if spot else knowledge.hotspot_residues[position or 0],
        "same_change_count": count,
        "kind": spot.kind if spot else SINGLE_RESIDUE,
        "in_3d_cluster": residue in knowledge.spatial_hotspots,
        "source": source,
    }


def _frequencies(keys: ChangeKeys, knowledge: Knowledge) -> Mapping[str, object]:
    """How often the change was seen, by group, in the order of the rules' labels."""
    groups: dict[str, list[Mapping[str, object]]] = {"population": [], "tumour": [], "all": []}
    labels = knowledge.rules.labels
    for fact in sorted(knowledge.frequencies(keys), key=lambda fact: list(labels).index(fact.label)):
        label = labels[fact.label]
        groups[fact.group].append(
            {
                "name": label.name.format(**fact.words),
                "value": fact.value,
                "unit": label.unit,
                "source": knowledge.sources[fact.table].citation,
            }
        )
    return groups


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
    somatic = knowledge.clinvar_oncogenic.get(variant.hgvs_c)
    if row is None and cutoff is None and somatic is None:
        return None, None
    table = row.table if row else frequency.table if cutoff else "clinvar_oncogenic"
    return {
        "significance": row.classification if row else None,
        "review_status": row.review_status if row else None,
        "accession": row.accession if row else None,
        "oncogenicity": (row and row.oncogenicity) or (somatic.oncogenicity if somatic else None),
        "source": knowledge.sources[table].citation,
        "frequency_criterion": cutoff,
        "frequency_source": panel.source if cutoff else None,
    }, row.rsid if row else None
