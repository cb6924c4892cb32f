"""Simulated runs of samples with lost exons, or a lost gene: reads laid on targets, as deep as chance has it.

Targets differ in how deep they come out, alike in all samples of a run; each sample has a depth of its own, a slope
in GC, and a scatter of every target. Capture gives pairs anywhere on a target, amplicons pairs of fixed ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pysam
from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.knowledge.resources import resources_of

REF = resources_of().reference
MODEL = resources_of().namer.main.model
READ, INSERT, PAD = 100, 180, 30
EFFICIENCY, SCATTER, GC_SLOPE, DEPTH_SPREAD = 0.30, 0.03, 0.02, 0.25
Molecule = tuple[int, int]  # first base (GRCh38) and length
# Targets elsewhere on the chromosome, as a panel has them: first base and length, GRCh38.
ELSEWHERE = tuple((31_000_000 + 400_000 * k, 400) for k in range(12))
NAMES = tuple(
    str(n)
    for n, exon in enumerate(MODEL.exons, 1)
    if any(exon[0] <= a and b <= exon[1] for a, b in MODEL.cds)
)


class Loss(Struct, frozen=True, kw_only=True):
    """One copy of an exon (its number), or of the gene (``""``), lost in a share of the cells (0..1)."""

    exon: str
    purity: float


class Run(Struct, frozen=True, kw_only=True):
    """Samples sequenced together: how many, at which mean depth, captured or as amplicons, and who lost what."""

    samples: int
    depth: int
    design: str
    losses: dict[int, Loss]
    flanking: bool
    seed: int


def make_run(run: Run, folder: Path) -> list[Path]:
    """The run's BAM files, ``s00.bam`` and so on, indexed, of GRCh38."""
    rng = np.random.default_rng(run.seed)
    targets = [(a - PAD, b + PAD) for a, b in MODEL.cds]
    if run.flanking:
        targets += [(start, start + length - 1) for start, length in ELSEWHERE]
    gc = np.array([_gc(a, b) for a, b in targets])
    slope = (gc - gc.mean()) / gc.std()
    shared = rng.normal(0, EFFICIENCY, len(targets))
    made = []
    for s in range(run.samples):
        level = run.depth * np.exp(rng.normal(0, DEPTH_SPREAD))
        depth = level * np.exp(
            shared + rng.normal(0, GC_SLOPE) * slope + rng.normal(0, SCATTER, len(targets))
        )
        lost = run.losses.get(s)
        firsts = _molecules(targets, depth, run.design, rng)
        if lost is not None:
            gone = [exon for exon, name in zip(MODEL.cds, NAMES, strict=True) if lost.exon in ("", name)]
            firsts = _without(firsts, gone, lost.purity / 2, rng)
        made.append(_write(folder / f"s{s:02}.bam", firsts))
    return made


def write_targets(path: Path, *, flanking: bool) -> Path:
    """The targets as BED, for the peers."""
    rows = [(a - PAD - 1, b + PAD, f"exon{name}") for (a, b), name in zip(MODEL.cds, NAMES, strict=True)]
    rows += [
        (start - 1, start + length - 1, f"flank{k}")
        for k, (start, length) in enumerate(ELSEWHERE)
        if flanking
    ]
    path.write_text("".join(f"chr17\t{a}\t{b}\t{name}\n" for a, b, name in sorted(rows)))
    return path


@cache
def elsewhere(start: int, length: int) -> str:
    """Bases of a target elsewhere: made up, of a GC of its own."""
    rng = np.random.default_rng(start)
    gc = rng.uniform(0.35, 0.65)
    drawn = rng.choice(list("GCAT"), length, p=[gc / 2, gc / 2, (1 - gc) / 2, (1 - gc) / 2])
    return "".join(drawn)


def write_genome(path: Path) -> Path:
    """Chromosome 17 with the locus and the targets elsewhere written out, for the peers."""
    bases = bytearray(b"N" * REF.builds[Build.GRCH38].length)
    bases[REF.start - 1 : REF.end] = REF.sequence.encode()
    for start, length in ELSEWHERE:
        bases[start - 1 : start - 1 + length] = elsewhere(start, length).encode()
    lines = (bytes(bases[i : i + 60]) for i in range(0, len(bases), 60))
    path.write_bytes(b">chr17\n" + b"\n".join(lines) + b"\n")
    pysam.faidx(str(path))
    return path


def _gc(start: int, end: int) -> float:
    inside = REF.covers(start, end)
    bases = REF.bases(start, end) if inside else elsewhere(start, end - start + 1)
    return (bases.count("G") + bases.count("C")) / len(bases)


def _without(
    firsts: Sequence[Molecule], gone: Sequence[tuple[int, int]], share: float, rng: np.random.Generator
) -> list[Molecule]:
    """A share of the molecules with a base of lost exons left out, whichever target caught them."""

    def over(first: int, length: int) -> bool:
        return any(first <= high and first + length > low for low, high in gone)

    return [(first, length) for first, length in firsts if not over(first, length) or rng.random() >= share]


def _molecules(
    targets: Sequence[tuple[int, int]], depth: Sequence[float], design: str, rng: np.random.Generator
) -> list[Molecule]:
    firsts: list[Molecule] = []
    for (low, high), deep in zip(targets, depth, strict=True):
        length = max(high - low + 1, READ) if design == "amplicon" else INSERT
        if design == "amplicon":
            firsts += [(low, min(length, 2 * READ))] * int(rng.poisson(deep))
            if length > 2 * READ:  # a second amplicon from the other end
                firsts += [(high - 2 * READ + 1, 2 * READ)] * int(rng.poisson(deep))
            continue
        span = high - low + INSERT
        count = int(rng.poisson(deep * span / INSERT))
        firsts += [(int(first), INSERT) for first in rng.integers(low - INSERT + 1, high + 1, count)]
    return firsts


def _write(path: Path, firsts: Sequence[Molecule]) -> Path:
    ends = [(first, number, length, 0) for number, (first, length) in enumerate(firsts)]
    ends += [(first + length - READ, number, length, 1) for number, (first, length) in enumerate(firsts)]
    ends.sort()
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}],
        "RG": [{"ID": "g", "SM": path.stem}],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for first, number, length, mate in ends:
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.flag = f"m{number}", 0x1 | 0x2 | (0x90 if mate else 0x60)
            read.reference_id, read.reference_start, read.mapping_quality = 0, first - 1, 60
            read.cigartuples = [(0, READ)]
            read.next_reference_id = 0
            read.next_reference_start = first - 1 + (READ - length if mate else length - READ)
            read.template_length = -length if mate else length
            inside = REF.covers(first, first + READ - 1)
            read.query_sequence = REF.bases(first, first + READ - 1) if inside else "ACGT" * (READ // 4)
            read.query_qualities = _QUALITIES
            read.set_tag("RG", "g")
            out.write(read)
    pysam.index(str(path))
    return path


_QUALITIES = pysam.qualitystring_to_array("I" * READ)
