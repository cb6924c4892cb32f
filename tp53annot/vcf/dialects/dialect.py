"""What a caller's dialect says: read support, strands, fractions, roles of samples, reference blocks.

A missing number is ``None``, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.coverage import GenotypeConfidence
from tp53annot.core.text import number, whole
from tp53annot.vcf.fields.split_records import original_allele
from tp53annot.vcf.header import Header

Fields = Mapping[str, str]
NOT_STATED = ("", ".")
Keys = tuple[frozenset[str], ...]


class Call(Struct, frozen=True, kw_only=True):
    """One ALT as a sample (or, without samples, the INFO column) states it.

    Attributes:
        fields: the sample's values by FORMAT key.
        info: the record's values by INFO key.
        index: which of ``alts`` is meant, from 0.
        percent: keys whose header line says that they are percentages.
        by_allele: keys of FORMAT whose header line says that they have one number for REF and each ALT.
    """

    fields: Fields
    info: Fields
    ref: str
    alts: Sequence[str]
    index: int
    percent: Collection[str] = ()
    by_allele: Collection[str] = ()

    @property
    def alt(self) -> str:
        """The ALT in question."""
        return self.alts[self.index]

    def numbers(self, key: str) -> list[float | None]:
        """A field's comma-separated numbers; empty when the field is missing."""
        text = self.fields.get(key)
        return [] if text in (None, "", ".") else [number(part) for part in str(text).split(",")]

    def per_alt(self, key: str) -> float | None:
        """The value of this ALT in a Number=A field, or a single one that is about this ALT."""
        values = self.numbers(key)
        if len(values) == len(self.alts):
            return values[self.index]
        return values[0] if len(values) == 1 and self.alone else None

    @property
    def alone(self) -> bool:
        """Whether a single value of the sample is about this ALT.

        Merging adds ALTs of other samples, but leaves single values: they are of the one ALT that the genotype has.
        """
        alleles = set(re.split(r"[/|]", self.fields.get("GT", ""))) - {"0", ".", ""}
        return len(self.alts) == 1 or alleles == {str(self.index + 1)}

    def share(self, key: str) -> float | None:
        """This ALT's value of a Number=A (or single) field as a fraction (0 to 1), whether stated so or in percent.

        A percentage has its sign (and may have the decimal comma of the caller's system) or is declared as one; a
        number above 1 without either is no fraction.

        >>> Call(fields={"VAF": "1,5%"}, info={}, ref="C", alts=("T",), index=0).share("VAF")
        0.015
        """
        text = self.fields.get(key, "")
        if "%" in text:
            parts = text.split(",") if text.count("%") == len(self.alts) > 1 else [text.replace(",", ".")]
            if len(parts) != len(self.alts) and not self.alone:
                return None
            part = parts[0] if len(parts) == 1 else parts[self.index]
            value = number(part.strip().removesuffix("%").strip())
            return None if value is None or value > 100 else value / 100
        value = self.per_alt(key)
        if value is not None and key in self.percent:
            value /= 100
        return None if value is None or value > 1 else value

    def one(self, key: str) -> float | None:
        """A single number."""
        values = self.numbers(key)
        return values[0] if len(values) == 1 else None


class Strands(Struct, frozen=True, kw_only=True):
    """Reads by strand; ``None`` where not stated."""

    alt_forward: float | None = None
    alt_reverse: float | None = None
    ref_forward: float | None = None
    ref_reverse: float | None = None


class ReferenceRecord(Struct, frozen=True, kw_only=True):
    """What a record says of a sample that it states to be reference.

    Attributes:
        keys: the FORMAT column, also of values that the sample leaves out.
        fields: the sample's values by FORMAT key.
        info: the record's values by INFO key; empty where the file has several samples, of which INFO speaks together.
        alts: the ALTs; none where the column is ``.``.
        qual: the QUAL column, empty where the file has several samples.
    """

    keys: Sequence[str]
    fields: Fields
    info: Fields
    alts: Sequence[str]
    qual: str

    def number(self, key: str) -> float | None:
        """A single number of the sample."""
        return number(self.fields.get(key, ""))

    def numbers(self, key: str) -> list[float | None]:
        """A field's comma-separated numbers; empty where it is missing."""
        text = self.fields.get(key, "")
        return [] if text in NOT_STATED else [number(part) for part in text.split(",")]


class StatedFraction(Struct, frozen=True, kw_only=True):
    """A fraction (0 to 1) as the caller itself wrote it, and the field it stands in."""

    value: float
    source: str


