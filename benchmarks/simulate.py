"""Simulated sequencing of TP53: molecules with a change, ART reads, bwa alignments, damage, both builds.

Reads are made from a stretch of the gene (capture; by art_illumina, or by dwgsim, which are shorter and err
more) or from amplicons (art_illumina), with and without the change, aligned by bwa mem to the locus, and
moved to chromosome 17 of a build. Which molecule a read came from is in its name, so the fraction that the
reads really hold is known beside the one asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pysam
from msgspec import Struct

from tp53annot.core.allele import Allele, Build
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.normalisation import normalise

RESOURCES = resources_of()
REF = RESOURCES.reference
MAIN = RESOURCES.namer.main
MARGIN, READ, SHORT_READ = 450, 150, 100
DESIGNS = ("capture", "short reads", "amplicon")
KINDS = (
    "snv",
    "mnv_2",
    "mnv_3",
    "ins_1_5",
    "del_1_5",
    "ins_10_40",
    "del_10_40",
    "dup_6_60",
    "delins",
    "splice",
)
CELLS = (
    (0.01, 2000),
    (0.01, 5000),
    (0.02, 1000),
    (0.05, 500),
    (0.10, 300),
    (0.25, 250),
    (0.50, 250),
    (0.95, 250),
)
# Name of a pair, index of a read's first base on its molecule, and its length.
Place = tuple[str, int, int]
# Share of damaged bases: cytosine read as thymine after fixation, guanine as thymine after oxidation.
DAMAGE = {"": 0.0, "ffpe": 0.005, "oxog": 0.003}


class Case(Struct, frozen=True, kw_only=True):
    """One simulated sample on GRCh38 ``start``..``end``; ``allele`` is ``None`` for a negative."""

    name: str
    kind: str
    allele: Allele | None
    vaf: float
    depth: int
    start: int
    end: int
    build: Build
    design: str
    damage: str = ""

    @property
    def contig(self) -> str:
        """As each build is usually written."""
        return "chr17" if self.build is Build.GRCH38 else "17"


class Made(Struct, frozen=True, kw_only=True):
    """A sample's reads and the fraction of its fragments over the site that carry the change."""

    bam: Path
    realised: float


def cases(seed: int, per_cell: int) -> Iterator[Case]:
    """Every kind of change at every VAF and depth, and negatives; builds, designs and damage in turn."""
    rng, number = random.Random(seed), 0
    for vaf, depth in CELLS:
        for kind in KINDS:
            for _ in range(per_cell):
                allele = random_allele(kind, rng)
                yield _case(number, kind, allele, vaf, depth, allele.pos, allele.end, "", rng)
                number += 1
    for depth in (250, 500, 1000, 2000):
        for damage in DAMAGE:
            for _ in range(per_cell):
                low, high = MAIN.model.cds[rng.randrange(1, 9)]
                yield _case(number, "negative", None, 0.0, depth, low, high, damage, rng)
                number += 1


def _case(
    number: int, kind: str, allele: Allele | None, vaf: float, depth: int, low: int, high: int, damage: str,
    rng: random.Random,
) -> Case:  # fmt: skip
    return Case(
        name=f"s{number:04}", kind=kind, allele=allele, vaf=vaf, depth=depth, damage=damage,
        start=low - MARGIN, end=high + MARGIN, build=rng.choice(list(Build)),
        design=DESIGNS[number % len(DESIGNS)],
    )  # fmt: skip


def random_allele(kind: str, rng: random.Random) -> Allele:
    """A change of a kind somewhere in the coding exons (or at a splice site)."""
    while True:
        low, high = MAIN.model.cds[rng.randrange(1, 9)]
        pos = rng.randrange(low + 3, high - 3)
        if kind == "splice":
            pos = rng.choice((low - 1, low - 2, high + 1, high + 2))
        start, ref, alt = _edit(kind, pos, rng)
        if ref == alt or (kind == "delins" and (ref[0] == alt[0] or ref[-1] == alt[-1])):
            continue
        plain = normalise(Allele(pos=start, ref=ref, alt=alt), REF)
        if kind != "delins" or (len(plain.ref) > 1 < len(plain.alt) and len(plain.ref) != len(plain.alt)):
            return plain


