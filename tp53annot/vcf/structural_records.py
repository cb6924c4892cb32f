"""Alleles that are no plain sequence change on TP53: listed with a reason, never dropped."""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.core.candidate import Uninterpreted
from tp53annot.vcf.record import Origin, Record, is_sequence, stated_bases

_DELETIONS = ("<DEL", "<CN0", "<CN1>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why an allele cannot be named: a code for programs and a sentence."""

    code: str
    reason: str


UNTOLD = Obstacle(
    code="sample_untold",
    reason="the fields of this sample do not say whether it has the change (no genotype, no count that is understood)",
)


def obstacle(origin: Origin, record: Record, alt: str) -> Obstacle | None:
    """Why this ALT of a record cannot be named as a sequence change; ``None`` when it can."""
    if "[" in alt or "]" in alt:
        return _unnamed("breakend", alt)
    if alt.startswith("<"):
        return _unnamed("symbolic", alt)
    if len(alt) > len(origin.reference.sequence):
        return Obstacle(code="too_long", reason=f"ALT has {len(alt)} bases, more than the stored TP53 locus")
    if not is_sequence(alt):
        reason = f"ALT {alt[:40]} is not written in the bases A, C, G, T"
        return Obstacle(code="ambiguous_base", reason=reason)
    if stated_bases(record.ref) is None:
        return Obstacle(code="malformed", reason=f"REF {record.ref[:40]} is not written in bases")
    start = origin.start(record)
    if not origin.reference.covers(start - 1, start + len(record.ref)):
        return Obstacle(code="beyond_locus", reason="the change leaves the stored TP53 locus")
    wrong = _wrong_reference(origin, record)
    if wrong is not None:
        return wrong
    if origin.bases(record) == alt:
        return Obstacle(code="no_change", reason="REF and ALT are the same bases")
    return None


def _wrong_reference(origin: Origin, record: Record) -> Obstacle | None:
    """Why a REF beside the gene that is not what the reference has says nothing (within it the file is refused)."""
    expected, stated = origin.bases(record), stated_bases(record.ref) or ""
    if all(a in (b, "N") for a, b in zip(stated, expected, strict=True)):
        return None
    there = f"position {record.pos}: REF is {record.ref[:40]}, {origin.build} has {expected[:40]}"
    return Obstacle(code="ref_mismatch", reason=there)


def _unnamed(kind: str, alt: str) -> Obstacle:
    return Obstacle(code=kind, reason=f"{kind} allele {alt[:80]}: not a sequence change that can be named")


def uninterpreted(
    origin: Origin, record: Record, index: int, column: int | None, why: Obstacle
) -> Uninterpreted:
    """The entry of the list for one ALT; it says whether bases of TP53 are deleted."""
    alt = record.alts[index]
    leaves = why.code == "beyond_locus" and len(record.ref) > len(alt)
    return Uninterpreted(
        record=origin.as_input(record, index, column),
        reason=why.reason,
        code=why.code,
        deletion=why is not UNTOLD and (alt.startswith(_DELETIONS) or leaves),
        start=origin.start(record),
        end=origin.end(record),
    )
