"""Reads of RNA: how they are judged at splice sites, what is listed, and what a report says of it."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions
from tp53annot.knowledge.rules.sentence import Sentence


class SplicingRules(Struct, frozen=True, kw_only=True):
    """Limits for reads of RNA.

    Attributes:
        looked_at: reads looked at over one boundary of an exon, at most.
        spliced: share (0..1) of the reads over boundaries of exons from which, spliced there, they are RNA's.
        fewest: reads spliced at one of the gene's introns, at least, for RNA.
        told: the sentence that says what told RNA.
        anchor: bases a read needs beyond a splice site to tell what follows there.
        margin: mismatches by which the best place must be better than the next.
        reach: bases before a splice site, at most, from where on an aligner may have clipped a read.
        short: bases beyond a splice site below which the aligner's junction is judged anew.
        longest: bases beyond a splice site, at most, that are judged; an aligner places longer ends well.
        noise: share (0..1) of the bases beyond a splice site that may be mismatches.
        least_intron: bases from which a deletion that is a known intron is taken for the intron; a gap of fewer within
            an exon is a deletion, whatever its ends and the aligner's word for it.
        junction_reads: molecules with a junction from which, though no transcript has it, reads are laid over it.
        proof_depth: usable molecules at a place from which the sample's own errors may prove a call of fewer molecules.
        proof_bases: bases of the sample that tell of a class of change, at least, for that.
        list_reads: molecules of an event that is listed, at least.
        list_fraction: share (0..1) of the molecules of an event that is listed, at least.
        retained_fraction: the same of a retained intron.
        retained_excess: by what factor it must exceed what other introns of the sample show (unspliced RNA, DNA).
        pseudo_exon: bases of an exon within an intron, at most, whose two junctions are named together.
        source: citation.
    """

    looked_at: int
    spliced: float
    fewest: int
    told: str
    anchor: int
    margin: int
    reach: int
    short: int
    longest: int
    noise: float
    least_intron: int
    junction_reads: int
    proof_depth: int
    proof_bases: int
    list_reads: int
    list_fraction: float
    retained_fraction: float
    retained_excess: float
    pseudo_exon: int
    source: str

    def __post_init__(self) -> None:
        check_fractions(self, "spliced", "noise", "list_fraction", "retained_fraction")


class RnaSentences(Struct, frozen=True, kw_only=True):
    """``[rna]`` of ``rules/assessment.toml``: what RNA cannot tell, and what it shows of splicing.

    Attributes:
        reads: what must be known of a report that rests on RNA.
        nothing_found: the answer where no variant is reported.
        splicing: the answer's sentence on events.
        exon_skipped: of one exon.
        exons_skipped: of several.
        novel_junction: of a junction that no transcript has.
        intron_retained: of an intron.
    """

    reads: Sentence
    nothing_found: Sentence
    splicing: Sentence
    exon_skipped: Sentence
    exons_skipped: Sentence
    novel_junction: Sentence
    intron_retained: Sentence
