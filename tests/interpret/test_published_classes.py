"""Classes recomputed from the raw assays, by code that shares nothing with ours, and as published."""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from pathlib import Path

import pytest
from whole_gene import by_protein, genes

# As the NCI TP53 Database (R21) and the assays' papers state them.
PUBLISHED = [
    *((name, "non-functional", "DNE_LOF") for name in
      ("R175H", "R248Q", "R248W", "R249S", "R273H", "R273C", "R282W", "G245S", "Y220C")),
    ("L344P", "non-functional", "notDNE_LOF"),
    ("P72R", "functional", "notDNE_notLOF"),
    ("P47S", "functional", "notDNE_notLOF"),
    ("V217M", "functional", "notDNE_notLOF"),
    ("R337H", "partially functional", "notDNE_notLOF"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "transactivation", "dne_lof"), PUBLISHED)
def test_classes_of_well_known_changes(name: str, transactivation: str, dne_lof: str) -> None:
    for annotated, _ in by_protein(name):
        summary = annotated.functional_summary
        assert summary is not None
        assert (summary["transactivation_class"], summary["dne_lof_class"]) == (transactivation, dne_lof)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / name).open(encoding="utf-8-sig", errors="replace") as handle:
        return list(csv.DictReader(handle))


def test_every_class_follows_from_the_raw_assays(shared: Path) -> None:
    """Kato: median of eight promoters at 20 % and 75 %; Giacomelli: nutlin Z at 0.61, etoposide Z at -0.21."""
    promoters = ("WAF1nWT", "MDM2nWT", "BAXnWT", "h1433snWT", "AIP1nWT", "GADD45nWT", "NOXAnWT", "P53R2nWT")
    kato = {}
    for row in read(shared, "kato2003_promoter_activity.csv"):
        values = [float(row[name]) for name in promoters if row[name] not in ("", "NA")]
        if values:
            median = statistics.median(values)
            kato[row["AAchange"]] = (
                "non-functional" if median <= 20 else "partially functional" if median <= 75 else "functional"
            )
    screens: dict[str, dict[str, float]] = {}
    for name in ("WTnutlin", "NULLetoposide"):
        for row in read(shared, f"Giacomelli_{name}.csv"):
            change, value = list(row.values())[:2]
            if value not in ("", "NA"):
                key = change.removeprefix("p.").replace("X", "*").replace("R72", "P72")
                screens.setdefault(key, {})[name] = float(value)
    seen: Counter[str] = Counter()
    for annotated, _ in genes().values():
        variant, summary = annotated.variant, annotated.functional_summary
        change = f"{variant.aa_ref}{variant.aa_pos}{variant.aa_alt}"
        if summary is None or "missense_variant" not in variant.consequences:
            continue
        assert summary["transactivation_class"] == kato.get(change), change
        both = screens.get(change, {})
        if len(both) == 2:
            dominant, loss = both["WTnutlin"] >= 0.61, both["NULLetoposide"] <= -0.21
            expected = ("DNE" if dominant else "notDNE") + ("_LOF" if loss else "_notLOF")
            if expected == "DNE_notLOF":
                expected = "unclassified"
            assert summary["dne_lof_class"] == expected, change
            seen[expected] += 1
        seen["changes"] += 1
    assert seen["changes"] > 2_300 and min(seen.values()) > 20, seen
