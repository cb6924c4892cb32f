"""Clair3, ClairS: AD and AF; RefCall in FILTER, blocks of ``<NON_REF>``."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.vcf.dialects.dialect import Dialect


class Clair(Dialect):
    """AD, also as one number of REF where it calls the reference; its AF is then that of REF."""

    name = "clair"
    callers = "Clair3, ClairS"
    reads = "`AD`; else `AF`"
    mind = "of long reads"
    header = re.compile(r'##(source="?Clair|clair3_version=)', re.IGNORECASE)
    blocks = "`GT` 0/0 (`./.` is no call), FILTER `.`, PASS or RefCall (LowQual is filtered), `GQ`, `MIN_DP`, else `DP`"
    block_quality_always: ClassVar[bool] = True
