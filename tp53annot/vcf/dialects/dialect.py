"""What a caller's dialect says: read support, strands, fractions, roles of samples, reference blocks.

A missing number is ``None``, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.text import number, whole
from tp53annot.vcf.header import Header

Fields = Mapping[str, str]
Keys = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One ALT as a sample (or, without samples, the INFO column) states it.

    Attributes:
        fields: the sample's values by FORMAT key.
        info: the record's values by INFO key.
        index: which of ``alts`` is meant, from 0.
    """

    fields: Fields
    info: Fields
    ref: str
    alts: Sequence[str]
    index: int

    @property
    def alt(self) -> str:
        """The ALT in question."""
        return self.alts[self.index]

    def numbers(self, key: str) -> list[float | None]:
        """A field's comma-separated numbers; empty when the field is missing."""
        text = self.fields.get(key)
        return [] if text in (None, "", ".") else [number(part) for part in str(text).split(",")]

    def per_alt(self, key: str) -> float | None:
        """The value of this ALT in a Number=A (or single) field."""
        values = self.numbers(key)
        if len(values) == len(self.alts):
            return values[self.index]
        return values[0] if len(values) == 1 and len(self.alts) == 1 else None

    def one(self, key: str) -> float | None:
        """A single number."""
        values = self.numbers(key)
        return values[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Reads by strand; ``None`` where not stated."""

    alt_forward: float | None = None
    alt_reverse: float | None = None
    ref_forward: float | None = None
    ref_reverse: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFraction:
    """A fraction (0 to 1) as the caller itself wrote it, and the field it stands in."""

    value: float
    source: str


class Dialect:
    """How a caller writes its VCF. Subclasses change what their caller writes differently.

    Attributes:
        name: short name, the registry's key.
        callers, reads, mind: its row in docs/inputs.md: who writes it, the fields read, what to know.
        header: a header line that only this caller writes.
        keys: groups of FORMAT or INFO keys; a record that has all of one group is in this dialect.
        own_info: INFO keys whose counts are the sample's where the file has one sample.
        column_order: roles of the columns where the caller always writes the same, ("normal", "tumor").
        counts_all: whether its counts are of every read it used, so that a larger DP counts what it set aside.
    """

    name: ClassVar[str]
    callers: ClassVar[str]
    reads: ClassVar[str]
    mind: ClassVar[str] = ""
    header: ClassVar[re.Pattern[str] | None] = None
    keys: ClassVar[Keys] = ()
    own_info: ClassVar[tuple[str, ...]] = ()
    column_order: ClassVar[tuple[str, ...]] = ()
    counts_all: ClassVar[bool] = False

    def wrote(self, header: Header) -> bool:
        """Whether a header line names this caller."""
        return self.header is not None and any(self.header.match(line) for line in header.lines)

    def speaks(self, keys: Collection[str]) -> bool:
        """Whether a record with these FORMAT (or INFO) keys is in this dialect."""
        return any(group.issubset(keys) for group in self.keys)

    def counts(self, call: Call) -> ReadSupport | None:
        """Reads of the ALT, of REF and of all; ``None`` where the record does not state them."""
        return allelic_depths(call, "AD")

    def fraction(self, call: Call) -> StatedFraction | None:
        """The fraction of ALT reads the caller wrote, whatever its field and scale; by default none."""
        return None

    def strands(self, call: Call) -> Strands:
        """Reads by strand: ``ADF`` and ``ADR`` (one number an allele) or the four of ``SB``."""
        plus, minus, i = call.numbers("ADF"), call.numbers("ADR"), call.index + 1
        if len(plus) == len(minus) == len(call.alts) + 1:
            return Strands(
                alt_forward=plus[i], alt_reverse=minus[i], ref_forward=plus[0], ref_reverse=minus[0]
            )
        four = call.numbers("SB")
        if len(four) == 4 and len(call.alts) == 1:
            return Strands(ref_forward=four[0], ref_reverse=four[1], alt_forward=four[2], alt_reverse=four[3])
        return Strands()

    def stated_roles(self, header: Header) -> dict[str, str]:
        """Sample names by role ("tumor", "normal") as header lines of this caller state them."""
        return {}

    def block_depth(self, fields: Fields, info: Fields) -> int | None:
        """Lowest depth that a reference block states for a sample: ``MIN_DP``, else ``DP``, else DP of INFO.

        ``None``: it states none, and its bases do not count as assessed.
        """
        stated = (fields.get("MIN_DP", ""), fields.get("DP", ""), info.get("DP", ""))
        return next((depth for text in stated if (depth := whole(text)) is not None), None)


def support(
    alt: float | None, ref: float | None, total: float | None, source: str, strands: Strands | None = None
) -> ReadSupport | None:
    """Read support from counts; ``None`` without a count of ALT. ``source``: the fields, for the report."""
    if alt is None:
        return None
    sides = strands or Strands()
    return ReadSupport(
        vaf=min(alt / total, 1.0) if total else None,
        depth=rounded(total),
        alt_reads=rounded(alt),
        ref_reads=rounded(ref),
        vaf_source=source,
        alt_forward=rounded(sides.alt_forward),
        alt_reverse=rounded(sides.alt_reverse),
        ref_forward=rounded(sides.ref_forward),
        ref_reverse=rounded(sides.ref_reverse),
    )


def allelic_depths(call: Call, key: str) -> ReadSupport | None:
    """Counts of a field with one number an allele, REF first; the depth is their sum."""
    counts = call.numbers(key)
    if len(counts) != len(call.alts) + 1:
        return None
    known = [value for value in counts if value is not None]
    return support(counts[call.index + 1], counts[0], sum(known), key)


def observations(call: Call, ref_key: str, alt_key: str) -> ReadSupport | None:
    """Counts of REF in one field and of each ALT in another; the depth is their sum."""
    alt, ref = call.per_alt(alt_key), call.one(ref_key)
    if alt is None or ref is None:
        return None
    total = ref + sum(value for value in call.numbers(alt_key) if value is not None)
    return support(alt, ref, total, f"{ref_key}:{alt_key}")


def of_depth(call: Call, alt_key: str) -> ReadSupport | None:
    """A count of ALT beside the depth ``DP``."""
    alt, depth = call.per_alt(alt_key), call.one("DP")
    return None if alt is None or depth is None else support(alt, None, depth, f"{alt_key}/DP")


def four_counts(call: Call) -> ReadSupport | None:
    """``DP4``: REF forward and reverse, ALT forward and reverse; of one ALT only."""
    counts = call.numbers("DP4")
    if len(counts) != 4 or None in counts or len(call.alts) != 1:
        return None
    rf, rr, af, ar = (value or 0.0 for value in counts)
    strands = Strands(alt_forward=af, alt_reverse=ar, ref_forward=rf, ref_reverse=rr)
    return support(af + ar, rf + rr, rf + rr + af + ar, "DP4", strands)


def rounded(value: float | None) -> int | None:
    """A count as a whole number."""
    return None if value is None else round(value)
