"""Ion Torrent Variant Caller (TVC): freebayes' fields, and counts by flow evaluation (FAO, FRO)."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, observations
from tp53annot.vcf.dialects.freebayes import Freebayes


class Torrent(Freebayes):
    """FAO and FRO are the counts the caller decided by."""

    name = "torrent"
    callers = "Ion Torrent TVC"
    reads = "`FRO`/`FAO`"
    mind = "indels in homopolymers are its weak spot"
    header = re.compile(r'##source="?tvc\b', re.IGNORECASE)
    keys = (frozenset({"FAO", "FRO"}),)
    own_info = ("FAO", "FRO", *Freebayes.own_info)
    blocks = Dialect.blocks
    block_without_genotype = False
    counts_all = True

    def counts(self, call: Call) -> ReadSupport | None:
        """FAO and FRO, else what freebayes would write."""
        return observations(call, "FRO", "FAO") or super().counts(call)
