"""A history as text or JSON, and the samples that a name means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tp53annot.core.text import cell, tsv
from tp53annot.errors import InputError, UsageError, printable
from tp53annot.history.database import FORMS, open_history
from tp53annot.history.entry import RecordedSample, storable
from tp53annot.report.document import dump
from tp53annot.report.model.json_form import to_json

LIST_COLUMNS = ("number", "patient", "sample", "sample_date", "status", "variants", "recorded")


def list_history(path: Path, *, as_json: bool) -> str:
    """One line for each sample: patient, name, day, status, reported variants with their VAF, when it was recorded.

    Raises:
        InputError: the file cannot be used.
    """
    with open_history(path) as history:
        found = history.samples()
    if as_json:
        return dump([dict(zip(LIST_COLUMNS, _line(s), strict=True)) for s in found])
    return tsv(LIST_COLUMNS, [[cell(value) for value in _line(s)] for s in found])


def _line(s: RecordedSample) -> tuple[str | int | None, ...]:
    reported = [c for c in s.changes if c.listed == "variants"]
    shown = "; ".join(
        f"{c.hgvs_p_short} ({c.hgvs_c})" + ("" if c.vaf is None else f" {c.vaf:.3f}") for c in reported
    )
    return s.number, s.patient, s.sample, s.date, s.status, shown or None, s.recorded


def export_history(path: Path) -> str:
    """Everything that is kept, as JSON.

    Raises:
        InputError: the file cannot be used.
    """
    with open_history(path) as history:
        found = history.samples()
    return dump({"form": len(FORMS), "samples": [to_json(s) for s in found]})


def show_history(path: Path, names: Sequence[str]) -> str:
    """Everything that is kept of a patient or of a sample of one of these names, as JSON.

    Raises:
        InputError: the file cannot be used, or nothing of that name is in it.
    """
    with open_history(path) as history:
        found = history.samples()
    wanted = set(map(storable, names))
    chosen = [s for s in found if wanted & {s.patient, s.sample}]
    if not chosen:
        raise _absent(path, f"patient or sample {names[0]!r}")
    return dump([to_json(s) for s in chosen])


def forget_samples(path: Path, *, patient: str | None, sample: str | None) -> list[str]:
    """Remove a patient's samples, or those of a name, and overwrite where they stood; returns one line for each.

    Raises:
        UsageError: nothing is named.
        InputError: the file cannot be used, or nothing of that name is in it.
    """
    if patient is None and sample is None:
        raise UsageError("say whom to forget: --patient NAME, --sample NAME, or both")
    with open_history(path) as history:
        found = _meant(path, history.names(), patient, sample)
        history.forget([number for number, _, _ in found])
    return [
        printable(f"forgotten: sample {name} of patient {of or '(none)'}, number {number}")
        for number, of, name in found
    ]


def _meant(
    path: Path, found: Sequence[tuple[int, str | None, str]], patient: str | None, sample: str | None
) -> list[tuple[int, str | None, str]]:
    chosen = [
        (number, of, name)
        for number, of, name in found
        if (patient is None or of == storable(patient)) and (sample is None or name == storable(sample))
    ]
    if not chosen:
        named = [f"{kind} {name!r}" for kind, name in (("patient", patient), ("sample", sample)) if name]
        raise _absent(path, " with ".join(named))
    return chosen


def _absent(path: Path, what: str) -> InputError:
    return InputError(f"there is no {what}", path=str(path), fix="history list shows what is in it")


def verify_history(path: Path) -> tuple[int, list[str]]:
    """How many samples a history holds, and one line for each fault of its file.

    Raises:
        InputError: the file cannot be used at all.
    """
    with open_history(path) as history:
        faults = history.faults()
        return (0 if faults else len(history.samples())), faults
