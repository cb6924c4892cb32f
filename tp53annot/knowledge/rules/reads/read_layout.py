"""Tables of ``rules/calling.toml`` on how reads are laid on the locus: clips, adapters, primers, delins, haplotypes."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions


class RealignRules(Struct, frozen=True, kw_only=True):
    """``[realign]``: how a soft clip is explained by an insertion, deletion or duplication.

    Attributes:
        seed: bases of a clip's far end that must match the reference nearby.
        letters: different bases that the seed must have at least.
        mismatch_run: matching bases behind a mismatch that let one mismatch pass.
        max_insertion: longest insertion, bases.
        max_deletion: longest deletion, bases.
        max_duplication: longest tandem duplication, bases.
    """

    seed: int
    letters: int
    mismatch_run: int
    max_insertion: int
    max_deletion: int
    max_duplication: int


class AdapterRules(Struct, frozen=True, kw_only=True):
    """``[adapters]``: how a library's adapter is known in the clip of a read's 3' end.

    Attributes:
        sequences: adapters, 5' to 3', as they are read.
        inside: bases of an adapter that tell it within a clip.
        at_end: bases of an adapter that tell it at the very end of a read.
    """

    sequences: tuple[str, ...]
    inside: int
    at_end: int


class PrimerRules(Struct, frozen=True, kw_only=True):
    """``[primers]``: where an amplicon's primer is taken to lie.

    Attributes:
        reads: reads of one strand, at least, that begin at one place.
        share: share (0..1) of the reads over that place that they must be.
        length: bases of a primer.
    """

    reads: int
    share: float
    length: int

    def __post_init__(self) -> None:
        check_fractions(self, "share")


class ClipRules(Struct, frozen=True, kw_only=True):
    """``[clips]``: how clipped ends of several reads are put together.

    Attributes:
        prefix: first bases that the clips of one consensus share.
        reads: reads of a consensus, at least.
        agree: share (0..1) of the reads that must agree on a base.
        most: consensus sequences that are tried on either side, the most frequent ones.
        overlap: score from which two consensus sequences overlap; a matching base gives 1.
        letters: different bases that the overlap must have at least.
        mismatch: what a mismatch in the overlap takes from its score, beside the match it is not.
        apart: greatest distance, in bases, between the two places of clipping.
    """

    prefix: int
    reads: int
    agree: float
    most: int
    overlap: int
    letters: int
    mismatch: int
    apart: int

    def __post_init__(self) -> None:
        check_fractions(self, "agree")


class EndRules(Struct, frozen=True, kw_only=True):
    """``[ends]``: when the end of an unclipped alignment is clipped after all.

    Attributes:
        mismatches: mismatches of a read from which it is looked at.
        mismatch: what a mismatch takes from the score; a match gives 1.
        penalty: what clipping must gain at least.
    """

    mismatches: int
    mismatch: int
    penalty: int


class ComplexRules(Struct, frozen=True, kw_only=True):
    """``[complex]``: when pieces of an alignment are one replaced stretch (delins).

    Attributes:
        indel_gap: bases, at most, between an indel and what belongs to it.
        mismatch_gap: bases, at most, between mismatches that belong together.
        mismatches: mismatches, at least, that make a change without an indel.
        joint_gap: bases, at most, between two indels of one molecule that are one change.
        joint_rarer: share (0..1) of the reads with the rarer of the two that must show both.
        joint_other: the same of the more frequent one.
    """

    indel_gap: int
    mismatch_gap: int
    mismatches: int
    joint_gap: int
    joint_rarer: float
    joint_other: float

    def __post_init__(self) -> None:
        check_fractions(self, "joint_rarer", "joint_other")


class HaplotypeRules(Struct, frozen=True, kw_only=True):
    """``[haplotype]``: which changes are counted by sequence, and what a read must show of one.

    Attributes:
        fragments: fragments of an indel or of neighbouring changes, at least.
        share: their share (0..1) of the depth, at least.
        gap: bases, at most, between changes that are judged together.
        most: changes judged together, the strongest ones.
        rivals: changes of other clusters that a read may carry instead, the strongest ones.
        flank: bases compared on either side of the changes.
        difference: differing bases that tell a change from the reference (fewer where it has fewer).
        anchor: bases a read needs beside a change.
        placed: the same beside an insertion in reads too short for an aligner to place them by either side.
        unexplained: mismatches a read may have with the sequence it is counted for, beyond half of those with
            the other.
        noise: share (0..1) of a read's bases that may be errors where it fits both sequences alike.
        clusters: stretches counted anew in one file, the best supported ones.
        amplicon_reads: reads that begin (or end) at one place, from which they are an amplicon's.
        amplicon_share: share (0..1) of the reads over a stretch that they must be.
    """

    fragments: int
    share: float
    gap: int
    most: int
    rivals: int
    flank: int
    difference: int
    anchor: int
    placed: int
    unexplained: int
    noise: float
    clusters: int
    amplicon_reads: int
    amplicon_share: float

    def __post_init__(self) -> None:
        check_fractions(self, "share", "noise", "amplicon_share")
