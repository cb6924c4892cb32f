"""Functional assays: Kato, Giacomelli, Funk, stability."""

from __future__ import annotations

import statistics
from pathlib import Path

from resource_builders.common import Changes, read, residue_key, write

KATO = ("WAF1", "MDM2", "BAX", "h1433s", "AIP1", "GADD45", "NOXA", "P53R2")
SCREENS = ("WTnutlin", "NULLnutlin", "NULLetoposide")


def build(source: Path, output: Path) -> list[Path]:
    """All assay tables, one source a file."""
    return [
        _kato(source, output),
        _giacomelli(source, output),
        _funk_nucleotide(source, output),
        _funk_residue(source, output),
        _stability(source, output),
    ]


def _kato(source: Path, output: Path) -> Path:
    rows = []
    for row in read(source, "kato2003_promoter_activity.csv"):
        values = [row[f"{name}nWT"] for name in KATO]
        numbers = [float(value) for value in values if value]
        median = f"{statistics.median(numbers):.2f}" if len(numbers) == len(KATO) else ""
        rows.append([row["AAchange"], *values, median])
    rows.sort(key=lambda row: residue_key(row[0]))
    header = ["aa_change", *(f"{name.lower()}_pct_of_wild_type" for name in KATO), "median_pct_of_wild_type"]
    return write(output, "kato.tsv", header, rows)


def _giacomelli(source: Path, output: Path) -> Path:
    screens: dict[str, dict[str, str]] = {}
    for screen in SCREENS:
        for row in read(source, f"Giacomelli_{screen}.csv"):
            change = row["hgvs_pro"].removeprefix("p.").replace("X", "*")
            value = next(value for key, value in row.items() if key != "hgvs_pro")
            screens.setdefault(change, {})[screen] = f"{float(value):.4f}" if value not in ("", "NA") else ""
    rows = [[change, *(found.get(s, "") for s in SCREENS)] for change, found in screens.items()]
    rows.sort(key=lambda row: residue_key(row[0]))
    header = ["aa_change", "wt_nutlin_z", "null_nutlin_z", "null_etoposide_z"]
    return write(output, "giacomelli.tsv", header, rows)


def _funk_nucleotide(source: Path, output: Path) -> Path:
    changes = Changes()
    found: dict[str, tuple[int, float, str]] = {}
    for row in read(source, "funk2025_rfs_exons5-8.tsv"):
        allele = changes.from_g(row["hg38_genomic"])
        name = changes.name(allele) if allele else None
        if allele is None or name is None or row["rfs_median"] in ("", "NA"):
            continue
        value = float(row["rfs_median"])
        if name in found:
            value = statistics.mean([value, found[name][1]])
        found[name] = (-allele.pos, value, row["location"])
    rows = [
        [name, f"{value:.4f}"] for name, (_, value, _) in sorted(found.items(), key=lambda i: (i[1][0], i[0]))
    ]
    return write(output, "funk_nucleotide.tsv", ["hgvs_c", "rfs_median"], rows)


def _funk_residue(source: Path, output: Path) -> Path:
    rows = [
        [
            row["hgvs_pro"].removeprefix("p.").replace("X", "*"),
            f"{float(row['Funk_transformed_enrich2']):.4f}",
        ]
        for row in read(source, "funk2025_aa_scores.csv")
        if row["Funk_transformed_enrich2"] not in ("", "NA")
    ]
    rows.sort(key=lambda row: residue_key(row[0]))
    return write(output, "funk_residue.tsv", ["aa_change", "rfs"], rows)


def _stability(source: Path, output: Path) -> Path:
    rows = []
    for row in read(source, "p53Stability.tsv"):
        value = row["ddG"].replace(",", ".").strip()
        change = row["Mutant"].strip()
        if value and change and "/" not in change and " " not in change:
            rows.append([change, value, row["dG Ref"], row["Stability"], row["Reference Stability"]])
    rows.sort(key=lambda row: (residue_key(row[0]), row))
    header = ["aa_change", "ddg_kcal_per_mol", "relative_to", "stability", "reference"]
    return write(output, "stability.tsv", header, rows)
