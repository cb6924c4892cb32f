"""LoFreq: no sample column; DP4, AF and DP in INFO."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.vcf.dialects.bcftools import Bcftools
from tp53annot.vcf.dialects.dialect import Keys


class LoFreq(Bcftools):
    """The counts of bcftools, without a sample."""

    name = "lofreq"
    callers = "LoFreq"
    reads = "`DP4` or `AF` and `DP` of INFO"
    mind = "has no sample column: the sample is named after the file. It calls no indels unless asked to"
    blocks = "it writes variants only"
    keys: ClassVar[Keys] = ()
    header = re.compile(r"##source=lofreq", re.IGNORECASE)
