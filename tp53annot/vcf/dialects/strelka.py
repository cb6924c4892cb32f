"""Strelka2, somatic: tier 1 counts of each base (AU, CU, GU, TU) or of an indel (TAR, TIR, TOR)."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, base_counts, support

_BASES = ("AU", "CU", "GU", "TU")


class Strelka(Dialect):
    """No genotype, no AD."""

    name = "strelka"
    callers = "Strelka2"
    reads = "tier 1 counts `AU:CU:GU:TU`, `TAR:TIR`"
    blocks = "`MIN_DP`, else `DP`"
    roles = "names NORMAL, TUMOR"
    mind = "states no genotype and no AD; where its columns have other names, say `--normal`"
    header = re.compile(r"##source=strelka\s*$", re.IGNORECASE)
    keys = (frozenset(_BASES), frozenset({"TAR", "TIR"}))

    def counts(self, call: Call) -> ReadSupport | None:
        """The first (tier 1) number of each field; the depth is the sum of the alleles."""
        if all(key in call.fields for key in _BASES):
            by_base = {key[0]: _tier_1(call, key) for key in _BASES}
            found = base_counts(call, by_base, "AU:CU:GU:TU tier 1")
            if found is not None:
                return found
        alt, ref, other = (_tier_1(call, key) for key in ("TIR", "TAR", "TOR"))
        if "TIR" not in call.fields or "TAR" not in call.fields:
            return super().counts(call)
        total = None if alt is None or ref is None else alt + ref + (other or 0.0)
        return support(alt, ref, total, "TAR:TIR tier 1")


def _tier_1(call: Call, key: str) -> float | None:
    return (call.numbers(key) or [None])[0]
