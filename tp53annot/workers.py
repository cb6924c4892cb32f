"""Worker processes in which a crash costs one job only.

A pool of the standard library breaks as a whole when one process dies inside a C library; here
each worker holds one job at a time, so its death is that job's outcome and a new worker follows.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[Result]):
    """One job's end: its position in the list, and a result or the way its process died."""

    index: int
    result: Result | None = None
    death: str | None = None


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    index: int | None = None


def run_jobs(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Iterator[Finished[Result]]:
    """Yield every job's end as it comes; ``function`` must return its expected failures as results.

    Workers are forked, so tables loaded before are shared. Leaving the generator early (an
    interrupt) ends the workers.
    """
    context = multiprocessing.get_context("fork")
    waiting = iter(range(len(items)))
    workers: list[_Worker] = []

    def start() -> _Worker:
        ours, theirs = context.Pipe()
        others = [w.pipe for w in workers]
        process = context.Process(target=_serve, args=(function, items, theirs, [ours, *others]), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def feed(worker: _Worker) -> bool:
        worker.index = next(waiting, None)
        if worker.index is not None:
            worker.pipe.send(worker.index)
        return worker.index is not None

    try:
        for _ in range(min(processes, len(items))):
            worker = start()
            feed(worker)
            workers.append(worker)
        while workers:
            by_pipe = {worker.pipe: worker for worker in workers}
            for pipe in wait(list(by_pipe)):
                worker = by_pipe[pipe]  # type: ignore[index]
                assert worker.index is not None
                try:
                    end = Finished[Result](index=worker.index, result=worker.pipe.recv())
                except EOFError:
                    end = Finished[Result](index=worker.index, death=_death(worker))
                workers.remove(worker)
                if end.death is not None:
                    worker = start()
                if feed(worker):
                    workers.append(worker)
                else:
                    worker.pipe.close()
                    worker.process.join()
                yield end
    finally:
        for worker in workers:
            worker.process.terminate()
            worker.process.join()


def _serve(
    function: Callable[[Item], Result], items: Sequence[Item], pipe: Connection, inherited: list[Connection]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when an interrupt ends the run
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:
        other.close()
    while True:
        try:
            index = pipe.recv()
        except EOFError:
            os._exit(0)
        pipe.send(function(items[index]))


def _death(worker: _Worker) -> str:
    worker.process.join()
    code = worker.process.exitcode or 0
    if code < 0:
        return f"the process reading it was ended by {signal.Signals(-code).name}"
    return f"the process reading it ended with exit code {code}"
