"""VarDict and VarDictJava: AD, or the count VD beside DP; strands in ALD and RD."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Strands, of_depth


class VarDict(Dialect):
    """Its DP and AF count reads with other bases, too."""

    name = "vardict"
    callers = "VarDict"
    reads = "`AD` or `VD`; depth `DP` where its AF is made with it"
    mind = (
        "writes neighbouring changes as one complex record, sometimes beside the single ones: "
        "the same change twice is reported once"
    )
    header = re.compile(r"##source=VarDict", re.IGNORECASE)
    keys = (frozenset({"VD"}), frozenset({"ALD"}))

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else VD of DP; its old var2vcf_somatic.pl wrote the strands of ALT in AD (AstraZeneca-NGS/VarDict issue 27)."""
        of_alt = call.one("VD")
        both = [value or 0.0 for value in call.numbers("AD")]
        if len(both) == 2 == len(call.alts) + 1 and sum(both) == of_alt != both[1]:
            return of_depth(call, "VD")
        return super().counts(call) or of_depth(call, "VD")

    def strands(self, call: Call) -> Strands:
        """Forward and reverse reads of ALT (``ALD``) and REF (``RD``)."""
        found, alt, ref = super().strands(call), call.numbers("ALD"), call.numbers("RD")
        if found != Strands() or len(alt) != 2 or len(ref) != 2:
            return found
        return Strands(ref_forward=ref[0], ref_reverse=ref[1], alt_forward=alt[0], alt_reverse=alt[1])
