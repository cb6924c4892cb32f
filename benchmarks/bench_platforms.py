"""Nanopore, HiFi and Ion reads from simulation: recall, false calls, what cannot be assessed, speed; beside sniffles.

``TP53ANNOT_BENCH_WILD`` (5) and ``TP53ANNOT_BENCH_MUTATED`` (5) are the samples of each platform and design without and
with changes, ``TP53ANNOT_BENCH_EVENTS`` (6) those with one event of 50 bases or more.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pysam
from msgspec import Struct

from benchmarks import timing
from benchmarks.bench_calling import RESOURCES, same
from benchmarks.platform_reads import PROFILES, Planted, make_sample, random_changes
from benchmarks.simulate import REF
from tp53annot.core.allele import Allele, Build
from tp53annot.core.coverage import GapCause
from tp53annot.names.normalisation import normalise
from tp53annot.reads.evidence import caller_of, candidates_of_reads, coverage_of_reads, read_reads

WILD, MUTATED, EVENTS = (
    int(os.environ.get(f"TP53ANNOT_BENCH_{name}", usual))
    for name, usual in (("WILD", "5"), ("MUTATED", "5"), ("EVENTS", "6"))
)
DESIGNS = ("amplicon", "capture")
KINDS = ("snv", "mnv", "snv", "mnv", "del", "ins", "snv", "del", "ins")
LOW, HIGH = 0.05, 0.10  # VAFs asked for
DEPTH, DEEP = 500, 20_000
THRESHOLD = 0.05
NEAR = 50  # bases within which a peer's event counts as found


class Job(Struct, frozen=True, kw_only=True):
    """A sample to make: of a profile and a design; ``number`` seeds it, ``mutated`` plants changes."""

    profile: str
    design: str
    number: int
    mutated: bool

    @property
    def name(self) -> str:
        """Of its files, and its seed."""
        return f"{self.profile}_{self.design}_{'m' if self.mutated else 'w'}{self.number}".replace(" ", "")


class Found(Struct, frozen=True, kw_only=True):
    """What became of a planted change: its VAF, ``None`` where it was missed, and whether a gap names its place."""

    planted: Planted
    vaf: float | None
    in_gap: bool


class Result(Struct, frozen=True, kw_only=True):
    """One sample: changes, VAFs of other calls, shares of the coding bases in gaps, seconds.

    ``for_bases``: gaps for other bases; ``for_indels``: runs in which lost and gained bases are not assessable.
    """

    job: Job
    recognised: str
    found: tuple[Found, ...]
    false: tuple[float, ...]
    for_bases: float
    for_indels: float
    seconds: float


def judge(job: Job, folder: Path) -> Result:
    """Simulate one sample, and call it."""
    profile, rng = PROFILES[job.profile], random.Random(job.name)
    planted: list[Planted] = []
    if job.mutated:
        kinds = list(KINDS)
        rng.shuffle(kinds)
        vafs = [rng.choice((LOW, HIGH)) if kind in ("snv", "mnv") else HIGH for kind in kinds]
        planted = random_changes(kinds, vafs, rng)
    seed = zlib.crc32(job.name.encode())
    work = folder / job.name
    sample = make_sample(work, job.name, profile, job.design, planted, DEPTH, seed)
    begin = time.process_time()
    reads = read_reads(sample.bam, RESOURCES, fasta=None, assembly=None)
    caller = caller_of(reads, RESOURCES)
    coverage = coverage_of_reads(reads, RESOURCES, THRESHOLD, caller)
    calls = {
        normalise(c.allele, REF): c.support.vaf or 0.0
        for c in candidates_of_reads(reads, "S", RESOURCES, caller)
        if not c.remarks
    }
    seconds = time.process_time() - begin
    shutil.rmtree(work)
    true: set[Allele] = set()
    found = []
    for one in planted:
        mine = [a for a in calls if same(a, one.allele)]
        true.update(mine)
        gap = any(g.start <= one.allele.end and g.end >= one.allele.pos for g in coverage.gaps)
        found.append(Found(planted=one, vaf=max((calls[a] for a in mine), default=None), in_gap=gap))
    bases = sum(e.end - e.start + 1 for e in coverage.exons)
    runs = sum(g.end - g.start + 1 for g in coverage.gaps if g.cause is GapCause.RUN_ERRORS)
    gaps = sum(g.end - g.start + 1 for g in coverage.gaps)
    platform = reads.pileup.platform
    return Result(
        job=job,
        recognised=platform.name if platform else "",
        found=tuple(found),
        false=tuple(v for a, v in calls.items() if a not in true),
        for_bases=(gaps - runs) / bases,
        for_indels=runs / bases,
        seconds=seconds,
    )


def jobs() -> list[Job]:
    """All samples of the first tables."""
    return [
        Job(profile=profile, design=design, number=n, mutated=mutated)
        for profile in PROFILES
        for design in DESIGNS
        for mutated, count in ((True, MUTATED), (False, WILD))
        for n in range(count)
    ]


def measure() -> list[Result]:
    """Every sample."""
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool,
    ):
        return list(pool.map(judge, jobs(), [Path(name)] * len(jobs())))


# tables -------------------------------------------------------------------------------------


def profile_table() -> str:
    """The errors that were simulated."""
    lines = [
        "| platform | mismatches | lost / gained single bases | runs of 4, 6, 8 bases misread | quality of right, wrong bases "
        "| chimeras |",
        "|---|---|---|---|---|---|",
    ]
    for p in PROFILES.values():
        runs = ", ".join(f"{min(p.run * p.growth ** (n - 4), 0.4):.1%}" for n in (4, 6, 8))
        lines.append(
            f"| {p.name} | {p.mismatch:.2%} | {p.lost:.2%} / {p.gained:.2%} | {runs} | {p.quality[0]:.0f} and "
            f"{p.quality[2]:.0f}, ± {p.quality[1]:.0f} | {p.chimeras:.1%} |"
        )
    return "\n".join(lines) + "\n"


_COLUMNS: tuple[tuple[str, Callable[[Planted], bool]], ...] = (
    ("SNV, MNV at 5 %", lambda p: p.kind in ("snv", "mnv") and p.vaf == LOW),
    ("SNV, MNV at 10 %", lambda p: p.kind in ("snv", "mnv") and p.vaf == HIGH),
    ("insertions, deletions of 1-12 bases at 10 %", lambda p: p.kind in ("ins", "del")),
)


def recall_table(results: Sequence[Result]) -> str:
    """Found of planted; and without those at places that the report names as not assessed."""
    lines = [
        f"| platform | design | {' | '.join(name for name, _ in _COLUMNS)} |",
        "|---|---|" + "---|" * len(_COLUMNS),
    ]
    for profile in PROFILES:
        for design in DESIGNS:
            there = [
                f for r in results if (r.job.profile, r.job.design) == (profile, design) for f in r.found
            ]
            cells = [_recall([f for f in there if wanted(f.planted)]) for _, wanted in _COLUMNS]
            lines.append(f"| {profile} | {design} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _recall(found: Sequence[Found]) -> str:
    hits = sum(f.vaf is not None for f in found)
    outside = [f for f in found if not f.in_gap]
    return f"{hits}/{len(found)}; {sum(f.vaf is not None for f in outside)}/{len(outside)}"


def false_table(results: Sequence[Result]) -> str:
    """Calls that were not planted, and what is not assessable."""
    lines = [
        "| platform | design | recognised as | wild types | false calls >= 5 % | >= 2 % | bases not assessed at 5 % | bases in "
        "runs not assessed for insertions and deletions | seconds of one core, median |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for profile in PROFILES:
        for design in DESIGNS:
            there = [r for r in results if (r.job.profile, r.job.design) == (profile, design)]
            wild = [r for r in there if not r.job.mutated]
            if not wild:
                continue
            named = ", ".join(sorted({r.recognised for r in there}))
            counts = [sum(v >= limit for r in wild for v in r.false) for limit in (0.05, 0.02)]
            lines.append(
                f"| {profile} | {design} | {named} | {len(wild)} | {counts[0]} | {counts[1]} | "
                f"{_mean(r.for_bases for r in wild):.1%} | {_mean(r.for_indels for r in wild):.1%} | "
                f"{sorted(r.seconds for r in there)[len(there) // 2]:.1f} |"
            )
    return "\n".join(lines) + "\n"


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)


# events -------------------------------------------------------------------------------------


def event_job(profile: str, vaf: float, number: int, folder: Path) -> tuple[str, float, bool, bool, bool]:
    """One event of 50 to 400 bases: the profile, the VAF, whether called, whether not assessed, whether sniffles has it."""
    name = f"e{profile}{vaf}{number}".replace(" ", "")
    rng, work = random.Random(name), folder / name
    planted = random_changes(["event"], [vaf], rng)
    seed = zlib.crc32(name.encode())
    sample = make_sample(work, name, PROFILES[profile], "capture", planted, 300, seed)
    reads = read_reads(sample.bam, RESOURCES, fasta=None, assembly=None)
    caller, event = caller_of(reads, RESOURCES), planted[0].allele
    called = any(
        same(c.allele, event) or _alike(c.allele, event)
        for c in candidates_of_reads(reads, "S", RESOURCES, caller)
        if not c.remarks
    )
    coverage = coverage_of_reads(reads, RESOURCES, THRESHOLD, caller)
    blocked = any(g.start <= event.end and g.end >= event.pos for g in coverage.gaps)
    peer = _sniffles(sample.bam, event, work)
    shutil.rmtree(work)
    return profile, vaf, called, blocked, peer


def _alike(one: Allele, other: Allele) -> bool:
    """About as long, at about the same place, as is asked of the peer."""
    net = [len(a.alt) - len(a.ref) for a in (one, other)]
    near = abs(one.pos - other.pos) <= max(NEAR, abs(net[1]))
    return near and abs(net[0] - net[1]) <= max(3, abs(net[1]) // 10)


def _sniffles(bam: Path, event: Allele, folder: Path) -> bool:
    """Whether sniffles, set for mosaic and germline events, has it."""
    out = folder / "peer.vcf"
    command = (
        "sniffles", "--input", str(bam), "--vcf", str(out), "--mosaic", "--mosaic-include-germline", "--mosaic-af-min",
        "0.05", "--minsvlen", "50", "--allow-overwrite", "-t", "1",
    )  # fmt: skip
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return False  # it stopped with an error of its own
    net = len(event.alt) - len(event.ref)
    with pysam.VariantFile(str(out)) as records:
        for r in records:
            size = r.info.get("SVLEN", 0)
            size = abs(size[0] if isinstance(size, tuple) else size)
            close = abs(REF.from_build(r.pos, Build.GRCH38) - event.pos) <= max(NEAR, abs(net))
            if close and abs(size - abs(net)) <= max(10, abs(net) // 10):
                return True
    return False


def event_table() -> str:
    """Events of 50 bases and more beside sniffles."""
    asked = [(p, v, n) for p in ("ONT Q20", "HiFi") for v in (0.10, 0.25, 0.50) for n in range(EVENTS)]
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool,
    ):
        found = list(pool.map(event_job, *zip(*asked, strict=True), [Path(name)] * len(asked)))
    lines = ["| platform | VAF | called | missed, but not assessed | sniffles |", "|---|---|---|---|---|"]
    for profile in ("ONT Q20", "HiFi"):
        for vaf in (0.10, 0.25, 0.50):
            there = [f for f in found if f[:2] == (profile, vaf)]
            called = sum(f[2] for f in there)
            blocked = sum(f[3] and not f[2] for f in there)
            lines.append(
                f"| {profile} | {vaf:.0%} | {called}/{len(there)} | {blocked} | {sum(f[4] for f in there)}/{len(there)} |"
            )
    return "\n".join(lines) + "\n"


# speed --------------------------------------------------------------------------------------


def speed_table() -> str:
    """A whole run on amplicons of 1,500 bases at 20,000x."""
    lines = ["| platform | seconds of one core | MiB |", "|---|---|---|"]
    change = Planted(allele=Allele(pos=7675088, ref="C", alt="T"), vaf=LOW, kind="snv")
    for profile in ("ONT Q20", "HiFi"):
        with tempfile.TemporaryDirectory() as name:
            sample = make_sample(
                Path(name), "deep", PROFILES[profile], "amplicon", [change], DEEP, 1, (7674100, 7675600)
            )
            command = (sys.executable, "-m", "tp53annot", "run", str(sample.bam), "-o", f"{name}/out", "-q")
            _, cpu, peak = timing.run_once(("taskset", "-c", "0", *command))
            lines.append(f"| {profile} | {cpu:.1f} | {peak:.0f} |")
    return "\n".join(lines) + "\n"


TEXT = """Reads come from a simulator of this bench (`benchmarks/platform_reads.py`), its errors in the first table, aligned by
minimap2 (`map-ont`, `map-hifi`, `sr`) at 500x: amplicons over the coding exons (of 1,800 bases; Ion: 190), and capture (reads
of 800 to 6,000 bases; HiFi: 2,000 to 9,000; Ion: 110 to 280). Errors depend on the length of runs of one base, and on the
five bases around a base as its strand was read: how often such words err differs by a factor of two in either direction (a
standard deviation of 0.5 to 0.8 of the logarithm), so that errors gather at places and on one strand. Set against what is
published: Ion reads show 1.4 % inserted or deleted bases after clipping by quality, most of them by the length of runs
(Bragg 2013, PLoS Comput Biol 9:e1003031), those simulated here about 0.2 %, so that older chips do worse than this; half of the errors of nanopore reads lie in runs and short repeats, most of these
deletions (Delahaye 2021, PLoS ONE 16:e0257521); HiFi reads are 99.8 % right (Wenger 2019, Nat Biotechnol 37:1155). What is
not simulated: insertions and deletions that a single run of the Ion shows at one place at a high fraction (Bragg 2013: one
place in a thousand bases), and methylated bases misread in nanopore reads.
"""


def report(results: Sequence[Result], events: str, speed: str) -> str:
    """The section for docs/benchmarks."""
    return (
        TEXT + "\n" + profile_table()
        + "\n## Recall\n\nFound of planted, every change counted; behind the semicolon without those at places that the report\n"
        "names as not assessed (many a change's own place: what it shows is taken for misread bases when the other two are\n"
        "looked at). Insertions and deletions stand outside runs of four bases and more.\n\n" + recall_table(results)
        + "\n## False calls and what is not assessed\n\nCalls in wild-type samples, coding bases (with the splice bases) in gaps of\n"
        "the coverage, mean of the wild-type samples.\n\n" + false_table(results)
        + "\n## Events of 50 bases and more\n\nDeletions and tandem duplications of 50 to 400 bases at 300x (capture), beside\n"
        "sniffles 2.2 (`--mosaic --mosaic-include-germline --mosaic-af-min 0.05`; a run that stops with an error of its own finds\n"
        "nothing); found is what lies within 50 bases, or within its own length, and differs in length by a tenth at most.\n\n" + events
        + "\n## Speed and memory\n\nWhole runs on an amplicon of 1,500 bases at 20,000x, start-up included, on one core.\n\n" + speed
    )  # fmt: skip


def run() -> str:
    """Measure, and write the section."""
    return report(measure(), event_table(), speed_table())
