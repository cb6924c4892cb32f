"""The pages about the classes say what the classes are."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from whole_gene import genes

from tp53annot.core.variant import GermlineName
from tp53annot.interpret.germline_class import GermlineClassifier
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.store import BUNDLED
from tp53annot.knowledge.tables.registry import load_knowledge

DOCS = Path(__file__).parents[2] / "docs"
PANEL = "reviewed by expert panel"
CLINVAR = load_knowledge().clinvar
PAGE = (DOCS / "class_agreement.md").read_text(encoding="utf-8")
SETS = {
    "panel: (likely) pathogenic": ("oncogenic", [n for n, r in CLINVAR.items() if r.review_status == PANEL and "athogenic" in r.classification]),
    "panel: (likely) benign": ("benign", [n for n, r in CLINVAR.items() if r.review_status == PANEL and "enign" in r.classification]),
    "ClinVar: (likely) oncogenic": ("oncogenic", [n for n, r in CLINVAR.items() if "ncogenic" in (r.oncogenicity or "")]),
}  # fmt: skip
LEAST = {"panel: (likely) pathogenic": 48, "panel: (likely) benign": 64, "ClinVar: (likely) oncogenic": 76}


def verdict(name: str, side: str) -> str:
    found = genes()[name][1].oncogenicity.value
    return "right" if side in found else "uncertain" if found == "uncertain" else "reversed"


def test_counts_of_the_three_sets_are_those_of_the_page() -> None:
    for label, (side, names) in SETS.items():
        counts = Counter(verdict(name, side) for name in names)
        assert counts["reversed"] == 0 and counts["right"] >= LEAST[label]
        row = f"| {label} | {len(names)} | {counts['right']} | {counts['uncertain']} | {counts['reversed']} |"
        assert row in PAGE


def test_every_uncertain_change_is_listed_with_what_would_settle_it() -> None:
    listed = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| c.") and len(cells) == 6:
            listed[cells[0].split()[0]] = cells
    open_ones = {name for side, names in SETS.values() for name in names if verdict(name, side) != "right"}
    assert set(listed) == open_ones
    for name, (label, published, points, criteria, holds, settles) in listed.items():
        annotated, judged = genes()[name]
        assert label == f"{name} {annotated.variant.hgvs_p_short}"
        assert published == CLINVAR[name].classification and points == str(judged.points)
        assert criteria == ", ".join(f"{c.code}{c.points:+d}" for c in judged.criteria)
        assert holds and settles


def test_germline_agreement_is_that_of_the_page() -> None:
    order = list(GermlineName)
    classifier = GermlineClassifier(load_knowledge(), resources_of().rules.germline)
    counts: dict[str, Counter[str]] = {}
    wrong = []
    for name, row in CLINVAR.items():
        if row.review_status != PANEL:
            continue
        found = classifier.classify(genes()[name][0])
        theirs = row.classification.lower()
        assert found.name is not None
        steps = abs(order.index(found.name) - order.index(GermlineName(theirs.replace(" ", "_"))))
        kind = "right" if steps == 0 else "one step" if steps == 1 else "wrong"
        for group in (theirs, "all"):
            counts.setdefault(group, Counter())[kind] += 1
        if kind == "wrong":
            met = ", ".join(f"{c.code} {c.strength}" for c in found.criteria)
            wrong.append(f"| {name} {genes()[name][0].variant.hgvs_p_short} | {row.classification} | {met} |")
    for group, seen in counts.items():
        assert (
            f"| {group} | {seen.total()} | {seen['right']} | {seen['one step']} | {seen['wrong']} |" in PAGE
        )
    assert wrong and all(line in PAGE for line in wrong)


def test_changed_classes_end_at_the_classes_of_today_and_are_counted() -> None:
    with (DOCS / "class_changes.tsv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle, delimiter="\t"))
    with (BUNDLED / "tables" / "all_changes.tsv").open(encoding="utf-8", newline="") as handle:
        today = {row["hgvs_c"]: row for row in csv.DictReader(handle, delimiter="\t")}
    assert sum(1 for row in today.values() if row["codon"]) == 3_546
    for line in lines:
        row = today[line["hgvs_c"]]
        assert (line["after"], line["points_after"], line["criteria_after"]) == (
            row["class"],
            row["points"],
            row["criteria"],
        )
        assert line["before"] != line["after"] and line["reasons"]
    page = (DOCS / "class_changes.md").read_text(encoding="utf-8")
    counted = [int(n) for n in re.findall(r"^\| [a-z ]+ \| [a-z ]+ \| .+ \| (\d+) \|$", page, re.MULTILINE)]
    assert sum(counted) == len(lines)
    fallen = [x for x in lines if "oncogenic" in x["before"] and "oncogenic" not in x["after"]]
    assert {x["hgvs_p"] for x in fallen} == set(re.findall(r"p\.\(\w+\)", page))
