"""The exception tree and the exit codes of the command line.

An expected failure is one line: file, place, cause, how to mend. A bug is a traceback (exit 1).
"""

from __future__ import annotations

import errno
from enum import IntEnum

_MOST_FAULTS = 200  # lines that are shown


class ExitCode(IntEnum):
    """Public exit codes of every command."""

    OK = 0
    BUG = 1
    USAGE = 2
    INPUT = 3
    RESOURCES = 4
    PARTIAL = 5
    MUTATED = 10
    INTERRUPTED = 130


class Tp53AnnotError(Exception):
    """An expected failure; ``str(error)`` is the one line shown to the user."""

    exit_code: ExitCode = ExitCode.BUG

    @property
    def lines(self) -> tuple[str, ...]:
        """What the user is shown: one line, or one for each of several faults."""
        return (str(self),)


class UsageError(Tp53AnnotError):
    """Options that contradict each other or cannot be understood."""

    exit_code = ExitCode.USAGE


class InputError(Tp53AnnotError):
    """An input that cannot be used.

    Args:
        cause: what is wrong, in one sentence without a full stop.
        path: the file as the user named it, ``None`` when no file is involved.
        place: where in the file ("line 12", "record chr17:7675088"), if known.
        fix: what the user can do about it.
    """

    exit_code = ExitCode.INPUT

    def __init__(
        self, cause: str, *, path: str | None = None, place: str | None = None, fix: str | None = None
    ) -> None:
        self.cause, self.path, self.place, self.fix = cause, path, place, fix
        where = ": ".join(printable(part) for part in (path, place) if part)
        line = f"{where}: {printable(cause)}" if where else printable(cause)
        super().__init__(f"{line}; {printable(fix)}" if fix else line)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.cause, self.path, self.place, self.fix))


def _rebuild(
    kind: type[InputError], cause: str, path: str | None, place: str | None, fix: str | None
) -> InputError:
    return kind(cause, path=path, place=place, fix=fix)


class FaultsError(InputError):
    """All faults of a sheet or of a lab file at once, each an error with its own place, cause and fix.

    Args:
        faults: at least one, in the order of the lines.
        path: the file.
    """

    def __init__(self, faults: tuple[InputError, ...], path: str) -> None:
        self.faults = faults
        more = f"; and {len(faults) - 1} further faults" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.faults, self.path))

    @property
    def lines(self) -> tuple[str, ...]:
        """Each fault, the first of very many, and how many there are."""
        if len(self.faults) == 1:
            return (str(self.faults[0]),)
        shown = tuple(str(fault) for fault in self.faults[:_MOST_FAULTS])
        rest = len(self.faults) - len(shown)
        left = f", {rest} of them not shown" if rest else ""
        end = f"{printable(self.path or '')}: {len(self.faults)} faults{left}; nothing was run"
        return (*shown, end)


class ResourceError(Tp53AnnotError):
    """Bundled tables, rules or texts that are missing, altered or contradictory."""

    exit_code = ExitCode.RESOURCES


class OutputError(InputError):
    """An output that cannot be written (full disk, no permission, already there)."""


class StorageError(OutputError):
    """No output can be written any more (full disk, quota, read-only): the run ends, not one sample."""


def printable(text: str, limit: int = 300) -> str:
    """Make outside text safe for one terminal line: no control characters, bounded length."""
    shown = "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text[: limit + 1])
    return shown if len(text) <= limit else shown[:limit] + "..."


def environment_fault(error: OSError | MemoryError) -> str:
    """The one line for a refusal of the operating system that no door foresaw."""
    if isinstance(error, MemoryError):
        return "not enough memory for this input; raise the limit, or give only the TP53 region of the file"
    if error.errno == errno.EBADF and error.filename is None:
        return "standard output is closed; give it a place to go (> FILE), or leave it open"
    where = f"{printable(str(error.filename))}: " if error.filename is not None else ""
    return f"{where}{error.strerror or error}; check the file and the disk"
