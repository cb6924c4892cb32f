"""Depth of exons in each sample's reads against the run's other samples: on by itself where enough samples have reads."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from tp53annot.core.exon_depth import DepthJudgement, DepthProfile
from tp53annot.errors import InputError
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.copy_number import DepthRules
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import run_jobs

_READS_ENDINGS = (".bai", ".csi", ".crai")


def with_exon_depths(
    jobs: Sequence[Job], settings: RunSettings, resources: Resources, processes: int, say: Say = silent
) -> tuple[Job, ...]:
    """The jobs, each with what the depth of its exons is against the other samples.

    Files are opened once more only where as many samples have reads as the noise model needs. Reads that cannot be
    used are left out here; their own job says why.
    """
    with_reads = [job for job in jobs if job.bam is not None]
    if not with_reads:
        return tuple(jobs)
    rules = resources.rules.copy_number.depth
    if sum(map(_samples, with_reads)) < rules.least_samples:
        return tuple(jobs)
    profiles: list[Mapping[str, DepthProfile]] = [{}] * len(jobs)
    measure = functools.partial(_measured, settings=settings, resources=resources, rules=rules)
    say("depths", 1, done=0, total=len(jobs), failed=0)
    for done, end in enumerate(run_jobs(measure, jobs, processes), 1):
        say(f"depth of {jobs[end.index].path}", 2, done=done, total=len(jobs), failed=0)
        profiles[end.index] = end.result or {}
    return _judged(jobs, profiles, resources, rules)


def _judged(
    jobs: Sequence[Job],
    profiles: Sequence[Mapping[str, DepthProfile]],
    resources: Resources,
    rules: DepthRules,
) -> tuple[Job, ...]:
    from tp53annot.calling.exon_depth import exon_traits, judged_depths

    model = resources.namer.main.model
    names = [str(number) for number in coding_exons(resources)]
    places = [(i, sample) for i, of_file in enumerate(profiles) for sample in of_file]
    judged = judged_depths(
        [profiles[i][sample] for i, sample in places],
        names,
        exon_traits(model, resources.reference, rules.gc_margin),
        rules,
    )
    found: list[dict[str, DepthJudgement]] = [{} for _ in jobs]
    for (i, sample), judgement in zip(places, judged, strict=True):
        if judgement is not None:
            found[i][sample] = judgement
    return tuple(replace(job, depths=depths) for job, depths in zip(jobs, found, strict=True))


def coding_exons(resources: Resources) -> tuple[int, ...]:
    """Numbers of the exons that hold coding bases, in the order of the transcript."""
    model = resources.namer.main.model
    return tuple(
        number
        for number, (start, end) in enumerate(model.exons, 1)
        if any(start <= a and b <= end for a, b in model.cds)
    )


def _samples(job: Job) -> int:
    """How many samples the reads of a job name; one where they name none, none where they cannot be opened."""
    from tp53annot.reads.header import header_samples

    if job.bam is None or not job.bam.is_file():
        return 0
    with suppress(InputError):
        return max(1, len(header_samples(job.bam)))
    return 0


def _measured(
    job: Job, settings: RunSettings, resources: Resources, rules: DepthRules
) -> Mapping[str, DepthProfile]:
    from tp53annot.reads.depth_profile import depth_profiles

    bam = job.bam
    if bam is None or not bam.is_file():  # a pipe is read once, by its own job
        return {}
    if not _indexed(bam) and bam.stat().st_size > rules.unindexed_bytes:
        return {}
    try:
        return dict(depth_profiles(bam, resources, fasta=settings.reference, assembly=settings.assembly))
    except InputError:
        return {}


def _indexed(bam: Path) -> bool:
    return any(Path(f"{bam}{end}").is_file() for end in _READS_ENDINGS) or bam.with_suffix(".bai").is_file()
