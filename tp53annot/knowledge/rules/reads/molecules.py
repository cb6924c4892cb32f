"""Tables of ``rules/calling.toml`` on the molecules that reads stem from: UMIs, duplicates, consensus."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions


class UmiRules(Struct, frozen=True, kw_only=True):
    """``[umi]``: how unique molecular identifiers are recognised, and when two of them are one.

    Attributes:
        looked_at: first usable reads on the locus that tell whether the file carries UMIs.
        carried: share (0..1) of them that must.
        distinct: different ones that there must be; fewer are a barcode of the sample.
        family_tags: tags that number molecules, the first that is there counts.
        sequence_tags: tags that hold the UMI's bases, the first that is there counts.
        consensus_tags: tags by which a consensus read is known.
        name_pattern: regular expression of a UMI at the end of a read's name, the UMI in its group ``umi``.
        times: as many times more reads that other one must have, at least.
        crowded: UMIs of molecules with the same ends, as a share (0..1) of those one base away from any, above
            which a neighbour may as well be another molecule, and none is taken for misread.
    """

    looked_at: int
    carried: float
    distinct: int
    family_tags: tuple[str, ...]
    sequence_tags: tuple[str, ...]
    consensus_tags: tuple[str, ...]
    name_pattern: str
    times: int
    crowded: float

    def __post_init__(self) -> None:
        check_fractions(self, "carried", "crowded")


class DuplicateRules(Struct, frozen=True, kw_only=True):
    """``[duplicates]``: when fragments with the same ends are copies of one molecule, without flags or UMIs.

    Attributes:
        fragments: fewest fragments from which this can be told.
        excess: share (0..1) by which there are fewer different pairs of ends than of as many distinct molecules.
        excess_one_end: the same where single reads tell one end alone.
        window: places on either side over which the density of fragments is taken.
        amplicons_over: pairs of ends over a base, on the mean, up to which they are amplicons' and not copied molecules'.
        same_size: share (0..1) of one size above which sizes tell no fragments apart.
        jitter: bases by which alignments may shift an end.
        most_quality: highest quality of a base of a consensus, Phred-scaled.
    """

    fragments: int
    excess: float
    excess_one_end: float
    window: int
    amplicons_over: float
    same_size: float
    jitter: int
    most_quality: int

    def __post_init__(self) -> None:
        check_fractions(self, "excess", "excess_one_end", "same_size")
