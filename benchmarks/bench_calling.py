"""Calls from simulated reads beside freebayes and bcftools: recall, false calls, VAF, speed and memory.

``TP53ANNOT_BENCH_PER_CELL`` (1) makes it larger: that many samples of each kind, VAF and depth.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pysam
from msgspec import Struct

from benchmarks import timing
from benchmarks.simulate import CELLS, DAMAGE, KINDS, REF, RESOURCES, Case, cases, genome, locus, make_reads
from benchmarks.simulate import run as peer
from tp53annot.calling.caller import Caller
from tp53annot.core.allele import Allele, Build
from tp53annot.names.normalisation import normalise
from tp53annot.reads.evidence import read_reads

Calls = dict[Allele, float]
PER_CELL = int(os.environ.get("TP53ANNOT_BENCH_PER_CELL", "1"))
SEED = int(os.environ.get("TP53ANNOT_BENCH_SEED", "7"))
CALLERS = ("tp53annot", "freebayes", "bcftools")


class Outcome(Struct, frozen=True, kw_only=True):
    """One caller on one sample. ``vaf``: of the true change, ``None`` when missed; ``false``: VAFs of others."""

    case: Case
    caller: str
    realised: float
    vaf: float | None
    false: tuple[float, ...]


def ours(bam: Path) -> Calls:
    """Alleles the tool calls, with VAF."""
    reads = read_reads(bam, RESOURCES, fasta=None, assembly=None)
    found = Caller(reads.pileup, REF, RESOURCES.rules.calling).calls()
    return {normalise(c.allele, REF): c.support.vaf or 0.0 for c in found if not c.reasons}


def from_vcf(path: Path, build: Build) -> Calls:
    """Alleles of a peer's VCF with the fraction its AD gives."""
    found: Calls = {}
    with pysam.VariantFile(str(path)) as records:
        for r in records:
            counts = [c or 0 for c in r.samples[0]["AD"]]
            for i, alt in enumerate(r.alts or ()):
                if not set(alt) <= set("ACGT") or r.ref is None:
                    continue
                allele = Allele(pos=REF.from_build(r.pos, build), ref=r.ref, alt=alt)
                if REF.matches(allele):
                    found[normalise(allele, REF)] = counts[i + 1] / max(sum(counts), 1)
    return found


def freebayes(fasta: Path, bam: Path, case: Case) -> Calls:
    """freebayes set for low fractions."""
    out = bam.with_suffix(".fb.vcf")
    peer(*freebayes_command(fasta, bam, region(case.contig, case.build, case.start, case.end)), stdout=out)
    return from_vcf(out, case.build)


def freebayes_command(fasta: Path, bam: Path, where: str) -> tuple[str, ...]:
    """As one would set it for tumours: every allele from 0.5 % and three reads."""
    return ("freebayes", "-f", str(fasta), "-r", where, "--min-alternate-fraction", "0.005", "-C", "3",
            "--pooled-continuous", str(bam))  # fmt: skip


def bcftools(fasta: Path, bam: Path, case: Case) -> Calls:
    """bcftools mpileup and call as documented for variants."""
    out = bam.with_suffix(".bt.vcf")
    where = region(case.contig, case.build, case.start, case.end)
    subprocess.run(bcftools_command(fasta, bam, where) + f" > {out}", shell=True, check=True)
    return from_vcf(out, case.build)


def bcftools_command(fasta: Path, bam: Path, where: str) -> str:
    """Its pipe."""
    return (
        f"bcftools mpileup -d 100000 -a AD -r {where} -f {fasta} {bam} 2>/dev/null"
        " | bcftools call -mv -P 0.1 2>/dev/null"
    )


def region(contig: str, build: Build, start: int, end: int) -> str:
    """GRCh38 ``start``..``end`` as a region of a build."""
    return f"{contig}:{REF.to_build(start, build)}-{REF.to_build(end, build)}"


def same(one: Allele, two: Allele) -> bool:
    """The two make the same sequence."""
    low, high = min(one.pos, two.pos) - 80, max(one.end, two.end) + 80

    def applied(a: Allele) -> str:
        return REF.bases(low, a.pos - 1) + a.alt + REF.bases(a.end + 1, high)

    return applied(one) == applied(two)


def judge(job: tuple[Case, int, str]) -> list[Outcome]:
    """Simulate one sample and let the callers loose on it."""
    case, seed, name = job
    folder = Path(name)
    made = make_reads(case, folder, seed)
    fasta = genome(folder, case.build)
    answers: dict[str, Calls] = {
        "tp53annot": ours(made.bam),
        "freebayes": freebayes(fasta, made.bam, case),
        "bcftools": bcftools(fasta, made.bam, case),
    }
    for path in folder.glob(f"{case.name}.*"):
        path.unlink()
    found = []
    for caller, calls in answers.items():
        true = [a for a in calls if case.allele is not None and same(a, case.allele)]
        found.append(
            Outcome(case=case, caller=caller, realised=made.realised,
                    vaf=max(calls[a] for a in true) if true else None,
                    false=tuple(v for a, v in calls.items() if a not in true))
        )  # fmt: skip
    return found


def measure() -> list[Outcome]:
    """Every case on every caller."""
    with tempfile.TemporaryDirectory() as name:
        locus(Path(name))
        for build in Build:
            genome(Path(name), build)
        jobs = [(case, 1000 * SEED + n, name) for n, case in enumerate(cases(SEED, PER_CELL))]
        with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            return [outcome for found in pool.map(judge, jobs, chunksize=4) for outcome in found]


