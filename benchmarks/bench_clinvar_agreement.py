"""Agreement with ClinVar: confusion table and the discordant changes, written into docs/.

Truth: germline missense classifications with at least two review stars in the bundled export. They
never enter the points, so the comparison is with evidence of another kind.
"""

from __future__ import annotations

from collections import Counter

from tp53annot.interpret.all_changes import GeneRow, gene_table
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.tables.clinvar import ClinVar
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.names.hgvs import Namer

STARS = {
    "reviewed by expert panel": "expert panel",
    "criteria provided, multiple submitters, no conflicts": "two stars",
}
EXPLAINED = (
    "Assays that disagree, or that keep part of the function, give fewer points by intent. Germline evidence",
    "(families, segregation) that moved the expert panel is no part of a somatic class. What would settle each of",
    "the expert panel's: [class_agreement.md](../class_agreement.md).",
)
CLASSES = ("oncogenic", "likely_oncogenic", "uncertain", "likely_benign", "benign")


def side(row: ClinVar) -> str | None:
    """Pathogenic or benign, for the lumped ClinVar terms; None for anything else."""
    first = row.classification.lower()
    if first.startswith(("pathogenic", "likely pathogenic")):
        return "P/LP"
    return "B/LB" if first.startswith(("benign", "likely benign")) else None


def compare() -> list[tuple[str, str, GeneRow, ClinVar]]:
    """(stars, side, our row, ClinVar's row) of every missense change with two stars or more."""
    knowledge = load_knowledge()
    found = []
    for row in gene_table(Namer(load_reference()), knowledge):
        published = knowledge.clinvar.get(row.hgvs_c)
        if published is None or published.review_status not in STARS or "missense" not in row.consequence:
            continue
        truth = side(published)
        if truth is not None:
            found.append((STARS[published.review_status], truth, row, published))
    return found


def discordant(truth: str, oncogenicity: str) -> bool:
    """A benign change called (likely) oncogenic, or the reverse."""
    if truth == "B/LB":
        return "oncogenic" in oncogenicity
    return "benign" in oncogenicity


def run() -> str:
    """Confusion table, discordances, and changes left uncertain, as Markdown."""
    pairs = compare()
    lines = [
        "Missense changes with at least two review stars in the bundled ClinVar export (germline). ClinVar",
        "classifications are shown in reports but give no points, so they can serve as a check here.",
        "",
        "| ClinVar | review | " + " | ".join(name.replace("_", " ") for name in CLASSES) + " | all |",
        "|---|---|" + "---:|" * (len(CLASSES) + 1),
    ]
    for truth in ("P/LP", "B/LB"):
        for stars in STARS.values():
            counts = Counter(r.oncogenicity for s, t, r, _ in pairs if (s, t) == (stars, truth))
            cells = [str(counts[name]) for name in CLASSES]
            lines.append(f"| {truth} | {stars} | " + " | ".join([*cells, str(sum(counts.values()))]) + " |")
    wrong = [p for p in pairs if discordant(p[1], p[2].oncogenicity)]
    lines += ["", f"## Discordant: {len(wrong)}", ""]
    lines += _list(wrong)
    open_ = [p for p in pairs if p[2].oncogenicity == "uncertain"]
    lines += ["", f"## Classified by ClinVar, uncertain here: {len(open_)}", "", *EXPLAINED, ""]
    lines += _list(open_)
    return "\n".join(lines) + "\n"


def _list(pairs: list[tuple[str, str, GeneRow, ClinVar]]) -> list[str]:
    if not pairs:
        return ["None."]
    lines = ["| change | ClinVar | here | criteria | shown conflict |", "|---|---|---|---|---|"]
    for stars, _, row, published in pairs:
        here = f"{row.oncogenicity.replace('_', ' ')} ({row.points})"
        lines.append(
            f"| {row.hgvs_c} {row.hgvs_p} | {published.classification} ({stars}) | {here} | "
            f"{', '.join(row.criteria)} | {', '.join(row.conflicts) or '-'} |"
        )
    return lines
