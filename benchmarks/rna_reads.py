"""Simulated RNA of TP53: molecules of its isoforms, with changes and altered splicing, aligned by STAR or minimap2.

Fragments are cut from transcripts at random, read from both ends with substitution errors that their qualities state
in part, and aligned to the locus alone; the alignments are then moved to chromosome 17 of GRCh38.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pysam
from msgspec import Struct

from tp53annot.core.allele import Allele, Build
from tp53annot.knowledge.resources import resources_of

RESOURCES = resources_of()
REF = RESOURCES.reference
MAIN = RESOURCES.namer.main
ALIGNERS = ("STAR Local", "STAR EndToEnd", "minimap2 splice")
# Isoforms and their shares: p53 alpha (both acceptors of exon 2), beta, gamma, delta 40, delta 133.
ISOFORMS = {
    "NM_000546.6": 0.66,
    "NM_001126112.3": 0.12,
    "NM_001126114.3": 0.06,
    "NM_001126113.3": 0.04,
    "NM_001126118.2": 0.05,
    "NM_001126115.2": 0.07,
}
UNSPLICED = 0.02  # molecules that were not spliced yet
ERROR = 0.002  # substitutions a base
INSERT, SPREAD = 230, 50
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
# Stretches of a transcript on GRCh38, inclusive, in order of position.
Intervals = tuple[tuple[int, int], ...]


class RnaCase(Struct, frozen=True, kw_only=True):
    """One sample.

    Attributes:
        name: of its files.
        aligner: one of ``ALIGNERS``.
        pairs: pairs of reads.
        allele: a change, and ``vaf`` the share of the molecules with it.
        altered: exons of the main transcript in its place, and ``share`` the share of molecules spliced so.
        read: bases of a read.
        seed: of its chance.
    """

    name: str
    aligner: str
    pairs: int
    seed: int
    allele: Allele | None = None
    vaf: float = 0.0
    altered: Intervals | None = None
    share: float = 0.0
    read: int = 100


def main_exons() -> Intervals:
    """Of NM_000546.6."""
    return tuple(sorted(MAIN.model.exons))


def without_exon(number: int) -> Intervals:
    """The main transcript without an exon."""
    return tuple(sorted(e for n, e in enumerate(MAIN.model.exons, 1) if n != number))


def with_intron(number: int) -> Intervals:
    """The main transcript with an intron that is not cut out."""
    exons = list(MAIN.model.exons)
    upstream, downstream = exons[number - 1], exons[number]
    return tuple(sorted([*exons[: number - 1], (downstream[0], upstream[1]), *exons[number + 1 :]]))


def with_edge(exon: int, *, acceptor: bool, by: int) -> Intervals:
    """The main transcript whose exon begins (or ends) so many bases further inside; outside where negative."""
    exons = list(MAIN.model.exons)
    low, high = exons[exon - 1]
    exons[exon - 1] = (low, high - by) if acceptor else (low + by, high)
    return tuple(sorted(exons))


class _Transcript:
    """A transcript's bases on the forward strand, with a change or without.

    Args:
        intervals: of it.
        allele: the change it carries, where it has its place.
    """

    def __init__(self, intervals: Intervals, allele: Allele | None) -> None:
        places = [p for low, high in intervals for p in range(low, high + 1)]
        self.bases = "".join(REF.bases(low, high) for low, high in intervals)
        self.change = None
        if allele is not None and allele.pos in places:
            at = places.index(allele.pos)
            if self.bases[at : at + len(allele.ref)] == allele.ref:
                self.bases = self.bases[:at] + allele.alt + self.bases[at + len(allele.ref) :]
                self.change = at


def simulate(case: RnaCase, folder: Path) -> tuple[Path, float, int]:
    """The aligned reads of a sample; the share and the number of fragments over its change that carry it.

    Raises:
        subprocess.CalledProcessError: an aligner failed.
    """
    rng = random.Random(case.seed)
    plain = {name: _intervals(name) for name in ISOFORMS}
    first, second = folder / f"{case.name}_1.fq", folder / f"{case.name}_2.fq"
    carried = over = 0
    with first.open("w") as one, second.open("w") as two:
        for number in range(case.pairs):
            draw = rng.random()
            if case.altered is not None and rng.random() < case.share:
                intervals: Intervals = case.altered
            elif draw < UNSPLICED:
                intervals = ((MAIN.model.exons[-1][0], MAIN.model.exons[1][1]),)
            else:
                intervals = plain[rng.choices(list(ISOFORMS), list(ISOFORMS.values()))[0]]
            with_change = case.allele is not None and rng.random() < case.vaf
            molecule = _made(intervals, case.allele if with_change else None)
            size = min(max(round(rng.gauss(INSERT, SPREAD)), case.read), len(molecule.bases))
            start = rng.randrange(len(molecule.bases) - size + 1)
            if case.allele is not None:
                at = _made(intervals, case.allele).change
                shown = at is not None and any(
                    low <= at < low + case.read for low in (start, start + size - case.read)
                )
                over += shown
                carried += shown and with_change
            pair = [molecule.bases[start : start + case.read], _reverse(molecule.bases[start + size - case.read : start + size])]  # fmt: skip
            if rng.random() < 0.5:
                pair.reverse()
            for file, bases in zip((one, two), pair, strict=True):
                shown_bases, qualities = _read(bases, rng)
                file.write(f"@r{number}\n{shown_bases}\n+\n{qualities}\n")
    bam = _aligned(case, folder, first, second)
    first.unlink()
    second.unlink()
    return bam, carried / over if over else 0.0, over


@cache
def _intervals(name: str) -> Intervals:
    return tuple(sorted(next(t for t in REF.transcripts if t.accession == name).exons))


@cache
def _made(intervals: Intervals, allele: Allele | None) -> _Transcript:
    return _Transcript(intervals, allele)


def _reverse(bases: str) -> str:
    return bases.translate(_COMPLEMENT)[::-1]


def _read(bases: str, rng: random.Random) -> tuple[str, str]:
    """Bases with errors, half of which have a low quality."""
    qualities, at = ["I"] * len(bases), int(rng.expovariate(ERROR))
    while at < len(bases):
        bases = bases[:at] + rng.choice("ACGT") + bases[at + 1 :]
        qualities[at] = rng.choice("I-")
        at += 1 + int(rng.expovariate(ERROR))
    return bases, "".join(qualities)


# aligning -----------------------------------------------------------------------------------


def _aligned(case: RnaCase, folder: Path, first: Path, second: Path) -> Path:
    raw = folder / f"{case.name}.raw.bam"
    if case.aligner.startswith("STAR"):
        prefix = folder / f"{case.name}."
        subprocess.run(
            ["STAR", "--genomeDir", str(_star_index(folder)), "--readFilesIn", str(first), str(second),
             "--alignEndsType", case.aligner.split(" ")[1], "--outSAMtype", "BAM", "Unsorted", "--outFileNamePrefix",
             str(prefix), "--outSAMattrRGline", f"ID:{case.name}", f"SM:{case.name}", "PL:ILLUMINA"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        Path(f"{prefix}Aligned.out.bam").rename(raw)
        for left in folder.glob(f"{case.name}.*"):
            if left != raw:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    else:
        with raw.open("wb") as out:
            subprocess.run(
                ["minimap2", "-ax", "splice", "-R", f"@RG\\tID:{case.name}\\tSM:{case.name}\\tPL:ILLUMINA",
                 str(_locus(folder)), str(first), str(second)],
                check=True, stdout=out, stderr=subprocess.DEVNULL,
            )  # fmt: skip
    bam = folder / f"{case.name}.bam"
    _moved(raw, bam)
    raw.unlink()
    return bam


def _locus(folder: Path) -> Path:
    path = folder / "locus.fa"
    if not path.exists():
        path.write_text(f">chr17\n{REF.sequence}\n")
    return path


def _star_index(folder: Path) -> Path:
    path = folder / "star"
    if not path.exists():
        subprocess.run(
            ["STAR", "--runMode", "genomeGenerate", "--genomeDir", str(path), "--genomeFastaFiles",
             str(_locus(folder)), "--genomeSAindexNbases", "6", "--outFileNamePrefix", f"{folder}/index."],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return path


def prepared(folder: Path, aligners: Sequence[str]) -> Path:
    """The folder with what the aligners need, so that several processes can use it."""
    _locus(folder)
    if any(name.startswith("STAR") for name in aligners):
        _star_index(folder)
    return folder


def _moved(raw: Path, bam: Path) -> None:
    """Alignments to the locus as alignments to chromosome 17, sorted and indexed."""
    shift, plain = REF.start - 1, bam.with_suffix(".plain.bam")
    with pysam.AlignmentFile(str(raw), check_sq=False) as source:
        header = source.header.to_dict()
        header["SQ"] = [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}]
        with pysam.AlignmentFile(str(plain), "wb", header=header) as out:
            for read in source:
                if read.is_unmapped:
                    continue
                found = pysam.AlignedSegment.from_dict(read.to_dict(), out.header)
                found.reference_start = read.reference_start + shift
                if read.is_paired and not read.mate_is_unmapped:
                    found.next_reference_start = read.next_reference_start + shift
                out.write(found)
    pysam.sort("-o", str(bam), str(plain))
    pysam.index(str(bam))
    plain.unlink()
