"""File descriptors of the process, below Python's own streams."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tp53annot.errors import OutputError


def lead_nowhere(number: int) -> None:
    """Let descriptor ``number`` lead nowhere.

    A container or a chroot may lack the null device; an unnamed file then takes what is written.

    Raises:
        OSError: no descriptor is left, or no file can be made.
    """
    try:
        target = os.open(os.devnull, os.O_WRONLY)
    except (FileNotFoundError, PermissionError):
        import tempfile

        with tempfile.TemporaryFile() as unnamed:
            os.dup2(unnamed.fileno(), number)
        return
    os.dup2(target, number)
    os.close(target)


def open_standard() -> None:
    """Fill standard descriptors that the caller closed, so that no file of ours gets their numbers.

    What would be said goes nowhere; data for standard output fails, as it must not be lost unseen.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            _fill(number, flags)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 (for as long as the process lasts)
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115


def _fill(number: int, flags: int) -> None:
    try:
        target = os.open(os.devnull, flags)
    except OSError:  # no null device: the number stays free
        return
    if target != number:
        os.dup2(target, number)
        os.close(target)


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep what C libraries print off the terminal while the block lasts.

    Raises:
        OutputError: the process has no file descriptors left.
    """
    sys.stderr.flush()
    try:
        saved = os.dup(2)
        lead_nowhere(2)
    except OSError as error:
        raise OutputError("no file descriptors left", fix="raise the limit (ulimit -n)") from error
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
