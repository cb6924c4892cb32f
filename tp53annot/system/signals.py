"""What a signal must undo: worker processes and half-written files of this process.

A signal raises no exception here: one raised inside a destructor, a generator's end or a C
extension is swallowed or becomes a traceback. The handler undoes what is registered and ends the
process at once; between two bytecodes that is safe at any moment.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_COMPANIONS = ("", ".tbi", ".csi", ".vcf")  # what writing a file may leave beside its temporary name
_PATIENCE_S = 5.0

children: set[int] = set()
unfinished: set[str] = set()


def take_in_hand(code: int, line: bytes) -> None:
    """End the process on SIGINT, SIGTERM and SIGHUP: undo, one line on stderr, ``code``.

    A signal that the caller of the process ignores (``nohup``, ``&`` in a script) stays ignored.
    """
    stderr = os.dup(2)  # the place of the messages of C libraries is redirected at times

    def end(_signal: int, _frame: object) -> None:
        ignore()
        end_children(tuple(children))
        discard_unfinished()
        with suppress(OSError):
            os.write(stderr, line)
        os._exit(code)

    for number in HANDLED:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def ignore() -> None:
    """From now on signals change nothing."""
    for number in HANDLED:
        signal.signal(number, signal.SIG_IGN)


def become_worker() -> None:
    """In a forked worker: the parent decides; SIGTERM ends it and removes what is half-written."""
    children.clear()
    unfinished.clear()

    def end(_signal: int, _frame: object) -> None:
        discard_unfinished()
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)


@contextmanager
def held() -> Iterator[None]:
    """Signals wait until the block is left, in this process and in one forked in it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_children(pids: Collection[int]) -> None:
    """Terminate and reap workers; one that does not listen is killed."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    patient_until = time.monotonic() + _PATIENCE_S
    while (left := children.intersection(pids)) and time.monotonic() < patient_until:
        for pid in left:
            reap(pid, os.WNOHANG)
        time.sleep(0.002)
    for pid in children.intersection(pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        reap(pid)


def reap(pid: int, options: int = 0) -> int | None:
    """Wait for a worker; its exit code (negative: the signal), ``None`` while it runs or is unknown."""
    with held():
        try:
            done, status = os.waitpid(pid, options)
        except ChildProcessError:
            done, status = pid, None
        if done:
            children.discard(pid)
    return os.waitstatus_to_exitcode(status) if done and status is not None else None


def discard_unfinished() -> None:
    """Remove this process's half-written files."""
    for path in tuple(unfinished):
        discard(path)


def discard(path: str) -> None:
    """Remove a temporary file and what was written beside it, or a temporary folder with its files."""
    with suppress(OSError):  # no folder
        for name in os.listdir(path):  # noqa: PTH208
            os.unlink(f"{path}/{name}")  # noqa: PTH108
        os.rmdir(path)  # noqa: PTH106
    for ending in _COMPANIONS:
        with suppress(OSError):
            os.unlink(path + ending)  # noqa: PTH108  # no pathlib before the signals are in hand
    unfinished.discard(path)
