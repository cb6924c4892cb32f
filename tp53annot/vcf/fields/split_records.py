"""Records that a tool made of one record with several ALTs: which of those ALTs this one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_VT = re.compile(r"[^:]+:\d+:([^/]+(?:/[^/]+)+)")
_BCFTOOLS = re.compile(r"[^|]+\|\d+\|[^|]+\|[^|]+\|(\d+)")
_HALVES = {"1/.": 1, "1/0": 1, "./1": 2}  # one ALT of a genotype 1/2, as vt and bcftools norm write it


def original_allele(
    alt: str, info: Mapping[str, str], genotype: str, counts: Sequence[float | None]
) -> int | None:
    """Number (from 1) of a record's only ALT among those of the record it was made of; ``None`` where nothing tells it.

    Args:
        alt: in upper case.
        info: the record's values by INFO key: ``OLD_MULTIALLELIC`` of vt, a record tag of bcftools norm.
        genotype: the sample's, as text.
        counts: reads of REF and of every ALT of the original record.

    >>> original_allele("T", {}, "1/.", (20, 300, 280)), original_allele("T", {}, "0/1", (60, 0, 40))
    (1, 2)
    >>> original_allele("T", {}, "0/2", (60, 0, 40)) is None
    True
    """
    whole_record = _VT.fullmatch(info.get("OLD_MULTIALLELIC", ""))
    if whole_record is not None:
        originals = whole_record[1].upper().split("/")[1:]
        return originals.index(alt) + 1 if alt in originals else None
    for value in info.values():
        record = _BCFTOOLS.fullmatch(value)
        if record is not None and int(record[1]) < len(counts):
            return int(record[1])
    if len(counts) == 3 and genotype in _HALVES:
        return _HALVES[genotype]
    if any(number not in ("0", "1") for number in re.findall(r"\d+", genotype)):
        return None  # the genotype was left whole, too: its numbers are not of this record's ALT
    shown = [i for i, value in enumerate(counts) if i and value]
    return shown[0] if len(shown) == 1 else None
