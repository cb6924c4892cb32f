#!/usr/bin/env python3
"""What a new set of tables or rules does to the classes: ``python scripts/class_changes.py BEFORE.tsv``.

BEFORE.tsv is ``all_changes.tsv`` of the version to compare with. Writes ``docs/class_changes.tsv``, a line for every
base exchange of the coding sequence whose class differs, with what changed among its criteria, and the counts by
class and reason into ``docs/class_changes.md`` between its marks.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = (
    "hgvs_c",
    "hgvs_p",
    "before",
    "points_before",
    "after",
    "points_after",
    "reasons",
    "criteria_before",
    "criteria_after",
)
ORDER = ("benign", "likely_benign", "uncertain", "likely_oncogenic", "oncogenic")
# Criteria that stand for one kind of evidence.
KINDS = {
    "assays": ("OS2", "SBS2"),
    "hotspots": ("OS3", "OM3", "OP3", "OM4"),
    "predictors": ("OP1", "SBP1"),
    "splicing": ("OVS1", "SBP2", "OP4"),  # OP4 goes with SBP2
}
BEGIN, END = "<!-- counted -->", "<!-- /counted -->"
Row = dict[str, str]


def rows(path: Path) -> dict[str, Row]:
    """Rows of a table of all changes, by c. name."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["hgvs_c"]: row for row in csv.DictReader(handle, delimiter="\t")}


def reasons(before: Row, after: Row) -> str:
    """The kinds of evidence whose criteria differ."""
    old, new = (set(filter(None, row["criteria"].split(";"))) for row in (before, after))
    codes = {re.split(r"[+_-]", criterion)[0] for criterion in old ^ new}
    found = [kind for kind, starts in KINDS.items() if codes & set(starts)]
    if codes - {start for starts in KINDS.values() for start in starts}:
        found.append("other criteria")
    return " + ".join(found)


def changed(before: dict[str, Row], after: dict[str, Row]) -> list[tuple[str, ...]]:
    """A line for every coding base exchange whose class differs."""
    return [
        (
            name,
            new["hgvs_p"],
            old["class"],
            old["points"],
            new["class"],
            new["points"],
            reasons(old, new),
            old["criteria"],
            new["criteria"],
        )
        for name, new in after.items()
        if new["codon"] and (old := before[name])["class"] != new["class"]
    ]


def counts(lines: list[tuple[str, ...]]) -> str:
    """Markdown: how many changes went from one class to another, and why."""
    found = Counter((line[2], line[4], line[6]) for line in lines)
    ordered = sorted(
        found.items(), key=lambda item: (ORDER.index(item[0][0]), ORDER.index(item[0][1]), -item[1])
    )
    body = [f"| {a.replace('_', ' ')} | {b.replace('_', ' ')} | {why} | {n} |" for (a, b, why), n in ordered]
    return "\n".join(["| before | now | what changed | changes |", "|---|---|---|---:|", *body])


def main() -> int:
    """Write both files."""
    lines = changed(rows(Path(sys.argv[1])), rows(ROOT / "resources" / "tables" / "all_changes.tsv"))
    table = "".join("\t".join(line) + "\n" for line in (COLUMNS, *lines))
    (ROOT / "docs" / "class_changes.tsv").write_text(table, encoding="utf-8")
    page = ROOT / "docs" / "class_changes.md"
    head, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    text = f"{head}{BEGIN}\n\n{counts(lines)}\n\n{END}{rest.partition(END)[2]}"
    page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
