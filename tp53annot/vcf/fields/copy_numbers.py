"""Copy numbers as callers state them in FORMAT or INFO."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.text import number

# One key a convention: VCF and DRAGEN CN and MCN, ascatNgs and Battenberg TCN and MCN, cnv_facets TCN_EM and LCN_EM,
# Canvas MCC (copies of the commoner allele), Wakhan and HaplotypeCN CN1 and CN2 (one number an allele).
_TOTAL = ("CN", "TCN", "TCN_EM")
_MINOR = ("MCN", "LCN", "LCN_EM")
_MAJOR = ("MCC",)
_ALLELES = ("CN1", "CN2")
_FIGURES = ("CNF", "BAF", "MAF", "CF_EM", "CNLR_MEDIAN", "FOLD_CHANGE_LOG", "SM")


class StatedCopies(Struct, frozen=True, kw_only=True):
    """Copies as stated: of both alleles, of the rarer one, and other figures by key; ``None``: not stated."""

    total: int | None = None
    minor: int | None = None
    figures: Mapping[str, str]

    @property
    def speaks(self) -> bool:
        """Whether a number of copies is stated."""
        return self.total is not None or self.minor is not None


def stated_copies(fields: Mapping[str, str]) -> StatedCopies:
    """The copies that a sample's FORMAT or a record's INFO states.

    >>> found = stated_copies({"CN": "2", "MCN": "0", "GT": "1/2"})
    >>> found.total, found.minor
    (2, 0)
    >>> stated_copies({"CN1": "0.02", "CN2": "1.1"}).total
    1
    """
    one, other = (number(fields.get(key, "")) for key in _ALLELES)
    total, minor, major = (_first(fields, keys) for keys in (_TOTAL, _MINOR, _MAJOR))
    if one is not None and other is not None:
        total = one + other if total is None else total
        minor = min(one, other) if minor is None else minor
    if minor is None and major is not None and total is not None:
        minor = max(total - major, 0)
    return StatedCopies(
        total=_copies(total),
        minor=_copies(minor),
        figures={key: fields[key] for key in _FIGURES if fields.get(key) not in (None, "", ".")},
    )


def _first(fields: Mapping[str, str], keys: tuple[str, ...]) -> float | None:
    return next((value for key in keys if (value := number(fields.get(key, ""))) is not None), None)


def _copies(value: float | None) -> int | None:
    """To the nearest whole number, halves upwards: 0.5 copies are one, and no loss is read out of less."""
    return None if value is None else int(value + 0.5)
