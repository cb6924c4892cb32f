"""Mutect, HaplotypeCaller, Sentieon, DRAGEN: AD, strands in SB, the pair in header lines of their own, GVCF blocks."""

from __future__ import annotations

import math
import re
from typing import ClassVar

from tp53annot.core.coverage import GenotypeConfidence
from tp53annot.vcf.dialects.dialect import Dialect, Keys, ReferenceRecord, StatedRoles
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

    unfiltered = re.compile(r"##filtering_status=Warning: unfiltered.*", re.IGNORECASE)
    block_quality_always: ClassVar[bool] = True
    keys: ClassVar[Keys] = (frozenset({"TLOD", "DP"}), frozenset({"SQ", "MIN_DP"}))
    blocks = (
        "`GT` 0/0, `GQ` (all sites of GenotypeGVCFs: `RGQ`; Mutect2: `TLOD`; DRAGEN somatic: `SQ`), `MIN_DP`, else `DP`, "
        "`AD` of `<NON_REF>`; CombineGVCFs leaves every genotype uncalled"
    )
    block_quality: ClassVar[tuple[str, ...]] = (*Dialect.block_quality, "SQ")

    def block_confidence(self, record: ReferenceRecord) -> GenotypeConfidence | None:
        """Mutect2's ``TLOD``: log10 odds of any change; else as others."""
        if "TLOD" not in record.keys:
            return super().block_confidence(record)
        value = _signed(record.fields.get("TLOD", ""))
        return GenotypeConfidence(field="TLOD", value=value, odds=True)

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


def _signed(text: str) -> float | None:
    """A number with its sign; ``None`` for anything else."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
