"""Copies of the resources with something altered and the manifest brought up to date, and what they show."""

from __future__ import annotations

import dataclasses
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from whole_gene import genes, namer

from tp53annot.annotate import annotate, nearest_codon
from tp53annot.classify import classify
from tp53annot.errors import InputError
from tp53annot.hgvs_parse import parse_change
from tp53annot.knowledge import BUNDLED, load_knowledge
from tp53annot.manifest import manifest_text
from tp53annot.model import TranscriptVariant
from tp53annot.tables import Knowledge
from tp53annot.update_catalogues import in_frame

PEDIGREE = tomllib.loads((BUNDLED / "PEDIGREE.toml").read_text())
Rows = list[list[str]]


def table(name: str) -> Rows:
    """Header and rows of a shipped table."""
    text = (BUNDLED / "tables" / f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def altered(folder: Path, name: str, rows: Iterable[Sequence[str]]) -> Knowledge:
    """The knowledge of a folder in which one table has other rows (header first) and the manifest agrees."""
    root = Path(shutil.copytree(BUNDLED, folder))
    (root / "tables" / f"{name}.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    (root / "MANIFEST.toml").write_text(manifest_text(root, PEDIGREE))
    return load_knowledge(root)


def facts(variant: TranscriptVariant, knowledge: Knowledge) -> tuple[object, ...]:
    """All that is shown of a change, the domains every report draws, and the rsID it is found by."""
    annotated = annotate(variant, knowledge)
    published = knowledge.clinvar.get(variant.hgvs_c)
    return annotated, classify(annotated, knowledge), knowledge.domains, published and published.rsid


@cache
def called(name: str) -> TranscriptVariant | None:
    """The first DNA change a name can mean."""
    try:
        return namer().describe(parse_change(name, namer(), {})[0], isoforms=False)
    except InputError:
        return None


@cache
def substituted(name: str) -> TranscriptVariant | None:
    """A substitution; two bases that an intron parts are no single change, but may lie in cis."""
    found = called(name)
    beside = missense_at(int(name[1:-1]))
    if found is not None and (found.aa_pos, found.aa_alt) == (int(name[1:-1]), name[-1]):
        return found
    return beside and dataclasses.replace(beside, aa_alt=name[-1])


@cache
def missense_at(residue: int) -> TranscriptVariant | None:
    """A substitution at a residue."""
    return next((a.variant for a, _ in genes().values() if a.variant.aa_pos == residue
                 and "missense_variant" in a.variant.consequences), None)  # fmt: skip


@cache
def splice_at(residue: int) -> TranscriptVariant | None:
    """A splice change that is counted at a residue."""
    found = (a.variant for a, _ in genes().values() if a.variant.splice_affecting)
    return next((v for v in found if (v.codon or nearest_codon(v)) == residue), None)


def _hotspot(row: Sequence[str]) -> TranscriptVariant | None:
    if row[2] == "splice site":
        return splice_at(int(row[0][1:]))
    if row[2] == "3d":
        return missense_at(int(row[0][1:]))
    change = row[1].rpartition(":")[2]
    return in_frame(change, namer()) if row[2] == "in-frame indel" else called(change)


# How the change is found that a row of a table speaks of.
SUBJECT: dict[str, Callable[[Sequence[str]], TranscriptVariant | None]] = {
    **dict.fromkeys(
        ("funk_nucleotide", "clinvar", "clinvar_vus", "tcga", "docm", "population_1000g", "cell_lines",
         "known_variants", "splice_known"),
        lambda row: called(row[0]),
    ),
    **dict.fromkeys(("kato", "giacomelli", "funk_residue", "stability"), lambda row: substituted(row[0])),
    "hotspots": _hotspot,
    "critical_residues": lambda row: missense_at(int(row[0])),
    "domains": lambda row: missense_at(int(row[3])),
    "uniprot_features": lambda row: missense_at(int(row[2])),
    "population_sizes_1000g": lambda row: called("c.524G>A"),
}  # fmt: skip


def other(cell: str) -> str:
    """Another value of the same kind."""
    try:
        return str(int(cell) + 1)
    except ValueError:
        pass
    try:
        return str(float(cell) + 1)
    except ValueError:
        return cell + "x"


def unseen(
    folder: Path, name: str, change: Callable[[list[str]], list[str] | None], step: int
) -> Iterator[str]:
    """Rows whose change (``None``: deletion) leaves everything shown of their subject as it was.

    Every ``step``-th row is altered; half of them at a time, so that neighbours do not hide each other.
    """
    header, *rows = table(name)
    base = load_knowledge()
    chosen = range(0, len(rows), step)
    for half in (chosen[::2], chosen[1::2]):
        mutants = {i: change(rows[i]) for i in half if change(rows[i]) != rows[i]}
        body = [mutants.get(i, row) for i, row in enumerate(rows)]
        other_tables = altered(
            folder / f"half{half.start}", name, [header, *(r for r in body if r is not None)]
        )
        for i in mutants:
            variant = SUBJECT[name](rows[i])
            if variant is None or facts(variant, base) == facts(variant, other_tables):
                yield "\t".join(rows[i])[:80]
