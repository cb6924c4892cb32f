"""``--background``: every sample's reads judged with the error rates of the run's other samples."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from msgspec.structs import replace

from tp53annot.calling.background import ErrorTable, rates_of_others
from tp53annot.errors import InputError
from tp53annot.knowledge.resources import Resources
from tp53annot.reads.evidence import read_samples
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import run_jobs


def with_background(
    jobs: Sequence[Job], settings: RunSettings, resources: Resources, processes: int, say: Say = silent
) -> tuple[Job, ...]:
    """The jobs, each with the error rates that the others' reads show.

    Reads that cannot be used are left out here; their own job says why.
    """
    count = functools.partial(_table, settings=settings, resources=resources)
    tables: list[ErrorTable | None] = [None] * len(jobs)
    say("error rates", 1, done=0, total=len(jobs), failed=0)
    for done, end in enumerate(run_jobs(count, jobs, processes), 1):
        say(f"error rates of {jobs[end.index].path}", 2, done=done, total=len(jobs), failed=0)
        tables[end.index] = end.result
    rates = rates_of_others(tables, resources.rules.calling.model.background_depth)
    return tuple(replace(job, background=own) for job, own in zip(jobs, rates, strict=True))


def _table(job: Job, settings: RunSettings, resources: Resources) -> ErrorTable | None:
    if job.bam is None or not job.bam.is_file():  # a pipe is read once, by its own job
        return None
    asked = [name for name in (job.sample, job.label, settings.sample) if name]
    highest = resources.rules.calling.model.background_vaf
    try:
        samples = read_samples(
            job.bam, resources, fasta=settings.reference, assembly=settings.assembly, asked=asked
        )
        tables = [ErrorTable.of(found.pileup, highest) for found, _ in samples]
    except InputError:
        return None
    return functools.reduce(ErrorTable.with_another, tables)
