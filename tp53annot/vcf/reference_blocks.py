"""Records that state the reference: blocks of a gVCF, sites without an ALT, and sites whose ALT a sample has not.

What such a record says is read here, each caller's way by its dialect; whether that is enough to call its bases
assessed is judged in :mod:`tp53annot.calling.assessed_bases`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tp53annot.core.coverage import Block, CalledGenotype
from tp53annot.core.text import whole
from tp53annot.vcf.dialects.dialect import Dialect, ReferenceRecord
from tp53annot.vcf.record import ANY_OTHER, Origin, Record

_SEPARATOR = re.compile(r"[/|]")
_EMPTY = re.compile(r"[./|,]*\Z")  # what merging writes for a sample without the record: ".", "./.", ".,."


def names_no_change(alt: str) -> bool:
    """Whether an ALT stands for "any other allele" or for none at all."""
    return alt in ANY_OTHER


def says_nothing(fields: Mapping[str, str]) -> bool:
    """Whether a sample's entry holds no value at all."""
    return all(_EMPTY.match(value) for value in fields.values())


def stated_reference(origin: Origin, record: Record, fields: dict[str, str]) -> Block | None:
    """What a record says of the reference in a sample; ``None`` where it states a change, or nothing of the kind."""
    site = not all(map(names_no_change, record.alts))
    if site and ("GT" not in fields or not _names_bases(record.alts)):
        return None
    keys = record.format.split(":") if record.format else []
    dialect = origin.dialects.of_reference(keys)
    genotype = _genotype(record.alts, fields, dialect)
    if site and genotype is None:
        return None
    own_info = origin.dialects.samples <= 1
    stated = ReferenceRecord(
        keys=keys,
        fields=fields,
        info=record.info_fields() if own_info else {},
        alts=tuple(alt for alt in record.alts if alt != "."),
        qual=record.qual if own_info else "",
    )
    start = origin.start(record)
    return Block(
        start=start,
        end=start + _on_contig(origin, record, _length(record, fields, site=site, called=genotype)) - 1,
        depth=dialect.block_depth(stated.fields, stated.info),
        genotype=genotype or CalledGenotype.OTHER,
        genotype_text=fields.get("GT", ""),
        # Of several samples, FILTER beside a named change judges the change, whoever has it.
        filters=_failed(dialect, "" if site and not own_info else record.filter, fields.get("FT", "")),
        confidence=dialect.block_confidence(stated),
        alternate=dialect.block_alternate(stated),
        site=site,
    )


def _names_bases(alts: Sequence[str]) -> bool:
    """Whether an ALT is written in bases: structural records say nothing of single ones."""
    return any(not alt.startswith("<") and "[" not in alt and "]" not in alt and alt != "." for alt in alts)


def _genotype(alts: Sequence[str], fields: Mapping[str, str], dialect: Dialect) -> CalledGenotype | None:
    """What was called; ``None``: an allele that the record names."""
    if says_nothing(fields) and fields:
        return CalledGenotype.NOTHING
    if "GT" not in fields:
        return (
            CalledGenotype.REFERENCE if dialect.block_without_genotype and fields else CalledGenotype.NO_CALL
        )
    alleles = _SEPARATOR.split(fields["GT"].lstrip("/|"))
    if any(allele in (".", "") for allele in alleles):
        return CalledGenotype.NO_CALL
    numbers = [whole(allele) for allele in alleles]
    if all(number == 0 for number in numbers):
        return CalledGenotype.REFERENCE
    named = {i for i, alt in enumerate(alts, 1) if not names_no_change(alt)}
    return None if named & set(numbers) else CalledGenotype.OTHER


def _length(record: Record, fields: Mapping[str, str], *, site: bool, called: CalledGenotype | None) -> int:
    """Bases that the statement is about: of ``LEN`` (VCF 4.5), else to ``END``, else of REF.

    A reference call beside an ALT of several bases that leaves other alleles open is one of its first base alone.
    """
    open_ended = any(alt.startswith("<") for alt in record.alts if names_no_change(alt))
    length = whole(fields.get("LEN", ""))
    if length and open_ended:
        return length
    if not site:
        by_length = "LEN" in record.format.split(":")  # of other samples, not of this one
        return len(record.ref) if by_length else max(record.end() - record.pos + 1, 1)
    return len(record.ref) if open_ended or called is not CalledGenotype.REFERENCE else 1


def _on_contig(origin: Origin, record: Record, length: int) -> int:
    """The length, or that of REF where it reaches beyond the chromosome: such an end is no end, and proves nothing."""
    last = origin.reference.builds[origin.build].length
    return length if record.pos + length - 1 <= last else len(record.ref)


def _failed(dialect: Dialect, filters: str, own: str) -> tuple[str, ...]:
    """Names of the filters that the record, or the sample's own genotype (``FT``), failed."""
    names = (name for text in (filters, own) for name in re.split("[;,]", text))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in dialect.reference_filters))
