"""One input in a bounded process: run the command line, then judge its end and what it left."""

from __future__ import annotations

import gc
import gzip
import json
import os
import random
import re
import resource
import shutil
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec import Struct

from .in_process import call
from .kinds import KINDS
from .play import Accepted, play
from .seeds import Seeds

SECONDS, MEMORY_MIB, ADDRESS_BYTES = 10, 1024, 3 << 29
# Share of the inputs for which the command line starts its own workers, which costs as much as ten inputs.
CONTAINED, CONTAINED_SCENES = 0.1, 0.02
CODES = frozenset({0, 2, 3, 4, 5, 10})
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_TAGS = ("<script", "<img src=x", "<svg onload")
_TEMPLATES = Path(__file__).parents[2] / "tp53annot" / "report" / "templates"
_OWN_SCRIPT = (_TEMPLATES / "cohort.js").read_text().strip()
_OF_A_SHEET = r"[^:]+: (read as |the samples are in tab |the columns are named in |.* is left out)"
_INFORMATION = re.compile(
    rf"paired |left out: |.*: it may be carried over$|\d+ (sample|report)s?: |page: |{_OF_A_SHEET}"
)
_FAILED = "tp53annot: error: "


class Outcome(Struct, frozen=True, kw_only=True):
    """How one input ended; ``fault`` is ``None`` when it ended as promised."""

    number: int
    kind: str
    code: int | None
    seconds: float
    peak_mib: float
    fault: str | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """What a run feeds.

    Attributes:
        seed: with the number of an input it decides what that is.
        kinds: share of the inputs by kind, of ``KINDS`` and ``SCENES``.
        seeds: of the kinds of bytes.
        scenes: of the kinds that are scenes, each accepted unaltered.
        folder: where each input is laid out; ``made`` is where the seeds' own files are.
    """

    seed: int
    kinds: Mapping[str, int]
    seeds: Seeds
    scenes: Mapping[str, Sequence[Accepted]]
    folder: Path
    made: Path

    def choose(self, number: int) -> tuple[str, random.Random]:
        """The kind and the random generator of an input: the same for the same numbers."""
        rng = random.Random(f"{self.seed}/{number}")
        return rng.choices(list(self.kinds), list(self.kinds.values()))[0], rng

    @property
    def log(self) -> Path:
        """The input's stderr."""
        return self.folder.parent / f"{self.folder.name}.err"


