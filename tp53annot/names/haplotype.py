"""Whether two changes of a sample lie on the same molecules: the one place where phase is decided."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tp53annot.core.candidate import Candidate, Phase
from tp53annot.names.fractions import FractionLimits


class Phasing(StrEnum):
    """How two changes lie to each other: on the same molecules, on different ones, or not known."""

    CIS = "cis"
    TRANS = "trans"
    UNKNOWN = "unknown"


class CisLimits(Struct, frozen=True, kw_only=True):
    """From where two changes are taken to lie on the same molecules.

    Attributes:
        vaf_sum: sum of two fractions (0..2) from which (inclusive) they must share molecules.
        phase_quality: Phred-scaled quality of a stated phase below which it says nothing.
        fractions: from where two fractions differ.
        report_vaf: threshold of a report (0..1); two fractions on either side of it are not read as one.
        frame_distance: most bases between two frameshifts that are read together.
    """

    vaf_sum: float
    phase_quality: float
    fractions: FractionLimits
    report_vaf: float
    frame_distance: int


def phase(one: Candidate, two: Candidate, limits: CisLimits) -> Phasing:
    """Whether two changes of one sample lie on the same molecules, by what is stated, then by their fractions.

    ==============================  ============================================================
    stated                          phase
    ==============================  ============================================================
    1/1 with 1/1 (also 1|1)         cis: every molecule has both
    0|1 with 0|1, one set           cis (set: PS, else PID; calls without a set are one set)
    0|1 with 1|0, one set           trans
    0|1 with 0|0|1                  unknown: copies out of another number are not comparable
    .|1 with 1|.                    unknown: each may be on the other's copy, too
    two phase sets                  unknown
    0/1 with 0/1                    unknown
    ``|0/1`` with ``|0/1``          unknown: the ALT is the allele without phase (VCF 4.4)
    1 with 1                        unknown: one allele without a set names no copy
    PGT without PID or PS           unknown: the phased group is not named
    HP 9-2 with HP 9-2              cis; with 9-1 trans; with 30-2 unknown
    PSL a with PSL a                cis: the name is that of one copy; a with b unknown
    PQ or PSQ below the limit       unknown
    cis here and trans there        unknown, also of several records of one change
    ==============================  ============================================================

    Two fractions that are too high for different molecules make a pair of unknown phase cis, and one in trans unknown.

    Args:
        one: a call.
        two: another call of the same sample.
        limits: see :class:`CisLimits`.
    """
    stated = stated_phase(one, two, limits)
    vafs = [vaf for c in (one, two) if (vaf := c.support_in_force.vaf) is not None]
    if len(vafs) == 2 and sum(vafs) >= limits.vaf_sum:
        return Phasing.UNKNOWN if stated is Phasing.TRANS else Phasing.CIS
    return stated


def stated_phase(one: Candidate, two: Candidate, limits: CisLimits) -> Phasing:
    """The phase by what is stated alone, as in the table of :func:`phase`."""
    stated = {_stated(a, b, limits.phase_quality) for a in one.phases for b in two.phases}
    stated.discard(Phasing.UNKNOWN)
    return stated.pop() if len(stated) == 1 else Phasing.UNKNOWN


def _stated(a: Phase, b: Phase, least_quality: float) -> Phasing:
    """What one statement about each of two calls says."""
    if _homozygous(a) and _homozygous(b):
        return Phasing.CIS
    qualities = [stated.quality for stated in (a, b) if stated.quality is not None]
    if a.source != b.source or any(quality < least_quality for quality in qualities):
        return Phasing.UNKNOWN
    one, two = set(a.carrying), set(b.carrying)
    if one & two:
        return Phasing.CIS
    apart = bool(one and two) and one <= set(b.free) and two <= set(a.free)
    return Phasing.TRANS if apart else Phasing.UNKNOWN


def _homozygous(stated: Phase) -> bool:
    return stated.source != "PGT" and 1 < len(stated.haplotypes) == stated.ploidy
