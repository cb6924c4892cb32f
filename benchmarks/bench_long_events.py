"""Long events from simulated reads beside delly: recall by size, kind, VAF and depth, what is blocked, false calls.

``TP53ANNOT_BENCH_PER_CELL`` (1) makes it larger: that many samples of each kind, size, VAF, depth and read length;
``TP53ANNOT_BENCH_NEGATIVES`` (100) is the number of samples without a change.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pysam
from msgspec import Struct

from benchmarks.bench_calling import Calls, same
from benchmarks.simulate import MAIN, MARGIN, REF, RESOURCES, Case, genome, locus, make_reads
from tp53annot.calling.breakpoints.unexplained import unexplained_piles
from tp53annot.calling.caller import Caller
from tp53annot.core.allele import Allele, Build
from tp53annot.names.normalisation import normalise
from tp53annot.reads.evidence import read_reads

PER_CELL = int(os.environ.get("TP53ANNOT_BENCH_PER_CELL", "1"))
NEGATIVES = int(os.environ.get("TP53ANNOT_BENCH_NEGATIVES", "100"))
SEED = int(os.environ.get("TP53ANNOT_BENCH_SEED", "7"))
KINDS = ("deletion", "duplication", "insertion")
SIZES = (50, 76, 120, 200, 400, 1000)
CELLS = ((0.05, 500), (0.05, 1000), (0.10, 500), (0.10, 1000), (0.25, 500), (0.50, 500))
DESIGNS = ("capture", "short reads")  # of 150 and of 100 bases
THRESHOLD = 0.05  # VAF from which a change is no wild type
NEAR = 30  # bases within which a peer's breakpoints count as found


class LongCase(Struct, frozen=True, kw_only=True):
    """A simulated sample and the size of its event; 0 without one."""

    case: Case
    size: int


class LongOutcome(Struct, frozen=True, kw_only=True):
    """What became of one sample.

    Attributes:
        asked: the sample.
        realised: fraction of fragments over the first breakpoint that carry the event.
        vaf: of the event as called; ``None`` where it was missed.
        blocked: whether it was missed, and clips keep the sample from being called negative.
        false: calls that are something else, at the threshold or above.
        seconds: of the call.
        delly: whether delly found it; without an event, whether it called one.
    """

    asked: LongCase
    realised: float
    vaf: float | None
    blocked: bool
    false: int
    seconds: float
    delly: bool


def long_allele(kind: str, size: int, rng: random.Random) -> Allele:
    """An event that touches a coding exon between 2 and 10."""
    low, high = MAIN.model.cds[rng.randrange(1, 9)]
    pos = rng.randrange(max(low - size, low - 200), high - 3)
    ref = REF.bases(pos, pos)
    if kind == "deletion":
        pos = rng.randrange(low - size + 3, high - 3)
        raw = Allele(pos=pos, ref=REF.bases(pos, pos + size), alt=REF.bases(pos, pos))
    elif kind == "duplication":
        pos = rng.randrange(low - size + 3, high - 3)
        raw = Allele(pos=pos, ref=REF.bases(pos, pos), alt=REF.bases(pos, pos + size))
    else:
        pos = rng.randrange(low + 3, high - 3)
        ref = REF.bases(pos, pos)
        raw = Allele(pos=pos, ref=ref, alt=ref + "".join(rng.choices("ACGT", k=size)))
    return normalise(raw, REF)


def long_cases(seed: int, per_cell: int, negatives: int) -> Iterator[LongCase]:
    """Every kind, size, VAF, depth and read length, then negatives."""
    rng, number = random.Random(seed), 0
    for vaf, depth in CELLS:
        for kind in KINDS:
            for size in SIZES:
                for n in range(per_cell * len(DESIGNS)):
                    allele = long_allele(kind, size, rng)
                    yield LongCase(
                        case=_case(number, kind, allele, vaf, depth, DESIGNS[n % len(DESIGNS)], rng),
                        size=size,
                    )
                    number += 1
    for n in range(negatives):
        yield LongCase(
            case=_case(number, "negative", None, 0.0, (500, 1000)[n % 2], DESIGNS[n // 2 % 2], rng), size=0
        )
        number += 1


def _case(
    number: int, kind: str, allele: Allele | None, vaf: float, depth: int, design: str, rng: random.Random
) -> Case:
    low, high = (allele.pos, allele.end) if allele else MAIN.model.cds[rng.randrange(1, 9)]
    if allele and kind == "duplication":
        high += len(allele.alt)  # the copied bases lie behind it
    damage = ("", "ffpe", "oxog")[number % 3] if allele is None else ""
    return Case(
        name=f"l{number:04}", kind=kind, allele=allele, vaf=vaf, depth=depth, start=low - MARGIN, end=high + MARGIN,
        build=rng.choice(list(Build)), design=design, damage=damage,
    )  # fmt: skip


def judge(job: tuple[LongCase, int, str]) -> LongOutcome:
    """Simulate one sample, call it, and let delly loose on it."""
    asked, seed, name = job
    case, folder = asked.case, Path(name)
    made = make_reads(case, folder, seed)
    began = time.perf_counter()
    calls, blocked = ours(made.bam)
    seconds = time.perf_counter() - began
    found = delly(locus(folder), made.bam, case)
    for path in folder.glob(f"{case.name}.*"):
        path.unlink()
    true = [a for a in calls if case.allele is not None and same(a, case.allele)]
    return LongOutcome(
        asked=asked,
        realised=made.realised,
        vaf=max((calls[a] for a in true), default=None),
        blocked=blocked and not true,
        false=sum(v >= THRESHOLD for a, v in calls.items() if a not in true),
        seconds=seconds,
        delly=found,
    )


def ours(bam: Path) -> tuple[Calls, bool]:
    """Alleles that are called, with VAF, and whether clips that none explains block."""
    reads = read_reads(bam, RESOURCES, fasta=None, assembly=None)
    rules = RESOURCES.rules.calling
    found = Caller(reads.pileup, REF, rules).calls()
    blocked = any(unexplained_piles(reads.pileup, REF, rules.long_events, THRESHOLD))
    return {normalise(c.allele, REF): c.support.vaf or 0.0 for c in found if not c.reasons}, blocked


def delly(fasta: Path, bam: Path, case: Case) -> bool:
    """Whether delly, as its manual has it, shows a record with the event's breakpoints (or any, without one).

    It runs on the locus alone: it reads a whole chromosome for each sample else.
    """
    here, out = bam.with_suffix(".locus.bam"), bam.with_suffix(".bcf")
    shift = REF.to_build(REF.start, case.build) - 1
    with pysam.AlignmentFile(str(bam)) as source:
        header = source.header.to_dict()
        header["SQ"] = [{"SN": "locus", "LN": len(REF.sequence)}]
        with pysam.AlignmentFile(str(here), "wb", header=header) as target:
            for read in source:
                read.reference_start -= shift
                if read.is_paired and not read.mate_is_unmapped:
                    read.next_reference_start -= shift
                target.write(read)
    pysam.index(str(here))
    command = ("delly", "call", "-g", str(fasta), "-o", str(out), str(here))
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not out.exists():
        return False
    with pysam.VariantFile(str(out)) as records:
        spans = [(REF.start + r.pos - 1, REF.start + r.stop - 1) for r in records]
    if case.allele is None:
        return bool(spans)
    copied = len(case.allele.alt) - 1 if case.kind == "duplication" else 0
    first, last = case.allele.pos, case.allele.end + copied
    return any(abs(a - first) <= NEAR and abs(b - last) <= NEAR for a, b in spans)


def measure() -> list[LongOutcome]:
    """Every case."""
    with tempfile.TemporaryDirectory() as name:
        locus(Path(name))
        for build in Build:
            genome(Path(name), build)
        jobs = [(c, 3000 * SEED + n, name) for n, c in enumerate(long_cases(SEED, PER_CELL, NEGATIVES))]
        with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            return list(pool.map(judge, jobs, chunksize=2))


# tables -------------------------------------------------------------------------------------


def recall_table(outcomes: Sequence[LongOutcome], key: Callable[[LongOutcome], str], title: str) -> str:
    """Found, blocked and silent of simulated, by a key and VAF."""
    head = " | ".join(f"{vaf:.0%} {depth}x" for vaf, depth in CELLS)
    lines = [f"| {title} | | {head} |", "|---|---|" + "---|" * len(CELLS)]
    with_event = [o for o in outcomes if o.asked.size]
    for name in (*dict.fromkeys(map(key, with_event)), "all"):
        rows: dict[str, Callable[[LongOutcome], bool]] = {
            "called": lambda o: o.vaf is not None,
            "not assessed": lambda o: o.blocked,
            "delly": lambda o: o.delly,
        }
        for row, wanted in rows.items():
            cells = []
            for cell in CELLS:
                there = [
                    o
                    for o in with_event
                    if name in (key(o), "all") and (o.asked.case.vaf, o.asked.case.depth) == cell
                ]
                cells.append(f"{sum(map(wanted, there))}/{len(there)}")
            lines.append(f"| {name} | {row} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def run() -> str:
    """The section for docs/benchmarks."""
    outcomes = measure()
    negative = [o for o in outcomes if not o.asked.size]
    called = [o for o in outcomes if o.vaf is not None and o.realised]
    errors = [abs((o.vaf or 0) / o.realised - 1) for o in called]
    return (
        f"{len(outcomes) - len(negative)} samples with an event and {len(negative)} without, over both builds, reads of 150 (ART) and\n"
        "100 bases (dwgsim), aligned with bwa mem to the locus. A missed event whose clips keep the sample from being\n"
        "called negative is in the rows *not assessed*; delly ran as its manual has it.\n\n## By kind\n\n"
        + recall_table(outcomes, lambda o: o.asked.case.kind, "kind")
        + "\n## By size\n\n"
        + recall_table(outcomes, lambda o: f"{o.asked.size} bases", "size")
        + "\n## By length of the reads\n\n"
        + recall_table(outcomes, lambda o: o.asked.case.design, "reads")
        + f"\nMedian error of the VAF against the reads' own fraction: {statistics.median(errors):.1%}. "
        + f"Seconds a sample: {statistics.median(o.seconds for o in outcomes):.2f}.\n"
        + f"\nWithout a change: {sum(o.false > 0 for o in negative)} of {len(negative)} with a false call at 5 % or more, "
        + f"{sum(o.blocked for o in negative)} not assessed for clips, {sum(o.delly for o in negative)} with a record of delly.\n"
        + f"Beside an event: {sum(o.false for o in outcomes if o.asked.size)} other calls at 5 % or more.\n"
    )  # fmt: skip
