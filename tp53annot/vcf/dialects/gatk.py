"""Mutect2, HaplotypeCaller and DRAGEN: AD, strands in SB, the pair in header lines of their own, GVCF blocks."""

from __future__ import annotations

import math
import re
from typing import ClassVar

from tp53annot.core.coverage import GenotypeConfidence
from tp53annot.vcf.dialects.dialect import Dialect, Keys, ReferenceRecord
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

    def stated_roles(self, header: Header) -> dict[str, str]:
        """The names in the two lines."""
        roles: dict[str, str] = {}
        for line in header.lines:
            key, _, name = line.partition("=")
            if key in _ROLES:
                roles.setdefault(_ROLES[key], name)
        return roles


def _signed(text: str) -> float | None:
    """A number with its sign; ``None`` for anything else."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
