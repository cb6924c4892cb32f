"""The table of callers in docs/inputs.md, from the registry of dialects."""

from __future__ import annotations

from doc_pages.markdown import table
from tp53annot.vcf.dialects.registry import DIALECTS


def callers() -> str:
    known = sorted(DIALECTS[:-1], key=lambda d: d.callers.lower())
    rows = [(d.callers, d.reads, d.depth, d.blocks, d.roles, d.mind) for d in (*known, DIALECTS[-1])]
    return table(("caller", "VAF from", "depth", "reference blocks", "tumour and normal", "mind"), rows)
