"""bcftools and samtools: AD where asked for, else the four counts DP4."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, four_counts


class Bcftools(Dialect):
    """DP4 stands in INFO."""

    name = "bcftools"
    callers = "bcftools"
    reads = "`AD` where asked for (`-a AD`), else `DP4`"
    mind = "a diploid genotype caller: low fractions are missed before this tool sees the file"
    header = re.compile(r"##(bcftools_call|samtools)(Command|Version)=")
    own_info = ("DP4",)
    blocks = "`call -g` or all sites: `GT` 0/0, `QUAL` where stated, `DP` (INFO: `MinDP`), `DP4`; `mpileup -g` alone calls nothing"

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else DP4."""
        return super().counts(call) or four_counts(call)
