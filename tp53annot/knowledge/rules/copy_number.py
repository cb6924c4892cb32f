"""``rules/copy_number.toml``: how copies of the gene are read; fractions are 0..1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralRules:
    """``[records]``: structural records of a VCF.

    Attributes:
        longest_named: bases up to which (inclusive) a precise change inside the gene is named as a sequence change.
        longest_join: bases up to which (inclusive) a join of two breakends counts as a deletion.
        loss: words for a lost copy.
        gain: words for a gained one.
        loh: words for loss of heterozygosity, whatever the copies.
        cn_loh: words for loss of heterozygosity without loss of copies.
    """

    longest_named: int
    longest_join: int
    loss: tuple[str, ...]
    gain: tuple[str, ...]
    loh: tuple[str, ...]
    cn_loh: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNumberRules:
    """The file."""

    version: str
    records: StructuralRules
