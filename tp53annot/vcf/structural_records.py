"""Alleles that are no plain sequence change on TP53: why not, and what structural records state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Uninterpreted
from tp53annot.core.structural import Carriage
from tp53annot.names.normalisation import normalise
from tp53annot.vcf.fields.copy_numbers import StatedCopies, stated_copies
from tp53annot.vcf.fields.extent import Mate, mate_of
from tp53annot.vcf.record import Origin, Record, is_sequence, stated_bases

_WORD = re.compile(r"[:;]")
_INSERTED = ("SVINSSEQ", "INSSEQ", "SEQ")
_INSERTED_LENGTH = ("SVINSLEN", "INSLEN")
_WIDTHS = ("CIPOS", "CIEND")
# Bases that nobody can name, where the sample may have them; what structural records leave open is judged elsewhere.
_MAY_BE_A_CHANGE = frozenset({"ambiguous_base", "malformed", "too_long", "sample_untold", "imputed"})
_IMPUTED, _TYPED = ("IMP", "IMPUTED"), "TYPED"  # flags of INFO
_NEAR_EDGE = 2000  # bases, more than any repeat at the edges of the locus
_TANDEM_JOIN = "5to3"  # Delly's CT: the end of the stretch is joined to its start


class Obstacle(Struct, frozen=True, kw_only=True):
    """Why an allele cannot be named: a code for programs and a sentence."""

    code: str
    reason: str


def is_structural(alt: str) -> bool:
    """Whether an ALT is a symbol or a breakend with a mate."""
    return alt.startswith("<") or "[" in alt or "]" in alt


def untold(origin: Origin) -> Obstacle:
    """The fields of a sample do not say whether it has the change."""
    return Obstacle(code="sample_untold", reason=origin.words.sample_untold)


def imputed(origin: Origin, info: Mapping[str, str]) -> Obstacle | None:
    """A genotype that a program filled in (Beagle, Minimac); ``None``: it was called or typed."""
    flag = next((name for name in _IMPUTED if name in info), None)
    if flag is None or _TYPED in info:
        return None
    return Obstacle(code="imputed", reason=origin.words.imputed.format(flag=flag))


def is_segment(record: Record, info: Mapping[str, str]) -> bool:
    """Whether a record is about a stretch of the chromosome, and not about the bases of its REF."""
    return info.get("SVTYPE") == "CNV" or record.end() >= record.pos + len(record.ref)


def obstacle(origin: Origin, record: Record, alt: str) -> Obstacle | None:
    """Why this ALT of a record cannot be named as a sequence change; ``None`` when it can."""
    words = origin.words
    if "[" in alt or "]" in alt:
        return Obstacle(code="breakend", reason=words.breakend.format(alt=alt[:80]))
    if alt.startswith("<"):
        return Obstacle(code="symbolic", reason=words.symbolic.format(alt=alt[:80]))
    if len(alt) > len(origin.reference.sequence):
        return Obstacle(code="too_long", reason=words.too_long.format(length=len(alt)))
    if not is_sequence(alt):
        return Obstacle(code="ambiguous_base", reason=words.ambiguous_base.format(alt=alt[:40]))
    if stated_bases(record.ref) is None:
        return Obstacle(code="malformed", reason=words.malformed.format(ref=record.ref[:40]))
    start = origin.start(record)
    if not origin.reference.covers(start - 1, start + len(record.ref)):
        return Obstacle(code="beyond_locus", reason=words.beyond_locus)
    wrong = _wrong_reference(origin, record)
    if wrong is not None:
        return wrong
    if origin.bases(record) == alt:
        return Obstacle(code="no_change", reason=words.no_change)
    if _shifts_out(origin, record, alt):
        return Obstacle(code="beyond_locus", reason=words.beyond_locus)
    return None


def _shifts_out(origin: Origin, record: Record, alt: str) -> bool:
    """Whether left-alignment takes a change to the edge of the stored locus, where nothing tells how far it goes."""
    start, reference = origin.start(record), origin.reference
    if len(alt) == len(record.ref) or start - reference.start > _NEAR_EDGE:
        return False
    return normalise(Allele(pos=start, ref=origin.bases(record), alt=alt), reference).pos <= reference.start


def _wrong_reference(origin: Origin, record: Record) -> Obstacle | None:
    """Why a REF beside the gene that is not what the reference has says nothing (within it the file is refused)."""
    expected, stated = origin.bases(record), stated_bases(record.ref) or ""
    if all(a in (b, "N") for a, b in zip(stated, expected, strict=True)):
        return None
    facts = {"pos": record.pos, "ref": record.ref[:40], "build": origin.build, "expected": expected[:40]}
    return Obstacle(code="ref_mismatch", reason=origin.words.ref_mismatch.format(**facts))


def uninterpreted(
    origin: Origin, record: Record, index: int, column: int | None, why: Obstacle
) -> Uninterpreted:
    """The entry of the list for one ALT."""
    return Uninterpreted(
        record=origin.as_input(record, index, column),
        reason=why.reason,
        code=why.code,
        start=origin.reference.from_build(record.first(), origin.build),
        end=origin.end(record),
        open=why.code in _MAY_BE_A_CHANGE,
    )


def names_of(record: Record, alt: str) -> tuple[str, ...]:
    """The words of an ALT's symbol, or what the join of a breakend would make.

    A plain ALT that is shorter than REF is a deletion.
    """
    if alt.startswith("<"):
        return tuple(word for word in _WORD.split(alt.strip("<>").upper()) if word)
    mate = mate_of(alt)
    if mate is None:
        return ("DEL",) if len(alt) < len(record.ref) else ()
    if mate.contig != record.chrom:
        return ("TRA",)
    if not mate.forward:
        return ("INV",)
    return ("DEL",) if (mate.pos > record.pos) is mate.left else ("DUP", "TANDEM")


def hints_of(record: Record, info: Mapping[str, str]) -> tuple[str, ...]:
    """Words of SVTYPE and, where callers put the kind there (``DRAGEN:LOSS:chr17``), of ID."""
    return tuple(
        word for text in (info.get("SVTYPE", ""), record.id) for word in _WORD.split(text.upper()) if word
    )


def span_of(origin: Origin, record: Record, alts: Sequence[str]) -> tuple[int, int]:
    """First and last base concerned on GRCh38: POS is the base before them, as is the left of two breakends.

    Of a duplication's breakends the left one stands on the first duplicated base, the right one on the last.
    """
    first, last = record.first(), record.end()
    if any(mate_of(alt) for alt in alts):
        if ("DEL",) in [names_of(record, alt) for alt in alts]:
            first, last = first + 1, last - 1
    elif any(alt.startswith("<") for alt in alts):
        first = min(first + 1, last)
    return (origin.reference.from_build(first, origin.build), origin.reference.from_build(last, origin.build))


def copies_of(fields: Mapping[str, str], info: Mapping[str, str], *, alone: bool) -> StatedCopies:
    """Copies that the sample's own fields state; else those of INFO where the file has no other sample."""
    own = stated_copies(fields)
    if own.speaks or not alone:
        return own
    of_record = stated_copies(info)
    return of_record if of_record.speaks else StatedCopies(figures={**of_record.figures, **own.figures})


