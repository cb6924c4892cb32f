"""RNA as evidence: its splicing, and why it leaves bases unassessed."""

from __future__ import annotations

from collections.abc import Callable

from tp53annot.calling.callability import WhyNotAssessed
from tp53annot.calling.pileup import Pileup
from tp53annot.calling.splicing.events import splicing_events
from tp53annot.calling.splicing.junctions import KnownJunctions
from tp53annot.core.coverage import GapCause
from tp53annot.core.molecules import SplicingEvent
from tp53annot.knowledge.resources import Resources
from tp53annot.names.transcript import Transcript


def splicing_of_reads(pileup: Pileup, resources: Resources) -> tuple[SplicingEvent, ...] | None:
    """Splicing that differs from the known transcripts; ``None`` where the reads are not RNA's.

    Args:
        pileup: of one sample.
        resources: of the run.
    """
    if pileup.junctions is None:
        return None
    known = KnownJunctions(resources.reference)
    rules = resources.rules.calling.splicing
    return splicing_events(pileup.junctions, known, resources.namer.main, rules)


def why_rna_lacks(transcript: Transcript) -> Callable[[int], WhyNotAssessed]:
    """Why RNA does not show a base (GRCh38): it lies in an intron, or the gene is hardly expressed there."""
    exons = transcript.model.exons

    def why(position: int) -> WhyNotAssessed:
        exonic = any(low <= position <= high for low, high in exons)
        return WhyNotAssessed(cause=GapCause.LOW_EXPRESSION if exonic else GapCause.SPLICED_OUT)

    return why
