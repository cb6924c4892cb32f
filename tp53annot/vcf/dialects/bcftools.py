"""bcftools and samtools: AD where asked for, else the counts DPR, DV or the four counts DP4."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, allelic_depths, four_counts, of_depth


class Bcftools(Dialect):
    """DP4 stands in INFO, in older files in the sample's column, too."""

    name = "bcftools"
    callers = "bcftools, samtools"
    reads = "`AD` where asked for (`-a AD`), else `DPR`, `DP4`, `DV`/`DP`"
    depth = "sum of the counts, `DP` beside `DV`"
    mind = "a diploid genotype caller: low fractions are missed before this tool sees the file"
    header = re.compile(r"##(bcftools_call|samtools)(Command|Version)=")
    own_info = ("DP4",)
    keys: ClassVar[Keys] = (frozenset({"DV"}), frozenset({"DPR"}))
    blocks = "`call -g` or all sites: `GT` 0/0, `QUAL` where stated, `DP` (INFO: `MinDP`), `DP4`; `mpileup -g` alone calls nothing"

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else DPR (its older name), DP4, DV of DP."""
        return (
            super().counts(call)
            or allelic_depths(call, "DPR")
            or four_counts(call)
            or (of_depth(call, "DV") if len(call.alts) == 1 and "DR" not in call.fields else None)
        )
