"""Local alleles: fields that number the alleles of one sample, read as if they numbered all of the record.

VCF 4.5 keeps GT by the record's alleles beside LAA, LAD and LPL; Hail, GLIMPSE and older files write the genotype
locally, too (LGT). LAA counts ALTs from 1; Hail's LA holds REF (0) as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tp53annot.core.text import whole

_MAPS = ("LAA", "LA")
_GENOTYPES = {"LGT": "GT", "LPGT": "PGT"}
_BY_ALLELE = {f"L{key}": key for key in ("AD", "ADF", "ADR", "F1R2", "F2R1")}
_BY_ALT = {f"L{key}": key for key in ("AF", "VAF", "VF", "AO", "EC")}
_KEYS = frozenset((*_MAPS, *_GENOTYPES, *_BY_ALLELE, *_BY_ALT))
_INDEX = re.compile(r"\d+")
_NONE = (None, "", ".")


def with_global_alleles(fields: Mapping[str, str], alts: int) -> dict[str, str]:
    """A sample's fields with those of local alleles beside them as the record's own: LGT as GT, LAD as AD.

    An allele that is not local has no value (``.``). What stands globally already is kept. Where nothing says which ALTs
    are local (or it cannot be true), only what needs no such list is read: a genotype of REF alone.

    Args:
        fields: the sample's values by FORMAT key.
        alts: number of ALTs of the record.

    >>> with_global_alleles({"LGT": "0/1", "LAA": "2", "LAD": "60,40"}, 2)["AD"]
    '60,.,40'
    """
    found = dict(fields)
    if _KEYS.isdisjoint(fields):
        return found
    local = _local(fields, alts)
    for key, name in _GENOTYPES.items():
        if key in fields and fields.get(name) in _NONE:
            found[name] = _genotype(fields[key], local)
    if local is None:
        return found
    for keys, with_ref in ((_BY_ALLELE, True), (_BY_ALT, False)):
        for key, name in keys.items():
            if key in fields and fields.get(name) in _NONE:
                values = _spread(fields[key], local, alts, with_ref=with_ref)
                found |= {} if values is None else {name: values}
    return found


def _local(fields: Mapping[str, str], alts: int) -> list[int] | None:
    """The sample's ALTs, counted from 1; ``None`` where no list says so or it names one that is not there."""
    stated = next((fields[key] for key in _MAPS if key in fields), None)
    if stated is None:
        return [1] if alts == 1 else None
    numbers = [whole(part) for part in stated.split(",")] if stated not in _NONE else []
    known = [number for number in numbers if number is not None and number <= alts]
    if len(known) != len(numbers) or len(set(known)) != len(known):
        return None
    return [number for number in known if number]


def _genotype(text: str, local: list[int] | None) -> str:
    """A genotype by local alleles with the record's numbers; ``.`` for an allele that cannot be told."""

    def number(found: re.Match[str]) -> str:
        index = int(found[0])
        if index == 0:
            return "0"
        return str(local[index - 1]) if local is not None and index <= len(local) else "."

    return _INDEX.sub(number, text)


def _spread(text: str, local: list[int], alts: int, *, with_ref: bool) -> str | None:
    """Values of the local alleles at their places among all; ``None`` where their number does not fit."""
    values = text.split(",")
    places = [0, *local] if with_ref else [number - 1 for number in local]
    if len(values) != len(places):
        return None
    by_place = dict(zip(places, values, strict=True))
    return ",".join(by_place.get(place, ".") for place in range(alts + with_ref))
