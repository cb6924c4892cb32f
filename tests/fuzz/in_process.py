"""The command line run in this process, with its descriptors led away and, when asked, without its workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_LATE = "Closing failed"  # pysam's words when a file goes; a worker of the command line has no stderr


def call(arguments: Sequence[str], log: Path, *, contained: bool = True) -> tuple[int | None, str]:
    """Exit code and stderr of the command line, run in this process with its descriptors led away."""
    from tp53annot import cli

    _hold(contained)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    target = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(target, 2)
    code: int | None = 1
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for number, old in enumerate(saved, 1):
            os.dup2(old, number)
            os.close(old)
        os.close(target)
        os.close(null)
    said = log.read_text("utf-8", "backslashreplace")
    if contained:
        return code, said
    return code, "".join(
        line for line in said.splitlines(keepends=True) if not (line.startswith("OSError") and _LATE in line)
    )


def _hold(contained: bool) -> None:
    """Let the command line start its worker processes, or (much quicker) do their work in this one.

    This process is as expendable as a worker: its death is seen, and counts as a fault.
    """
    from tp53annot.run import batch, pipeline, read_reports, vcf_annotation
    from tp53annot.system import workers

    batch.run_jobs = workers.run_jobs if contained else _in_turn  # type: ignore[assignment, attr-defined]
    for module in (pipeline, read_reports, vcf_annotation):
        module.contained = workers.contained if contained else _here  # type: ignore[attr-defined]


def _in_turn(function: Any, items: Sequence[Any], _processes: int) -> Iterator[Any]:
    from tp53annot.system.workers import Finished

    for number, item in enumerate(items):
        yield Finished(index=number, result=_here(lambda item=item: function(item)))


def _here(function: Any, *_words: str) -> Any:
    from tp53annot.system.descriptors import quiet_stderr

    with quiet_stderr():
        return function()
