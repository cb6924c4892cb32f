"""Genome builds, and a sequence change on the TP53 locus."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

_BASES = re.compile(r"[ACGTN]+\Z")


class Build(StrEnum):
    """Genome assembly of an input or an output."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class Allele(Struct, frozen=True, kw_only=True, order=True):
    """One sequence change on the TP53 locus, VCF style, GRCh38 coordinates.

    Attributes:
        pos: 1-based forward-strand position of the first base of ``ref``.
        ref: reference bases, at least one.
        alt: alternate bases, at least one, different from ``ref``.
    """

    pos: int
    ref: str
    alt: str

    def __post_init__(self) -> None:
        if self.pos < 1:
            raise ValueError(f"position {self.pos} is not 1-based")
        if not _BASES.match(self.ref) or not _BASES.match(self.alt):
            raise ValueError(f"alleles must be upper-case bases: {self.ref!r} {self.alt!r}")
        if self.ref == self.alt:
            raise ValueError(f"alternate equals reference: {self.ref!r}")

    @property
    def end(self) -> int:
        """Last reference base touched, 1-based inclusive."""
        return self.pos + len(self.ref) - 1
