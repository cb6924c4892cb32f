"""Error rates by place, learnt from the other samples of a run (``--background``).

Some places err more than their class of change does, in every sample of a laboratory alike. What the
other samples show there at a low fraction is taken as error.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tp53annot.calling.caller import Background
from tp53annot.calling.pileup import BASES, Counts
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import Kit
from tp53annot.reads.evidence import read_reads
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.workers import run_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Fragments by base and place from GRCh38 position ``start`` on, and the depth they stand in."""

    start: int
    seen: Counts
    depth: Counts


def with_background(
    jobs: Sequence[Job], settings: RunSettings, tools: Kit, processes: int
) -> tuple[Job, ...]:
    """The jobs, each with the error rates that the others' reads show.

    Reads that cannot be used are left out here; their own job says why.
    """
    count = functools.partial(_table, settings=settings, tools=tools)
    tables: list[_Table | None] = [None] * len(jobs)
    for end in run_jobs(count, jobs, processes):
        tables[end.index] = end.result
    there = [t for t in tables if t is not None]
    if not there:
        return tuple(jobs)
    whole = _Table(
        start=there[0].start,
        seen=np.sum([t.seen for t in there], axis=0, dtype=np.int32),
        depth=np.sum([t.depth for t in there], axis=0, dtype=np.int32),
    )
    least = tools.rules("calling")["model"]["background_depth"]
    found = []
    for job, own in zip(jobs, tables, strict=True):
        others = whole
        if own:
            others = replace(whole, seen=whole.seen - own.seen, depth=whole.depth - own.depth)
        found.append(replace(job, background=_rates(others, least)))
    return tuple(found)


def _table(job: Job, settings: RunSettings, tools: Kit) -> _Table | None:
    """Counts of one job's reads; what may be a variant is left out."""
    if job.bam is None:
        return None
    try:
        pileup = read_reads(job.bam, tools, fasta=settings.reference, assembly=settings.assembly).pileup
    except InputError:
        return None
    seen, depth = pileup.bases.sum(axis=0), np.broadcast_to(pileup.depth, (len(BASES), pileup.length))
    error = seen <= tools.rules("calling")["model"]["background_vaf"] * depth
    return _Table(start=pileup.start, seen=np.where(error, seen, 0), depth=np.where(error, depth, 0))


def _rates(others: _Table, least: int) -> Background:
    """Rates where the others are deep enough to tell."""
    known = (others.seen > 0) & (others.depth >= least)
    return {
        (others.start + int(i), BASES[b]): float(others.seen[b, i] / others.depth[b, i])
        for b, i in zip(*known.nonzero(), strict=True)
    }
