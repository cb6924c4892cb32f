"""Worker processes: order, crashes and early ends."""

from __future__ import annotations

import multiprocessing
import os
import signal

from tp53annot.workers import run_jobs


def _square(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        os._exit(7)
    return number * number


def test_every_job_ends_once_and_a_crash_costs_only_its_job() -> None:
    ends = sorted(run_jobs(_square, range(20), 3), key=lambda end: end.index)
    assert [end.index for end in ends] == list(range(20))
    assert ends[3].death is not None and "SIGKILL" in ends[3].death
    assert ends[5].death is not None and "exit code 7" in ends[5].death
    assert [end.result for end in ends if end.death is None] == [n * n for n in range(20) if n not in (3, 5)]


def test_more_processes_than_jobs_and_no_jobs() -> None:
    assert [end.result for end in run_jobs(_square, [2], 8)] == [4]
    assert list(run_jobs(_square, [], 4)) == []


def test_leaving_early_ends_the_workers() -> None:
    ends = run_jobs(_square, [1, 2, 4, 6, 7], 2)
    next(ends)
    ends.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
