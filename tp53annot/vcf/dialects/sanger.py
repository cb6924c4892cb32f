"""The callers of the Sanger Institute: CaVEMan (substitutions) and cgpPindel (insertions and deletions)."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, Strands, base_counts, support


class Caveman(Dialect):
    """Reads of each base by strand, ``F?Z`` and ``R?Z``."""

    name = "caveman"
    callers = "CaVEMan"
    reads = "`FAZ`…`FTZ` and `RAZ`…`RTZ`; else `PM`"
    depth = "sum of the bases"
    blocks = "it writes variants only"
    roles = "names NORMAL, TUMOUR"
    header = re.compile(r"##(cavemanVersion=|vcfProcessLog[^=]*=<.*InputVCFSource=<CaVEMan>)", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"FAZ", "RAZ"}), frozenset({"PM"}))
    fractions = ("PM",)

    def counts(self, call: Call) -> ReadSupport | None:
        """Both strands of each base."""
        forward, reverse = ({b: call.one(f"{side}{b}Z") for b in "ACGT"} for side in "FR")
        if None in (*forward.values(), *reverse.values()):
            return super().counts(call)
        both = {b: (forward[b] or 0.0) + (reverse[b] or 0.0) for b in "ACGT"}
        return base_counts(call, both, "FAZ..RTZ")

    def strands(self, call: Call) -> Strands:
        """The counts by strand themselves."""
        if len(call.ref) != 1 or len(call.alt) != 1 or "FAZ" not in call.fields:
            return super().strands(call)
        return Strands(
            alt_forward=call.one(f"F{call.alt}Z"),
            alt_reverse=call.one(f"R{call.alt}Z"),
            ref_forward=call.one(f"F{call.ref}Z"),
            ref_reverse=call.one(f"R{call.ref}Z"),
        )


class CgpPindel(Dialect):
    """Newer files count reads laid on both sequences (``MT?``, ``WT?``), older ones calls in all mapped reads."""

    name = "pindel"
    callers = "cgpPindel"
    reads = "`MTP`+`MTN` of these and `WTP`+`WTN`; `FC`/`FD`; `PU`+`NU` of `PR`+`NR`; else `VAF`"
    blocks = "it writes variants only"
    depth = "sum of the counts, `FD`, or `PR`+`NR`"
    roles = "names NORMAL, TUMOUR"
    header = re.compile(r"##(source|vcfProcessLog)[^=]*=.*pindel", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"PP", "NP"}),)
    fractions = ("VAF",)

    def counts(self, call: Call) -> ReadSupport | None:
        """Reads by strand, the better founded pair of fields first."""
        mutant, wild = _both(call, "MTP", "MTN"), _both(call, "WTP", "WTN")
        if mutant is not None and wild is not None:
            strands = Strands(
                alt_forward=call.one("MTP"),
                alt_reverse=call.one("MTN"),
                ref_forward=call.one("WTP"),
                ref_reverse=call.one("WTN"),
            )
            return support(mutant, wild, mutant + wild, "MTP+MTN of WTP+WTN+MTP+MTN", strands)
        if call.one("FD") is not None and call.one("FC") is not None:
            return support(call.one("FC"), None, call.one("FD"), "FC/FD")
        unique, mapped = _both(call, "PU", "NU"), _both(call, "PR", "NR")
        if unique is not None and mapped is not None:
            return support(unique, None, mapped, "PU+NU of PR+NR")
        return super().counts(call)


def _both(call: Call, plus: str, minus: str) -> float | None:
    forward, reverse = call.one(plus), call.one(minus)
    return None if forward is None or reverse is None else forward + reverse
