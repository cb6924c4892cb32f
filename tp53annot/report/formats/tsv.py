"""One row per variant, tab-separated; columns are stable and documented in docs/output.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.text import cell, encode, tsv
from tp53annot.report.format import ReportFormat, Words

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report
    from tp53annot.report.model.variant import Variant


TSV_COLUMNS = (
    *("sample", "status", "reported"),
    *("chrom", "pos", "ref", "alt", "assembly"),
    *("hgvs_g", "hgvs_c", "hgvs_p", "hgvs_p_short"),
    *("transcript", "consequence", "exon", "intron", "codon", "domain"),
    *("vaf", "depth", "alt_reads", "alt_forward", "alt_reverse"),
    "caller_filters",
    *("class", "points", "criteria", "functional", "hotspot"),
    *("clinvar", "clinvar_review", "population_fraction"),
    *("amp_tier", "rsid", "filters_failed"),
    *("germline_class", "germline_criteria", "germline_in_force"),
)
_SAME = (
    *("chrom", "pos", "ref", "alt"),
    *("hgvs_g", "hgvs_c", "hgvs_p", "hgvs_p_short"),
    *("transcript", "exon", "intron", "codon", "domain"),
    *("vaf", "depth", "alt_reads", "alt_forward", "alt_reverse", "rsid"),
)


def variant_rows(report: Report) -> list[list[str]]:
    """Every reported variant, then the rejected ones, as cells of text."""
    found = []
    for reported, variants in (("yes", report.variants), ("no", report.rejected)):
        for v in variants:
            cells = _cells(v) | {
                "sample": report.sample,
                "status": report.assessment.status,
                "assembly": report.assembly,
                "reported": reported,
            }
            found.append([cell(cells.get(name)) for name in TSV_COLUMNS])
    return found


def _cells(v: Variant) -> dict[str, object]:
    same: dict[str, object] = {name: getattr(v, name) for name in _SAME}
    clinvar, hotspot, tier = v.germline_classification, v.hotspot, v.amp_tier
    population, germline = v.frequencies.population, v.germline_class
    return same | {
        "consequence": "&".join(v.consequence),
        "caller_filters": None if v.caller_filters is None else ";".join(v.caller_filters) or "PASS",
        "class": v.classification.oncogenicity,
        "points": v.classification.points,
        "criteria": ";".join(f"{c.code}:{c.points:+d}" for c in v.classification.criteria),
        "functional": ";".join(f"{r.assay}={r.value} ({r.assay_class})" for r in v.functional),
        "hotspot": f"{hotspot.same_change_count}/{hotspot.residue_count}" if hotspot else None,
        "clinvar": clinvar.significance if clinvar else None,
        "clinvar_review": clinvar.review_status if clinvar else None,
        "population_fraction": population[0].value if population else None,
        "amp_tier": f"{tier.tier}{tier.level or ''}" if tier else None,
        "germline_class": germline.name if germline else None,
        "germline_criteria": ";".join(f"{c.code}:{c.strength}" for c in germline.criteria)
        if germline
        else None,
        "germline_in_force": v.published_in_force,
        "filters_failed": ";".join(f.id for f in v.filters_failed),
    }


def _render(report: Report, _: Words) -> bytes:
    return encode(tsv(TSV_COLUMNS, variant_rows(report)))


FORMAT = ReportFormat(
    name="tsv",
    ending="tsv",
    description="one row per variant",
    rank=1,
    text=True,
    default=True,
    render=_render,
)
