"""Reads made from the reference, for examples: tiled over the exons, with changes at chosen fractions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.demo.example_samples import ExampleReads

_Read = tuple[int, str, list[tuple[int, int]]]  # GRCh38 start, bases, CIGAR
_Stretches = Sequence[tuple[int, int]]  # GRCh38, 1-based inclusive
_Changes = Sequence[tuple[Allele, float]]
_MATCH, _INSERTION, _DELETION = 0, 1, 2


def write_example_bam(
    path: Path,
    *,
    sample: str,
    build: Build,
    exons: _Stretches,
    changes: _Changes,
    made: ExampleReads,
    reference: Reference,
) -> None:
    """Write a sorted, indexed BAM; the same arguments give the same reads.

    Args:
        path: the BAM; its index is written beside it.
        sample: name in the read group; it also seeds the random numbers.
        build: build of the alignments.
        exons: stretches to cover, GRCh38, 1-based inclusive.
        changes: alleles (GRCh38) with their fraction of the reads.
        made: how reads are made.
        reference: the locus.
    """
    import pysam

    info = reference.builds[build]
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": "chr17", "LN": info.length}],
        "RG": [{"ID": sample, "SM": sample}],
    }
    reads = sorted(_reads(sample, exons, changes, made, reference), key=lambda read: read[0])
    quality, strands = chr(made.base_quality + 33), random.Random(sample)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number, (start, bases, cigar) in enumerate(reads):
            read = pysam.AlignedSegment(out.header)
            read.query_name = f"{sample}:{number}"
            read.reference_id, read.reference_start = 0, start + info.offset - 1
            read.mapping_quality, read.cigartuples = made.mapping_quality, cigar
            read.query_sequence = bases
            read.query_qualities = pysam.qualitystring_to_array(quality * len(bases))
            read.flag = 16 * strands.getrandbits(1)
            read.set_tag("RG", sample)
            out.write(read)
    pysam.index(str(path))


def _reads(
    sample: str, exons: _Stretches, changes: _Changes, made: ExampleReads, reference: Reference
) -> Iterator[_Read]:
    numbers, seen = random.Random(sample), Counter[Allele]()
    length, margin = made.read_length, made.exon_margin
    for low, high in exons:
        first, last = low - margin - length + 1, high + margin
        for k in range(round((last - first) * made.depth / length)):
            start = first + int(k * length / made.depth)
            read = _read(start, changes, made, seen, reference)
            if read is not None:
                yield read[0], _with_errors(read[1], made.error_rate, numbers), read[2]


def _read(
    start: int, changes: _Changes, made: ExampleReads, seen: Counter[Allele], reference: Reference
) -> _Read | None:
    """A read from ``start``; ``None`` for one that ends too near to an insertion or deletion.

    ``seen`` counts the reads over each change, so that just the stated fraction of them carries it.
    """
    length, margin = made.read_length, made.indel_margin
    end = start + length - 1
    for allele, vaf in changes:
        if allele.end < start or end < allele.pos:
            continue
        indel = len(allele.ref) != len(allele.alt)
        if indel and (allele.pos - start < margin or end - allele.end < margin):
            return None
        if allele.pos < start or end < allele.end:
            continue
        seen[allele] += 1
        if int(seen[allele] * vaf) > int((seen[allele] - 1) * vaf):
            return _changed(start, length, allele, reference)
    return start, reference.bases(start, end), [(_MATCH, length)]


def _changed(start: int, length: int, allele: Allele, reference: Reference) -> _Read:
    before = allele.pos - start
    longer = len(allele.alt) - len(allele.ref)
    rest = length - before - len(allele.alt)
    head = reference.bases(start, allele.pos - 1) if before else ""
    tail = reference.bases(allele.end + 1, allele.end + rest) if rest else ""
    bases = head + allele.alt + tail
    if longer == 0:
        return start, bases, [(_MATCH, length)]
    kept = before + min(len(allele.ref), len(allele.alt))
    kind = _INSERTION if longer > 0 else _DELETION
    return start, bases, [(_MATCH, kept), (kind, abs(longer)), (_MATCH, rest)]


def _with_errors(bases: str, rate: float, numbers: random.Random) -> str:
    return "".join("ACGT"[int(numbers.random() * 4)] if numbers.random() < rate else b for b in bases)
