"""Depth of each coding exon in a file's reads, quickly: no base is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pysam

from tp53annot.core.allele import Build
from tp53annot.core.exon_depth import DepthProfile
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.copy_number import DepthRules
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.source import ReadsSource
from tp53annot.reads.usable import usable

_SKIP = 3  # CIGAR operation of bases that RNA leaves out
_PAIRED = 0x1


def depth_profiles(
    path: Path, resources: Resources, *, fasta: Path | None, assembly: Build | None
) -> Iterator[tuple[str, DepthProfile]]:
    """The depth of every sample of a file, by the sample's name in it, empty where it has none.

    Raises:
        InputError: the reads cannot be used.
    """
    rules = resources.rules.copy_number.depth
    source = ReadsSource(path, resources.reference, resources.rules.calling, fasta=fasta, assembly=assembly)
    if source.absent:
        return
    low, high = resources.reference.gene
    several = len(source.groups) > 1
    for name in source.groups or (None,):
        reads = source.reads(low, high, name)
        yield name or "", _profile(reads, resources, rules, elsewhere=not several)


def _profile(reads: LocusReads, resources: Resources, rules: DepthRules, *, elsewhere: bool) -> DepthProfile:
    depth, fragments, spliced, pairs, total = [], [], 0, 0, 0
    use, offset = resources.rules.calling.usable, resources.reference.builds[reads.build].offset
    for start, end in resources.namer.main.model.cds:
        first, last = start + offset - 1, end + offset  # half-open, from 0
        ends: list[tuple[int, int]] = []
        names: set[str | None] = set()
        for read in reads.fetch(start, end):
            if not usable(read, use):
                continue
            total += 1
            pairs += bool(read.flag & _PAIRED)
            spliced += any(op == _SKIP for op, _ in read.cigartuples or ())
            before = len(ends)
            ends += [(max(a, first), min(b, last)) for a, b in read.get_blocks() if a < last and b > first]
            if len(ends) > before:
                names.add(read.query_name)
        bases = int(np.diff(np.array(ends, np.int64).reshape(-1, 2), axis=1).sum())
        depth.append(bases / (last - first))
        fragments.append(float(len(names) if pairs else sum(1 for _ in ends)))
    gene, controls = _elsewhere(reads, resources) if elsewhere else (0, ())
    return DepthProfile(
        depth=tuple(depth),
        fragments=tuple(fragments),
        paired=2 * pairs > total,
        spliced=spliced / total if total else 0.0,
        gene=gene,
        controls=controls,
    )


def _elsewhere(reads: LocusReads, resources: Resources) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Reads of the gene, and those of each autosome beside it, as the index counts them; none where it has no counts."""
    low, high = resources.reference.gene
    first, last = (resources.reference.to_build(p, reads.build) for p in (low, high))
    try:
        counted = reads.file.get_index_statistics()
    except (AttributeError, ValueError):  # a CRAM's index holds no counts
        return 0, ()
    gene = reads.file.count(reads.contig, first - 1, last, read_callback=_mapped)
    there: list[tuple[str, int]] = []
    for contig in counted:
        if contig.contig == reads.contig:
            there.append((contig.contig, contig.mapped - gene))
        elif contig.contig.removeprefix("chr").isdigit():  # the sexes differ in the others
            there.append((contig.contig, contig.mapped))
    return gene, tuple((name, count) for name, count in there if count > 0)


def _mapped(read: pysam.AlignedSegment) -> bool:
    return not read.is_unmapped
