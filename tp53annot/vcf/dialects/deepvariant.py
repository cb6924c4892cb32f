"""DeepVariant, DeepSomatic and PEPPER-Margin-DeepVariant: AD and VAF; RefCall and NoCall in FILTER, blocks of ``<*>``."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.vcf.dialects.dialect import Dialect


class DeepVariant(Dialect):
    """A candidate found to be reference stays in the file as RefCall; one of low quality is ``./.``."""

    name = "deepvariant"
    callers = "DeepVariant, DeepSomatic"
    reads = "`AD`; else `VAF`"
    mind = "a candidate called reference stays in the file (RefCall) and is listed with its reads"
    header = re.compile(r"##Deep(Variant|Somatic)_version=", re.IGNORECASE)
    fractions = ("VAF",)
    blocks = "`GT` 0/0 (`./.` is no call), FILTER `.`, PASS or RefCall, `GQ`, `MIN_DP`"
    block_quality_always: ClassVar[bool] = True
