"""Molecules: copies told apart, few molecules called, consensus data down to 0.25 %, and what is called falsely.

``TP53ANNOT_BENCH_PER_CELL`` (1) makes it larger: five times as many samples of each kind. freebayes and umi_tools are
used where they are on the path.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from msgspec import Struct

from benchmarks.bench_calling import from_vcf, same
from benchmarks.molecules import (
    SIZE,
    Library,
    consensus_of_groups,
    molecules_of,
    realised,
    write_consensus,
    write_raw,
)
from benchmarks.simulate import DAMAGE, MAIN, RESOURCES, Case, genome, locus, make_reads, random_allele
from tp53annot.core.allele import Allele, Build
from tp53annot.reads.evidence import caller_of, read_reads

PER_CELL = int(os.environ.get("TP53ANNOT_BENCH_PER_CELL", "1"))
SEED = int(os.environ.get("TP53ANNOT_BENCH_SEED", "7"))
SAMPLES = 5 * PER_CELL
LOWEST = 0.001  # --min-vaf of the runs
PEER_LOWEST, PEER_DEPTH = 0.002, 2000  # freebayes takes minutes a sample beyond
LOST = 1.05  # molecules made for each that is wanted: some are cut off by quality or have one copy
PLAIN = ((0.01, 1000), (0.005, 5000))
UMI = ((0.01, 2000), (0.005, 2000), (0.005, 5000), (0.0025, 5000), (0.0025, 10_000))
COPIED = (
    (500, 1.0),
    (500, 8.0),
    (1000, 1.0),
    (1000, 3.0),
    (5000, 1.0),
    (5000, 2.0),
    (10_000, 1.0),
    (10_000, 1.5),
)
FORMS = ("raw reads, RX", "consensus of the bench", "consensus of umi_tools' groups")


class Seen(Struct, frozen=True, kw_only=True):
    """One caller on one sample.

    Attributes:
        caller: its name.
        vaf: of the true change, ``None`` where it was missed.
        realised: share of the molecules that carry it.
        false: VAFs of other calls.
        molecules: counted; ``None`` where the caller counts none.
        made: molecules that reads show.
        seconds: of the caller alone.
        peak_mib: of the process that ran it.
    """

    caller: str
    vaf: float | None
    realised: float
    false: tuple[float, ...]
    molecules: int | None
    made: int
    seconds: float
    peak_mib: float


def _ours(bam: Path, allele: Allele | None, share: float, made: int) -> Seen:
    began = time.perf_counter()
    reads = read_reads(bam, RESOURCES, fasta=None, assembly=None)
    found = [c for c in caller_of(reads, RESOURCES, min_vaf=LOWEST).calls() if not c.reasons]
    seconds = time.perf_counter() - began
    true = [c.support.vaf or 0.0 for c in found if allele is not None and same(c.allele, allele)]
    false = tuple(c.support.vaf or 0.0 for c in found if allele is None or not same(c.allele, allele))
    counted = reads.pileup.molecules
    return Seen(caller="tp53annot", vaf=max(true, default=None), realised=share, false=false, made=made,
                molecules=counted.molecules if counted else None, seconds=seconds, peak_mib=_peak())  # fmt: skip


def _freebayes(bam: Path, folder: Path, allele: Allele | None, share: float, start: int, end: int) -> Seen:
    out, fasta = bam.with_suffix(".fb.vcf"), genome(folder, Build.GRCH38)
    began = time.perf_counter()
    with out.open("wb") as text:
        subprocess.run(
            ["freebayes", "-f", str(fasta), "-r", f"chr17:{start}-{end}", "--min-alternate-fraction", str(PEER_LOWEST),
             "-C", "5", "--pooled-continuous", str(bam)], check=True, stdout=text, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    seconds = time.perf_counter() - began
    found = from_vcf(out, Build.GRCH38)
    out.unlink()
    true = [v for a, v in found.items() if allele is not None and same(a, allele)]
    false = tuple(v for a, v in found.items() if allele is None or not same(a, allele))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Seen(caller="freebayes", vaf=max(true, default=None), realised=share, false=false, made=0, molecules=None,
                seconds=seconds, peak_mib=peak)  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# one sample of each kind --------------------------------------------------------------------


def plain_sample(job: tuple[str, float, int, str, int, str]) -> tuple[str, list[Seen]]:
    """Capture as ART makes it, aligned by bwa; the key of its row and what the callers see."""
    key, vaf, depth, damage, seed, name = job
    rng, folder = random.Random(seed), Path(name)
    allele = random_allele("snv", rng) if vaf else None
    low, high = (allele.pos, allele.end) if allele else MAIN.model.cds[rng.randrange(1, 9)]
    case = Case(name=f"p{seed}", kind="snv", allele=allele, vaf=vaf, depth=round(depth * LOST), start=low - 450,
                end=high + 450, build=Build.GRCH38, design="capture", damage=damage)  # fmt: skip
    made = make_reads(case, folder, seed)
    seen = [_ours(made.bam, allele, made.realised, 0)]
    if shutil.which("freebayes") and depth <= PEER_DEPTH and allele is not None:
        seen.append(_freebayes(made.bam, folder, allele, made.realised, case.start, case.end))
    for path in folder.glob(f"{case.name}.*"):
        path.unlink()
    return key, seen


def umi_sample(job: tuple[str, str, float, int, float, str, int, str]) -> tuple[str, list[Seen]]:
    """Molecules with UMIs, in one of the forms; the key of its row and what the callers see."""
    key, form, vaf, depth, copies, damage, seed, name = job
    folder = Path(name)
    allele = random_allele("snv", random.Random(seed))
    library = Library(name=f"u{seed}", allele=allele if vaf else None, vaf=vaf, depth=round(depth * LOST), copies=copies,
                      start=allele.pos - 60, end=allele.pos + 60, damage=damage)  # fmt: skip
    there = molecules_of(library, seed)
    bam = folder / f"{library.name}.bam"
    if form == FORMS[1]:
        write_consensus(there, bam, seed)
    elif form == FORMS[2]:
        raw = write_raw(there, folder / f"{library.name}.raw.bam", seed, tag=False, name=True)
        grouped = folder / f"{library.name}.grouped.bam"
        subprocess.run(["umi_tools", "group", "--paired", "--output-bam", "-I", str(raw), "-S", str(grouped),
                        "--log", os.devnull], check=True, stderr=subprocess.DEVNULL)  # fmt: skip
        consensus_of_groups(grouped, bam)
    else:
        write_raw(there, bam, seed, tag=form == FORMS[0])
    share = realised(there, allele) if vaf else 0.0
    kept = sum(f.copies > 1 for f in there) if "consensus" in form else len(there)
    seen = [_ours(bam, library.allele, share, kept)]
    if shutil.which("freebayes") and form == FORMS[1] and depth <= PEER_DEPTH and vaf:
        seen.append(_freebayes(bam, folder, library.allele, share, library.start - SIZE, library.end + SIZE))
    for path in folder.glob(f"{library.name}.*"):
        path.unlink()
    return key, seen


def _run(work: Callable[..., tuple[str, list[Seen]]], jobs: Sequence[tuple]) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    with ProcessPoolExecutor(max(len(os.sched_getaffinity(0)) // 2, 1)) as pool:
        for key, seen in pool.map(work, jobs):
            found[key] += seen
    return found


# tables -------------------------------------------------------------------------------------


def _row(key: str, seen: Sequence[Seen], caller: str) -> str | None:
    mine = [s for s in seen if s.caller == caller]
    if not mine:
        return None
    hits = [s for s in mine if s.vaf is not None]
    off = sum((s.vaf or 0) / s.realised - 1 for s in hits if s.realised) / len(hits) if hits else 0.0
    false = sum(len(s.false) for s in mine)
    high = sum(v >= 0.01 for s in mine for v in s.false)
    seconds = sum(s.seconds for s in mine) / len(mine)
    return (f"| {key} | {caller} | {len(hits)}/{len(mine)} | {off:+.1%} | {false} | {high} | {seconds:.2f} | "
            f"{max(s.peak_mib for s in mine):.0f} |")  # fmt: skip


def _recall(found: dict[str, list[Seen]]) -> str:
    lines = ["| sample | caller | found | VAF against the molecules' own | false calls | of these at >= 1 % | s a sample "
             "| peak MiB |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for key, seen in found.items():
        lines += [row for caller in ("tp53annot", "freebayes") if (row := _row(key, seen, caller))]
    return "\n".join(lines) + "\n"


def _false(found: dict[str, list[Seen]]) -> str:
    lines = [
        "| negatives | caller | samples | false calls | at >= 0.25 % | at >= 1 % |",
        "|---|---|---|---|---|---|",
    ]
    for key, seen in found.items():
        for caller in ("tp53annot", "freebayes"):
            mine = [s for s in seen if s.caller == caller]
            if mine:
                false = [v for s in mine for v in s.false]
                lines.append(f"| {key} | {caller} | {len(mine)} | {len(false)} | {sum(v >= 0.0025 for v in false)} | "
                             f"{sum(v >= 0.01 for v in false)} |")  # fmt: skip
    return "\n".join(lines) + "\n"


def _copies(found: dict[str, list[Seen]]) -> str:
    lines = ["| capture | molecules made | counted | VAF against the molecules' own |", "|---|---|---|---|"]
    for key, seen in found.items():
        made, counted = sum(s.made for s in seen), sum(s.molecules or 0 for s in seen)
        off = sum((s.vaf or 0) / s.realised - 1 for s in seen) / len(seen)
        lines.append(f"| {key} | {made} | {counted} ({counted / made - 1:+.1%}) | {off:+.1%} |")
    return "\n".join(lines) + "\n"


def run() -> str:
    """The section for docs/benchmarks."""
    with tempfile.TemporaryDirectory() as name:
        locus(Path(name))
        genome(Path(name), Build.GRCH38)
        seeds = iter(range(10_000 * SEED, 10_000 * (SEED + 1)))
        copied = _run(umi_sample, [(f"{depth}x, {copies:g} copies of a molecule", "no UMI", 0.1, depth, copies, "",
                                    next(seeds), name) for depth, copies in COPIED])  # fmt: skip
        plain = _run(plain_sample, [(f"{vaf:.1%} of {depth} molecules", vaf, depth, "", next(seeds), name)
                                    for vaf, depth in PLAIN for _ in range(4 * SAMPLES)])  # fmt: skip
        cells = {FORMS[0]: UMI[:3], FORMS[1]: UMI, FORMS[2]: UMI[:4] if shutil.which("umi_tools") else ()}
        umi = _run(
            umi_sample,
            [
                (f"{form}, {vaf:.2%} of {depth} molecules", form, vaf, depth, 6.0, "", next(seeds), name)
                for form, there in cells.items()
                for vaf, depth in there
                for _ in range(SAMPLES * (4 if form == FORMS[1] else 1))
            ],
        )
        negatives = _run(plain_sample, [(f"capture, 1,000x{_damaged(d)}", 0.0, 1000, d, next(seeds), name)
                                        for d in DAMAGE for _ in range(3 * SAMPLES)])  # fmt: skip
        negatives |= _run(umi_sample, [(f"consensus, 5,000 molecules{_damaged(d)}", FORMS[1], 0.0, 5000, 6.0, d,
                                        next(seeds), name) for d in DAMAGE for _ in range(3 * SAMPLES)])  # fmt: skip
    return (
        "Capture: ART, 150 bases, bwa mem. UMI data: molecules of the bench itself, six copies each on average, 0.1 % of the"
        "\nbases misread, 0.002 % wrong before the first copy; a consensus by majority. Substitutions; `--min-vaf 0.001`. As many"
        f"\nmolecules were made as leave the stated number usable ({LOST - 1:.0%} more). freebayes: `-F 0.002 -C 5 --pooled-continuous`, up to 2,000 molecules.\n"
        "\n## Few molecules\n\n" + _recall(plain) + "\n## UMI data\n\n" + _recall(umi)
        + "\n## False calls\n\nDamaged: cytosine read as thymine in 0.5 % (FFPE), guanine as thymine in 0.3 % (oxoG) of one strand's bases.\n\n"
        + _false(negatives)
        + "\n## Copies of molecules without UMIs and flags\n\nCounted by the ends of fragments; a change at 10 %.\n\n"
        + _copies(copied)
    )  # fmt: skip


def _damaged(kind: str) -> str:
    return f", {kind}" if kind else ""
