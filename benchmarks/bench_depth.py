"""Lost exons and lost genes in simulated runs: what the depth of the reads finds, beside CNVkit."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from msgspec import Struct

from benchmarks.depth_runs import (
    EFFICIENCY,
    GC_SLOPE,
    NAMES,
    SCATTER,
    Loss,
    Run,
    make_run,
    write_genome,
    write_targets,
)
from tp53annot.core.exon_depth import DepthJudgement
from tp53annot.interpret.copies.depth import exon_is_low, gene_is_low
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.exon_depths import with_exon_depths
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

RESOURCES = resources_of()
RULES = RESOURCES.rules.copy_number.depth
SIZES, DEPTHS, DESIGNS, REPLICATES = (8, 24), (300, 1000), ("capture", "amplicon"), 3
EXON_PURITY, GENE_PURITY = (0.6, 0.8, 1.0), (0.4, 0.6, 1.0)
CNVKIT = os.environ.get("CNVKIT_PYTHON", "")  # the interpreter that CNVkit is installed for
_GENE_LOG2 = -0.2  # of CNVkit's targets on the gene, their mean: its own threshold of a gene that is altered


class Answer(Struct, frozen=True, kw_only=True):
    """What a program found in one sample: exons, and whether the gene; ``None`` where it judged neither."""

    run: Run
    sample: int
    program: str
    exons: frozenset[str] | None
    gene: bool


def runs() -> Iterator[Run]:
    """Each size, depth and design; one sample in eight lost an exon, one in eight the gene."""
    cells = itertools.product(SIZES, DEPTHS, DESIGNS, range(REPLICATES))
    for number, (size, depth, design, _) in enumerate(cells):
        losses = {}
        for k in range(size // 4):
            exon = NAMES[(3 * number + k) % len(NAMES)]
            losses[4 * k + 1] = Loss(exon=exon, purity=EXON_PURITY[(number + k) % 3])
        for k in range(size // 8):
            losses[8 * k + 4] = Loss(exon="", purity=GENE_PURITY[(number + k) % 3])
        yield Run(samples=size, depth=depth, design=design, losses=losses, flanking=True, seed=number)


def answers_of(run: Run) -> list[Answer]:
    """Make a run's files and let both programs judge them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bams = make_run(run, folder)
        found = [_ours(run, s, judged) for s, judged in enumerate(judgements(bams))]
        return found + (_of_cnvkit(run, folder) if CNVKIT and run.seed % REPLICATES == 0 else [])


def judgements(bams: Sequence[Path]) -> list[DepthJudgement]:
    """The run's own step on these files."""
    jobs = with_exon_depths([Job(bam=b) for b in bams], RunSettings(), RESOURCES, 1)
    return [job.depths.get(bam.stem, DepthJudgement()) for job, bam in zip(jobs, bams, strict=True)]


def _ours(run: Run, sample: int, judged: DepthJudgement) -> Answer:
    exons = frozenset(e.exon for e in judged.exons if exon_is_low(e, RULES)) if judged.exons else None
    gene = judged.gene is not None and gene_is_low(judged.gene, RULES)
    return Answer(run=run, sample=sample, program="tp53annot", exons=exons, gene=gene)


def _of_cnvkit(run: Run, folder: Path) -> list[Answer]:
    write_targets(folder / "targets.bed", flanking=run.flanking)
    write_genome(folder / "genome.fa")
    script = Path(__file__).with_name("cnvkit_calls.py")
    done = subprocess.run(
        [CNVKIT, str(script), str(folder), run.design], capture_output=True, text=True, check=True
    )
    found = []
    for sample, (_, answer) in enumerate(sorted(json.loads(done.stdout).items())):
        low = frozenset(k.removeprefix("exon") for k, v in answer["found"].items() if v < 0 and "exon" in k)
        ratios = [v for k, v in answer["log2"].items() if "exon" in k]
        gene = sum(ratios) / len(ratios) <= _GENE_LOG2
        found.append(Answer(run=run, sample=sample, program="CNVkit", exons=low, gene=gene))
    return found


def run() -> str:
    """The tables."""
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = [answer for answers in pool.map(answers_of, runs()) for answer in answers]
    programs = sorted({a.program for a in found}, reverse=True)
    count = sum(a.program == "tp53annot" for a in found)
    lines = [
        f"{count} samples in runs of 8 and 24, laid without an aligner on ten exons and twelve targets elsewhere on",
        f"the chromosome. Targets differ in depth by a factor of e^{EFFICIENCY:g} (one standard deviation), alike in a",
        f"run; in each sample every target scatters by {SCATTER:.0%} beside counting, and depth follows GC with a slope",
        f"that differs by {GC_SLOPE:.0%}. One sample in four lost one copy of an exon, one in eight one copy of the gene.",
        "CNVkit 0.9.14 judged the samples of every third run, each against a reference of its others: exons by its test of single bins, the",
        f"gene by the mean of its targets at log2 {_GENE_LOG2:g} or below.",
        "",
        "A lost exon takes the molecules with it that also cover its neighbour: a false exon may be such a one.",
        "",
        "What the simulation lacks: batches, degraded DNA, other kits in the run, aligners. Real exons scatter more.",
        "",
    ]
    for title, gene, purities in (("One exon", False, EXON_PURITY), ("The whole gene", True, GENE_PURITY)):
        heads = [f"{p:.0%} of cells" for p in purities]
        lines += [
            f"## {title}",
            "",
            f"| reads | program | {' | '.join(heads)} | all | false in 100 samples |",
        ]
        lines += ["|---" * (len(purities) + 4) + "|"]
        for design, depth in (*itertools.product(DESIGNS, DEPTHS), ("all", 0)):
            for program in programs:
                part = [a for a in found if a.program == program and _of(a.run, design, depth)]
                cells = [_share(part, gene, (p,)) for p in purities] + [_share(part, gene, purities)]
                label = f"{design}, {depth}x" if depth else "all"
                lines.append(f"| {label} | {program} | {' | '.join(cells)} | {_false(part, gene):.2f} |")
        lines.append("")
    lines += [
        "## By the size of the run",
        "",
        "| samples | program | exon | gene | false exons in 100 samples |",
        "|---|---|---|---|---|",
    ]
    for size, program in itertools.product(SIZES, programs):
        part = [a for a in found if a.program == program and a.run.samples == size]
        both = f"{_share(part, False, EXON_PURITY)} | {_share(part, True, GENE_PURITY)}"
        lines.append(f"| {size} | {program} | {both} | {_false(part, False):.2f} |")
    return "\n".join(lines) + "\n"


def _of(run: Run, design: str, depth: int) -> bool:
    return not depth or (run.design, run.depth) == (design, depth)


def _share(answers: Sequence[Answer], gene: bool, purities: Sequence[float]) -> str:
    """Losses found, of those that were there."""
    right = total = 0
    for a in answers:
        lost = a.run.losses.get(a.sample)
        if lost is None or (lost.exon == "") != gene or lost.purity not in purities:
            continue
        total += 1
        right += a.gene if gene else a.exons is not None and lost.exon in a.exons
    return f"{right}/{total}"


def _false(answers: Sequence[Answer], gene: bool) -> float:
    """Exons, or genes, found that were not lost, in 100 samples. A lost gene's exons are no false ones."""
    wrong = 0
    for a in answers:
        lost = a.run.losses.get(a.sample)
        if gene:
            wrong += a.gene and (lost is None or lost.exon != "")
        elif lost is None or lost.exon != "":
            wrong += len((a.exons or frozenset()) - ({lost.exon} if lost else set()))
    return 100 * wrong / max(len(answers), 1)
