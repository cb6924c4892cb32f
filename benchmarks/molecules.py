"""Simulated molecules and their copies: fragments with UMIs, amplified, sequenced, with or without a consensus.

Reads are laid where they come from (no aligner), so that which molecule each stems from is known. Errors of the
first cycles are in every copy of a molecule; errors of sequencing are in one.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pysam
from msgspec import Struct

from benchmarks.simulate import DAMAGE, REF
from tp53annot.calling.arrays import BASES, codes_of
from tp53annot.core.allele import Allele, Build

READ, SIZE, SIZE_SD, LEAST_SIZE = 100, 220, 35, 110
GOOD, POOR = 37, 18  # qualities; poor bases are one in fifty
MOLECULE_ERROR = 0.00002  # of a base, before the first copy
READ_ERROR = 0.001
UMI = 8
# What damage does to a base of one strand, which all copies then show.
_DAMAGED = {"ffpe": (("C", "T"), ("G", "A")), "oxog": (("G", "T"), ("C", "A"))}


class Library(Struct, frozen=True, kw_only=True):
    """One simulated sample.

    Attributes:
        name: of its files.
        allele: one base for another, ``None`` for a negative.
        vaf: share of molecules with it.
        depth: molecules over a place.
        copies: mean number of copies of a molecule; 1: none is copied.
        start, end: GRCh38, the stretch that is covered evenly.
        damage: as of ``simulate.DAMAGE``.
    """

    name: str
    allele: Allele | None
    vaf: float
    depth: int
    copies: float
    start: int
    end: int
    damage: str = ""


class Fragment(Struct, frozen=True, kw_only=True):
    """A molecule: first position (GRCh38), bases, UMI, copies and whether read 1 is the forward one."""

    number: int
    start: int
    codes: np.ndarray[tuple[int], np.dtype[np.uint8]]
    umi: str
    copies: int
    forward_first: bool
    altered: bool


def molecules_of(library: Library, seed: int) -> list[Fragment]:
    """The molecules of a sample."""
    rng = np.random.default_rng(seed)
    span = library.end - library.start + 1 + SIZE
    # Places that both reads of a fragment cover count once: a fragment covers twice the read less the overlap.
    count = int(library.depth * span / min(2 * READ, SIZE))
    starts = rng.integers(library.start - SIZE, library.end + 1, count)
    sizes = np.maximum(rng.normal(SIZE, SIZE_SD, count).astype(int), LEAST_SIZE)
    copies = np.ones(count, int) if library.copies == 1 else 1 + rng.poisson(library.copies - 1, count)
    umis = rng.integers(0, 4, (count, UMI))
    first = rng.random(count) < 0.5
    carried = rng.random(count) < library.vaf
    found = []
    for n in range(count):
        start, size = int(starts[n]), int(sizes[n])
        codes = codes_of(REF.bases(start, start + size - 1)).copy()
        altered = False
        if library.allele is not None and carried[n] and start <= library.allele.pos < start + size:
            codes[library.allele.pos - start] = BASES.index(library.allele.alt)
            altered = True
        _misread(codes, MOLECULE_ERROR, rng)
        if library.damage:
            _damage(codes, library.damage, rng)
        umi = "".join(BASES[i] for i in umis[n])
        found.append(
            Fragment(number=n, start=start, codes=codes, umi=umi, copies=int(copies[n]),
                     forward_first=bool(first[n]), altered=altered)
        )  # fmt: skip
    return found


def _misread(
    codes: np.ndarray[tuple[int], np.dtype[np.uint8]], rate: float, rng: np.random.Generator
) -> None:
    wrong = np.flatnonzero(rng.random(len(codes)) < rate)
    codes[wrong] = (codes[wrong] + rng.integers(1, 4, len(wrong))) % 4


def _damage(codes: np.ndarray[tuple[int], np.dtype[np.uint8]], kind: str, rng: np.random.Generator) -> None:
    old, new = _DAMAGED[kind][int(rng.random() < 0.5)]
    hit = (codes == BASES.index(old)) & (rng.random(len(codes)) < DAMAGE[kind])
    codes[hit] = BASES.index(new)


def realised(fragments: Iterable[Fragment], allele: Allele) -> float:
    """Share of the molecules of which a read shows the site that carry the change."""
    over = [f for f in fragments if _reads_over(f, allele.pos)]
    return sum(f.altered for f in over) / max(len(over), 1)


def _reads_over(fragment: Fragment, pos: int) -> bool:
    first, end = fragment.start, fragment.start + len(fragment.codes)
    return first <= pos < first + READ or end - READ <= pos < end


def write_raw(
    fragments: Sequence[Fragment], path: Path, seed: int, *, tag: bool = True, name: bool = False
) -> Path:
    """Every copy of every molecule as a pair of reads; the UMI in a tag, or at the end of the name."""
    rng = np.random.default_rng(seed)
    shuffle = random.Random(seed)
    rows = []
    for f in fragments:
        for copy in range(f.copies):
            umi = _sequenced(f.umi, rng)
            title = f"m{shuffle.randrange(1 << 40):011x}" + (f"_{umi}" if name else "")
            for reverse in (False, True):
                codes = (f.codes[-READ:] if reverse else f.codes[:READ]).copy()
                quality = np.where(rng.random(READ) < 0.02, POOR, GOOD)
                _misread(codes, READ_ERROR, rng)
                rows.append((f, copy, title, reverse, codes, quality, {"RX": umi} if tag else {}))
    return _write(rows, path)


def _sequenced(umi: str, rng: np.random.Generator) -> str:
    codes = codes_of(umi).copy()
    _misread(codes, READ_ERROR, rng)
    return "".join(BASES[i] for i in codes)


def write_consensus(fragments: Sequence[Fragment], path: Path, seed: int) -> Path:
    """A consensus read of either side of each molecule, by majority, with fgbio's tags; single copies left out."""
    rng = np.random.default_rng(seed)
    rows = []
    for f in fragments:
        if f.copies < 2:
            continue
        for reverse in (False, True):
            side = f.codes[-READ:] if reverse else f.codes[:READ]
            copies = np.tile(side, (f.copies, 1))
            wrong = rng.random(copies.shape) < READ_ERROR
            copies[wrong] = (copies[wrong] + rng.integers(1, 4, int(wrong.sum()))) % 4
            codes, agree = majority(copies)
            quality = np.where(agree >= 0.75, 60, 2)
            tags = {"RX": f.umi, "MI": str(f.number), "cD": f.copies, "cM": f.copies}
            rows.append((f, 0, f"c{f.number}", reverse, codes, quality, tags))
    return _write(rows, path)


