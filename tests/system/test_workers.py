"""Worker processes: order, crashes and early ends."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest

from tp53annot.errors import InputError
from tp53annot.system import signals
from tp53annot.system.workers import contained, run_jobs


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
    assert not signals.children


def _faulty(number: int) -> int:
    if number == 1:
        raise InputError("cannot be read", path="x.vcf", fix="mend it")
    if number == 2:
        raise _UnpicklableError("a", "b")
    return number


class _UnpicklableError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def test_what_a_job_raises_reaches_the_caller_with_its_traceback() -> None:
    ends = sorted(run_jobs(_faulty, range(4), 2), key=lambda end: end.index)
    assert isinstance(ends[1].error, InputError) and str(ends[1].error) == "x.vcf: cannot be read; mend it"
    assert isinstance(ends[2].error, RuntimeError) and "_UnpicklableError" in str(ends[2].error)
    assert "in _faulty" in ends[2].error.__notes__[0]
    assert [end.result for end in ends] == [0, None, None, 3]


def test_a_worker_killed_while_idle_is_that_jobs_end_only() -> None:
    jobs = run_jobs(_square, [1, 2, 4, 6], 1)
    first = next(jobs)
    while signals.children and (pid := next(iter(signals.children))):
        os.kill(pid, signal.SIGKILL)
        break
    ends = [first, *jobs]
    assert len(ends) == 4 and sum(end.death is not None for end in ends) == 1


def test_a_crash_in_a_contained_call_is_one_line() -> None:
    assert contained(lambda: 7, "x.bam") == 7
    with pytest.raises(InputError, match=r"x\.bam: the process reading it was ended by SIGKILL; check"):
        contained(lambda: os.kill(os.getpid(), signal.SIGKILL), "x.bam")
    with pytest.raises(ZeroDivisionError):
        contained(lambda: 1 // 0, "x.bam")
    assert not signals.children


def test_a_machine_without_null_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "devnull", "/nowhere/null")
    assert contained(lambda: os.write(2, b"unseen"), "x.bam") == 6


def test_a_fault_of_the_process_itself_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "devnull", "/nowhere/null")
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(FileNotFoundError, match="No such file or directory: '/nowhere"):
        contained(lambda: 7, "x.bam")
    assert not signals.children
    monkeypatch.undo()
    with pytest.raises(Exception, match="pickle"):
        contained(lambda: lambda: 7, "x.bam")
