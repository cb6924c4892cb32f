"""The table of callers in docs/inputs.md, from the registry of dialects."""

from __future__ import annotations

from doc_pages.markdown import table
from tp53annot.knowledge.resources import resources_of
from tp53annot.vcf.dialects.registry import DIALECTS


def callers() -> str:
    """A row a dialect, the generic one last."""
    ordered = sorted(DIALECTS[:-1], key=lambda d: d.callers.lower())
    rows = [(d.callers, d.reads, d.depth, d.roles, d.mind) for d in (*ordered, DIALECTS[-1])]
    return table(("caller", "VAF from", "depth", "tumour and normal", "mind"), rows)


def blocks() -> str:
    """What a reference block must state, a row a dialect."""
    ordered = sorted(DIALECTS[:-1], key=lambda d: d.callers.lower())
    rows = [(d.callers, d.blocks) for d in (*ordered, DIALECTS[-1])]
    limits = resources_of().rules.calling.blocks
    head = (
        f"A genotype is sure from a quality of {limits.min_quality:g} on, with Mutect2's `TLOD` up to {limits.max_odds:g} "
        f"({limits.source})."
    )
    return f"{head}\n\n" + table(("caller", "a reference block is read from"), rows)
