"""Worker processes in which a crash costs one job only.

A pool of the standard library breaks as a whole when one process dies inside a C library; here
each worker holds one job at a time, so its death is that job's outcome and a new worker follows.

Pebble's pool contains a crash, too, but pickles each job (here jobs are closures over tables that
forked workers share) and does not tell the process ids that the handler of a signal has to end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import Generic, NoReturn, TypeVar

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.system import signals
from tp53annot.system.descriptors import lead_nowhere

Item = TypeVar("Item")
Result = TypeVar("Result")


class Finished(Struct, Generic[Result], frozen=True, kw_only=True):
    """One job's end: its position in the list, and a result, an exception or the way its process died."""

    index: int
    result: Result | None = None
    error: Exception | None = None
    death: str | None = None


def usable_cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


class _Worker(Generic[Item, Result]):
    """One forked process and the job it holds."""

    def __init__(
        self, function: Callable[[Item], Result], items: Sequence[Item], others: Sequence[Connection]
    ) -> None:
        self.pipe, theirs = Pipe()
        self.index = 0
        sys.stdout.flush()  # else the worker would write it once more
        with signals.held():
            self.process = os.fork()
            if self.process == 0:
                _serve(function, items, theirs, [self.pipe, *others])
            signals.children.add(self.process)
        theirs.close()

    def give(self, index: int | None) -> bool:
        """Send the next job; with none left, let the process end."""
        if index is None:
            self.pipe.close()
            signals.reap(self.process)
            return False
        self.index = index
        with suppress(BrokenPipeError):  # died while idle: `take` says how
            self.pipe.send(index)
        return True

    def take(self) -> Finished[Result]:
        """The end of the job this worker holds."""
        try:
            result, error = self.pipe.recv()
            return Finished(index=self.index, result=result, error=error)
        except (EOFError, ConnectionError):
            self.pipe.close()
            return Finished(index=self.index, death=self._death())

    def _death(self) -> str:
        code = signals.reap(self.process) or 0
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"the process reading it {how}"


def run_jobs(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Generator[Finished[Result], None, None]:
    """Yield every job's end as it comes, exceptions of ``function`` included.

    Workers are forked, so tables loaded before are shared and standard input is theirs to read.
    Leaving the generator early ends the workers.
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
                following = next(waiting, None)
                successor = start() if end.death is not None and following is not None else worker
                if (end.death is None or successor is not worker) and successor.give(following):
                    workers.append(successor)
                yield end
    finally:
        signals.end_children([worker.process for worker in workers])


def contained(function: Callable[[], Result], path: str, fix: str = "check that the file is whole") -> Result:
    """The result of ``function``, run in a process of its own: a crash in a C library is one line.

    Raises:
        InputError: the process died; what ``function`` raises is raised here, too.
    """
    (end,) = run_jobs(lambda _: function(), [None], 1)
    if end.death is not None:
        raise InputError(end.death, path=path, fix=fix)
    if end.error is not None:
        raise end.error
    return end.result  # type: ignore[return-value]


def _serve(
    function: Callable[[Item], Result], items: Sequence[Item], pipe: Connection, inherited: list[Connection]
) -> NoReturn:
    """The life of a worker; it never returns into the parent's code."""
    try:
        signals.become_worker()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals.HANDLED)
        for other in inherited:
            other.close()
        lead_nowhere(2)  # C libraries talk; what is ours goes through the pipe
        while True:
            index = pipe.recv()
            pipe.send(_end_of(function, items[index]))
    except (EOFError, ConnectionError):  # no more work, or the parent is gone
        os._exit(0)
    except Exception as error:  # a fault of this process is none of the file it would have read
        pipe.send((None, _portable(error)))
    finally:
        os._exit(1)


def _end_of(function: Callable[[Item], Result], item: Item) -> tuple[Result | None, Exception | None]:
    try:
        result = function(item)
        sys.stdout.flush()
    except Exception as error:  # told to the parent, which raises or lists it
        return None, _portable(error)
    return result, None


def _portable(error: Exception) -> Exception:
    """The exception with its traceback as a note, or another in its place if it cannot be pickled."""
    import pickle
    import traceback

    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(repr(error))
    error.add_note(traceback.format_exc())
    return error
