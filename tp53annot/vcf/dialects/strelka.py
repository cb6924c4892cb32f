"""Strelka2: somatic, tier 1 counts of each base (AU, CU, GU, TU) or of an indel (TAR, TIR, TOR); germline, GQX."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, base_counts, support

_BASES = ("AU", "CU", "GU", "TU")


class Strelka(Dialect):
    """The somatic caller writes no genotype and no AD, the germline caller both, and reference blocks."""

    name = "strelka"
    callers = "Strelka2"
    reads = "tier 1 counts `AU:CU:GU:TU`, `TAR:TIR`"
    roles = "names NORMAL, TUMOR"
    mind = (
        "the somatic caller states no genotype and no AD; where its columns have other names, say `--normal`"
    )
    header = re.compile(r"##source=strelka\s*$", re.IGNORECASE)
    keys = (frozenset(_BASES), frozenset({"TAR", "TIR"}))
    blocks = "germline: `GT` 0/0 (`.` is no call), `GQX`, `MIN_DP`, FILTER and `FT`"
    counts_all = True

    def counts(self, call: Call) -> ReadSupport | None:
        """The first (tier 1) number of each field; the depth is the sum of the alleles.

        An indel's TIR is of the caller's one ALT: where merging has added others, nothing says of which.
        """
        if all(key in call.fields for key in _BASES) and len(call.ref) == len(call.alt) == 1:
            by_base = {key[0]: _tier_1(call, key) for key in _BASES}
            found = base_counts(call, by_base, "AU:CU:GU:TU tier 1")
            if found is not None:
                return found
        alt, ref, other = (_tier_1(call, key) for key in ("TIR", "TAR", "TOR"))
        if "TIR" not in call.fields or "TAR" not in call.fields or len(call.alts) > 1:
            return super().counts(call)
        total = None if alt is None or ref is None else alt + ref + (other or 0.0)
        return support(alt, ref, total, "TAR:TIR tier 1")


def _tier_1(call: Call, key: str) -> float | None:
    return (call.numbers(key) or [None])[0]
