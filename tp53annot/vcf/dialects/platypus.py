"""Platypus: reads at the site (NR) and with the ALT (NV)."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, support


class Platypus(Dialect):
    """One number an ALT in both fields."""

    name = "platypus"
    callers = "Platypus"
    reads = "`NR`/`NV`"
    header = re.compile(r"##(source=Platypus|platypusOptions=)", re.IGNORECASE)
    keys = (frozenset({"NR", "NV"}),)

    def counts(self, call: Call) -> ReadSupport | None:
        """AD where another tool added it, else NV of NR."""
        alt, depth = call.per_alt("NV"), call.per_alt("NR")
        own = None if alt is None or depth is None else support(alt, None, depth, "NR:NV")
        return super().counts(call) or own
