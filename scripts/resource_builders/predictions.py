"""Predictors: AlphaMissense of the protein, CI-SpliceAI of splicing."""

from __future__ import annotations

from pathlib import Path

from resource_builders.common import Changes, read, write, write_matrix
from resource_builders.functional import keep
from tp53annot.core.allele import Allele

DELTAS = ("ds_ag", "ds_al", "ds_dg", "ds_dl")


def build(source: Path, output: Path) -> list[Path]:
    """One file a predictor, no line but of changes that a report can name."""
    changes = Changes()
    return [
        _alphamissense(source, output, changes.namer.main.protein),
        _splicing(source, output, changes),
    ]


def _alphamissense(source: Path, output: Path, protein: str) -> Path:
    rows = read(source, "v2/alphamissense.tsv")
    scores = {r["aa_change"]: r["am_pathogenicity"] for r in rows if keep(r["aa_change"], protein)}
    return write_matrix(output, "alphamissense.tsv", scores)


def _splicing(source: Path, output: Path, changes: Changes) -> Path:
    """One line a base, one column a new base: the four deltas in hundredths."""
    lines: dict[str, tuple[int, dict[str, str]]] = {}
    for row in read(source, "v2/ci_spliceai.tsv"):
        allele = Allele(pos=int(row["pos_grch38"]), ref=row["ref"], alt=row["alt"])
        if changes.name(allele) != row["hgvs_c"]:
            print(f"refused, not our name: {row['hgvs_c']}")
            continue
        place, _, base = row["hgvs_c"].partition(">")
        deltas = " ".join(str(round(100 * float(row[name]))) for name in DELTAS)
        lines.setdefault(place, (allele.pos, {}))[1][base] = deltas
    rows = [
        [place, *(cells.get(base, "") for base in "ACGT")]
        for place, (_, cells) in sorted(lines.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    return write(output, "ci_spliceai.tsv", ["place", *(f"to_{base.lower()}" for base in "ACGT")], rows)
