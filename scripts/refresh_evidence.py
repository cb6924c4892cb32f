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

from tp53annot.core.status import AllelicState, Status
from tp53annot.interpret.assessment.statement_facts import Tp53Finding, statement_facts
from tp53annot.interpret.context import declare
from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.statement_faults import lint

TABLE = ROOT / "tests" / "golden" / "contexts.tsv"


def facts_of(row: dict[str, str], resources: Resources) -> dict[str, object]:
    """A patient of the table as the facts that rules ask for.

    ``derived``: status, allelic state and highest VAF, then, where they are not ``none`` and ``not_suspected``, the
    second hit and the germline flag.
    """
    status, allelic, vaf, hit, flag = [*row["derived"].split(","), "", ""][:5]
    declared = dict(part.split("=", 1) for part in row["context"].split())
    found = Tp53Finding(
        status=Status(status),
        allelic_state=AllelicState(allelic),
        max_vaf=float(vaf) if vaf else None,
        second_hit=hit or "none",
        germline_flag=flag or "not_suspected",
    )
    context = declare(declared, resources.vocabulary, {"diagnosis": "ALL"})
    return statement_facts(context, found, resources.rules.assessment())


def main() -> int:
    """Renew both files; exit 1 and change no table when a statement is at fault."""
    write_manifest(ROOT / "resources")
    resources = resources_of()
    faults = lint(resources.statements, resources.vocabulary, resources.rules.evidence)
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
