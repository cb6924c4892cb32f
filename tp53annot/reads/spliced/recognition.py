"""Whether reads are RNA's: by how many of those over boundaries of exons are spliced there.

The first reads of a sample lie in its last exon, and where the gene is much expressed none of them is spliced.
"""

from __future__ import annotations

from itertools import islice

import pysam
from msgspec.structs import replace

from tp53annot.calling.cigar import MATCHES, ON_REFERENCE, SKIP, Cigar
from tp53annot.calling.splicing.junctions import Junction, KnownJunctions
from tp53annot.core.platform import Platform
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.usable import usable

_EACH = 2  # every second intron is looked at


def with_molecule(
    known: Platform, reads: LocusReads, junctions: KnownJunctions, rules: CallingRules
) -> Platform:
    """The platform, with RNA for its molecule where reads over exons' boundaries are spliced.

    Args:
        known: by header and first reads.
        reads: of one sample.
        junctions: of the gene.
        rules: ``rules/calling.toml``.

    Raises:
        OSError, ValueError: damaged.
        UngroupedReadError: a read is of no sample, where there are several.
    """
    if known.molecule == "rna":
        return known
    limits, spliced, plain = rules.splicing, 0, 0
    for junction in junctions.main[1::_EACH]:
        over = (
            r for r in reads.fetch(junction.last, junction.last + 1) if usable(r, rules.usable, copies=True)
        )
        for read in islice(over, limits.looked_at):
            joined = _joins(read, reads, junction, limits.anchor)
            spliced += joined is True
            plain += joined is False
    crossing = spliced + plain
    if spliced < limits.fewest or spliced < limits.spliced * crossing:
        return known
    told = limits.told.format(spliced=spliced, crossing=crossing)
    return replace(known, molecule="rna", source=f"{known.source}; {told}" if known.source else told)


def _joins(read: pysam.AlignedSegment, reads: LocusReads, junction: Junction, anchor: int) -> bool | None:
    """Whether a read leaves out the intron, or runs on into it; ``None`` where it tells neither."""
    offset = reads.reference.builds[reads.build].offset
    at = read.reference_start + 1 - offset
    cigar: Cigar = tuple(read.cigartuples or ())
    for op, size in cigar:
        end = at + size * (op in ON_REFERENCE) - 1
        if op == SKIP and (end == junction.last or at == junction.first):
            return True
        if op in MATCHES and at <= junction.last + 1 - anchor and end >= junction.last + anchor:
            return False
        at = end + 1
    return None
