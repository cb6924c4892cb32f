"""VarScan 2: RD and AD of one number each, and a fraction in percent."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Strands, support


class VarScan(Dialect):
    """AD is the count of ALT alone; ADF, ADR, RDF and RDR are its strands."""

    name = "varscan"
    callers = "VarScan"
    reads = "`RD`/`AD`, `FREQ`"
    mind = "percent signs and decimal commas are understood"
    header = re.compile(r"##source=VarScan", re.IGNORECASE)
    roles = "names NORMAL, TUMOR"
    fractions = ("FREQ",)
    keys = (frozenset({"FREQ"}), frozenset({"RD", "AD"}))

    def counts(self, call: Call) -> ReadSupport | None:
        """Reads of ALT and REF; other bases are not counted."""
        if "FREQ" not in call.fields and len(call.numbers("AD")) != 1:
            return None
        alt, ref = call.per_alt("AD"), call.one("RD")
        return None if alt is None or ref is None else support(alt, ref, alt + ref, "RD:AD")

    def strands(self, call: Call) -> Strands:
        """One number a field."""
        return Strands(
            alt_forward=call.one("ADF"),
            alt_reverse=call.one("ADR"),
            ref_forward=call.one("RDF"),
            ref_reverse=call.one("RDR"),
        )
