"""Strelka2, somatic: tier 1 counts of each base (AU, CU, GU, TU) or of an indel (TAR, TIR, TOR)."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, support

_BASES = ("AU", "CU", "GU", "TU")


class Strelka(Dialect):
    """No genotype, no AD; the normal stands in the first column."""

    name = "strelka"
    callers = "Strelka2"
    reads = "tier 1 counts `AU:CU:GU:TU`, `TAR:TIR`"
    mind = "states no genotype and no AD; sample order is NORMAL, TUMOR"
    header = re.compile(r"##source=strelka\s*$", re.IGNORECASE)
    keys = (frozenset(_BASES), frozenset({"TAR", "TIR"}))
    column_order = ("normal", "tumor")
    counts_all = True

    def counts(self, call: Call) -> ReadSupport | None:
        """The first (tier 1) number of each field; the depth is the sum of the alleles."""
        if all(key in call.fields for key in _BASES) and len(call.ref) == len(call.alt) == 1:
            by_base = {key[0]: _tier_1(call, key) for key in _BASES}
            seen = sum(value for value in by_base.values() if value is not None)
            return support(by_base.get(call.alt), by_base.get(call.ref), seen, "AU:CU:GU:TU tier 1")
        alt, ref, other = (_tier_1(call, key) for key in ("TIR", "TAR", "TOR"))
        if "TIR" not in call.fields or "TAR" not in call.fields:
            return super().counts(call)
        total = None if alt is None or ref is None else alt + ref + (other or 0.0)
        return support(alt, ref, total, "TAR:TIR tier 1")


def _tier_1(call: Call, key: str) -> float | None:
    return (call.numbers(key) or [None])[0]
