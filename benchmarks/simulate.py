"""Simulated sequencing of one TP53 change: molecules, ART reads, bwa alignments, both coordinates.

Reads are made by art_illumina from a stretch of the gene with and without the change, aligned by
bwa mem to the stretch alone, and shifted to chromosome 17 for the tool.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysam

from tp53annot.kit import kit
from tp53annot.model import Allele, Build
from tp53annot.normalise import normalise

TOOLS = kit(None)
REF = TOOLS.reference
MAIN = TOOLS.namer.main
MARGIN = 900


@dataclass(frozen=True, kw_only=True)
class Case:
    """One simulated sample; ``allele`` is ``None`` for a negative."""

    name: str
    kind: str
    allele: Allele | None
    vaf: float
    depth: int
    start: int
    end: int


def cases(seed: int, per_cell: int) -> Iterator[Case]:
    """Every kind of change at VAFs and depths of interest, and negatives."""
    rng = random.Random(seed)
    cells = ((0.01, 2000), (0.02, 1000), (0.05, 500), (0.10, 300), (0.40, 250))
    kinds = ("snv", "mnv", "del_1_5", "ins_1_5", "del_10_40", "ins_10_40", "dup_10_40", "delins", "splice")
    number = 0
    for vaf, depth in cells:
        for kind in kinds:
            for _ in range(per_cell):
                number += 1
                allele = random_allele(kind, rng)
                yield Case(name=f"c{number:04}", kind=kind, allele=allele, vaf=vaf, depth=depth,
                           start=allele.pos - MARGIN, end=allele.end + MARGIN)  # fmt: skip
    for depth in (500, 1000, 2000):
        for _ in range(per_cell):
            number += 1
            low, high = MAIN.model.exons[rng.randrange(1, 10)]
            yield Case(name=f"n{number:04}", kind="negative", allele=None, vaf=0.0, depth=depth,
                       start=low - MARGIN, end=high + MARGIN)  # fmt: skip


def random_allele(kind: str, rng: random.Random) -> Allele:
    """A change of a kind somewhere in the coding exons (or at a splice site)."""
    while True:
        low, high = MAIN.model.cds[rng.randrange(1, 9)]
        pos = rng.randrange(low + 3, high - 3)
        ref = REF.bases(pos, pos)
        bases = lambda n: "".join(rng.choice("ACGT") for _ in range(n))  # noqa: E731
        other = lambda b: rng.choice([x for x in "ACGT" if x != b])  # noqa: E731
        if kind == "snv":
            made = (pos, ref, other(ref))
        elif kind == "splice":
            pos = rng.choice((low - 1, low - 2, high + 1, high + 2))
            ref = REF.bases(pos, pos)
            made = (pos, ref, other(ref))
        elif kind == "mnv":
            two = REF.bases(pos, pos + 1)
            made = (pos, two, other(two[0]) + other(two[1]))
        elif kind.startswith("del_"):
            n = rng.randint(*map(int, kind.split("_")[1:]))
            made = (pos, REF.bases(pos, pos + n), ref)
        elif kind.startswith("ins_"):
            made = (pos, ref, ref + bases(rng.randint(*map(int, kind.split("_")[1:]))))
        elif kind.startswith("dup_"):
            n = rng.randint(10, 40)
            made = (pos, ref, ref + REF.bases(pos + 1, pos + n))
        else:
            old = REF.bases(pos, pos + rng.randint(2, 6))
            made = (pos, old, bases(rng.randint(1, 8)))
        if made[1] != made[2] and (kind != "delins" or made[1][0] != made[2][0]):
            allele = Allele(pos=made[0], ref=made[1], alt=made[2])
            plain = normalise(allele, REF)
            if kind != "delins" or len(plain.ref) > 1 < len(plain.alt):
                return plain


def run(*command: str, stdout: Path | None = None) -> None:
    """A peer program, its words kept quiet."""
    out = stdout.open("wb") if stdout else subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=out, stderr=subprocess.DEVNULL)


def make_reads(case: Case, folder: Path, seed: int) -> tuple[Path, Path, Path]:
    """Reference FASTA of the stretch, its BAM, and the BAM shifted to chromosome 17."""
    stretch = REF.bases(case.start, case.end)
    genome = folder / f"{case.name}.fa"
    genome.write_text(f">stretch\n{stretch}\n")
    run("bwa", "index", str(genome))
    fastqs: list[list[Path]] = [[], []]
    molecules = [(stretch, 1 - case.vaf)]
    if case.allele is not None:
        at = case.allele.pos - case.start
        molecules.append((stretch[:at] + case.allele.alt + stretch[at + len(case.allele.ref) :], case.vaf))
    for i, (sequence, share) in enumerate(molecules):
        fasta, prefix = folder / f"{case.name}.m{i}.fa", folder / f"{case.name}.m{i}."
        fasta.write_text(f">m{i}\n{sequence}\n")
        run("art_illumina", "-ss", "HS25", "-i", str(fasta), "-p", "-l", "150", "-f", f"{share * case.depth:.3f}",
            "-m", "280", "-s", "40", "-o", str(prefix), "-na", "-rs", str(seed + i), "-d", f"m{i}_")  # fmt: skip
        for mate in (0, 1):
            fastqs[mate].append(Path(f"{prefix}{mate + 1}.fq"))
    both = []
    for mate in (0, 1):
        joined = folder / f"{case.name}.{mate + 1}.fq"
        joined.write_bytes(b"".join(p.read_bytes() for p in fastqs[mate]))
        both.append(str(joined))
    sam, bam = folder / f"{case.name}.sam", folder / f"{case.name}.stretch.bam"
    run("bwa", "mem", "-t", "2", "-R", r"@RG\tID:g\tSM:S", str(genome), *both, stdout=sam)
    pysam.sort("-o", str(bam), str(sam))
    pysam.index(str(bam))
    for path in folder.glob(f"{case.name}*.fq"):
        path.unlink()
    sam.unlink()
    return genome, bam, shift(bam, case)


def shift(bam: Path, case: Case) -> Path:
    """The same alignments on GRCh38 chromosome 17."""
    target = bam.with_name(f"{case.name}.bam")
    length = REF.builds[Build.GRCH38].length
    with pysam.AlignmentFile(str(bam)) as source:
        header = source.header.to_dict()
        header["SQ"] = [{"SN": "chr17", "LN": length}]
        with pysam.AlignmentFile(str(target), "wb", header=header) as out:
            for read in source:
                if read.is_unmapped:
                    continue
                read.reference_start += case.start - 1
                if read.is_paired and not read.mate_is_unmapped:
                    read.next_reference_start += case.start - 1
                out.write(read)
    pysam.index(str(target))
    return target