class StatedRoles(Struct, frozen=True, kw_only=True):
    """Samples that header lines call tumours or normals, and pairs (tumour, normal); all names of sample columns."""

    tumours: tuple[str, ...] = ()
    normals: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def joined(cls, several: Iterable[StatedRoles]) -> StatedRoles:
        """What several dialects found in one header; one that is called both is a tumour."""
        found = list(several)
        tumours = tuple(dict.fromkeys(name for roles in found for name in roles.tumours))
        return cls(
            tumours=tumours,
            normals=tuple(n for n in dict.fromkeys(n for r in found for n in r.normals) if n not in tumours),
            pairs=tuple(dict.fromkeys(pair for roles in found for pair in roles.pairs)),
        )

    @classmethod
    def among(cls, samples: Collection[str], found: Iterable[tuple[str, str]]) -> StatedRoles:
        """Of pairs (role, name), those that name a sample column; roles are "tumor" and "normal"."""
        known = [(role, name) for role, name in found if name in samples]
        return cls(
            tumours=tuple(name for role, name in known if role == "tumor"),
            normals=tuple(name for role, name in known if role == "normal"),
        )


class Dialect:
    """How a caller writes its VCF. Subclasses change what their caller writes differently.

    Attributes:
        name: short name, the registry's key.
        callers, reads, depth, roles, mind: its row in docs/inputs.md: who writes it; the fields that VAF, depth and
            roles of samples are read from; what to know.
        fractions: fields with a fraction of ALT reads, the first stated one is taken.
        header: a header line that only this caller writes.
        unfiltered: a header line of a file whose filters are still to be applied.
        keys: groups of FORMAT or INFO keys; a record that has all of one group is in this dialect.
        own_info: INFO keys whose counts are the sample's where the file has one sample.
        own_info_if_named: such keys of INFO that mean this only where the header names the caller.
        blocks: its row in docs/inputs.md: what a reference block of it must state to be confident.
        block_quality: keys of the quality of a reference genotype, Phred-scaled; the lowest stated counts.
        block_quality_always: whether it writes one of them in every block, so that a block without it has lost it.
        block_without_genotype: whether its blocks state no GT, the block itself being the call.
        reference_filters: what its FILTER says, in lower case, of a reference call that passed.
        counts_all: whether its counts are of every read it used, so that a larger DP counts what it set aside.
    """

    name: ClassVar[str]
    callers: ClassVar[str]
    reads: ClassVar[str]
    depth: ClassVar[str] = "sum of the counts, else `DP`"
    roles: ClassVar[str] = ""
    fractions: ClassVar[tuple[str, ...]] = ()
    mind: ClassVar[str] = ""
    header: ClassVar[re.Pattern[str] | None] = None
    unfiltered: ClassVar[re.Pattern[str] | None] = None
    keys: ClassVar[Keys] = ()
    own_info: ClassVar[tuple[str, ...]] = ()
    own_info_if_named: ClassVar[tuple[str, ...]] = ()
    blocks: ClassVar[str] = "as any other caller's (last row)"
    block_quality: ClassVar[tuple[str, ...]] = ("GQ", "GQX", "RGQ")
    block_quality_always: ClassVar[bool] = False
    block_without_genotype: ClassVar[bool] = False
    reference_filters: ClassVar[frozenset[str]] = frozenset({"pass", ".", "", "refcall"})
    counts_all: ClassVar[bool] = False

    def wrote(self, header: Header) -> bool:
        """Whether a header line names this caller."""
        return self.header is not None and any(self.header.match(line) for line in header.lines)

    def speaks(self, keys: Collection[str]) -> bool:
        """Whether a record with these FORMAT (or INFO) keys is in this dialect."""
        return any(group.issubset(keys) for group in self.keys)

    def counts(self, call: Call) -> ReadSupport | None:
        """Reads of the ALT, of REF and of all; ``None`` where the record does not state them."""
        return allelic_depths(call, "AD") or depths_left_whole(call, "AD")

    def fraction(self, call: Call) -> StatedFraction | None:
        """The fraction of ALT reads the caller wrote, whatever its field and scale."""
        stated = ((key, value) for key in self.fractions if (value := call.share(key)) is not None)
        key, value = next(stated, ("", None))
        return None if value is None else StatedFraction(value=value, source=key)

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

    def stated_roles(self, header: Header) -> StatedRoles:
        """Samples that header lines of this caller call tumours or normals."""
        return StatedRoles()

    def block_depth(self, fields: Fields, info: Fields) -> int | None:
        """Lowest depth that a reference block states for a sample.

        The least of ``MIN_DP`` (bcftools ``MinDP``, old freebayes ``MIN``) and ``DP``, some tools writing a ``DP`` below
        the other; else ``DP`` of INFO, else the sum of ``AD``. ``None``: it states none, and its bases do not count as
        assessed.
        """
        stated = [fields.get(key, "") for key in ("MIN_DP", "MIN", "DP")]
        stated += [info.get(key, "") for key in ("MIN_DP", "MinDP", "MIN")]
        least = min((depth for text in stated if (depth := whole(text)) is not None), default=None)
        depth = whole(info.get("DP", "")) if least is None else least
        counts = [whole(text) for text in fields.get("AD", "").split(",")]
        known = [count for count in counts if count is not None]
        return depth if depth is not None or not known else sum(known)

    def block_confidence(self, record: ReferenceRecord) -> GenotypeConfidence | None:
        """How sure the caller was of the reference genotype; ``None`` where it writes nothing that says so.

        The lowest of ``block_quality``; else by ``PL``; else QUAL, which for an ALT of ``.`` is the quality of the
        reference (VCF specification). A field that is there without a value states that nothing is known, and so does
        one that is not there where the caller named by the header always writes it and no ``AD`` speaks.
        """
        names = [key for key in self.block_quality if key in record.keys]
        stated = [(value, key) for key in names if (value := record.number(key)) is not None]
        if stated:
            value, key = min(stated)
            return GenotypeConfidence(field=key, value=value)
        if names:
            return GenotypeConfidence(field=names[0], value=None)
        likelihoods = [value for value in record.numbers("PL") if value is not None]
        if len(likelihoods) > 1:
            return GenotypeConfidence(field="PL", value=min(likelihoods[1:]) - likelihoods[0])
        qual = number(record.qual) if not record.alts else None
        if qual is None and self.block_quality_always and not record.numbers("AD"):
            return GenotypeConfidence(field=self.block_quality[0], value=None)
        return None if qual is None else GenotypeConfidence(field="QUAL", value=qual)

    def block_alternate(self, record: ReferenceRecord) -> float | None:
        """Share (0..1) of the reads that have another base than the reference; ``None`` where it is not stated.

        By ``AD`` of all alleles, the strongest of which counts; of REF alone beside ``DP``; else by ``DP4``.
        """
        counts = record.numbers("AD")
        if len(counts) == len(record.alts) + 1 > 1:
            known = [count or 0 for count in counts]
            return _share(max(known[1:]), sum(known))
        depth = record.number("DP")
        if len(counts) == 1 and counts[0] is not None and depth is not None:
            return _share(max(depth - counts[0], 0), depth)
        four = [number(part) for part in record.info.get("DP4", "").split(",")]
        if len(four) == 4 and None not in four:
            known = [count or 0 for count in four]
            return _share(known[2] + known[3], sum(known))
        return None