def majority(copies: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> tuple[np.ndarray, np.ndarray]:
    """The most frequent base of each column, and its share."""
    votes = np.stack([(copies == b).sum(axis=0) for b in range(len(BASES))])
    best = votes.argmax(axis=0)
    return best.astype(np.uint8), votes.max(axis=0) / len(copies)


def _write(rows: Sequence[tuple], path: Path) -> Path:
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "RG": [{"ID": "g", "SM": path.stem, "PL": "ILLUMINA"}],
              "SQ": [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}]}  # fmt: skip
    placed = [(f.start + (len(f.codes) - READ if reverse else 0), row)
              for row in rows for f, reverse in [(row[0], row[3])]]  # fmt: skip
    placed.sort(key=lambda p: p[0])
    letters = np.frombuffer(BASES.encode(), np.uint8)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for at, (f, _, title, reverse, codes, quality, tags) in placed:
            read = pysam.AlignedSegment(out.header)
            first = f.forward_first != reverse
            read.query_name, read.reference_id, read.reference_start = title, 0, at - 1
            read.flag = 0x1 | 0x2 | (0x10 if reverse else 0x20) | (0x40 if first else 0x80)
            read.mapping_quality, read.cigartuples = 60, [(0, READ)]
            mate = f.start if reverse else f.start + len(f.codes) - READ
            read.next_reference_id, read.next_reference_start = 0, mate - 1
            read.template_length = -len(f.codes) if reverse else len(f.codes)
            read.query_sequence = letters[codes].tobytes().decode()
            read.query_qualities = pysam.qualitystring_to_array(
                (quality + 33).astype(np.uint8).tobytes().decode()
            )
            read.set_tags([("RG", "g"), ("MC", f"{READ}M"), *tags.items()])
            out.write(read)
    pysam.index(str(path))
    return path


def consensus_of_groups(grouped: Path, path: Path) -> Path:
    """Consensus reads of the groups that umi_tools numbered (tag UG), by majority; groups of one left out."""
    families: dict[tuple[int, bool], list[pysam.AlignedSegment]] = defaultdict(list)
    names: dict[str, int] = {}
    with pysam.AlignmentFile(str(grouped)) as source:
        header = source.header
        for read in source:  # the second reads have no tag
            if read.has_tag("UG"):
                names[str(read.query_name)] = int(read.get_tag("UG"))
        source.reset()
        for read in source:
            families[names[str(read.query_name)], read.is_reverse].append(read)
    loose = path.with_suffix(".loose.bam")
    letters = np.frombuffer(BASES.encode(), np.uint8)
    with pysam.AlignmentFile(str(loose), "wb", header=header) as out:
        for (number, _), reads in sorted(families.items(), key=lambda kv: kv[0]):
            if len(reads) < 2:
                continue
            codes, agree = majority(np.stack([codes_of(r.query_sequence or "") for r in reads]))
            one = reads[0]
            one.query_name = f"u{number}"
            one.query_sequence = letters[codes].tobytes().decode()
            one.query_qualities = pysam.qualitystring_to_array(
                "".join(chr(33 + (60 if a >= 0.75 else 2)) for a in agree)
            )
            one.set_tags([("RG", "g"), ("MC", f"{READ}M"), ("MI", str(number)), ("cD", len(reads))])
            out.write(one)
    pysam.sort("-o", str(path), str(loose))
    pysam.index(str(path))
    loose.unlink()
    return path
