"""The same change in several records: which one speaks, and which fractions disagree with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate
from tp53annot.core.locus import Reference
from tp53annot.names.fractions import FractionLimits, agreement
from tp53annot.names.normalisation import normalise


class OneChange(Struct, frozen=True, kw_only=True):
    """Every record of one change.

    Attributes:
        speaker: the record that is reported; it knows what the others say of the phase.
        others: the other records.
        differing: those of them whose fraction differs from the speaker's beyond chance.
    """

    speaker: Candidate
    others: tuple[Candidate, ...] = ()
    differing: tuple[Candidate, ...] = ()


def gathered(
    candidates: Sequence[Candidate],
    reference: Reference,
    passes: Callable[[Candidate], bool],
    limits: FractionLimits,
) -> tuple[OneChange, ...]:
    """The changes of one sample, each once, in the order of their positions; the order of records has no part in it.

    Of several records of one change the passing one with the most reads of the change speaks; where these are equal,
    the higher fraction, then the record's own text decide.

    Args:
        candidates: calls of one sample in any spelling.
        reference: the locus.
        passes: whether a call passes the filters that look at its record.
        limits: see :class:`FractionLimits`.
    """
    by_change: dict[Allele, list[Candidate]] = {}
    for candidate in candidates:
        by_change.setdefault(normalise(candidate.allele, reference), []).append(candidate)
    return tuple(_one(by_change[allele], passes, limits) for allele in sorted(by_change))


def _one(
    records: Sequence[Candidate], passes: Callable[[Candidate], bool], limits: FractionLimits
) -> OneChange:
    if len(records) == 1:
        return OneChange(speaker=records[0])
    first, *others = sorted(records, key=lambda c: (not passes(c), *_rank(c)))
    phases = dict.fromkeys(phase for c in others for phase in c.phases)
    speaker = replace(first, other_phases=(*first.other_phases, *phases))
    return OneChange(
        speaker=speaker,
        others=tuple(others),
        differing=tuple(c for c in others if _differs(first, c, limits)),
    )


def _rank(candidate: Candidate) -> tuple[float, float, str]:
    """Most reads of the change first, then the highest fraction; the text of the record makes the rest certain."""
    support = candidate.support_in_force
    reads = -1 if support.alt_reads is None else support.alt_reads
    return (-reads, -(support.vaf or 0.0), spelled(candidate))


def spelled(candidate: Candidate) -> str:
    """The record as text, without its place in the file: what tells two records of one change apart."""
    record = candidate.record
    parts = (record.chrom, record.pos, record.ref, record.alt, record.filters, record.info, record.format)
    return "\t".join(map(str, (*parts, record.sample, record.id, record.qual)))


def _differs(speaker: Candidate, other: Candidate, limits: FractionLimits) -> bool:
    one, two = speaker.support_in_force, other.support_in_force
    return None not in (one.vaf, two.vaf) and not agreement(one, two, limits).agree