def is_precise(info: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    """Whether a record's ends are meant to the base: not by depth alone, and no width beside them.

    A width that shared bases at the join explain (HOMLEN, HOMSEQ) is none, nor is that of a record called PRECISE.
    """
    if (
        "IMPRECISE" in info
        or info.get("SVTYPE") == "CNV"
        or set(info.get("SVCLAIM", "-").split(",")) == {"D"}
    ):
        return False
    if stated_copies(fields).speaks and not any(
        key in fields for key in ("AD", "DV", "RV", "SR", "VF", "AO")
    ):
        return False
    explained = any(key in info for key in ("PRECISE", "HOMLEN", "HOMSEQ"))
    return explained or not any(
        info.get(key, "0,0").replace("-", "") not in ("0,0", "0", ".") for key in _WIDTHS
    )


def spelled_out(origin: Origin, record: Record, alt: str, info: Mapping[str, str]) -> Allele | None:
    """A symbolic allele or a join of breakends as a sequence change; ``None`` where its bases are not known."""
    mate, names, (first, last) = mate_of(alt), names_of(record, alt), span_of(origin, record, (alt,))
    if not origin.reference.covers(first - 1, last + 1):
        return None
    inserted = _inserted_at(mate, record) if mate else _inserted(info)
    if names[:1] == ("DEL",):
        return None if inserted is None else _allele(origin, first - 1, last, inserted)
    repeated = origin.reference.bases(first, last)
    if _is_tandem(names, info) and inserted in ("", repeated):
        return _allele(origin, first - 1, first - 1, repeated)
    if names[:1] == ("DUP",) and inserted == repeated:
        return _allele(origin, first - 1, first - 1, repeated)
    start = origin.start(record)
    return _allele(origin, start, start, inserted) if names[:1] == ("INS",) and inserted else None


def _is_tandem(names: tuple[str, ...], info: Mapping[str, str]) -> bool:
    """A duplication whose copy is said to lie beside it: by its symbol, or because the join between them was seen."""
    joined = "J" in info.get("SVCLAIM", "") or info.get("CT") == _TANDEM_JOIN
    return names[:2] == ("DUP", "TANDEM") or (names == ("DUP",) and joined)


def _allele(origin: Origin, before: int, last: int, inserted: str) -> Allele | None:
    """Bases after ``before`` up to ``last`` replaced."""
    ref = origin.reference.bases(before, last)
    alt = ref[0] + inserted
    return None if ref == alt else Allele(pos=before, ref=ref, alt=alt)


def _inserted(info: Mapping[str, str]) -> str | None:
    """Bases stated to stand at the join, empty when there are none; ``None``: some, but not which."""
    stated = next((info[key].upper() for key in _INSERTED if info.get(key)), None)
    if stated is not None:
        return stated if is_sequence(stated) else None
    lengths = (info.get(key, "0") for key in _INSERTED_LENGTH)
    return "" if all(length in ("0", ".", "") for length in lengths) else None


def _inserted_at(mate: Mate, record: Record) -> str | None:
    """What a breakend puts between the two sides: its bases without that of POS."""
    bases = mate.bases[1:] if mate.left else mate.bases[:-1]
    return bases if not bases or is_sequence(bases) else None


def failed_filters(record: Record, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Filters the record failed, and those of the sample's genotype (FT); '.' is no failure."""
    stated = (*(record.filters() or ()), *(fields.get("FT") or ".").replace(";", ",").split(","))
    return tuple(name for name in stated if name.upper() not in ("PASS", ".", ""))


def carriage_without_genotype(fields: Mapping[str, str], alt_reads: float | None, *, alone: bool) -> Carriage:
    """Whether a sample without genotype has what the record names.

    A record of one sample counts unless its own reads deny it; among several, the sample's own fields must show it.
    """
    if alt_reads is not None:
        return Carriage.OPEN if alt_reads > 0 else Carriage.NOT_SHOWN
    return Carriage.OPEN if alone or stated_copies(fields).speaks else Carriage.NOT_SHOWN
