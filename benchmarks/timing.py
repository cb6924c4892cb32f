"""Time commands as whole processes, in turn, and report medians and pairwise ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

_MEASURED = Path(__file__).with_name("measured.py")


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

    Raises:
        RuntimeError: the command failed; its last words are in the message.
    """
    ours, theirs = os.pipe()
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_MEASURED), str(theirs), *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(env or {})}, pass_fds=[theirs],
    )  # fmt: skip
    os.close(theirs)
    with os.fdopen(ours, encoding="ascii") as pipe:
        wall, cpu, peak, code = pipe.read().split() or "000?"
    if code != "0":
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {done.stderr[-500:]!r}")
    return float(wall), float(cpu), float(peak) / 1024


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
