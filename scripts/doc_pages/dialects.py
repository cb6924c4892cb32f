"""The table of callers in docs/inputs.md, from the registry of dialects."""

from __future__ import annotations

from doc_pages.markdown import table
from tp53annot.vcf.dialects.registry import DIALECTS


def callers() -> str:
    rows = [(d.callers, d.reads, d.mind) for d in sorted(DIALECTS[:-1], key=lambda d: d.callers.lower())]
    last = DIALECTS[-1]
    return table(
        ("caller", "read support is taken from", "mind"), [*rows, (last.callers, last.reads, last.mind)]
    )
