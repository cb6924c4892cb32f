"""VarScan 2: RD and AD of one number each, and a fraction in percent."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.text import number
from tp53annot.vcf.dialects.dialect import Call, Dialect, StatedFraction, Strands, support


class VarScan(Dialect):
    """AD is the count of ALT alone; ADF, ADR, RDF and RDR are its strands."""

    name = "varscan"
    callers = "VarScan"
    reads = "`RD`/`AD`, `FREQ`"
    mind = "percent signs and decimal commas are understood"
    header = re.compile(r"##source=VarScan", re.IGNORECASE)
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

    def fraction(self, call: Call) -> StatedFraction | None:
        """``FREQ``, where it is a percentage."""
        value = fraction_of_percent(call.fields.get("FREQ")) if call.alone else None
        return None if value is None else StatedFraction(value=value, source="FREQ")


def fraction_of_percent(text: str | None) -> float | None:
    """A fraction from ``12.5%`` or ``12,5%`` (VarScan writes the system's decimal comma).

    >>> fraction_of_percent("12,5%")
    0.125
    """
    if text is None or "%" not in text:
        return None
    value = number(text.replace("%", "").replace(",", "."))
    return None if value is None else min(value / 100, 1.0)
