"""Callers of panels with molecules counted or fractions stated: UMI-VarCal, Pisces and the TruSight Oncology 500."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, of_depth


class UmiVarCal(Dialect):
    """All counts stand in INFO."""

    name = "umi_varcal"
    callers = "UMI-VarCal"
    reads = "`AO`/`DP` of INFO, else `AF`"
    depth = "`DP` of INFO"
    mind = "has no sample column: the sample is named after the file"
    header = re.compile(r'##source="?UMI-VarCal', re.IGNORECASE)
    fractions = ("AF",)
    own_info: ClassVar[tuple[str, ...]] = ("AO", "DP")

    def counts(self, call: Call) -> ReadSupport | None:
        """Molecules with the ALT beside the depth."""
        return of_depth(call, "AO") or super().counts(call)


class Pisces(Dialect):
    """AD, and a fraction VF of the depth DP, in which reads with other bases count."""

    name = "pisces"
    callers = "Illumina Pisces, Somatic Variant Caller, TruSight Oncology 500"
    reads = "`AD`; else `VF`"
    depth = "`DP` where its VF is made with it, else the sum of `AD`"
    header = re.compile(r"##source=(Pisces|CallSomaticVariants)", re.IGNORECASE)
    fractions = ("VF",)
