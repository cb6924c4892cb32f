"""BAM files made for a test: fragments tiled over the exons of TP53, with changes at chosen fractions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pysam

from tp53annot.kit import kit
from tp53annot.model import Build

TOOLS = kit(None)
REF = TOOLS.reference
MAIN = TOOLS.namer.main
READ, FRAGMENT = 100, 160


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change in a share of the fragments (GRCh38, VCF style)."""

    pos: int
    ref: str
    alt: str
    vaf: float


def regions(skip: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Coding exons 2-11 with margins, but those to skip."""
    return [
        (low - 30, high + 30) for n, (low, high) in enumerate(MAIN.model.exons, 1) if n > 1 and n not in skip
    ]


def fragment_bases(start: int, length: int, change: Change | None) -> tuple[str, list[tuple[int, int]], int]:
    """Bases, CIGAR and first aligned position (GRCh38) of a molecule from ``start``.

    An aligner clips what it cannot place: the side of an indel on which a read has 12 bases or fewer.
    """
    plain = REF.bases(start, start + length - 1)
    if change is None or not start < change.pos < start + length:
        return plain, [(0, length)], start
    beyond = change.pos + len(change.ref)
    bases = (REF.bases(start, change.pos - 1) + change.alt + REF.bases(beyond, beyond + length))[:length]
    if len(change.ref) == len(change.alt):
        return bases, [(0, length)], start
    before, new, gone = change.pos - start + 1, len(change.alt) - 1, len(change.ref) - 1
    after = length - before - new
    if after <= 12:
        return bases, [(0, before), (4, length - before)] if before < length else [(0, length)], start
    if before <= 12:
        return bases, [(4, before + new), (0, after)], beyond
    indel = [(1, new)] if new else [(2, gone)]
    return bases, [(0, before), *indel, (0, after)], start


def with_errors(bases: str, error: float, rng: random.Random) -> str:
    """Bases replaced at a rate (jumping from one to the next, which is quick)."""
    at = int(rng.expovariate(error)) if error else len(bases)
    while at < len(bases):
        bases = bases[:at] + rng.choice("ACGT") + bases[at + 1 :]
        at += 1 + int(rng.expovariate(error))
    return bases


def write_bam(
    path: Path, *, depth: int = 300, changes: Sequence[Change] = (), skip: Sequence[int] = (),
    build: Build = Build.GRCH38, contig: str = "chr17", error: float = 0.001, seed: int = 1, index: bool = True,
    sample: str | None = "S1", flag: int = 0, mapq: int = 60, qualities: bool = True, named: bool = True,
    paired: bool = False, one_strand: bool = False,
) -> Path:  # fmt: skip
    """Write a sorted BAM of single reads, or of pairs that overlap."""
    rng = random.Random(seed)
    info = REF.builds[build]
    header: dict[str, object] = {
        "HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": contig, "LN": info.length}],
    }  # fmt: skip
    if sample:
        header["RG"] = [{"ID": "g", "SM": sample}]
    reads = []
    for low, high in regions(skip):
        step = READ / depth
        count = int((high - low + READ) / step)
        for k in range(count):
            start = int(low - READ + k * step)
            carried = next(
                (c for c in changes if start < c.pos < start + READ and rng.random() < c.vaf), None
            )
            bases, cigar, first = fragment_bases(start, READ, carried)
            reads.append((first, with_errors(bases, error, rng), cigar, 0 if one_strand else k % 2))
    reads.sort(key=lambda r: r[0])
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number, (start, bases, cigar, reverse) in enumerate(reads):
            for mate in (1, 2) if paired else (0,):
                read = pysam.AlignedSegment(out.header)
                read.query_name = f"r{number}" if named else "*"
                read.reference_id, read.reference_start = 0, start + info.offset - 1
                read.mapping_quality, read.cigartuples = mapq, cigar
                read.query_sequence = bases
                read.query_qualities = pysam.qualitystring_to_array("I" * len(bases)) if qualities else None
                read.flag = flag | (16 if reverse else 0)
                if paired:
                    read.flag = flag | 1 | 2 | (0x40 | 0x20 if mate == 1 else 0x80 | 0x10)
                    read.next_reference_id, read.next_reference_start = 0, read.reference_start
                    read.template_length = len(bases) if mate == 1 else -len(bases)
                if sample:
                    read.set_tag("RG", "g")
                out.write(read)
    if index:
        pysam.index(str(path))
    return path
