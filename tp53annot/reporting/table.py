"""One row per variant, tab-separated; columns are stable and documented in docs/output.md."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

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


# C0 and C1 controls (also as stray bytes), separators of lines, and marks that turn the writing direction.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udc9f]+")
_FORMULA = re.compile(r"[=@]|[+-](?!\Z)(?!\d*\.?\d+(e[+-]?\d+)?\Z)")


def text(value: Any) -> str:
    """A cell: no tabs, line ends or control characters, and no formula; empty for ``None``.

    >>> text("=1+1"), text("-3.5"), text("-"), text("a\\tb")
    ("'=1+1", '-3.5', '-', 'a b')
    """
    shown = seen(value)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def seen(value: Any) -> str:
    """A value as one line without control characters; empty for ``None``."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else _UNSEEN.sub(" ", str(value))


def escape(value: Any) -> str:
    """A value inside a figure: no markup, no control characters."""
    return html.escape(seen(value))


def render_tsv(document: Mapping[str, Any]) -> str:
    """The table with its header line."""
    return tsv(COLUMNS, rows(document))


def tsv(header: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Tab-separated text."""
    return "\n".join("\t".join(line) for line in [header, *body]) + "\n"
