"""RNA: changes, skipped exons and other splicing found, false ones in wild type, seconds and memory.

``TP53ANNOT_BENCH_PER_CELL`` (1) makes it larger: ten times as many samples of each kind. STAR and minimap2 must be on
the path.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.bench_calling import same
from benchmarks.rna_reads import (
    ALIGNERS,
    MAIN,
    REF,
    RESOURCES,
    Intervals,
    RnaCase,
    main_exons,
    prepared,
    simulate,
    with_edge,
    with_intron,
    without_exon,
)
from benchmarks.timing import run_once
from tp53annot.core.allele import Allele
from tp53annot.core.molecules import SplicingEvent
from tp53annot.reads.evidence import caller_of, candidates_of_reads, read_reads
from tp53annot.reads.spliced.evidence import splicing_of_reads

PER_CELL = int(os.environ.get("TP53ANNOT_BENCH_PER_CELL", "1"))
SAMPLES = 10 * PER_CELL
WILD_TYPES = 20 * PER_CELL
SKIPPED = (4, 5, 6, 7, 8, 9, 10)
DEEP = 200_000  # reads over the gene
SHORTEST = 60  # bases of an intron
SHALLOW = 900  # pairs


class Seen(Struct, frozen=True, kw_only=True):
    """One sample.

    Attributes:
        row: of its table.
        aligner: its name.
        found: whether what was put in was found; ``None`` where nothing was.
        realised: share of the fragments over the change that carry it.
        shown: the share that was reported.
        depth: fragments over the change.
        called: variants called beside it.
        events: splicing listed beside it.
        seconds: of the analysis, without start.
    """

    row: str
    aligner: str
    found: bool | None
    realised: float
    shown: float | None
    depth: int
    called: tuple[str, ...]
    events: tuple[str, ...]
    seconds: float


def _analysed(bam: Path) -> tuple[list[tuple[Allele, float]], tuple[SplicingEvent, ...], float]:
    began = time.perf_counter()
    reads = read_reads(bam, RESOURCES, fasta=None, assembly=None)
    candidates = candidates_of_reads(reads, "s", RESOURCES, caller_of(reads, RESOURCES))
    events = splicing_of_reads(reads.pileup, RESOURCES)
    called = [(c.allele, c.support.vaf or 0.0) for c in candidates if not c.remarks]
    return called, events or (), time.perf_counter() - began


def _sample(job: tuple[str, RnaCase, tuple[int, int] | None, str]) -> Seen:
    row, case, gap, name = job
    bam, realised, depth = simulate(case, Path(name))
    called, events, seconds = _analysed(bam)
    for path in bam.parent.glob(f"{case.name}.*"):
        path.unlink()
    shown: float | None = None
    if case.allele is not None:
        shown = next((vaf for a, vaf in called if same(a, case.allele)), None)
    elif gap is not None:
        shown = next((e.fraction for e in events if (e.start, e.end) == gap), None)
    return Seen(
        row=row, aligner=case.aligner, realised=realised if case.allele else case.share, shown=shown, depth=depth,
        found=None if case.allele is None and gap is None else shown is not None,
        called=tuple(f"{a.pos}{a.ref}>{a.alt} {v:.3f}" for a, v in called if case.allele is None or not same(a, case.allele)),
        events=tuple(f"{e.event} {e.hgvs_r} {e.reads}/{e.of}" for e in events if (e.start, e.end) != gap), seconds=seconds,
    )  # fmt: skip


# samples ------------------------------------------------------------------------------------


def _substitution(rng: random.Random) -> Allele:
    """Of a base of the coding exons 2-11, the edges of exons as often as chance has it."""
    low, high = rng.choices(MAIN.model.cds, [b - a + 1 for a, b in MAIN.model.cds])[0]
    pos = rng.randint(low, high)
    ref = REF.bases(pos, pos)
    return Allele(pos=pos, ref=ref, alt=rng.choice([b for b in "ACGT" if b != ref]))


def _at_edge(rng: random.Random) -> Allele:
    """Of one of the last six bases of an exon."""
    low, high = rng.choice(MAIN.model.exons[3:10])
    pos = rng.choice([*range(low, low + 6), *range(high - 5, high + 1)])
    ref = REF.bases(pos, pos)
    return Allele(pos=pos, ref=ref, alt=rng.choice([b for b in "ACGT" if b != ref]))


def _indel(rng: random.Random) -> Allele:
    """A deletion or insertion of one to five bases in the middle of an exon, outside runs."""
    while True:
        low, high = rng.choice(MAIN.model.cds[2:9])
        pos, size = rng.randint(low + 12, high - 18), rng.randint(1, 5)
        ref = REF.bases(pos, pos + size)
        alt = ref[0] if rng.random() < 0.5 else ref[0] + "".join(rng.choices("ACGT", k=size))
        ref = ref if len(alt) == 1 else ref[0]
        new = alt[1:] or ref[1:]
        if new not in REF.bases(pos - 6, pos + 8):
            return Allele(pos=pos, ref=ref, alt=alt)


CHANGES: dict[str, Callable[[random.Random], Allele]] = {
    "substitution": _substitution,
    "substitution, last six bases of an exon": _at_edge,
    "insertion or deletion of 1-5 bases": _indel,
}


SPLICED = {"skipped exon": (0.2, 0.4, 1.0), "novel splice site": (0.2, 0.4), "retained intron": (0.2, 0.4)}


def _altered(kind: str, rng: random.Random) -> tuple[Intervals, tuple[int, int]]:
    """Altered exons, and the intron or the gap that is to be found."""
    if kind == "skipped exon":
        number = rng.choice(SKIPPED)
        exons = MAIN.model.exons
        return without_exon(number), (exons[number][1] + 1, exons[number - 2][0] - 1)
    if kind == "retained intron":
        intron = rng.choice((3, 4, 5, 6, 7, 8))
        exons = MAIN.model.exons
        return with_intron(intron), (exons[intron][1] + 1, exons[intron - 1][0] - 1)
    while True:  # a splice site that the bases allow, and an intron that is none too short
        exon, acceptor, by = rng.choice((5, 6, 7, 8)), rng.random() < 0.5, rng.randint(-60, 60)
        altered = with_edge(exon, acceptor=acceptor, by=by)
        if not by or any(low >= high for low, high in altered):
            continue
        first, last = _new_gap(altered)
        ends = (REF.bases(first, first + 1), REF.bases(last - 1, last))
        if ends == ("CT", "AC") and last - first + 1 >= SHORTEST:
            return altered, (first, last)


def _new_gap(altered: Intervals) -> tuple[int, int]:
    """The one gap between exons that the main transcript has not."""
    plain = {(a[1] + 1, b[0] - 1) for a, b in pairwise(main_exons())}
    return next(g for a, b in pairwise(altered) if (g := (a[1] + 1, b[0] - 1)) not in plain)


_Made = tuple[str, RnaCase, tuple[int, int] | None]


def _jobs(folder: str) -> Iterator[tuple[str, RnaCase, tuple[int, int] | None, str]]:
    rng, number = random.Random(11), 0
    for aligner in ALIGNERS:
        plain = RnaCase(name="", aligner=aligner, pairs=4000, seed=0)
        for row, case, gap in (*_changed(plain, rng), *_spliced(plain, rng), *_wild_types(plain)):
            number += 1
            yield row, replace(case, name=f"s{number}", seed=number), gap, folder


def _changed(plain: RnaCase, rng: random.Random) -> Iterator[_Made]:
    for kind, draw in CHANGES.items():
        for vaf in (0.10, 0.20, 0.50):
            for k in range(SAMPLES):
                case = replace(plain, pairs=(1500, 3000, 6000)[k % 3], allele=draw(rng), vaf=vaf)
                yield f"{kind}, {vaf:.0%}", case, None
    for vaf in (0.10, 0.20, 0.50):
        for _ in range(SAMPLES):
            case = replace(plain, pairs=SHALLOW, allele=_substitution(rng), vaf=vaf)
            yield f"substitution, 50 to 100 molecules, {vaf:.0%}", case, None


def _spliced(plain: RnaCase, rng: random.Random) -> Iterator[_Made]:
    for kind, shares in SPLICED.items():
        for share in shares:
            for _ in range(SAMPLES):
                altered, gap = _altered(kind, rng)
                yield f"{kind}, {share:.0%}", replace(plain, altered=altered, share=share), gap


def _wild_types(plain: RnaCase) -> Iterator[_Made]:
    for k in range(WILD_TYPES):
        read, pairs = (75, 100, 150)[k % 3], (500, 2000, 5000, 20_000)[k % 4]
        yield "wild type", replace(plain, pairs=pairs, read=read), None


# tables -------------------------------------------------------------------------------------


def _row(row: str, aligner: str, seen: Sequence[Seen]) -> str:
    counted = [s for s in seen if s.found is not None and (s.depth >= 50 or s.depth == 0)]
    hits = [s for s in counted if s.shown is not None]
    off = sum(s.shown / s.realised - 1 for s in hits if s.shown and s.realised) / len(hits) if hits else None
    seconds = sum(s.seconds for s in seen) / len(seen)
    found = f"{len(hits)}/{len(counted)}" if counted else "-"
    return (f"| {row} | {aligner} | {len(seen)} | {found} | {'-' if off is None else f'{off:+.1%}'} | "
            f"{sum(len(s.called) for s in seen)} | {sum(len(s.events) for s in seen)} | {seconds:.2f} |")  # fmt: skip


def _deep(folder: Path) -> str:
    """A whole run on one file with as many reads over the gene as the issue asks for."""
    lines = ["| aligner | reads over the gene | s | CPU s | peak MiB |", "|---|---|---|---|---|"]
    for aligner in ALIGNERS:
        case = RnaCase(name="deep", aligner=aligner, pairs=round(DEEP / 2 / 0.99), seed=5)
        bam, _, _ = simulate(case, folder)
        out = folder / "deep_out"
        wall, cpu, peak = run_once(
            ["taskset", "-c", "0", sys.executable, "-m", "tp53annot", "run", str(bam), "-o", str(out)]
        )
        import pysam

        with pysam.AlignmentFile(str(bam)) as reads:
            count = reads.count()
        lines.append(f"| {aligner} | {count} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |")
        shutil.rmtree(out)
        for path in folder.glob("deep.*"):
            path.unlink()
    return "\n".join(lines) + "\n"


def run() -> str:
    """The tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name), ALIGNERS)
        found: dict[tuple[str, str], list[Seen]] = defaultdict(list)
        with ProcessPoolExecutor(max(len(os.sched_getaffinity(0)) // 2, 1)) as pool:
            for seen in pool.map(_sample, list(_jobs(name))):
                found[seen.row, seen.aligner].append(seen)
                if seen.found is False or seen.called or seen.events:
                    print(seen, file=sys.stderr)
        deep = _deep(folder)
    rows = [_row(row, aligner, seen) for (row, aligner), seen in sorted(found.items())]
    return TEXT.format(rows="\n".join(rows), deep=deep)


TEXT = """RNA of the bench's own: fragments (230 bases on average, read 100 bases from both ends) of six isoforms of
the gene (p53 alpha with both acceptors of exon 2, beta, gamma, delta 40, delta 133) and 2 % of unspliced molecules,
0.2 % of the bases misread. Aligned to the locus without annotation by STAR (both end modes) and by minimap2. 1,500 to
6,000 pairs a sample with a change (100 to 500 molecules at a base; 900 for 50 to 100), 4,000 with altered splicing, 500 to 20,000 (reads of
75, 100 and 150 bases) of wild type. Found: of samples with 50 molecules or more at the place. False calls and false
events: whatever else is called or listed.

| sample | aligner | samples | found | fraction against the molecules' own | false calls | false events | s a sample |
|---|---|---|---|---|---|---|---|
{rows}

## A deep sample

A whole run on one core.

{deep}"""
