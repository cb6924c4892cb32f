"""Callers of structural changes that also write longer deletions and insertions in bases."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, observations, support

_OF_STRANDS = "SA"  # beside it SR is no count of split reads, but the strands of REF (Lancet)


class SplitReads(Dialect):
    """Pairs and split reads: one number an allele in each (Manta), or REF and ALT in fields of their own."""

    name = "split_reads"
    callers = "Manta, Delly, GRIDSS, Sniffles, cuteSV"
    reads = "`SR` and `PR`; `RR`/`RV` (Delly, precise), `DR`/`DV`; `VF` of `VF`, `REF` and `REFPAIR`"
    blocks = "none: a genotype of a structural record says nothing of single bases"
    mind = "what symbolic records and breakends say is on [Copies of the gene](copies.md)"
    header = re.compile(
        r"##(source=(GenerateSVCandidates|Sniffles|cuteSV|GRIDSS)|dellyVersion=|source=.*\bManta)", re.I
    )
    keys: ClassVar[Keys] = (
        frozenset({"DR", "DV"}),
        frozenset({"PR", "SR"}),
        frozenset({"SR"}),
        frozenset({"VF", "REF"}),
    )

    def counts(self, call: Call) -> ReadSupport | None:
        """Split reads and pairs together, else the fields of one number each."""
        fields = () if _OF_STRANDS in call.fields else ("SR", "PR")
        found = [n for key in fields if len(n := call.numbers(key)) == len(call.alts) + 1]
        if found:
            alt = sum(numbers[call.index + 1] or 0.0 for numbers in found)
            ref = sum(numbers[0] or 0.0 for numbers in found)
            total = sum(value or 0.0 for numbers in found for value in numbers)
            return support(alt, ref, total, "SR+PR" if len(found) > 1 else "SR or PR")
        fragments, reads, pairs = (call.one(key) for key in ("VF", "REF", "REFPAIR"))
        if fragments is not None and reads is not None:
            against = reads + (pairs or 0.0)
            return support(fragments, against, fragments + against, "VF/(VF+REF+REFPAIR)")
        precise = observations(call, "RR", "RV")
        if precise is not None and precise.alt_reads:
            return precise
        return observations(call, "DR", "DV") or precise or super().counts(call)
