"""File descriptors of the process, below Python's own streams."""

from __future__ import annotations

import os


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
