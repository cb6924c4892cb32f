"""Callers of long reads: Clair3 and ClairS with AD and AF, Longshot and medaka with counts in INFO."""

from __future__ import annotations

import re
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import Call, Dialect, Strands, allelic_depths, support


class Clair(Dialect):
    """AD, also as one number of REF where it calls the reference; its AF is then that of REF."""

    name = "clair"
    callers = "Clair3, ClairS"
    reads = "`AD`; else `AF`"
    mind = "of long reads"
    header = re.compile(r'##(source="?Clair|clair3_version=)', re.IGNORECASE)
    blocks = "`GT` 0/0 (`./.` is no call), FILTER `.`, PASS or RefCall (LowQual is filtered), `GQ`, `MIN_DP`, else `DP`"
    block_quality_always: ClassVar[bool] = True


class Longshot(Dialect):
    """INFO ``AC``: reads of REF and each ALT (not genotypes, as elsewhere); newer versions write AD of the sample."""

    name = "longshot"
    callers = "Longshot"
    reads = "`AD`, else `AC` of INFO (one number an allele)"
    depth = "sum of the counts: those that fit neither allele (`AM`) are left out"
    blocks = "it writes variants only"
    mind = "of long reads; calls no indels"
    header = re.compile(r"##source=Longshot", re.IGNORECASE)
    own_info_if_named: ClassVar[tuple[str, ...]] = ("AC",)
    counts_all = True

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, else AC."""
        return super().counts(call) or allelic_depths(call, "AC")


class Medaka(Dialect):
    """INFO ``SR`` of ``medaka tools annotate``: reads by allele and strand, REF first."""

    name = "medaka"
    callers = "medaka"
    reads = "`SR` of INFO (forward and reverse of each allele), where annotated"
    depth = "sum of the counts: those that fit no allele (`AR`) are left out"
    blocks = "it writes variants only"
    mind = "of long reads; without `medaka tools annotate` its file states no reads"
    header = re.compile(r"##medaka_version=")
    own_info_if_named: ClassVar[tuple[str, ...]] = ("SR",)
    counts_all = True

    def counts(self, call: Call) -> ReadSupport | None:
        """Both strands of each allele together."""
        pairs = _by_allele(call)
        if pairs is None:
            return super().counts(call)
        together = [forward + reverse for forward, reverse in pairs]
        return support(together[call.index + 1], together[0], sum(together), "SR")

    def strands(self, call: Call) -> Strands:
        """As the field has them."""
        pairs = _by_allele(call)
        if pairs is None:
            return super().strands(call)
        (rf, rr), (af, ar) = pairs[0], pairs[call.index + 1]
        return Strands(ref_forward=rf, ref_reverse=rr, alt_forward=af, alt_reverse=ar)


def _by_allele(call: Call) -> list[tuple[float, float]] | None:
    """Reads on each strand of REF and each ALT; ``None`` where a number is missing."""
    numbers = [value for value in call.numbers("SR") if value is not None]
    if len(numbers) != 2 * (len(call.alts) + 1) or len(numbers) != len(call.numbers("SR")):
        return None
    return list(zip(numbers[::2], numbers[1::2], strict=True))
