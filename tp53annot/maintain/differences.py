"""What differs between two resources folders: files, and the classes of all changes of the gene."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tp53annot.interpret.all_changes import ClassChange, GeneRow, class_changes
from tp53annot.interpret.interpreter import Interpreter, interpreter_of
from tp53annot.knowledge.tables.registry import Knowledge


def compare(
    before: Path | None, after: Path | None, *, rows: tuple[GeneRow, ...] | None = None
) -> dict[str, Any]:
    """Changed files (name, versions, rows), classes and published germline classifications.

    ``None`` is the bundled folder. ``rows``: the classes of ``after``, where they were worked out before.


    Raises:
        ResourceError: one of the folders is damaged.
    """
    left_side, right_side = interpreter_of(before), interpreter_of(after)
    old, new = left_side.resources, right_side.resources
    left, right = old.store.manifest, new.store.manifest
    files = [
        {"file": name, "before": _entry(left.get(name)), "after": _entry(right.get(name))}
        for name in sorted(left.keys() | right.keys())
        if (left.get(name) or {}).get("sha256") != (right.get(name) or {}).get("sha256")
    ]
    classes = class_changes(left_side.gene_rows, rows or right_side.gene_rows, points=True)
    return {
        "files": files,
        "classes": [_change(change) for change in classes],
        "germline": _germline(old.knowledge, new.knowledge),
    }


def _germline(old: Knowledge, new: Knowledge) -> dict[str, Any]:
    """ClinVar's classifications: counts of changes in only one of the two, and those that differ."""
    both = sorted(old.clinvar.keys() & new.clinvar.keys())
    return {
        "added": len(new.clinvar.keys() - old.clinvar.keys()),
        "removed": len(old.clinvar.keys() - new.clinvar.keys()),
        "changed": [
            {
                "hgvs_c": name,
                "before": old.clinvar[name].classification,
                "after": new.clinvar[name].classification,
            }
            for name in both
            if old.clinvar[name].classification != new.clinvar[name].classification
        ],
    }


def _entry(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if entry is None else {"version": entry["version"], "rows": entry.get("rows")}


def _change(change: ClassChange) -> dict[str, Any]:
    return {
        "hgvs_c": change.hgvs_c,
        "hgvs_p": change.hgvs_p,
        "before": None if change.before is None else {"class": change.before[0], "points": change.before[1]},
        "after": None if change.after is None else {"class": change.after[0], "points": change.after[1]},
    }


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
    for item in found["files"]:
        lines.append(f"  {item['file']}\t{_file(item['before'])} -> {_file(item['after'])}")
    moved = [
        c for c in found["classes"] if (c["before"] or {}).get("class") != (c["after"] or {}).get("class")
    ]
    lines.append(
        f"changes whose class differs: {len(moved)}; points only: {len(found['classes']) - len(moved)}"
    )
    for item in moved:
        lines.append(
            f"  {item['hgvs_c']}\t{item['hgvs_p']}\t{_class(item['before'])} -> {_class(item['after'])}"
        )
    germline = found["germline"]
    lines.append(
        f"published germline classifications that differ: {len(germline['changed'])}; "
        f"new: {germline['added']}; gone: {germline['removed']}"
    )
    lines += [f"  {item['hgvs_c']}\t{item['before']} -> {item['after']}" for item in germline["changed"]]
    return "\n".join(lines) + "\n"


def _file(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return "absent"
    return f"{entry['version']}" + (f", {entry['rows']} rows" if entry["rows"] is not None else "")


def _class(entry: dict[str, Any] | None) -> str:
    return "absent" if entry is None else f"{entry['class'].replace('_', ' ')} ({entry['points']})"


def stale_classes(interpreter: Interpreter) -> list[str]:
    """A line when ``all_changes.tsv`` is not what the folder's own tables and rules give."""
    name = "tables/all_changes.tsv"
    written = [tuple(row.values()) for row in interpreter.resources.store.rows(name)]
    made = [row.cells() for row in interpreter.gene_rows]
    if written == made:
        return []
    first = next((one[0] for one, other in zip(made, written, strict=False) if one != other), "its length")
    return [
        f"{interpreter.resources.store.root / name}: not what the tables and rules beside it give (first: {first}); mixed?"
    ]
