"""Depth of the coding exons in one sample's reads, and what the run's other samples make of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tp53annot.core.copy_number import ExonDepth


class DepthGap(StrEnum):
    """Why exons were not judged by their depth.

    ``too_few``: fewer comparable samples in the run than the noise model needs. ``shallow``: too few reads, or too few
    exons with reads. ``spliced``: the reads are of RNA, whose depth follows expression.
    """

    TOO_FEW = "too_few"
    SHALLOW = "shallow"
    SPLICED = "spliced"


class DepthProfile(Struct, frozen=True, kw_only=True):
    """What one sample's reads hold of each coding exon, before any comparison.

    Attributes:
        depth: mean usable depth by exon, in the order of the transcript.
        fragments: by exon, how many fragments the depth stands for (mates that overlap count as one).
        paired: whether the reads are pairs.
        spliced: share (0..1) of the reads that leave out bases as RNA does.
        gene: reads anywhere on the gene, duplicates included.
        controls: reads aligned elsewhere, by chromosome, duplicates included; that of the gene's own chromosome without
            the gene. Empty where the file does not tell.
    """

    depth: tuple[float, ...]
    fragments: tuple[float, ...]
    paired: bool
    spliced: float
    gene: int = 0
    controls: tuple[tuple[str, int], ...] = ()


class DepthJudgement(Struct, frozen=True, kw_only=True):
    """The depth of a sample's exons against comparable samples.

    Attributes:
        comparable: comparable samples of the run, the sample itself among them.
        exons: each coding exon that has reads in the others; empty where none was judged.
        gene: the whole gene against reads elsewhere, ``None`` where that could not be judged.
        gap: why no exon was judged, ``None`` where they were.
    """

    comparable: int = 1
    exons: tuple[ExonDepth, ...] = ()
    gene: ExonDepth | None = None
    gap: DepthGap | None = None