# tables -------------------------------------------------------------------------------------


def recall_table(outcomes: Sequence[Outcome]) -> str:
    """Found of simulated, by kind, VAF and caller."""
    head = " | ".join(f"{vaf:.0%} {depth}x" for vaf, depth in CELLS)
    lines = [f"| kind | caller | {head} |", "|---|---|" + "---|" * len(CELLS)]
    for kind in (*KINDS, "all"):
        for caller in CALLERS:
            cells = []
            for vaf, depth in CELLS:
                hits = [o.vaf is not None for o in outcomes if o.caller == caller and kind in (o.case.kind, "all")
                        and (o.case.vaf, o.case.depth) == (vaf, depth)]  # fmt: skip
                cells.append(f"{sum(hits)}/{len(hits)}")
            lines.append(f"| {kind} | {caller} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def vaf_table(outcomes: Sequence[Outcome]) -> str:
    """Median relative error of the VAF against what the reads hold, and against what was asked for."""
    lines = [
        "| kind | caller | n | error against the reads' own fraction | bias | error against the nominal VAF "
        "| of that, sampling alone |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in (*KINDS, "all"):
        for caller in CALLERS:
            seen = [o for o in outcomes if o.caller == caller and kind in (o.case.kind, "all")
                    and o.vaf is not None and o.case.vaf >= 0.05]  # fmt: skip
            if not seen:
                continue
            own = [(o.vaf or 0) / o.realised - 1 for o in seen]
            nominal = [abs((o.vaf or 0) / o.case.vaf - 1) for o in seen]
            chance = [abs(o.realised / o.case.vaf - 1) for o in seen]
            lines.append(
                f"| {kind} | {caller} | {len(seen)} | {_median(map(abs, own)):.1%} | {_median(own):+.1%} | "
                f"{_median(nominal):.1%} | {_median(chance):.1%} |"
            )
    return "\n".join(lines) + "\n"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def false_table(outcomes: Sequence[Outcome]) -> str:
    """Calls that are not the simulated change, per sample, by damage."""
    lines = [
        "| samples | caller | n | false calls at VAF >= 2 % per sample | at >= 5 % |",
        "|---|---|---|---|---|",
    ]
    groups: dict[str, Callable[[Case], bool]] = {
        "with a change": lambda c: c.allele is not None,
        "negative": lambda c: c.allele is None and not c.damage,
    }
    for kind in DAMAGE:
        if kind:
            groups[f"negative, {kind} damage"] = lambda c, kind=kind: c.damage == kind  # type: ignore[misc]
    for name, wanted in groups.items():
        for caller in CALLERS:
            there = [o for o in outcomes if o.caller == caller and wanted(o.case)]
            counts = [sum(v >= limit for o in there for v in o.false) / len(there) for limit in (0.02, 0.05)]
            lines.append(f"| {name} | {caller} | {len(there)} | {counts[0]:.3f} | {counts[1]:.3f} |")
    return "\n".join(lines) + "\n"


# speed --------------------------------------------------------------------------------------


def speed() -> str:
    """Whole processes on a panel of all coding exons at 1,000x, and on one exon at 20,000x."""
    exons = RESOURCES.namer.main.model.cds
    low, high = min(a for a, _ in exons) - 300, max(b for _, b in exons) + 300
    allele = Allele(pos=7675088, ref="C", alt="T")
    text = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, depth, start, end in (
            ("The coding exons and what lies between them, 1,000x", 1000, low, high),
            ("One exon, 20,000x", 20_000, allele.pos - 350, allele.pos + 350),
        ):
            case = Case(name=f"d{depth}", kind="snv", allele=allele, vaf=0.1, depth=depth, start=start, end=end,
                        build=Build.GRCH38, design="capture")  # fmt: skip
            bam, fasta = make_reads(case, folder, 1).bam, genome(folder, case.build)
            where = region(case.contig, case.build, start, end)
            commands = {
                "samtools mpileup": ("samtools", "mpileup", "-d", "0", "-r", where, str(bam)),
                "tp53annot call": (sys.executable, "-m", "tp53annot", "call", str(bam), "-o", "-"),
                "freebayes": freebayes_command(fasta, bam, where),
                "bcftools": ("sh", "-c", bcftools_command(fasta, bam, where)),
            }
            text += f"{title}:\n\n{timing.table(timing.compare(commands, runs=3), 'samtools mpileup')}\n"
    return text


def run() -> str:
    """The section for docs/benchmarks."""
    outcomes = measure()
    count = len(outcomes) // len(CALLERS)
    return (
        f"{count} simulated samples, {PER_CELL} of each kind, VAF and depth, over both builds; a third each of\n"
        "capture (ART, reads of 150 bases), capture with short reads that err more (dwgsim, 100 bases, 0.2 %) and\n"
        "amplicons (ART); aligned with bwa mem.\nfreebayes ran with `--min-alternate-fraction 0.005 -C 3 --pooled-continuous`, bcftools as "
        "`mpileup | call -mv`.\n\n## Recall\n\n" + recall_table(outcomes)
        + "\n## VAF\n\nMedians over changes found at a VAF of 5 % or more. The reads' own fraction is known from "
        "their names; what is asked for\nand what is drawn differ by chance.\n\n" + vaf_table(outcomes)
        + "\n## False calls\n\n" + false_table(outcomes)
        + "\n## Speed and memory\n\nWhole processes, start-up included, in turn; the ratio is to samtools mpileup.\n\n"
        + speed()
    )  # fmt: skip
