"""``python -m tests.fuzz``: feed mutated inputs, keep those that break a promise, write the report."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from .harness import SECONDS, Outcome, Plan, one, serve
from .in_process import call
from .kinds import KINDS
from .play import Accepted, all_accepted
from .scenes import SCENES
from .seeds import ROOT, make

RECYCLE = 400


class Worker:
    """A forked process that takes inputs one by one, replaced when it dies or hangs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.done = 0
        self.process = context.Process(target=serve, args=(theirs, self.plan))
        self.process.start()
        theirs.close()

    def feed(self, number: int, *, contained: bool = False) -> Outcome:
        """The outcome of one input; a death or a hang is one, too.

        An input that kills this worker by a signal is fed again to a command line with its own
        workers: there the crash of a C library must cost one line only.
        """
        start = time.perf_counter()
        self.pipe.send((number, contained))
        fault = None
        try:
            if self.pipe.poll(SECONDS + 5):
                outcome: Outcome = self.pipe.recv()
                self.done += 1
                if outcome.seconds > SECONDS:
                    fault = f"hang: {outcome.seconds:.1f} s"
                else:
                    if self.done >= RECYCLE:
                        self.stop()
                        self.start()
                    return outcome
            fault = fault or "hang"
        except EOFError:
            self.process.join()
            fault = f"death: {self.process.exitcode}"
        self.stop()
        self.start()
        if fault.startswith("death: -") and not contained:
            return self.feed(number, contained=True)
        kind = self.plan.choose(number)[0]
        return Outcome(
            number=number, kind=kind, code=None, seconds=time.perf_counter() - start, peak_mib=0, fault=fault
        )

    def stop(self) -> None:
        """End the process and whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()  # one that has no group of its own yet
        self.process.join()
        self.pipe.close()


def feed(plan: Plan, numbers: Iterator[int], seconds: float, keep: Path) -> Iterator[Outcome]:
    """Outcomes until the inputs or the time are used up; inputs with a fault are kept."""
    start, folder = time.monotonic(), plan.folder
    worker = Worker(plan)
    try:
        for number in numbers:
            if time.monotonic() - start > seconds:
                break
            outcome = worker.feed(number)
            if outcome.fault:
                target = keep / f"{number}"
                shutil.copytree(folder, target, dirs_exist_ok=True, symlinks=True)
                for ending in ("args", "err"):
                    if (log := Path(f"{folder}.{ending}")).exists():
                        shutil.copy(log, target)
            yield outcome
    finally:
        worker.stop()


@contextlib.contextmanager
def planned(seed: int, kinds: Sequence[str]) -> Iterator[Plan]:
    """Seeds made, and scenes accepted, in a folder in memory that goes with the plan.

    Raises:
        RefusedSeedError: the program does not take a scene as it stands.
    """
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        root = Path(name)
        made, folder = root / "seeds", root / "case"
        made.mkdir()
        scenes: dict[str, list[Accepted]] = defaultdict(list)
        chosen = [kind for kind in kinds if kind in SCENES]
        for kind, scene in all_accepted(
            folder, made, lambda words: call(words, root / "case.err", contained=False), chosen
        ):
            scenes[kind].append(scene)
        shares = {kind: (SCENES | KINDS)[kind][1] for kind in kinds}
        yield Plan(seed=seed, kinds=shares, seeds=make(made), scenes=scenes, folder=folder, made=made)


def report(outcomes: list[Outcome], seed: int, seconds: float) -> str:
    """Markdown: counts by kind and exit code, slowest, highest memory, faults."""
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.kind].append(outcome)
    codes = sorted({o.code for o in outcomes if o.code is not None})
    faults = [o for o in outcomes if o.fault]
    lines = [
        f"{len(outcomes):,} inputs with seed {seed} in {seconds / 60:.1f} minutes, one at a time "
        f"(Python {platform.python_version()}, {platform.machine()}); {len(faults)} broke a promise.", "",
        "| kind | inputs | " + " | ".join(f"exit {c}" for c in codes) + " | slowest s | peak MiB | faults |",
        "|---|---|" + "---|" * (len(codes) + 3),
    ]  # fmt: skip
    for kind, found in sorted(kinds.items()):
        count = Counter(o.code for o in found)
        lines.append(
            f"| {kind} | {len(found):,} | " + " | ".join(f"{count[c]:,}" for c in codes)
            + f" | {max(o.seconds for o in found):.2f} ({max(found, key=lambda o: o.seconds).number}) | {max(o.peak_mib for o in found):.0f} "
            f"| {sum(1 for o in found if o.fault)} |"
        )  # fmt: skip
    if faults:
        lines += ["", "| fault | inputs | e.g. |", "|---|---|---|"]
        same = Counter(f"{o.kind}: {o.fault}" for o in faults)
        first = {f"{o.kind}: {o.fault}": o.number for o in reversed(faults)}
        lines += [f"| {fault.replace('|', '/')} | {n} | {first[fault]} |" for fault, n in same.most_common()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Exit 1 when an input broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=[*KINDS, *SCENES], help="a,b")
    parser.add_argument("--only", type=int, help="run this one input in the foreground")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "tp53annot-fuzz")
    parser.add_argument("--report", type=Path, help="Markdown file to write")
    options = parser.parse_args()
    unknown = [kind for kind in options.kinds if kind not in SCENES | KINDS]
    if unknown:
        parser.error(f"no kind {unknown[0]!r}; there are {', '.join(SCENES | KINDS)}")
    with planned(options.seed, options.kinds) as plan:
        if options.only is not None:
            outcome = one(plan, options.only, contained=True)
            shutil.copytree(plan.folder, options.keep / "only", dirs_exist_ok=True, symlinks=True)
            sys.stdout.write(
                f"{outcome}\n{plan.log.with_suffix('.args').read_text()[:2000]}\n{plan.log.read_text()}"
            )
            return 1 if outcome.fault else 0
        start = time.monotonic()
        numbers = iter(range(options.first, options.first + options.inputs))
        outcomes = []
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):  # what was done until then is reported
            for outcome in feed(plan, numbers, options.seconds, options.keep):
                outcomes.append(outcome)
                if outcome.fault:
                    sys.stderr.write(f"{outcome.number} {outcome.kind}: {outcome.fault}\n")
    text = report(outcomes, options.seed, time.monotonic() - start)
    if options.report:
        head = (ROOT / "tests" / "fuzz" / "report_head.md").read_text()
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(head + text)
    sys.stdout.write(text)
    return 1 if any(o.fault for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
