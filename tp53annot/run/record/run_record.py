"""``run.json``: what was asked for, with what it was done, and what came of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from tp53annot.core.allele import Build
from tp53annot.core.fields import Json, Scalar
from tp53annot.core.version import __version__
from tp53annot.knowledge.languages import languages
from tp53annot.knowledge.resources import Resources
from tp53annot.report.document import SCHEMA_VERSION, dump
from tp53annot.report.registry import FORMATS
from tp53annot.run.jobs import Plan
from tp53annot.run.outcomes import Outcome
from tp53annot.run.record.written_files import checksums
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.files import sha256_file, write_text
from tp53annot.system.versions import versions

if TYPE_CHECKING:
    from tp53annot.run.record.hidden_names import HiddenNames

_OPTION = re.compile(r"-{1,2}[A-Za-z][A-Za-z-]*")
_NUMBER = re.compile(r"[0-9.]+")
_NUMBER_FOLLOWS = (
    *("-j", "--jobs", "--min-vaf", "--report-vaf", "--min-depth", "--min-alt-reads", "--max-uncompressed"),
)
_SAMPLE_FOLLOWS = ("--sample", "--normal")
# Words that an option lets choose from; any other word may be a name.
_CHOICES = frozenset((*FORMATS, *languages(), *Build, "run", "default", "extended", "all", "mutated"))


class RunCall(Struct, frozen=True, kw_only=True):
    """How a run was called.

    Attributes:
        command: the words of the command line, without the program; empty where it was called from Python.
        inputs: the INPUTs as given.
        sheet: the sample sheet, if there is one.
        started: when, in UTC.
    """

    command: tuple[str, ...]
    inputs: tuple[Path, ...]
    sheet: Path | None
    started: datetime.datetime


def write_run_record(
    call: RunCall,
    plan: Plan,
    outcomes: Sequence[Outcome],
    failures: Sequence[str],
    settings: RunSettings,
    shown: Mapping[str, Scalar],
    output: OutputSettings,
    resources: Resources,
    carried_over: Sequence[str],
) -> None:
    """Write run.json.

    Args:
        shown: the settings with the defaults that were in force.
        carried_over: one line for each suspected carry-over.
    """
    hidden = _hidden(call, plan, settings, resources)
    digests = dict(pair for o in outcomes for pair in o.inputs)
    files = dict.fromkeys(p for job in plan.jobs for p in (*job.files, *(t.path for t in job.tables)))
    asked: dict[str, Json] = dict(shown if hidden is None else hidden.settings(shown))
    record: dict[str, Json] = {
        "tool": "tp53annot",
        "tool_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "command": _command(call.command, hidden),
        "versions": versions(),
        "started": call.started.isoformat(timespec="seconds"),
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "settings": asked | {"context": dict(settings.context)} | _more(settings, hidden),
        "output": {
            "formats": list(output.formats),
            "jobs": output.jobs,
            "resume": output.resume,
            "force": output.force,
        },
        "inputs": [
            {
                "path": _path(path, hidden),
                "sha256": (digests[path] if path in digests else _digest(path)) or None,
            }
            for path in files
        ],
        "samples": [
            {
                "sample": o.sample,
                "status": o.status,
                "folder": o.folder,
                "outcome": "resumed" if o.resumed else "done",
                "files": dict(checksums(output.folder / o.folder)),
            }
            for o in outcomes
        ],
        "failures": _texts(failures, hidden),
        "left_out": [
            {"path": _path(Path(path), hidden), "reason": _texts([reason], hidden)[0]}
            for path, reason in plan.left
        ],
        "remarks": _texts(plan.remarks, hidden),
        "carry_over": list(carried_over),
        "tables": [
            {key: asdict(t)[key] for key in ("name", "version", "sha256")} for t in resources.store.versions()
        ],
    }
    write_text(output.folder / "run.json", dump(record))


def _more(settings: RunSettings, hidden: HiddenNames | None) -> dict[str, Json]:
    """Settings that no report prints."""
    history, folder = settings.history, settings.resources
    return {
        "history": None if history is None else _path(Path(history.name), hidden),
        "pseudonymise": settings.pseudonymise is not None,
        "resources_dir": None if folder is None else _path(folder, hidden),
        "max_uncompressed_gib": settings.max_uncompressed_gib,
    }


def _hidden(call: RunCall, plan: Plan, settings: RunSettings, resources: Resources) -> HiddenNames | None:
    if settings.pseudonymise is None:
        return None
    from tp53annot.run.observations import job_names
    from tp53annot.run.record.hidden_names import names_of_run

    files: Iterable[Path] = (*call.inputs, *(Path(path) for path, _ in plan.left))
    columns = [*plan.missing_names, *(name for job in plan.jobs for name in job_names(job))]
    return names_of_run(
        plan.jobs, settings, resources, columns, (*files, *((call.sheet,) if call.sheet else ()))
    )


def _path(path: Path, hidden: HiddenNames | None) -> str:
    return str(path) if hidden is None else hidden.file(str(path))


def _texts(texts: Sequence[str], hidden: HiddenNames | None) -> list[str]:
    return list(texts) if hidden is None else [hidden.text(text) for text in texts]


def _command(words: Sequence[str], hidden: HiddenNames | None) -> list[str]:
    """The command line; with pseudonyms every word that could be a name or a path is replaced."""
    return ["tp53annot", *words] if hidden is None else ["tp53annot", *_quiet(words, hidden)]


def _quiet(words: Sequence[str], hidden: HiddenNames) -> Iterable[str]:
    before = ""
    for word in words:
        name, sign, value = word.partition("=")
        if sign and _OPTION.fullmatch(name):
            yield f"{name}={_value(name, value, hidden)}"
        elif _OPTION.fullmatch(word):
            yield word
        else:
            yield _value(before, word, hidden)
        before = word


def _value(option: str, value: str, hidden: HiddenNames) -> str:
    if option in _SAMPLE_FOLLOWS:
        return hidden.of.sample(value)
    if option == "--context":  # every report shows it
        return hidden.text(value)
    if option in _NUMBER_FOLLOWS and _NUMBER.fullmatch(value):
        return value
    return value if all(part in _CHOICES for part in value.split(",")) else hidden.file(value)


def _digest(path: Path) -> str | None:
    """Checksum of an input that failed; ``None`` where there is none to be had."""
    try:
        return sha256_file(path) if str(path) != "-" and path.is_file() else None
    except OSError:
        return None
