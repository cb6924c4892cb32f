"""Calls from simulated reads beside freebayes and bcftools: recall, false calls, VAF error, time."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pysam

from benchmarks.simulate import REF, TOOLS, Case, cases, make_reads
from benchmarks.simulate import run as peer
from tp53annot.call import call
from tp53annot.model import Allele
from tp53annot.normalise import normalise
from tp53annot.reads import read_reads

Calls = dict[Allele, float]
PER_CELL = int(os.environ.get("TP53ANNOT_BENCH_PER_CELL", "1"))
MIN_REPORTED = 0.008


def ours(bam: Path) -> Calls:
    """Alleles the tool calls, with VAF."""
    reads = read_reads(bam, TOOLS, fasta=None, assembly=None)
    found = call(reads.pileup, REF, TOOLS.rules("calling"))
    return {normalise(c.allele, REF): c.support.vaf or 0.0 for c in found if not c.reasons}


def from_vcf(path: Path, case: Case) -> Calls:
    """Alleles of a peer's VCF on the stretch, with AO/RO, AD or DP4."""
    found: Calls = {}
    with pysam.VariantFile(str(path)) as records:
        for r in records:
            sample = r.samples[0]
            counts = list(sample["AD"]) if "AD" in sample else []
            for i, alt in enumerate(r.alts or ()):
                if not set(alt) <= set("ACGT") or r.ref is None:
                    continue
                total = sum(c for c in counts if c) or 1
                allele = Allele(pos=r.pos + case.start - 1, ref=r.ref, alt=alt)
                if REF.matches(allele):
                    found[normalise(allele, REF)] = (
                        (counts[i + 1] or 0) / total if len(counts) > i + 1 else 0.0
                    )
    return found


def freebayes(genome: Path, bam: Path, case: Case) -> Calls:
    """freebayes set for low fractions."""
    out = bam.with_suffix(".fb.vcf")
    peer(
        "freebayes", "-f", str(genome), "-F", "0.008", "-C", "6", "--pooled-continuous", str(bam), stdout=out
    )
    found = from_vcf(out, case)
    return {a: v for a, v in found.items() if v >= MIN_REPORTED}


def bcftools(genome: Path, bam: Path, case: Case) -> Calls:
    """bcftools mpileup and call as documented for variants."""
    out = bam.with_suffix(".bt.vcf")
    command = f"bcftools mpileup -d 100000 -a AD -f {genome} {bam} 2>/dev/null | bcftools call -mv -P 0.1 > {out} 2>/dev/null"
    subprocess.run(command, shell=True, check=True)
    return from_vcf(out, case)


def hit(case: Case, found: Calls) -> float | None:
    """VAF of the true allele, also when a peer wrote a neighbouring MNV around it."""
    assert case.allele is not None
    if case.allele in found:
        return found[case.allele]
    for allele, vaf in found.items():
        if allele.pos <= case.allele.pos and allele.end >= case.allele.end and _same(allele, case.allele):
            return vaf
    return None


def _same(one: Allele, two: Allele) -> bool:
    """The two make the same sequence."""
    low, high = min(one.pos, two.pos) - 60, max(one.end, two.end) + 60

    def applied(a: Allele) -> str:
        return REF.bases(low, a.pos - 1) + a.alt + REF.bases(a.end + 1, high)

    return applied(one) == applied(two)


def measure() -> str:
    """Simulate every case once and let the three callers loose on it."""
    recall: dict[tuple[str, str, float], list[bool]] = defaultdict(list)
    errors: dict[tuple[str, str], list[float]] = defaultdict(list)
    false: dict[str, list[int]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    total = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, case in enumerate(cases(7, PER_CELL)):
            total += 1
            genome, bam, shifted = make_reads(case, folder, seed=1000 + number)
            for caller in ("tp53annot", "freebayes", "bcftools"):
                start = time.perf_counter()
                found = (
                    ours(shifted) if caller == "tp53annot"
                    else freebayes(genome, bam, case) if caller == "freebayes" else bcftools(genome, bam, case)
                )  # fmt: skip
                seconds[caller].append(time.perf_counter() - start)
                true = None if case.allele is None else hit(case, found)
                if case.allele is not None:
                    recall[caller, case.kind, case.vaf].append(true is not None)
                    if true is not None and case.vaf >= 0.05:
                        errors[caller, case.kind].append(abs(true - case.vaf) / case.vaf)
                wrong = [
                    a
                    for a, v in found.items()
                    if v >= 0.02 and (case.allele is None or not _near(a, case.allele))
                ]
                false[caller].append(len(wrong))
            for path in folder.iterdir():
                path.unlink()
    return _tables(recall, errors, false, seconds, total)


def _near(allele: Allele, true: Allele) -> bool:
    return allele.pos <= true.end + 60 and allele.end >= true.pos - 60


def _tables(recall, errors, false, seconds, total) -> str:  # type: ignore[no-untyped-def]
    callers = ("tp53annot", "freebayes", "bcftools")
    vafs = sorted({vaf for _, _, vaf in recall})
    kinds = sorted({kind for _, kind, _ in recall})
    lines = [f"{total} samples, {PER_CELL} per cell. Recall by VAF (depths 2000, 1000, 500, 300, 250):", ""]
    lines += [
        "| kind | caller | "
        + " | ".join(f"{v:.0%}" for v in vafs)
        + " | median relative VAF error (>= 5 %) |"
    ]
    lines += ["|---|---|" + "---|" * (len(vafs) + 1)]
    for kind in (*kinds, "all"):
        for caller in callers:
            cells = []
            for vaf in vafs:
                hits = [
                    h
                    for (c, k, v), hs in recall.items()
                    if c == caller and v == vaf and kind in (k, "all")
                    for h in hs
                ]
                cells.append(f"{sum(hits)}/{len(hits)}")
            wrong = [e for (c, k), es in errors.items() if c == caller and kind in (k, "all") for e in es]
            shown = f"{statistics.median(wrong):.1%}" if wrong else "-"
            lines.append(f"| {kind} | {caller} | " + " | ".join(cells) + f" | {shown} |")
    lines += [
        "",
        "| caller | false calls at VAF >= 2 % per sample | seconds per sample (median) |",
        "|---|---|---|",
    ]
    lines += [
        f"| {c} | {statistics.mean(false[c]):.3f} | {statistics.median(seconds[c]):.2f} |" for c in callers
    ]
    return "\n".join(lines) + "\n"


def run() -> str:
    """The section for docs/benchmarks."""
    return "## Calls from simulated reads\n\n" + measure()
