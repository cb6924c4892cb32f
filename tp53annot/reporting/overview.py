"""The overview of a run: one row per sample, a page, MultiQC custom content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tp53annot.reporting.document import dump
from tp53annot.reporting.page import environment, style
from tp53annot.reporting.table import seen

COHORT_COLUMNS = (
    "sample", "patient", "status", "tp53_mutated_all", "allelic_state", "germline_flag",
    "clonal_haematopoiesis_flag", "variants", "classes", "max_vaf", "variant_count", "rejected_count",
    "uninterpreted_count", "coverage", "assembly", "warnings", "report",
)  # fmt: skip
Row = Mapping[str, object]


def cohort_row(document: Mapping[str, Any], folder: str) -> dict[str, object]:
    """One sample's line: what the overview and the table show."""
    a, variants = document["assessment"], document["variants"]
    vafs = [v["vaf"] for v in variants if v["vaf"] is not None]
    coverage = document["coverage"]
    return {
        "sample": document["sample"],
        "patient": None,
        "status": a["status"],
        "tp53_mutated_all": a["tp53_mutated_all"],
        "allelic_state": a["allelic_state"],
        "germline_flag": a["germline_flag"],
        "clonal_haematopoiesis_flag": a["clonal_haematopoiesis_flag"],
        "variants": "; ".join(f"{v['hgvs_p_short']} ({v['hgvs_c']})" for v in variants),
        "classes": "; ".join(v["classification"]["class"] for v in variants),
        "max_vaf": max(vafs) if vafs else None,
        "variant_count": len(variants),
        "rejected_count": len(document["rejected"]),
        "uninterpreted_count": len(document["uninterpreted"]),
        "coverage": None if coverage is None else coverage["required_region_assessed"],
        "assembly": document["assembly"],
        "warnings": len(a["warnings"]),
        "report": f"{folder}/{folder}.tp53.html",
    }


def render_cohort(rows: Sequence[Row], words: Mapping[str, Any], version: str) -> str:
    """The overview page: counts by status and a table linking to the reports."""
    from markupsafe import Markup

    counts = {status: sum(1 for row in rows if row["status"] == status) for status in words["status"]}
    return environment().get_template("cohort.html").render(
        rows=rows, w=words, counts=counts, css=Markup(style()), version=version
    )  # fmt: skip


def _inert(value: object) -> str:
    """A name as MultiQC can put it on its page: it takes markup as it comes."""
    return escape(seen(value), quote=False)


def multiqc(rows: Sequence[Row]) -> str:
    """MultiQC custom content: a table with one line per sample."""
    data = {
        _inert(row["sample"]): {
            "status": row["status"],
            "variants": _inert(row["variants"] or "-"),
            "max_vaf": row["max_vaf"],
            "allelic_state": row["allelic_state"],
        }
        for row in rows
    }
    content = {
        "id": "tp53annot",
        "section_name": "TP53",
        "description": "TP53 status by tp53annot. 'incomplete' is not a negative result.",
        "plot_type": "table",
        "pconfig": {"id": "tp53annot_table", "title": "TP53", "namespace": "tp53annot"},
        "headers": {
            "status": {"title": "TP53 status"},
            "variants": {"title": "Variants"},
            "max_vaf": {"title": "Highest VAF", "min": 0, "max": 1, "format": "{:,.3f}"},
            "allelic_state": {"title": "Allelic state"},
        },
        "data": data,
    }
    return dump(content)
