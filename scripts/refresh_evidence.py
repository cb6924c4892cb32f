#!/usr/bin/env python3
"""After editing resources/evidence/: check it, renew the checksums and the table of patients' contexts.

``tests/golden/contexts.tsv`` says which notes each patient gets; look at its difference before committing.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from resource_builders import write_manifest

from tp53annot.interpret.context import declare
from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.statement_faults import lint

TABLE = ROOT / "tests" / "golden" / "contexts.tsv"


def facts_of(row: dict[str, str], resources: Resources) -> dict[str, object]:
    """A patient of the table as the facts that rules ask for."""
    status, allelic, vaf = row["derived"].split(",")
    declared = dict(part.split("=", 1) for part in row["context"].split())
    context = declare(declared, resources.vocabulary, {"diagnosis": "ALL"})
    facts: dict[str, object] = {name: entry.value for name, entry in context.items()}
    facts["tp53_status"] = status
    facts["tp53_allelic_state"] = "unknown" if allelic == "none" else allelic
    facts["tp53_max_vaf"] = float(vaf) if vaf else "unknown"
    return facts


def main() -> int:
    """Renew both files; exit 1 and change no table when a statement is at fault."""
    write_manifest(ROOT / "resources")
    resources = resources_of()
    faults = lint(resources.statements, resources.vocabulary)
    if faults:
        print("\n".join(faults))
        return 1
    with TABLE.open(newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    for row in rows:
        notes = select_notes(
            resources.statements, facts_of(row, resources), "default", resources.rules.assessment()
        )
        for verdict in ("applies", "context_missing"):
            row[verdict] = " ".join(sorted(n.id for n in notes if n.applies == verdict))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    TABLE.write_text(text.getvalue())
    print(f"{len(resources.statements)} statements, {len(rows)} patients")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
