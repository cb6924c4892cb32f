"""Filters of one ALT of a record: ``AS_FilterStatus``, which speaks of an allele where FILTER speaks of the site.

FilterMutectCalls writes ``weak_evidence,strand_bias|SITE`` (``|`` between alleles, SITE for one that only FILTER judges),
and FILTER keeps only what every allele failed. ApplyVQSR and gnomAD write ``PASS,RF|AC0`` (a comma between alleles).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

KEY = "AS_FilterStatus"
_PASSED = frozenset({"", ".", "SITE", "PASS"})
_SIGN = re.compile(r"[/|]")
_BY_COMMA = re.compile(r"(?:\A|[,|])(?:PASS|RF|AC0|InbreedingCoeff|VQSRTranche[^,|]*)(?=[,|]|\Z)")


def failed_by_allele(
    info: Mapping[str, str], alts: Sequence[str], index: int, genotype: str, beside: str = ""
) -> tuple[str, ...]:
    """The filters that one ALT failed, whatever the site did; none where the record says nothing of its alleles.

    Where a tool has made several records of one and left the field whole, the genotype tells the ALT (``0/0/1`` is the
    second of two). Where nothing tells it, what any of them failed is held against it.

    Args:
        info: the record's values by INFO key.
        alts: the record's ALTs.
        index: which of them is meant, from 0.
        genotype: the sample's, as text.
        beside: the field as another record of the same place has it, for one that lost it when alleles were split.

    >>> failed_by_allele({"AS_FilterStatus": "weak_evidence,strand_bias|SITE"}, ("A", "T"), 0, "0/1/2")
    ('weak_evidence', 'strand_bias')
    >>> failed_by_allele({"AS_FilterStatus": "weak_evidence|SITE"}, ("T",), 0, "0/0/1")
    ()
    """
    text = info.get(KEY, "") or beside
    if text in _PASSED:
        return ()
    parts = parts_by_allele(text, len(alts))
    own = _own(parts, len(alts), index, genotype)
    names = [name for part in own for name in re.split("[,|]", part)]
    return tuple(dict.fromkeys(name for name in names if name.strip() not in _PASSED))


def parts_by_allele(text: str, alts: int) -> list[str]:
    """The value cut into one part for each ALT that it was written for.

    >>> parts_by_allele("PASS,RF|AC0", 2), parts_by_allele("SITE|clustered_events,haplotype", 2)
    (['PASS', 'RF|AC0'], ['SITE', 'clustered_events,haplotype'])
    """
    if alts == 1 and "SITE" not in re.split("[,|]", text) and _BY_COMMA.search(text):
        return [text]  # what one allele failed, whichever sign stands between
    return text.split("," if _BY_COMMA.search(text) else "|")


def _own(parts: list[str], alts: int, index: int, genotype: str) -> list[str]:
    """The part of this ALT, or every part where nothing says which it is."""
    if len(parts) == alts:
        return [parts[index]]
    if alts == 1 and len(parts) == 1:
        return parts
    if alts > 1:  # one that stands for any other allele may have none
        return [parts[index]] if index < len(parts) else []
    alleles = _SIGN.split(genotype)
    place = alleles.index("1") if alleles.count("1") == 1 else 0
    if len(alleles) == len(parts) + 1 and place:
        return [parts[place - 1]]
    return parts
