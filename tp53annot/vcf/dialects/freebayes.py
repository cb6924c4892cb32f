"""freebayes: observations of REF (RO) and of each ALT (AO), strands in SAF, SAR, SRF, SRR."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, Strands, observations


class Freebayes(Dialect):
    """Its newer versions write AD, too; strands stand in INFO."""

    name = "freebayes"
    callers = "freebayes"
    reads = "`AD` or `AO`/`RO`, strands `SAF`…`SRR`"
    mind = "writes haplotypes as MNVs; they are named as one change"
    header = re.compile(r"##source=freebayes", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"AO", "RO"}), frozenset({"SAF"}))
    own_info: ClassVar[tuple[str, ...]] = ("AO", "RO", "SAF", "SAR", "SRF", "SRR")

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else AO and RO."""
        return super().counts(call) or observations(call, "RO", "AO")

    def strands(self, call: Call) -> Strands:
        """SAF and SAR of each ALT, SRF and SRR."""
        if "SAF" not in call.fields:
            return super().strands(call)
        return Strands(
            alt_forward=call.per_alt("SAF"),
            alt_reverse=call.per_alt("SAR"),
            ref_forward=call.one("SRF"),
            ref_reverse=call.one("SRR"),
        )
