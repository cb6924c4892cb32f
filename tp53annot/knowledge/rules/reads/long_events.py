"""``[long_events]`` and ``[bridge]`` of ``rules/calling.toml``: how far apart two breakpoints are looked for, and what stays unexplained."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions


class LongEventRules(Struct, frozen=True, kw_only=True):
    """Limits for events whose far side an aligner clipped.

    Attributes:
        seed: bases of a clip that must match the locus elsewhere, without an error.
        letters: different bases that they must have at least.
        score: matching bases less ``mismatch`` for each other one, at least, where a clip goes on.
        mismatch: what a mismatch takes from the score.
        wrong_share: share (0..1) of the bases behind the seed, at most, that may be wrong (one always may).
        reference_share: share (0..1) of other bases up to which a clip is the reference going on.
        margin: by how much the best place must be better than the next.
        inserted: bases, at most, between the aligned part and the place where a clip goes on.
        slack: bases, at most, between that place and the clips that point back from it.
        intron_slack: bases, at most, by which a deletion that is a whole intron may be displaced.
        pile_bases: bases that the clips of a pile agree on, at least.
        pile_molecules: molecules of a pile, at least.
        pile_share: share (0..1) of the molecules with an event that show it as a clip.
        explained_share: share (0..1) of a pile's fraction that a change must have to explain it.
        pile_reach: bases, at most, between a pile and the end of a change that explains it.
        amplicon_reach: bases, at most, between a pile and the end of an amplicon that explains it.
        cause: sentence for a place with an unexplained pile.
        cut: the same where what follows was cut off.
        exons_lost: the remark on a deletion of whole exons.
        exons_copied: the remark on a duplication of whole exons.
        insertion: what is added where clips of both sides meet at one place.
        inversion: what is added where the clips go on reversed within the gene.
        elsewhere: what is added where they go on elsewhere in the gene.
        more: what follows where there are more piles than ``named``.
        named: piles that are named.
        source: citation.
    """

    seed: int
    letters: int
    score: int
    mismatch: int
    wrong_share: float
    reference_share: float
    margin: int
    inserted: int
    slack: int
    intron_slack: int
    pile_bases: int
    pile_molecules: int
    pile_share: float
    explained_share: float
    pile_reach: int
    amplicon_reach: int
    cause: str
    cut: str
    exons_lost: str
    exons_copied: str
    insertion: str
    inversion: str
    elsewhere: str
    more: str
    named: int
    source: str

    def __post_init__(self) -> None:
        check_fractions(self, "wrong_share", "reference_share", "pile_share", "explained_share")


class BridgeRules(Struct, frozen=True, kw_only=True):
    """Limits for insertions of which no clip shows the middle.

    Attributes:
        seed: last bases known that a read must have to say what follows.
        letters: different bases that the beginning of the other side must have at least.
        reads: reads that must say it, at least.
        agree: share (0..1) of them that must agree.
        longest: bases of an insertion, at most.
        reach: bases, at most, between an insertion and the mates of reads in it.
        most: reads of a kind that are searched, at most.
    """

    seed: int
    letters: int
    reads: int
    agree: float
    longest: int
    reach: int
    most: int

    def __post_init__(self) -> None:
        check_fractions(self, "agree")
