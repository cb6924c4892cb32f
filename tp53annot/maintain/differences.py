"""What differs between two resources folders: files, and the classes of all changes of the gene."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from tp53annot.interpret.all_changes import ClassChange, GeneRow, class_changes
from tp53annot.interpret.interpreter import Interpreter, interpreter_of
from tp53annot.knowledge.store import ManifestEntry
from tp53annot.knowledge.tables.registry import Knowledge


class _FileState(TypedDict):
    version: str
    rows: int | None


class _FileDifference(TypedDict):
    file: str
    before: _FileState | None
    after: _FileState | None


# "class" is no name in Python.
_ClassState = TypedDict("_ClassState", {"class": str, "points": int})


class _ClassDifference(TypedDict):
    hgvs_c: str
    hgvs_p: str
    before: _ClassState | None
    after: _ClassState | None


class _WordDifference(TypedDict):
    hgvs_c: str
    before: str
    after: str


class _GermlineDifferences(TypedDict):
    added: int
    removed: int
    changed: list[_WordDifference]


class FolderDifferences(TypedDict):
    """What :func:`compare` finds, as ``resources diff --json`` prints it."""

    files: list[_FileDifference]
    classes: list[_ClassDifference]
    germline: _GermlineDifferences


def compare(
    before: Path | None, after: Path | None, *, rows: tuple[GeneRow, ...] | None = None
) -> FolderDifferences:
    """Changed files (name, versions, rows), classes and published germline classifications.

    Args:
        before: a resources folder; ``None``: the bundled one.
        after: another.
        rows: the classes of ``after``, where they were worked out before.

    Raises:
        ResourceError: one of the folders is damaged.
    """
    left_side, right_side = interpreter_of(before), interpreter_of(after)
    old, new = left_side.resources, right_side.resources
    left, right = old.store.manifest, new.store.manifest
    classes = class_changes(left_side.gene_rows, rows or right_side.gene_rows, points=True)
    return {
        "files": [
            {"file": name, "before": _file_state(left.get(name)), "after": _file_state(right.get(name))}
            for name in sorted(left.keys() | right.keys())
            if name not in left or name not in right or left[name]["sha256"] != right[name]["sha256"]
        ],
        "classes": [_class_difference(change) for change in classes],
        "germline": _germline(old.knowledge, new.knowledge),
    }


def _germline(old: Knowledge, new: Knowledge) -> _GermlineDifferences:
    pairs = [
        (name, old.clinvar[name].classification, new.clinvar[name].classification)
        for name in sorted(old.clinvar.keys() & new.clinvar.keys())
    ]
    return {
        "added": len(new.clinvar.keys() - old.clinvar.keys()),
        "removed": len(old.clinvar.keys() - new.clinvar.keys()),
        "changed": [{"hgvs_c": name, "before": a, "after": b} for name, a, b in pairs if a != b],
    }


def _file_state(entry: ManifestEntry | None) -> _FileState | None:
    return None if entry is None else {"version": entry["version"], "rows": entry.get("rows")}


def _class_difference(change: ClassChange) -> _ClassDifference:
    return {
        "hgvs_c": change.hgvs_c,
        "hgvs_p": change.hgvs_p,
        "before": _class_state(change.before),
        "after": _class_state(change.after),
    }


def _class_state(state: tuple[str, int] | None) -> _ClassState | None:
    return None if state is None else {"class": state[0], "points": state[1]}


def diff_resources(
    before: Path | None,
    after: Path | None,
    *,
    as_json: bool = False,
    rows: tuple[GeneRow, ...] | None = None,
) -> str:
    """:func:`compare` as JSON or as lines to read."""
    found = compare(before, after, rows=rows)
    if as_json:
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    lines = [f"files that differ: {len(found['files'])}"]
    for file in found["files"]:
        lines.append(f"  {file['file']}\t{_file(file['before'])} -> {_file(file['after'])}")
    moved = [c for c in found["classes"] if _name(c["before"]) != _name(c["after"])]
    points_only = len(found["classes"]) - len(moved)
    lines.append(f"changes whose class differs: {len(moved)}; points only: {points_only}")
    for item in moved:
        change = f"{_class(item['before'])} -> {_class(item['after'])}"
        lines.append(f"  {item['hgvs_c']}\t{item['hgvs_p']}\t{change}")
    germline = found["germline"]
    lines.append(
        f"published germline classifications that differ: {len(germline['changed'])}; "
        f"new: {germline['added']}; gone: {germline['removed']}"
    )
    lines += [f"  {word['hgvs_c']}\t{word['before']} -> {word['after']}" for word in germline["changed"]]
    return "\n".join(lines) + "\n"


def _file(state: _FileState | None) -> str:
    if state is None:
        return "absent"
    return state["version"] + (f", {state['rows']} rows" if state["rows"] is not None else "")


def _name(state: _ClassState | None) -> str | None:
    return None if state is None else state["class"]


def _class(state: _ClassState | None) -> str:
    return "absent" if state is None else f"{state['class'].replace('_', ' ')} ({state['points']})"


def stale_classes(interpreter: Interpreter) -> list[str]:
    """A line when ``all_changes.tsv`` is not what the folder's own tables and rules give."""
    name = "tables/all_changes.tsv"
    store = interpreter.resources.store
    written = [tuple(row.values()) for row in store.rows(name)]
    made = [row.cells() for row in interpreter.gene_rows]
    if written == made:
        return []
    first = next((one[0] for one, other in zip(made, written, strict=False) if one != other), "its length")
    return [f"{store.root / name}: not what the tables and rules beside it give (first: {first}); mixed?"]
