"""Time commands as whole processes, in turn, and report medians and pairwise ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence

from msgspec import Struct


class Timing(Struct, frozen=True, kw_only=True):
    """One command over several runs: wall and CPU seconds, peak resident memory in MiB."""

    name: str
    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    peak_mib: float

    @property
    def median(self) -> float:
        """Median wall seconds."""
        return statistics.median(self.wall)


def run_once(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of one run.

    The peak is never below that of the process that measures: the kernel carries it over a fork.

    Raises:
        RuntimeError: the command failed; its last words are in the message.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(env or {})}
    ) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {errors[-500:]!r}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(commands: Mapping[str, Sequence[str]], runs: int = 5) -> list[Timing]:
    """Time every command ``runs`` times after one warm-up, in turn (A B A B ...)."""
    results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            figures = run_once(command)
            if number:
                results[name].append(figures)
    return [
        Timing(
            name=name,
            wall=tuple(f[0] for f in figures),
            cpu=tuple(f[1] for f in figures),
            peak_mib=max(f[2] for f in figures),
        )
        for name, figures in results.items()
    ]


def table(timings: Sequence[Timing], baseline: str) -> str:
    """A Markdown table with medians, ranges and the ratio to ``baseline`` pair by pair."""
    base = next(t for t in timings if t.name == baseline)
    lines = [
        "| command | wall s (median) | min–max | CPU s (median) | peak MiB | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for t in timings:
        ratio = statistics.median(a / b for a, b in zip(t.wall, base.wall, strict=True))
        lines.append(
            f"| {t.name} | {t.median:.3f} | {min(t.wall):.3f}–{max(t.wall):.3f} | "
            f"{statistics.median(t.cpu):.3f} | {t.peak_mib:.0f} | {ratio:.2f} |"
        )
    return "\n".join(lines) + "\n"
