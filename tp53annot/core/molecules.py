"""Molecules: how many the reads stem from, how they were told apart, and how those of RNA are spliced."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from tp53annot.core.fields import Count, Fraction, OneOf

# By unique molecular identifiers, by the ends of fragments, by the duplicate flags of the file, or not at all.
COUNTED_BY = ("umi", "ends", "flags", "none")
EXON_SKIPPED, NOVEL_JUNCTION, INTRON_RETAINED = SPLICING_KINDS = (
    "exon_skipped",
    "novel_junction",
    "intron_retained",
)


class Molecules(Struct, frozen=True, kw_only=True):
    """Reads and the molecules they stem from, and how these were told apart.

    Attributes:
        counted_by: ``"umi"`` (tags, read names, consensus reads), ``"ends"`` of the fragments, ``"flags"`` of
            duplicates in the file, or ``"none"``: each fragment counts, duplicates among them cannot be told.
        reads: usable reads on the locus, copies of a molecule included.
        molecules: distinct molecules among them; ``None`` where they cannot be told.
    """

    counted_by: Annotated[str, OneOf(COUNTED_BY)]
    reads: Count | None
    molecules: Count | None


class SplicingEvent(Struct, frozen=True, kw_only=True):
    """Splicing seen in RNA, named on NM_000546.6.

    Attributes:
        event: ``exon_skipped``: whole exons are left out between two known splice sites; ``novel_junction``: a splice
            site that no transcript of RefSeq has, or two that none joins; ``intron_retained``: an intron is not cut out.
        exons: the skipped ones; else the exons on either side.
        start: first intronic base, 1-based.
        end: last intronic base, inclusive.
        hgvs_r: name on the RNA; ``None`` where the junction leaves the transcript.
        reads: molecules that show it.
        of: molecules that could: these, and those with the known splice sites in its place.
        fraction: ``reads`` of ``of`` (0..1).
    """

    event: Annotated[str, OneOf(SPLICING_KINDS)]
    exons: tuple[str, ...]
    start: Count
    end: Count
    hgvs_r: str | None
    reads: Count
    of: Count
    fraction: Fraction | None
