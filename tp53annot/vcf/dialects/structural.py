"""Callers of structural changes that also write longer deletions and insertions in bases."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, observations, support


class SplitReads(Dialect):
    """Pairs and split reads: one number an allele in each (Manta), or REF and ALT in fields of their own."""

    name = "split_reads"
    callers = "Manta, Delly, Sniffles, cuteSV"
    reads = "`SR` and `PR`; `RR`/`RV` (Delly, precise), `DR`/`DV`"
    blocks = "none: a genotype of a structural record says nothing of single bases"
    mind = "symbolic deletions are read as deletions of the gene, not here"
    header = re.compile(
        r"##(source=(GenerateSVCandidates|Sniffles|cuteSV)|dellyVersion=|source=.*\bManta)", re.I
    )
    keys: ClassVar[Keys] = (frozenset({"DR", "DV"}), frozenset({"PR", "SR"}), frozenset({"SR"}))

    def counts(self, call: Call) -> ReadSupport | None:
        """Split reads and pairs together, else the fields of one number each."""
        found = [n for key in ("SR", "PR") if len(n := call.numbers(key)) == len(call.alts) + 1]
        if found:
            alt = sum(numbers[call.index + 1] or 0.0 for numbers in found)
            ref = sum(numbers[0] or 0.0 for numbers in found)
            total = sum(value or 0.0 for numbers in found for value in numbers)
            return support(alt, ref, total, "SR+PR" if len(found) > 1 else "SR or PR")
        return observations(call, "RR", "RV") or observations(call, "DR", "DV") or super().counts(call)
