"""Mutect2, HaplotypeCaller and DRAGEN: AD, strands in SB, the pair in header lines of their own."""

from __future__ import annotations

import re

from tp53annot.vcf.dialects.dialect import Dialect
from tp53annot.vcf.header import Header

_ROLES = {"##tumor_sample": "tumor", "##normal_sample": "normal"}


class Gatk(Dialect):
    """The pair stands in ``##tumor_sample`` and ``##normal_sample``."""

    name = "gatk"
    callers = "Mutect2, DRAGEN, HaplotypeCaller"
    reads = "`AD`"
    mind = "run FilterMutectCalls: an unfiltered file has no PASS. Phase of neighbours from `PGT`/`PID`/`PS`"
    header = re.compile(
        r"##(source=(mutect|haplotypecaller|dragen)|MutectVersion=|DRAGENCommandLine=|tumor_sample="
        r"|GATKCommandLine[.=].*(mutect|haplotypecaller|genotypegvcfs))",
        re.IGNORECASE,
    )

    def stated_roles(self, header: Header) -> dict[str, str]:
        """The names in the two lines."""
        roles: dict[str, str] = {}
        for line in header.lines:
            key, _, name = line.partition("=")
            if key in _ROLES:
                roles.setdefault(_ROLES[key], name)
        return roles
