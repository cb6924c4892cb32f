"""freebayes: observations of REF (RO) and of each ALT (AO), strands in SAF, SAR, SRF, SRR."""

from __future__ import annotations

import re
from typing import ClassVar

from msgspec.structs import replace

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.coverage import GenotypeConfidence
from tp53annot.vcf.dialects.dialect import Call, Dialect, Keys, ReferenceRecord, Strands, observations


class Freebayes(Dialect):
    """Its newer versions write AD, too; strands stand in INFO."""

    name = "freebayes"
    callers = "freebayes"
    reads = "`AD` or `AO`/`RO`, strands `SAF`…`SRR`"
    mind = "writes haplotypes as MNVs; they are named as one change"
    header = re.compile(r"##source=freebayes", re.IGNORECASE)
    keys: ClassVar[Keys] = (frozenset({"AO", "RO"}), frozenset({"SAF"}))
    own_info: ClassVar[tuple[str, ...]] = ("AO", "RO", "SAF", "SAR", "SRF", "SRR")
    blocks = "`--gvcf` writes no `GT`: the block is the call; `GQ`, `MIN_DP`, `AO` of `RO` and `AO`"
    block_without_genotype: ClassVar[bool] = True

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else AO and RO."""
        return super().counts(call) or observations(call, "RO", "AO")

    def block_confidence(self, record: ReferenceRecord) -> GenotypeConfidence | None:
        """As others; but its QUAL of a site without ALT says how likely a change is, and is not used."""
        return super().block_confidence(replace(record, qual=""))

    def block_alternate(self, record: ReferenceRecord) -> float | None:
        """``AO`` of ``RO`` and ``AO``, else by ``AD``."""
        ref, alt = record.number("RO"), [value for value in record.numbers("AO") if value is not None]
        if ref is None or not alt:
            return super().block_alternate(record)
        total = ref + sum(alt)
        return sum(alt) / total if total else None

    def strands(self, call: Call) -> Strands:
        """SAF and SAR of each ALT, SRF and SRR."""
        if "SAF" not in call.fields:
            return super().strands(call)
        return Strands(
            alt_forward=call.per_alt("SAF"),
            alt_reverse=call.per_alt("SAR"),
            ref_forward=call.one("SRF"),
            ref_reverse=call.one("SRR"),
        )
