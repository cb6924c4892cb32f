"""What structural records say: named as a sequence change, counted as evidence on copies, or listed alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.candidate import Candidate, Uninterpreted
from tp53annot.core.copy_number import CopyKind, CopySource, CopyStatement, kind_of_copies
from tp53annot.core.structural import Carriage, StructuralCall
from tp53annot.knowledge.rules.copy_number import RecordReasons, StructuralRules
from tp53annot.names.exon_deletion import coding_exons_hit, deletion_name, exons_hit
from tp53annot.names.transcript import Transcript

_BASES = re.compile(r"^[a-z]+|[a-z]+$")
_LOST = (CopyKind.LOSS, CopyKind.BOTH_LOST)
_NOT_CARRIED = (Carriage.REFERENCE, Carriage.NOT_SHOWN)


class StructuralReading(Struct, frozen=True, kw_only=True):
    """What the structural records of a sample come to."""

    candidates: tuple[Candidate, ...] = ()
    listed: tuple[Uninterpreted, ...] = ()
    statements: tuple[CopyStatement, ...] = ()


def read_structural(
    calls: Sequence[StructuralCall], transcript: Transcript, rules: StructuralRules, *, include_filtered: bool
) -> StructuralReading:
    """Every structural record of a sample.

    Args:
        calls: the records as the sample carries them.
        transcript: the one that names are given on.
        rules: limits, and words of symbols.
        include_filtered: whether a record that failed the caller's filters counts.
    """
    candidates: list[Candidate] = []
    listed: list[Uninterpreted] = []
    statements: dict[tuple[object, ...], CopyStatement] = {}
    failed = {(c.start, c.end) for c in calls if c.junction and c.failed}
    for call in calls:
        if call.change is not None and _is_named(call, transcript, rules):
            candidates.append(call.change)
            continue
        why = _not_counted(call, rules.reasons, include_filtered=include_filtered)
        if call.junction and (call.start, call.end) in failed and not (why or include_filtered):
            why = rules.reasons.mate_failed
        kind = None if why else _kind(call, rules)
        if kind in _LOST and not _takes_exon(call, transcript):
            kind, why = None, rules.reasons.no_exon
        lost = kind in _LOST
        shown = _deletions(call, transcript, rules.reasons) if lost else _with_reason(call, why)
        leaves_open = not lost and _may_break_gene(call, transcript, rules)
        listed += [
            replace(entry, open=leaves_open, counted=kind not in (None, CopyKind.CONTRADICTORY))
            for entry in shown
        ]
        if kind is not None:  # the two mates of a join are one statement
            key = (kind, call.start, call.end) if call.junction else (id(call),)
            stated = _statement(call, kind)
            statements[key] = min(statements.get(key, stated), stated, key=lambda s: s.origin)
    return StructuralReading(
        candidates=tuple(candidates), listed=tuple(listed), statements=tuple(statements.values())
    )


def _is_named(call: StructuralCall, transcript: Transcript, rules: StructuralRules) -> bool:
    """Short, inside the gene, and not said by its copies to be something else."""
    low = min(start for start, _ in transcript.model.exons)
    high = max(end for _, end in transcript.model.exons)
    inside = low <= call.start and call.end <= high and call.length <= rules.longest_named
    lost = kind_of_copies(call.total, call.minor) in (None, *_LOST)
    return inside and call.carriage is not Carriage.NOT_SHOWN and (lost or not _names(call, rules.loss))


def _not_counted(call: StructuralCall, words: RecordReasons, *, include_filtered: bool) -> str | None:
    """Why a record does not count, by its filters and what is known of its genotype; ``None``: it does."""
    if call.failed and not include_filtered:
        return words.filter_failed.format(filters=", ".join(call.failed))
    if call.carriage is Carriage.REFERENCE:
        return words.reference
    return words.not_shown if call.carriage is Carriage.NOT_SHOWN else None


def _names(call: StructuralCall, words: Sequence[str]) -> bool:
    """Whether one of its alleles is called by one of the words; where the symbols say nothing, SVTYPE and ID do."""
    return any(word in words for word in _words(call))


def _words(call: StructuralCall) -> tuple[str, ...]:
    named = tuple(word for name in call.names for word in name if word != "CNV")
    return named or call.hints


def _kind(call: StructuralCall, rules: StructuralRules) -> CopyKind | None:
    """What the record says: by its copies where it states them, else by its name; ``None``: nothing about copies."""
    lost, gained = _names(call, rules.loss), _names(call, rules.gain)
    doubled = _names(call, rules.cn_loh) or (lost and gained)  # one allele lost, the other one in its place
    total, minor = call.total, call.minor
    if call.junction and call.length > rules.longest_join:
        return None
    if minor is None and (doubled or _names(call, rules.loh)):
        minor = 0
    stated = kind_of_copies(total, minor)
    if stated is None or stated is CopyKind.LOH_OPEN:
        named = _by_name(stated, lost=lost, gained=gained, doubled=doubled)
        return CopyKind.BOTH_LOST if named is CopyKind.LOSS and _of_both(call, rules) else named
    if stated is CopyKind.BOTH_LOST and call.heterozygous:
        return CopyKind.LOSS  # copies of the allele, then: the genotype has the reference beside it
    if lost and not doubled and stated in (CopyKind.NORMAL, CopyKind.NORMAL_LOH_OPEN, CopyKind.GAIN):
        return CopyKind.CONTRADICTORY
    return stated


def _of_both(call: StructuralCall, rules: StructuralRules) -> bool:
    """Whether a loss without copies is one of both alleles: by its name, else by the genotype; a haploid one tells of one."""
    if call.heterozygous or _names(call, rules.one_lost):
        return False
    return call.on_both or _names(call, rules.both_lost)


def _by_name(stated: CopyKind | None, *, lost: bool, gained: bool, doubled: bool) -> CopyKind | None:
    if doubled:
        return CopyKind.CN_LOH
    if stated is CopyKind.LOH_OPEN and not lost:
        return stated
    return CopyKind.LOSS if lost else CopyKind.GAIN if gained else None


def _takes_exon(call: StructuralCall, transcript: Transcript) -> bool:
    """Whether a coding base is concerned, or exon 1 with its promoter."""
    return bool(coding_exons_hit(call.start, call.end, transcript)) or 1 in exons_hit(
        call.start, call.end, transcript
    )


def _may_break_gene(call: StructuralCall, transcript: Transcript, rules: StructuralRules) -> bool:
    """Whether what the sample carries may break the gene, although it is not counted: a negative result is open then.

    A loss that is not counted (its filter failed, or copies contradict it); anything with one end inside the gene, a
    join with another chromosome among it; anything else inside the gene that concerns coding bases. Not what lies
    within an intron, or holds the whole gene without taking it.
    """
    if call.carriage in _NOT_CARRIED:
        return False
    kind = _kind(call, rules)
    if kind in _LOST or kind is CopyKind.CONTRADICTORY:
        return _takes_exon(call, transcript)
    low = min(start for start, _ in transcript.model.exons)
    high = max(end for _, end in transcript.model.exons)
    ends = [low <= place <= high for place in (call.start, call.end)]
    if call.junction and _names(call, ("TRA",)):
        return any(ends)
    return any(ends) and (not all(ends) or bool(coding_exons_hit(call.start, call.end, transcript)))


def _deletions(
    call: StructuralCall, transcript: Transcript, words: RecordReasons
) -> tuple[Uninterpreted, ...]:
    """A counted deletion as the report lists it, with its name and exons."""
    name = deletion_name(call.start, call.end, transcript, precise=call.precise)
    exons = exons_hit(call.start, call.end, transcript)
    reason = words.deletion.text(exons, of=len(transcript.exons), name=name)
    return tuple(replace(entry, deletion=True, hgvs_c=name, reason=reason) for entry in call.listed)


def _with_reason(call: StructuralCall, why: str | None) -> tuple[Uninterpreted, ...]:
    """Any other record as the report lists it, with what stands against it."""
    if why is None:
        return call.listed
    return tuple(replace(entry, reason=f"{entry.reason}; {why}") for entry in call.listed)


def _statement(call: StructuralCall, kind: CopyKind) -> CopyStatement:
    records = sorted((entry.record for entry in call.listed), key=lambda r: (r.chrom, r.pos, r.alt))
    first = records[0] if records else None
    symbols = ",".join(_in_capitals(record.alt) for record in records) or "segment"
    where = f"{first.chrom}:{first.pos}" if first else "chr17"
    return CopyStatement(
        source=CopySource.STRUCTURAL_RECORD,
        kind=kind,
        origin=f"{symbols} {where}",
        start=call.start,
        end=call.end,
        total=call.total,
        minor=call.minor,
        figures=call.figures,
    )


def _in_capitals(alt: str) -> str:
    """An ALT whose bases may be written small; the place of a breakend's mate stays.

    >>> _in_capitals("g[chr17:7690000["), _in_capitals("]chr17:7690000]t")
    ('G[chr17:7690000[', ']chr17:7690000]T')
    """
    return _BASES.sub(lambda bases: bases[0].upper(), alt)


def listed_deletions(entries: Sequence[Uninterpreted]) -> tuple[CopyStatement, ...]:
    """Deletions of exons that a variant list states by name, as far as they failed no filter."""
    return tuple(
        CopyStatement(
            source=CopySource.STRUCTURAL_RECORD,
            kind=CopyKind.LOSS,
            origin=entry.record.alt,
            start=entry.start,
            end=entry.end,
        )
        for entry in entries
        if entry.deletion and entry.counted
    )
