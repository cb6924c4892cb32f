"""A structural record as one sample carries it, before anything is read out of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from tp53annot.core.candidate import Candidate, Uninterpreted


class Carriage(StrEnum):
    """Whether the sample has what the record names, as its genotype and own fields say."""

    CALLED = "called"
    OPEN = "open"  # no genotype: numbers, or the name, have to tell
    REFERENCE = "reference"
    NOT_SHOWN = "not_shown"  # no genotype, and the sample's own fields show nothing


class StructuralCall(Struct, frozen=True, kw_only=True):
    """A record with symbolic alleles or breakends, or a deletion that leaves the locus, for one sample.

    Attributes:
        listed: its ALTs that the sample carries, as a report lists them.
        names: for each of them the words of its symbol in upper case: ``("CNV", "LOSS")``; of a breakend, what the
            join would make: ``("DEL",)``, ``("DUP", "TANDEM")``, ``("INV",)``, ``("TRA",)``.
        hints: words of SVTYPE and ID, for a symbol that says only that the copies differ.
        junction: stated by a breakend: a join between two places, whatever the copies.
        start: first base concerned, GRCh38.
        end: last base concerned, inclusive.
        precise: whether the ends are meant to the base.
        carriage: whether the sample has it.
        failed: filters of the record or of the sample's genotype that it failed.
        heterozygous: the genotype names the reference beside it.
        on_both: the genotype has it on both alleles, and nothing else.
        total: copies of both alleles in the sample, ``None`` where not stated.
        minor: copies of the rarer allele, ``None`` where not stated.
        figures: other figures of copies as they stand.
        change: the same as a sequence change, where its bases are known.
    """

    listed: tuple[Uninterpreted, ...]
    names: tuple[tuple[str, ...], ...]
    hints: tuple[str, ...] = ()
    junction: bool = False
    start: int
    end: int
    precise: bool
    carriage: Carriage
    failed: tuple[str, ...] = ()
    heterozygous: bool = False
    on_both: bool = False
    total: int | None = None
    minor: int | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    change: Candidate | None = None

    @property
    def length(self) -> int:
        """Bases from its first to its last."""
        return self.end - self.start + 1