def _share(part: float, of: float) -> float | None:
    return part / of if of else None


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
    """Counts of a field with one number an allele, REF first; the depth is their sum.

    Without the number of REF (``.,40``) there is no sum: the depth is ``DP``, or nothing tells the fraction.
    """
    counts = call.numbers(key)
    if len(counts) != len(call.alts) + 1:
        return None
    if counts[0] is None:
        alt, depth = counts[call.index + 1], call.one("DP")
        fits = alt is not None and depth is not None and alt <= depth
        return support(alt, None, depth, f"{key}/DP") if fits else None
    known = [value for value in counts if value is not None]
    return support(counts[call.index + 1], counts[0], sum(known), key)


def observations(call: Call, ref_key: str, alt_key: str) -> ReadSupport | None:
    """Counts of REF in one field and of each ALT in another; the depth is their sum."""
    alt, ref = call.per_alt(alt_key), call.one(ref_key)
    if alt is None or ref is None:
        return None
    total = ref + sum(value for value in call.numbers(alt_key) if value is not None)
    return support(alt, ref, total, f"{ref_key}:{alt_key}")


def depths_left_whole(call: Call, key: str) -> ReadSupport | None:
    """Counts of all ALTs of a record of which a tool made one for each without splitting the field.

    Which count is this ALT's is told by the original alleles, where the tool kept them (``OLD_MULTIALLELIC`` of vt, a
    record tag of bcftools), by the genotype ("1/." is the first of two ALTs, "./1" the second), or by the only ALT
    with reads; otherwise it stays open.
    """
    counts = [value for value in call.numbers(key) if value is not None]
    if len(call.alts) != 1 or len(counts) < 3 or len(counts) != len(call.numbers(key)):
        return None
    index = original_allele(call.alt, call.info, call.fields.get("GT", ""), counts)
    if index is None:
        return None
    source = f"{key}, number {index + 1} of {len(counts)}"
    return support(counts[index], counts[0], sum(counts), source)


def of_depth(call: Call, alt_key: str, depth_key: str = "DP") -> ReadSupport | None:
    """A count of ALT beside a depth; none where the count of REF is missing: the header says that it would be there."""
    if alt_key in call.by_allele:
        return None
    alt, depth = call.per_alt(alt_key), call.one(depth_key)
    if alt is None or depth is None or alt > depth:  # not more reads of the ALT than there are
        return None
    return support(alt, None, depth, f"{alt_key}/{depth_key}")


def base_counts(call: Call, by_base: Mapping[str, float | None], source: str) -> ReadSupport | None:
    """Counts of A, C, G and T at a substitution of one base; the depth is their sum."""
    if len(call.ref) != 1 or len(call.alt) != 1:
        return None
    seen = sum(value for value in by_base.values() if value is not None)
    return support(by_base.get(call.alt), by_base.get(call.ref), seen, source)


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
