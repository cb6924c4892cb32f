"""Which bases a VCF shows to be reference: blocks of a gVCF and sites of a file that lists all positions.

A base counts where the caller called the genotype reference with confidence, and nothing else of the file throws doubt
on it; limits stand in ``rules/calling.toml`` ``[blocks]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from tp53annot.calling.callability import WhyNotAssessed, coverage_of_depths
from tp53annot.core.candidate import Candidate
from tp53annot.core.coverage import FROM_BLOCKS, Block, CalledGenotype, Coverage, GapCause, GenotypeConfidence
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import BlockRules, CallingRules
from tp53annot.names.transcript import Transcript

_RANK = {cause: rank for rank, cause in enumerate(GapCause)}
_GENOTYPE = {
    CalledGenotype.NO_CALL: GapCause.NO_CALL,
    CalledGenotype.NOTHING: GapCause.NO_CALL,
    CalledGenotype.OTHER: GapCause.OTHER_ALLELE,
}


def doubt(block: Block, rules: BlockRules, threshold_vaf: float) -> WhyNotAssessed | None:
    """Why a block's bases do not count as assessed, whatever its depth; ``None`` for a confident reference call.

    Args:
        block: what the record states.
        rules: ``rules/calling.toml`` ``[blocks]``.
        threshold_vaf: VAF (0..1) from which reads of other bases are no noise.
    """
    if block.genotype in _GENOTYPE:
        shown = f"GT {block.genotype_text}" if block.genotype_text else "no GT"
        return WhyNotAssessed(cause=_GENOTYPE[block.genotype], detail=shown)
    if block.filters:
        return WhyNotAssessed(cause=GapCause.FILTERED, detail=";".join(block.filters))
    if block.confidence is not None and not _confident(block.confidence, rules):
        value = "." if block.confidence.value is None else f"{block.confidence.value:g}"
        return WhyNotAssessed(cause=GapCause.LOW_QUALITY, detail=f"{block.confidence.field} {value}")
    if block.alternate is not None and block.alternate >= threshold_vaf:
        return WhyNotAssessed(cause=GapCause.ALTERNATE_READS, detail=f"{block.alternate:.3f}")
    return WhyNotAssessed(cause=GapCause.DEPTH_UNSTATED) if block.depth is None else None


def _confident(stated: GenotypeConfidence, rules: BlockRules) -> bool:
    if stated.value is None:
        return False
    return stated.value <= rules.max_odds if stated.odds else stated.value >= rules.min_quality


class _Bases(Struct):
    """What a file says of each base (GRCh38): doubts go before depths, what says nothing of either last."""

    doubts: dict[int, WhyNotAssessed] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    silent: dict[int, WhyNotAssessed] = field(default_factory=dict)

    def take(self, block: Block, span: Iterable[int], why: WhyNotAssessed | None) -> None:
        """Note one block. Of two doubts the graver counts, of two depths, each the least of its block, the higher."""
        for position in span:
            if why is None:
                self.depths[position] = max(self.depths.get(position, 0), block.depth or 0)
            else:
                empty = block.genotype is CalledGenotype.NOTHING or why.cause is GapCause.DEPTH_UNSTATED
                kept = self.silent if empty else self.doubts
                kept[position] = min(kept.get(position, why), why, key=_gravity)

    def depth(self, position: int) -> int:
        """Depth in force; 0 where there is a doubt."""
        return 0 if position in self.doubts else self.depths.get(position, 0)

    def why(self, position: int) -> WhyNotAssessed:
        """Why a base that is not assessed is not."""
        if position in self.doubts:
            return self.doubts[position]
        if position in self.depths:
            return WhyNotAssessed(cause=GapCause.SHALLOW)
        return self.silent.get(position, WhyNotAssessed(cause=GapCause.NO_RECORD))


def _gravity(why: WhyNotAssessed) -> tuple[int, str]:
    return _RANK[why.cause], why.detail or ""


def _bases_of(
    blocks: Sequence[Block], reference: Reference, rules: BlockRules, threshold_vaf: float
) -> _Bases:
    bases = _Bases()
    for block in blocks:
        span = range(max(block.start, reference.start), min(block.end, reference.end) + 1)
        bases.take(block, span, doubt(block, rules, threshold_vaf))
    return bases


def doubtful_bases(
    blocks: Sequence[Block], reference: Reference, rules: BlockRules, threshold_vaf: float
) -> dict[int, WhyNotAssessed]:
    """Bases (GRCh38) of which the caller was not sure, for a file whose depth is stated elsewhere (BED)."""
    return _bases_of(blocks, reference, rules, threshold_vaf).doubts


def coverage_of_blocks(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    reference: Reference,
    transcript: Transcript,
    rules: CallingRules,
    threshold_vaf: float,
) -> Coverage | None:
    """Callability by reference blocks and the depths of calls; ``None`` for a file that states no reference.

    Args:
        blocks: stretches and sites of which a record states the reference.
        candidates: the calls between them.
        reference: the locus.
        transcript: the reference transcript.
        rules: ``rules/calling.toml``.
        threshold_vaf: VAF (0..1) that a base must be assessed at.
    """
    if all(block.site for block in blocks):
        return None  # a file of variants: what it does not list is not known
    bases = _bases_of(blocks, reference, rules.blocks, threshold_vaf)
    for candidate in candidates:
        depth = candidate.support.depth
        if depth is not None:
            for position in range(candidate.allele.pos, candidate.allele.end + 1):
                bases.depths.setdefault(position, depth)
    return coverage_of_depths(
        bases.depth, transcript, threshold_vaf, rules.coverage, FROM_BLOCKS, why=bases.why
    )