def _edit(kind: str, pos: int, rng: random.Random) -> tuple[int, str, str]:
    ref = REF.bases(pos, pos)
    limits = [int(text) for text in kind.split("_")[1:]]
    size = rng.randint(limits[0], limits[-1]) if limits else 0
    if kind in ("snv", "splice"):
        return pos, ref, _other(ref, rng)
    if kind.startswith("mnv_"):
        old = REF.bases(pos, pos + size - 1)
        return pos, old, "".join(_other(base, rng) for base in old)
    if kind.startswith("del_"):
        return pos, REF.bases(pos, pos + size), ref
    if kind.startswith("ins_"):
        return pos, ref, ref + "".join(rng.choice("ACGT") for _ in range(size))
    if kind.startswith("dup_"):
        return pos, ref, ref + REF.bases(pos + 1, pos + size)
    old = REF.bases(pos, pos + rng.randint(2, 6))
    return pos, old, "".join(rng.choice("ACGT") for _ in range(rng.randint(1, 8)))


def _other(base: str, rng: random.Random) -> str:
    return rng.choice([b for b in "ACGT" if b != base])


# programs -----------------------------------------------------------------------------------


def run(*command: str, stdout: Path | None = None) -> None:
    """A peer program, its words kept quiet."""
    out = stdout.open("wb") if stdout else subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=out, stderr=subprocess.DEVNULL)


@cache
def locus(folder: Path) -> Path:
    """The locus as FASTA with a bwa index."""
    path = folder / "locus.fa"
    path.write_text(f">locus\n{REF.sequence}\n")
    run("bwa", "index", str(path))
    return path


@cache
def genome(folder: Path, build: Build) -> Path:
    """Chromosome 17 of a build, the locus alone written out, for the peers."""
    path, contig = folder / f"{build}.fa", "chr17" if build is Build.GRCH38 else "17"
    before = REF.to_build(REF.start, build) - 1
    after = REF.builds[build].length - before - len(REF.sequence)
    path.write_text(f">{contig}\n{'N' * before}{REF.sequence}{'N' * after}\n")
    pysam.faidx(str(path))
    return path


# reads --------------------------------------------------------------------------------------


def make_reads(case: Case, folder: Path, seed: int) -> Made:
    """Simulate a case; the folder may be shared, its names are the case's own."""
    work = folder / case.name
    work.mkdir()
    rng = random.Random(seed)
    carried = not_carried = 0
    names: list[Path] = []
    for i, (sequence, start, coverage, amplicon) in enumerate(_molecules(case, rng)):
        if coverage <= 0:
            continue
        prefix, mutated = work / f"m{i}.", i == 1
        fasta = work / f"m{i}.fa"
        fasta.write_text(f">m{i}\n{sequence}\n")
        if case.design == "short reads":
            places = _dwgsim(fasta, prefix, coverage, seed * 10 + i)
        else:
            places = _art(fasta, prefix, coverage, amplicon, seed * 10 + i)
        names.append(prefix)
        if case.allele is not None:
            over = _fragments_over(places, case.allele.pos - start)
            carried, not_carried = carried + over * mutated, not_carried + over * (not mutated)
    plain = _align(work, names, folder)
    bam = _moved(plain, folder / f"{case.name}.bam", case, seed)
    shutil.rmtree(work)
    total = carried + not_carried
    return Made(bam=bam, realised=carried / total if total else 0.0)


def _molecules(case: Case, rng: random.Random) -> Iterator[tuple[str, int, float, bool]]:
    """Sequence, GRCh38 start, coverage and whether amplicon; the second carries the change."""
    if case.design != "amplicon":
        yield REF.bases(case.start, case.end), case.start, case.depth * (1 - case.vaf), False
        if case.allele is not None:
            yield _altered(case.start, case.end, case.allele), case.start, case.depth * case.vaf, False
        return
    low = case.allele.pos if case.allele else (case.start + case.end) // 2
    high = case.allele.end if case.allele else low
    begin = low - rng.randint(50, 90)
    end = max(high + rng.randint(50, 90), begin + READ + 10)
    altered = sum(rng.random() < case.vaf for _ in range(case.depth))
    yield REF.bases(begin, end), begin, case.depth - altered, True
    if case.allele is not None:
        sequence = _altered(begin, end, case.allele)
        if len(sequence) <= READ:  # ART leaves out amplicons shorter than a read
            sequence += REF.bases(end + 1, end + READ + 1 - len(sequence))
        yield sequence, begin, altered, True
    else:
        yield "", begin, 0, True
    yield REF.bases(begin - 200, begin - 1), begin - 200, case.depth, True
    yield REF.bases(end + 1, end + 200), end + 1, case.depth, True


def _altered(start: int, end: int, allele: Allele) -> str:
    return REF.bases(start, allele.pos - 1) + allele.alt + REF.bases(allele.end + 1, end)