def serve(pipe: Connection, plan: Plan) -> None:
    """A worker's life: one input after another, within limits of memory."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    while True:
        number, contained = pipe.recv()
        pipe.send(one(plan, number, contained=contained))


def one(plan: Plan, number: int, *, contained: bool = False) -> Outcome:
    """Build input ``number``, run it, judge it."""
    kind, rng = plan.choose(number)
    folder = plan.folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "out").mkdir(parents=True)
    os.chdir(folder)
    drawn = rng.random() < (CONTAINED if kind in KINDS else CONTAINED_SCENES)
    contained = contained or drawn  # drawn either way: the same input when it is fed again
    seconds = 0.0

    def timed(arguments: Sequence[str]) -> tuple[int | None, str]:
        nonlocal seconds
        (folder.parent / f"{folder.name}.args").write_text(json.dumps(arguments))
        _reset_peak()
        start = time.perf_counter()
        try:
            return call(arguments, plan.log, contained=contained)
        finally:
            seconds = time.perf_counter() - start

    if kind in KINDS:
        arguments = KINDS[kind][0](folder, rng, plan.seeds)
        before = {p for p in folder.rglob("*") if not p.is_relative_to(folder / "out")}
        code, stderr = timed(arguments)
        fault = judge(code, stderr, folder, before, arguments)
    else:
        scenes = plan.scenes[kind]
        chosen = rng.choices(scenes, [each.scene.share for each in scenes])[0]
        code, fault = play(chosen, folder, plan.made, rng, timed)
    peak = _peak_mib()
    if fault is None and peak > MEMORY_MIB:
        fault = f"memory: {peak:.0f} MiB"
    return Outcome(number=number, kind=kind, code=code, seconds=seconds, peak_mib=peak, fault=fault)


def judge(
    code: int | None, stderr: str, folder: Path, before: set[Path], arguments: Sequence[str]
) -> str | None:
    """What is wrong with this end, in one line; ``None`` when nothing is."""
    words = _judge_words(code, stderr, arguments)
    if words:
        return words
    out = folder / "out"
    after = {p for p in folder.rglob("*") if not p.is_relative_to(out)}
    if after != before:
        return f"files: {sorted(after ^ before)[0].name} outside the output folder"
    files = [p for p in out.rglob("*") if not p.is_dir()]
    if code in (2, 3, 4) and any(".tp53." in p.name for p in files):
        return f"files: {files[0].name} left by a failed input"
    return next((f"files: {p.name}: {problem}" for p in files if (problem := _problem(p))), None)


def _judge_words(code: int | None, stderr: str, arguments: Sequence[str]) -> str | None:
    if "Traceback" in stderr:
        last = stderr.rstrip().splitlines()
        error = next((x for x in reversed(last) if x and not x.startswith((" ", "|"))), "")
        place = next((x.strip() for x in reversed(last) if "tp53annot/" in x and "File" in x), "")
        return f"traceback: {re.sub(r'[0-9]+', '#', error)[:90]} @ {place.split('tp53annot/')[-1]}"
    if code not in CODES:
        return f"exit code {code}: {stderr[-200:]!r}"
    if _CONTROL.search(stderr):
        return f"stderr: a control character in {stderr[-200:]!r}"
    lines = stderr.splitlines()
    failed = [line for line in lines if line.startswith(_FAILED)]
    if any(len(line) > 1500 for line in failed):
        return "stderr: a line of more than 1500 characters"
    if code == 2:
        return None if "rror: " in stderr else f"stderr: no error said: {stderr[-200:]!r}"
    rest = [x for x in lines if x not in failed and not _INFORMATION.match(x)]
    if rest and arguments[0] != "render":
        return f"stderr: {rest[0][:150]!r}"
    several = arguments[0] in ("explain", "evidence", "resources") or "--samples" in arguments
    if code in (3, 4) and len(failed) != 1 and not (several and failed):
        return f"stderr: {len(failed)} lines for exit code {code}"
    return f"stderr: an error and exit code {code}" if code in (0, 10) and failed else None


def _problem(path: Path) -> str | None:
    name = path.name
    if name.startswith(".tp53annot-"):
        return "half-written"
    if path.is_symlink():
        return "a link"
    try:
        if name.endswith(".json"):
            json.loads(path.read_text("utf-8", "surrogateescape"), parse_constant=_refuse)
        elif name.endswith(".vcf.gz"):
            gzip.decompress(path.read_bytes())
        elif name.endswith(".html"):
            page = path.read_text("utf-8", "surrogateescape")
            if name == "cohort.html":
                page = page.replace(f"<script>{_OWN_SCRIPT}</script>", "")
            page = page.lower()
            return "markup of the input" if any(tag in page for tag in _TAGS) else None
        elif name.endswith(".tsv"):
            widths = {x.count("\t") for x in path.read_text("utf-8", "surrogateescape").split("\n") if x}
            return "ragged" if len(widths) > 1 else None
    except (ValueError, OSError, EOFError) as error:
        return str(error)[:100]
    return None


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> float:
    """Highest resident memory since the reset, of this process; of its workers since their begin."""
    status = Path("/proc/self/status").read_text()
    own = int(re.search(r"VmHWM:\s+(\d+)", status).group(1))  # type: ignore[union-attr]
    return max(own, _new_child_peak()) / 1024


_highest_child = 0


def _new_child_peak() -> int:
    """The workers' peak when this input raised it (the kernel keeps one figure for all)."""
    global _highest_child
    now = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    raised, _highest_child = now > _highest_child, max(now, _highest_child)
    return now if raised else 0
