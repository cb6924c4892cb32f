"""Reading a genome-wide VCF: whole file without an index, TP53 alone with one; peak memory of `annotate`."""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pysam

from benchmarks.timing import Timing, compare, table
from tp53annot.knowledge.resources import resources_of

RECORDS, ANNOTATED = 5_000_000, 1_000_000
CHROMOSOMES = [f"chr{n}" for n in (*range(1, 23), "X")]
HEAD = "##fileformat=VCFv4.2\n" + "".join(
    f"##contig=<ID={name}{',length=83257441' if name == 'chr17' else ''}>\n" for name in CHROMOSOMES
)
REFERENCE = resources_of().reference
LOCUS = range(REFERENCE.start, REFERENCE.start + len(REFERENCE.sequence))
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"


def lines(records: int) -> Iterator[str]:
    """Sorted records over all chromosomes, one of them TP53 c.524G>A, with the fields of a usual caller.

    REF is that of the genome where the bundled reference reaches, made up elsewhere."""
    rng = random.Random(1)
    each = records // len(CHROMOSOMES)
    for name in CHROMOSOMES:
        step = 80_000_000 // each
        for number in range(each):
            depth = rng.randrange(20, 90)
            alt = rng.randrange(depth)
            position = 10_000 + number * step
            base = REFERENCE.bases(position, position) if name == "chr17" and position in LOCUS else "A"
            yield (
                f"{name}\t{position}\t.\t{base}\t{'G' if base == 'C' else 'C'}\t{rng.randrange(30, 3000)}\tPASS\tAC=1;AF=0.500;AN=2;DP={depth};"
                f"FS=0.000;MQ=60.00;QD={rng.random() * 30:.2f}\tGT:AD:DP:GQ\t0/1:{depth - alt},{alt}:{depth}:99\n"
            )
            if name == "chr17" and position <= 7675088 < position + step:
                yield "chr17\t7675088\t.\tC\tT\t900\tPASS\tDP=80\tGT:AD:DP:GQ\t0/1:40,40:80:99\n"


def write(path: Path, records: int) -> None:
    """The file, bgzipped."""
    with pysam.BGZFile(str(path), "wb") as out:
        out.write((HEAD + COLUMNS).encode())
        for line in lines(records):
            out.write(line.encode())


def run() -> str:
    """Markdown: both ways of reading beside bcftools on the same file, and the memory of a stream."""
    tool = str(Path(sys.executable).parent / "tp53annot")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, indexed, stream = folder / "plain.vcf.gz", folder / "indexed.vcf.gz", folder / "stream.vcf.gz"
        write(plain, RECORDS)
        indexed.hardlink_to(plain)
        pysam.tabix_index(str(indexed), preset="vcf", force=True)
        write(stream, ANNOTATED)
        count = ["sh", "-c", f"bcftools view -H {plain} | wc -l"]
        options = ["-o", str(folder / "o"), "--force", "--format", "json"]
        timings = compare(
            {
                "bcftools view -H FILE, wc -l": count,
                "tp53annot run FILE, no index": [tool, "run", str(plain), *options],
                "tp53annot run FILE, with index": [tool, "run", str(indexed), *options],
            },
            runs=3,
        )
        memory = compare(
            {
                "bcftools view": ["bcftools", "view", str(stream), "-o", str(folder / "b.vcf")],
                "tp53annot annotate": [tool, "annotate", str(stream), "-o", str(folder / "a.vcf"), "--force"],
            },
            runs=2,
        )
    return (
        f"Load average when it ended: {os.getloadavg()[0]:.0f}; where it is above the number of cores, compare CPU "
        f"seconds, not wall time.\n\n"
        f"## Finding TP53 in a genome-wide VCF\n\n{RECORDS:,} records, one sample, bgzipped; whole processes, in turn:"
        f"\n\n{table(timings, timings[0].name)}\n{_verdict(timings)}\n"
        f"## A stream of {ANNOTATED:,} records\n\n{table(memory, memory[0].name)}"
    )


def _verdict(timings: list[Timing]) -> str:
    wall = timings[1].median / timings[0].median
    cpu = statistics.median(timings[1].cpu) / statistics.median(timings[0].cpu)
    return (
        f"Reading without an index takes {wall:.2f} of the wall time and {cpu:.2f} of the CPU time that bcftools and "
        "wc take; both checksums of the input are in it.\n"
    )
