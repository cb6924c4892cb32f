"""Any other caller: AD, or a count of ALT beside DP, or a fraction under one of its usual names."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import (
    Call,
    Dialect,
    StatedFraction,
    allelic_depths,
    four_counts,
    of_depth,
)
from tp53annot.vcf.header import Header

_FRACTIONS = ("AF", "VAF", "VF", "FA", "TVAF")
_PAIR = re.compile(r'([A-Za-z_]+)=("[^"]*"|[^,>]*)')
_ROLE = re.compile(r"(?<![a-z])(tumou?r|normal)(?![a-z])", re.IGNORECASE)


class Generic(Dialect):
    """What the VCF specification and most callers agree on; every record is in this dialect, last."""

    name = "generic"
    callers = "Pisces, any other; files prepared for other report tools"
    reads = "`AD`; else the fraction `AF`, `VAF`, `VF` or `FA`; prepared files: `TVAF`/`TDP`, `ADT`/`DPT`"
    keys = (frozenset(),)
    blocks = (
        "`GT` 0/0, FILTER `.` or PASS, the lowest of `GQ`, `GQX`, `RGQ` (else by `PL`, else `QUAL` where ALT is `.`), "
        "`MIN_DP`, else `DP`, else the sum of `AD`, reads of other bases by `AD` (and `DP`) or `DP4`"
    )

    def counts(self, call: Call) -> ReadSupport | None:
        """AD or ADT of one number an allele, DP4, else BD or AD of one number beside DP."""
        return (
            super().counts(call)
            or allelic_depths(call, "ADT")
            or four_counts(call)
            or of_depth(call, "BD")
            or of_depth(call, "AD")
        )

    def fraction(self, call: Call) -> StatedFraction | None:
        """The first of the usual names that is stated; a number above 1 is no fraction."""
        stated = ((key, value) for key in _FRACTIONS if (value := call.per_alt(key)) is not None)
        key, value = next(stated, ("", None))
        return None if value is None or value > 1 else StatedFraction(value=value, source=key)

    def stated_roles(self, header: Header) -> dict[str, str]:
        """``##PEDIGREE=<Derived=,Original=>`` and ``##SAMPLE`` lines that say tumor or normal."""
        roles: dict[str, str] = {}
        for line in header.lines:
            key, _, value = line.partition("=")
            pairs = dict(_PAIR.findall(value)) if key in ("##PEDIGREE", "##SAMPLE") else {}
            if key == "##PEDIGREE":
                stated = {"tumor": pairs.get("Derived", ""), "normal": pairs.get("Original", "")}
            else:
                named = [pairs[k] for k in ("SampleName", "ID") if pairs.get(k) in header.samples]
                said = {role.lower().replace("tumour", "tumor") for role in _ROLE.findall(value)}
                stated = {said.pop(): named[0]} if pairs and named and len(said) == 1 else {}
            for role, name in stated.items():
                if name in header.samples:
                    roles.setdefault(role, name)
        return roles
