"""Octopus: AD where asked for, else AF of one number an allele or the fraction of its model (MAP_VAF)."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, StatedFraction


class Octopus(Dialect):
    """Its annotation AF begins with REF."""

    name = "octopus"
    callers = "Octopus"
    reads = "`AD` where asked for; else `AF` (one number an allele), `MAP_VAF`"
    roles = "`--normal-sample` in the command line"
    blocks = "`--refcall` (ALT `<*>`, or `*` with END): `GT` 0/0, phased or not, `GQ`, `DP`; a FILTER of the reference calls counts"
    mind = "`VAF_CR` is an interval and not read"
    header = re.compile(r"##(source=octopus|octopus=)", re.IGNORECASE)
    block_quality_always: ClassVar[bool] = True
    keys: ClassVar[Keys] = (frozenset({"MAP_VAF"}),)
    fractions = ("MAP_VAF", "VAF", "AF")

    def fraction(self, call: Call) -> StatedFraction | None:
        """AF of one number an allele, else the usual."""
        shares = call.numbers("AF")
        value = shares[call.index + 1] if len(shares) == len(call.alts) + 1 else None
        if value is not None and value <= 1:
            return StatedFraction(value=value, source="AF")
        return super().fraction(call)
