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
