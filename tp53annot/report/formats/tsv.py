"""One row per variant, tab-separated; columns are stable and documented in docs/output.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import encode, text, tsv
from tp53annot.report.format import Format, Words

COLUMNS = (
    "sample", "status", "reported", "chrom", "pos", "ref", "alt", "assembly", "hgvs_g", "hgvs_c", "hgvs_p",
    "hgvs_p_short", "transcript", "consequence", "exon", "intron", "codon", "domain", "vaf", "depth", "alt_reads",
    "alt_forward", "alt_reverse", "caller_filters", "class", "points", "criteria", "functional", "hotspot",
    "clinvar", "clinvar_review", "population_fraction", "amp_tier", "rsid", "filters_failed",
)  # fmt: skip


def rows(document: Mapping[str, Any]) -> list[list[str]]:
    """Every reported variant, then the rejected ones, as cells of text."""
    found = []
    for reported, key in (("yes", "variants"), ("no", "rejected")):
        for v in document[key]:
            cells = _cells(v) | {
                "sample": document["sample"],
                "status": document["assessment"]["status"],
                "assembly": document["assembly"],
                "reported": reported,
            }
            found.append([text(cells.get(name)) for name in COLUMNS])
    return found


def _cells(v: Mapping[str, Any]) -> dict[str, Any]:
    same = {name: v.get(name) for name in COLUMNS if name in v}
    clinvar, hotspot, tier = v["germline_classification"] or {}, v["hotspot"] or {}, v["amp_tier"] or {}
    population = v["frequencies"].get("population") or [{}]
    return same | {
        "consequence": "&".join(v["consequence"]),
        "caller_filters": None if v["caller_filters"] is None else ";".join(v["caller_filters"]) or "PASS",
        "class": v["classification"]["class"],
        "points": v["classification"]["points"],
        "criteria": ";".join(f"{c['code']}:{c['points']:+d}" for c in v["classification"]["criteria"]),
        "functional": ";".join(f"{r['assay']}={r['value']} ({r['class']})" for r in v["functional"]),
        "hotspot": f"{hotspot['same_change_count']}/{hotspot['residue_count']}" if hotspot else None,
        "clinvar": clinvar.get("significance"),
        "clinvar_review": clinvar.get("review_status"),
        "population_fraction": population[0].get("value"),
        "amp_tier": f"{tier['tier']}{tier['level'] or ''}" if tier else None,
        "filters_failed": ";".join(f["id"] for f in v["filters_failed"]),
    }


def _render(document: Mapping[str, Any], _: Words) -> bytes:
    return encode(tsv(COLUMNS, rows(document)))


FORMAT = Format(
    name="tsv",
    ending="tsv",
    description="one row per variant",
    rank=1,
    text=True,
    default=True,
    render=_render,
)
