"""``annotate`` beside bcftools csq, snpEff, ferro-hgvs and hgvs: distinct changes, and many repeats."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.timing import run_once
from tp53annot.core.allele import Allele
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = resources_of()
REF = RESOURCES.reference
RECORDS = int(os.environ.get("TP53ANNOT_BENCH_RECORDS", "1000000"))
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def write_vcf(path: Path, alleles: Sequence[Allele]) -> None:
    """A sites-only VCF, sorted."""
    ordered = sorted(alleles, key=lambda a: (a.pos, a.ref, a.alt))
    body = "".join(f"chr17\t{a.pos}\t.\t{a.ref}\t{a.alt}\t.\t.\t.\n" for a in ordered)
    path.write_text(HEAD + body)


def write_genome(folder: Path) -> tuple[Path, Path]:
    """Chromosome 17 with N outside the locus, and the main transcript as Ensembl GFF3."""
    fasta, gff = folder / "chr17.fa", folder / "tp53.gff3"
    fasta.write_text(">chr17\n" + "N" * (REF.start - 1) + REF.sequence + "\n")
    subprocess.run(["samtools", "faidx", str(fasta)], check=True)
    model = RESOURCES.namer.main.model
    low, high = min(a for a, _ in model.exons), max(b for _, b in model.exons)

    def row(kind: str, a: int, b: int, phase: object, attributes: str) -> str:
        return f"chr17\thavana\t{kind}\t{a}\t{b}\t.\t-\t{phase}\t{attributes}"

    lines = ["##gff-version 3", row("gene", low, high, ".", "ID=gene:G1;Name=TP53;biotype=protein_coding;gene_id=G1"),
             row("mRNA", low, high, ".", "ID=transcript:T1;Parent=gene:G1;biotype=protein_coding;transcript_id=T1")]  # fmt: skip
    lines += [row("exon", a, b, ".", "Parent=transcript:T1") for a, b in model.exons]
    done = 0
    for a, b in model.cds:
        lines.append(row("CDS", a, b, (3 - done % 3) % 3, "ID=CDS:P1;Parent=transcript:T1;protein_id=P1"))
        done += b - a + 1
    gff.write_text("\n".join(lines) + "\n")
    return fasta, gff


def rate(command: Sequence[str], count: int, runs: int = 3) -> tuple[float, float, float]:
    """Median wall seconds, changes a second, peak MiB."""
    figures = sorted(run_once(command) for _ in range(runs))
    wall, _, _ = figures[len(figures) // 2]
    return wall, count / wall, max(f[2] for f in figures)


def run() -> str:
    """Two tables: distinct changes, and records with repeats."""
    from change_sets import change_set
    from test_names_snpeff import START, model

    distinct = sorted(change_set("short"))
    judges = os.environ.get("TP53ANNOT_JUDGES_PYTHON", sys.executable)
    tool = str(Path(sys.executable).parent / "tp53annot")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fasta, gff = write_genome(folder)
        small, big = folder / "distinct.vcf", folder / "many.vcf"
        write_vcf(small, distinct)
        model(folder / "snpeff")  # counts positions from the locus' first base
        write_vcf(
            folder / "snpeff" / "in.vcf",
            [Allele(pos=a.pos - START + 1, ref=a.ref, alt=a.alt) for a in distinct],
        )
        snpeff = f"cd {folder}/snpeff && sed -i 's/^chr17/17/' in.vcf && snpEff ann -c snpEff.config -noStats -noLog tp53 in.vcf"
        rng = random.Random(3)
        write_vcf(big, [rng.choice(distinct) for _ in range(RECORDS)])
        text = folder / "judge.txt"
        text.write_text("".join(f"{a.pos}\t{a.ref}\t{a.alt}\n" for a in distinct))
        few = folder / "few.txt"
        few.write_text("".join(f"{a.pos}\t{a.ref}\t{a.alt}\n" for a in distinct[:: len(distinct) // 1000]))
        script = str(ROOT / "tests" / "peers" / "judge_names.py")

        def shell(kind: str, path: Path) -> list[str]:
            return ["sh", "-c", f"{judges} {script} {kind} {ROOT / 'resources'} < {path} > {folder}/out.txt"]

        def csq(path: Path) -> list[str]:
            to = f"{folder}/b.vcf"
            return ["bcftools", "csq", "-l", "-p", "a", "-f", str(fasta), "-g", str(gff), str(path), "-o", to]

        rows = [
            (
                "tp53annot annotate (names, classes, facts)",
                [tool, "annotate", str(small), "-o", f"{folder}/a.vcf", "--force"],
                len(distinct),
            ),
            (
                "bcftools csq (consequence, no HGVS names)",
                csq(small),
                len(distinct),
            ),
            ("snpEff (names, consequence; starts a JVM)", ["sh", "-c", f"{snpeff} > out.vcf"], len(distinct)),
            ("ferro-hgvs (names)", shell("ferro", text), len(distinct)),
            ("hgvs + cdot (names; 1,000 changes)", shell("hgvs", few), 1000),
        ]
        first = _table(
            [(label, *rate(c, n, 1 if "hgvs" in label else 3)) for label, c, n in rows if _there(c)]
        )
        many = [
            ("tp53annot annotate", [tool, "annotate", str(big), "-o", f"{folder}/a.vcf", "--force"], RECORDS),
            (
                "bcftools csq",
                csq(big),
                RECORDS,
            ),
            ("bcftools view (copy only)", ["bcftools", "view", str(big), "-o", f"{folder}/c.vcf"], RECORDS),
        ]
        second = _table([(label, *rate(c, n)) for label, c, n in many if _there(c)])
    own = _inside(distinct[:: max(len(distinct) // 20_000, 1)])
    return (
        f"## Names\n\n{len(distinct):,} distinct changes, whole processes:\n\n{first}\n"
        f"## With repeats\n\n{RECORDS:,} records of the same changes:\n\n{second}\n{own}"
    )


def _inside(alleles: Sequence[Allele]) -> str:
    """Where the time of a change that was not seen before goes, in one process."""
    interpreter_of().load()
    names = _microseconds(lambda allele: RESOURCES.namer.describe(allele, isoforms=False), alleles)
    whole = _microseconds(lambda allele: interpreter_of().find(allele, isoforms=False), alleles)
    return (
        f"Within `annotate` a change not seen before costs {names:.0f} µs for its names and consequence and "
        f"{whole - names:.0f} µs for facts, criteria and class; the rest is reading and writing records. After "
        "1,000 of them the values of usual changes (single bases of the gene, short deletions and insertions in and "
        "beside coding exons) are read from a file made beforehand by the same code; others are computed.\n"
    )


def _microseconds(work: Callable[[Allele], object], alleles: Sequence[Allele]) -> float:
    for allele in alleles[:1000]:
        work(allele)
    start = time.process_time()
    for allele in alleles:
        work(allele)
    return (time.process_time() - start) / len(alleles) * 1e6


def _there(command: Sequence[str]) -> bool:
    return shutil.which(command[0]) is not None


def _table(rows: Sequence[tuple[str, float, float, float]]) -> str:
    base = rows[0][2]
    lines = [
        "| program | wall s | changes a second | peak MiB | speed, tp53annot = 1 |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {n} | {w:.2f} | {r:,.0f} | {p:.0f} | {r / base:.2f} |" for n, w, r, p in rows]
    return "\n".join(lines) + "\n"
