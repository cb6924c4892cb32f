"""QIAGEN: CLC Genomics Workbench (CLCAD2), and the molecules of smCounter (UMT, VMT)."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, allelic_depths, of_depth


class Clc(Dialect):
    """``CLCAD2`` has one number an allele."""

    name = "clc"
    callers = "QIAGEN CLC Genomics Workbench"
    reads = "`CLCAD2`"
    header = re.compile(r"##source=.*\bCLC\b", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"CLCAD2"}),)

    def counts(self, call: Call) -> ReadSupport | None:
        """Reads that support each allele, as REF and ALT list them."""
        return allelic_depths(call, "CLCAD2") or super().counts(call)


class SmCounter(Dialect):
    """Counts of molecules (UMIs) go before those of reads."""

    name = "smcounter"
    callers = "QIAGEN smCounter, QIAseq panels"
    reads = "molecules: `VMT`/`UMT` or `AD`; else `VMF`, `VF`"
    depth = "`UMT`, else the sum of `AD`"
    header = re.compile(r"##source=smCounter", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"UMT", "VMT"}), frozenset({"VMF"}))
    own_info: ClassVar[tuple[str, ...]] = ("UMT", "VMT", "VMF")
    fractions = ("VMF", "VF")

    def counts(self, call: Call) -> ReadSupport | None:
        """Molecules with the ALT of all that were used, else AD, which counts molecules in its files."""
        return of_depth(call, "VMT", "UMT") or super().counts(call)
