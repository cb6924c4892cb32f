"""Functional assays: Kato, Giacomelli, Funk, Kotler, Kawaguchi, stability."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

from resource_builders.common import Changes, read, residue_key, write, write_matrix
from tp53annot.errors import InputError
from tp53annot.names.parser import parse_change

KATO = ("WAF1", "MDM2", "BAX", "h1433s", "AIP1", "GADD45", "NOXA", "P53R2")
SCREENS = ("WTnutlin", "NULLnutlin", "NULLetoposide")


# The Giacomelli library was made from the Arg72 allele; the reference has Pro72. At that residue the
# measured proteins are the same ones under another name.
LIBRARY_RESIDUE = ("R72", "P72")


def keep(change: str, protein: str) -> bool:
    """True for a substitution of the reference protein; a row that contradicts it is refused, said aloud."""
    match = re.fullmatch(r"([A-Z*])(\d+)([A-Z*])", change)
    if match is None or protein[int(match[2]) - 1 : int(match[2])] != match[1]:
        print(f"refused, not a substitution of the reference protein: {change}")
        return False
    if match[2] == "1":  # without its start codon the protein is not made: no DNA change gives this one
        return False
    return match[1] != match[3]


def build(source: Path, output: Path) -> list[Path]:
    """All assay tables, one source a file."""
    changes = Changes()
    protein = changes.namer.main.protein
    return [
        _kato(source, output, protein),
        _giacomelli(source, output, protein),
        _funk_nucleotide(source, output, changes),
        _funk_residue(source, output, protein),
        _kotler(source, output, protein),
        _kotler_deletions(source, output, changes),
        _kawaguchi(source, output, protein),
        _stability(source, output, protein),
    ]


def _kato(source: Path, output: Path, protein: str) -> Path:
    rows = []
    for row in read(source, "kato2003_promoter_activity.csv"):
        values = [row[f"{name}nWT"] for name in KATO]
        numbers = [float(value) for value in values if value]
        median = f"{statistics.median(numbers):.2f}" if len(numbers) == len(KATO) else ""
        if keep(row["AAchange"], protein):
            rows.append([row["AAchange"], *values, median])
    rows.sort(key=lambda row: residue_key(row[0]))
    header = ["aa_change", *(f"{name.lower()}_pct_of_wild_type" for name in KATO), "median_pct_of_wild_type"]
    return write(output, "kato.tsv", header, rows)


def _giacomelli(source: Path, output: Path, protein: str) -> Path:
    screens: dict[str, dict[str, str]] = {}
    for screen in SCREENS:
        for row in read(source, f"Giacomelli_{screen}.csv"):
            change = row["hgvs_pro"].removeprefix("p.").replace("X", "*").replace(*LIBRARY_RESIDUE)
            value = next(value for key, value in row.items() if key != "hgvs_pro")
            screens.setdefault(change, {})[screen] = f"{float(value):.4f}" if value not in ("", "NA") else ""
    rows = [
        [change, *(found.get(screen, "") for screen in SCREENS)]
        for change, found in screens.items()
        if keep(change, protein)
    ]
    rows.sort(key=lambda row: residue_key(row[0]))
    header = ["aa_change", "wt_nutlin_z", "null_nutlin_z", "null_etoposide_z"]
    return write(output, "giacomelli.tsv", header, rows)


def _funk_nucleotide(source: Path, output: Path, changes: Changes) -> Path:
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


def _funk_residue(source: Path, output: Path, protein: str) -> Path:
    rows = [
        [
            row["hgvs_pro"].removeprefix("p.").replace("X", "*"),
            f"{float(row['Funk_transformed_enrich2']):.4f}",
        ]
        for row in read(source, "funk2025_aa_scores.csv")
        if row["Funk_transformed_enrich2"] not in ("", "NA")
        and keep(row["hgvs_pro"].removeprefix("p.").replace("X", "*"), protein)
    ]
    rows.sort(key=lambda row: residue_key(row[0]))
    return write(output, "funk_residue.tsv", ["aa_change", "rfs"], rows)


def _kotler(source: Path, output: Path, protein: str) -> Path:
    rows = read(source, "v2/kotler.tsv")
    scores = {r["aa_change"]: r["rfs_median"] for r in rows if keep(r["aa_change"], protein)}
    return write_matrix(output, "kotler.tsv", scores)


def _kotler_deletions(source: Path, output: Path, changes: Changes) -> Path:
    """Deletions of one or two whole codons, under our names; the mean where two places give the same change."""
    found: dict[str, tuple[int, list[float]]] = {}
    for row in read(source, "v2/kotler_indels.tsv"):
        if row["type"] not in ("DelAA", "Del2AA"):
            continue
        first, bases = int(row["cds_pos"]), row["seq_change"].removesuffix(">0")
        try:
            (allele,) = parse_change(f"c.{first}_{first + len(bases) - 1}del", changes.namer, {})
        except InputError as error:
            print(f"refused: {row}: {error}")
            continue
        variant = changes.namer.describe(allele, isoforms=False)
        if changes.coding(first, len(bases)) != bases or "inframe_deletion" not in variant.consequences:
            print(f"refused, not these bases of the reference or no deletion in frame: {row}")
            continue
        found.setdefault(variant.hgvs_c, (allele.pos, []))[1].append(float(row["rfs"]))
    rows = [
        [name, f"{statistics.mean(scores):.4f}"]
        for name, (_, scores) in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    return write(output, "kotler_deletions.tsv", ["hgvs_c", "rfs"], rows)


def _kawaguchi(source: Path, output: Path, protein: str) -> Path:
    rows = [
        [row["aa_change"], row["oligomer"]]
        for row in read(source, "v2/kawaguchi.tsv")
        if keep(row["aa_change"], protein)
    ]
    rows.sort(key=lambda row: residue_key(row[0]))
    return write(output, "kawaguchi.tsv", ["aa_change", "oligomer"], rows)


def _stability(source: Path, output: Path, protein: str) -> Path:
    rows = []
    for row in read(source, "p53Stability.tsv"):
        value = row["ddG"].replace(",", ".").strip()
        change = row["Mutant"].strip()
        if value and change and "/" not in change and " " not in change and keep(change, protein):
            rows.append([change, value, row["dG Ref"], row["Stability"], row["Reference Stability"]])
    rows.sort(key=lambda row: (residue_key(row[0]), row))
    header = ["aa_change", "ddg_kcal_per_mol", "relative_to", "stability", "reference"]
    return write(output, "stability.tsv", header, rows)
