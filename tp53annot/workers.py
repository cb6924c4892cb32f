"""Worker processes in which a crash costs one job only.

A pool of the standard library breaks as a whole when one process dies inside a C library; here
each worker holds one job at a time, so its death is that job's outcome and a new worker follows.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
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


class _Worker(Generic[Item, Result]):
    """One forked process and the job it holds."""

    def __init__(
        self, function: Callable[[Item], Result], items: Sequence[Item], others: Sequence[Connection]
    ) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.index: int | None = None
        arguments = (function, items, theirs, [self.pipe, *others])
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def give(self, index: int | None) -> bool:
        """Send the next job; with none left, let the process end."""
        self.index = index
        if index is None:
            self.pipe.close()
            self.process.join()
            return False
        self.pipe.send(index)
        return True

    def take(self) -> Finished[Result]:
        """The end of the job this worker holds."""
        assert self.index is not None
        try:
            return Finished(index=self.index, result=self.pipe.recv())
        except EOFError:
            return Finished(index=self.index, death=self._death())

    def _death(self) -> str:
        self.process.join()
        code = self.process.exitcode or 0
        if code < 0:
            return f"the process reading it was ended by {signal.Signals(-code).name}"
        return f"the process reading it ended with exit code {code}"


def run_jobs(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Generator[Finished[Result], None, None]:
    """Yield every job's end as it comes; ``function`` must return its expected failures as results.

    Workers are forked, so tables loaded before are shared. Leaving the generator early (an
    interrupt) ends the workers.
    """
    waiting = iter(range(len(items)))
    workers: list[_Worker[Item, Result]] = []

    def start() -> _Worker[Item, Result]:
        return _Worker(function, items, [w.pipe for w in workers])

    try:
        for _ in range(min(processes, len(items))):
            worker = start()
            worker.give(next(waiting))
            workers.append(worker)
        while workers:
            ready = set(wait([worker.pipe for worker in workers]))
            for worker in [w for w in workers if w.pipe in ready]:
                end = worker.take()
                workers.remove(worker)
                successor = worker if end.death is None else start()
                if successor.give(next(waiting, None)):
                    workers.append(successor)
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
