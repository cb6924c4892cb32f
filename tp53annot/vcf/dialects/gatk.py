"""Mutect, HaplotypeCaller, Sentieon and DRAGEN: AD, strands in SB, the pair in header lines of their own."""

from __future__ import annotations

import re

from tp53annot.vcf.dialects.dialect import Dialect, StatedRoles
from tp53annot.vcf.header import Header

_LINE = re.compile(r"##(tumor|normal)_sample=(.+)")
_MUTECT1 = re.compile(r"\b(tumor|normal)_sample_name=([^\s,\]]+)")


class Gatk(Dialect):
    """The pair stands in ``##tumor_sample`` and ``##normal_sample``, or in the command line."""

    name = "gatk"
    callers = "Mutect, Mutect2, DRAGEN, HaplotypeCaller, Sentieon TNscope and TNhaplotyper"
    reads = "`AD`; else `AF`, `FA` (Mutect 1)"
    roles = "`##tumor_sample`, `##normal_sample`; the command line of Mutect 1 and Sentieon"
    mind = "run FilterMutectCalls: an unfiltered file has no PASS. Phase of neighbours from `PGT`/`PID`/`PS`"
    header = re.compile(
        r"##(source=(mutect|haplotypecaller|dragen)|MuTect(Version)?=|DRAGENCommandLine=|(tumor|normal)_sample="
        r"|SentieonCommandLine|GATKCommandLine[.=].*(mutect|haplotypecaller|genotypegvcfs))",
        re.IGNORECASE,
    )

    def stated_roles(self, header: Header) -> StatedRoles:
        """The names in the lines, of which there are several in a file of several tumours."""
        found: list[tuple[str, str]] = []
        for line in header.lines:
            match = _LINE.fullmatch(line)
            if match:
                found.append((match[1], match[2].strip()))
            elif "_sample_name=" in line:
                found += [(role, name) for role, name in _MUTECT1.findall(line)]
        return StatedRoles.among(header.samples, found)