def _art(fasta: Path, prefix: Path, coverage: float, amplicon: bool, seed: int) -> list[Place]:
    """Paired reads of the HiSeq 2500 profile."""
    amount = (
        ["-amp", "-c", str(int(coverage))] if amplicon else ["-f", f"{coverage:.3f}", "-m", "280", "-s", "40"]
    )
    run("art_illumina", "-ss", "HS25", "-i", str(fasta), "-p", "-l", str(READ), "-o", str(prefix), "-na", "-sam",
        "-rs", str(seed), "-d", f"{fasta.stem}_", *amount)  # fmt: skip
    with Path(f"{prefix}.sam").open() as lines:
        fields = [line.split("\t", 4) for line in lines if not line.startswith("@")]
    return [(name.rsplit("/", 1)[0], int(pos) - 1, READ) for name, _, _, pos, _ in fields]


def _dwgsim(fasta: Path, prefix: Path, coverage: float, seed: int) -> list[Place]:
    """Paired reads of 100 bases, 0.2 % of them wrong, of fragments of 220."""
    error, size = "0.002", str(SHORT_READ)
    run("dwgsim", "-e", error, "-E", error, "-1", size, "-2", size, "-d", "220", "-s", "30", "-r", "0", "-y", "0",
        "-o", "1", "-C", f"{coverage:.3f}", "-z", str(seed), str(fasta), str(prefix))  # fmt: skip
    places: list[Place] = []
    for mate in (1, 2):
        packed = Path(f"{prefix}.bwa.read{mate}.fastq.gz")
        text = gzip.decompress(packed.read_bytes())
        Path(f"{prefix}{mate}.fq").write_bytes(text)
        for line in text.decode().splitlines()[::4]:
            name = line[1:].rsplit("/", 1)[0]
            places.append((name, int(name.split("_")[mate]) - 1, SHORT_READ))
    return places


def _fragments_over(places: list[Place], at: int) -> int:
    """Pairs of which a read holds the bases around index ``at`` of the molecule, as the simulator says."""
    return len({name for name, first, size in places if first <= at - 5 and first + size > at + 5})


def _align(work: Path, prefixes: list[Path], folder: Path) -> Path:
    both = []
    for mate in (1, 2):
        joined = work / f"{mate}.fq"
        joined.write_bytes(b"".join(Path(f"{p}{mate}.fq").read_bytes() for p in prefixes))
        both.append(str(joined))
    sam = work / "aligned.sam"
    run("bwa", "mem", "-R", r"@RG\tID:g\tSM:S", str(locus(folder)), *both, stdout=sam)
    return sam


def _moved(sam: Path, target: Path, case: Case, seed: int) -> Path:
    """The same alignments on chromosome 17 of the build, damaged, sorted and indexed."""
    shift = REF.to_build(REF.start, case.build) - 1
    loose = sam.with_name("moved.bam")
    with pysam.AlignmentFile(str(sam)) as source:
        header = source.header.to_dict()
        header["SQ"] = [{"SN": case.contig, "LN": REF.builds[case.build].length}]
        with pysam.AlignmentFile(str(loose), "wb", header=header) as out:
            for read in source:
                if read.reference_id >= 0:  # reads aligned nowhere lie where their mates do
                    read.reference_start += shift
                if read.next_reference_id >= 0:
                    read.next_reference_start += shift
                if case.damage and not read.is_unmapped:
                    _damage(read, case.damage, seed)
                out.write(read)
    pysam.sort("-o", str(target), str(loose))
    pysam.index(str(target))
    return target


def _damage(read: pysam.AlignedSegment, kind: str, seed: int) -> None:
    """Change bases of a fragment: in fixed tissue C>T or, from the other strand, G>A; oxidised by mate."""
    token = hashlib.blake2b(f"{seed}{read.query_name}".encode(), digest_size=8).digest()
    forward = bool(token[0] & 1)
    if kind == "ffpe":
        old, new = ("C", "T") if forward else ("G", "A")
    else:
        old, new = ("G", "T") if read.is_read1 != read.is_reverse else ("C", "A")
    bases, qualities = list(read.query_sequence or ""), read.query_qualities
    left = read.reference_start - (read.query_alignment_start or 0)
    for i, base in enumerate(bases):
        if base == old:
            chance = random.Random(f"{seed}{read.query_name}{left + i}").random()  # the same in both mates
            if chance < DAMAGE[kind]:
                bases[i] = new
    read.query_sequence = "".join(bases)
    read.query_qualities = qualities
