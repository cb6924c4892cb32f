"""The table and the heat map of all changes: made from the other tables, so it is built last."""

from __future__ import annotations

import re
from pathlib import Path

from resource_builders.common import ROOT
from resource_builders.manifest import write_manifest
from tp53annot.interpret.all_changes import GENE_COLUMNS, GeneRow, gene_table
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.names.hgvs import Namer

NAME = "tables/all_changes.tsv"
COLOURS = {
    "oncogenic": "#8c1d18",
    "likely_oncogenic": "#d9653b",
    "uncertain": "#e6e1d6",
    "likely_benign": "#8fb8d0",
    "benign": "#2f6f95",
}
RESIDUES = "GAVLIMPFWYSTCNQDEKRH*"
CELL, LEFT, TOP, PER_ROW = 9, 30, 40, 132


def build(source: Path, output: Path) -> list[Path]:
    """Write tables/all_changes.tsv, and docs/all_changes.tsv and .svg beside this project's own resources."""
    path = output / NAME
    path.touch()
    write_manifest(output)
    rows = gene_table(Namer(load_reference(output)), load_knowledge(output))
    text = "".join("\t".join(cells) + "\n" for cells in (GENE_COLUMNS, *(row.cells() for row in rows)))
    path.write_text(text)
    written = [path]
    if output.resolve() == (ROOT / "resources").resolve():
        (ROOT / "docs" / "all_changes.tsv").write_text(text)
        (ROOT / "docs" / "all_changes.svg").write_text(heat_map(rows))
    return written


def heat_map(rows: tuple[GeneRow, ...]) -> str:
    """SVG: one column a codon, one row a new residue; the worst class among the DNA changes is shown."""
    order = list(COLOURS)
    worst: dict[tuple[int, str], GeneRow] = {}
    reference = {}
    for row in rows:
        change = _one_letter(row)
        if change is None:
            continue
        codon, old, new = change
        reference[codon] = old
        key = (codon, new)
        if key not in worst or order.index(row.oncogenicity) < order.index(worst[key].oncogenicity):
            worst[key] = row
    bands = (max(reference) - 1) // PER_ROW + 1
    height = TOP + bands * ((len(RESIDUES) + 4) * CELL) + 20
    width = LEFT + PER_ROW * CELL + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="8">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<text x="30" y="16" font-size="12">TP53: oncogenicity of every residue change one base away '
        "(rows: new residue; = : silent)</text>",
    ]
    for i, (name, colour) in enumerate(COLOURS.items()):
        x = LEFT + i * 120
        parts.append(f'<rect x="{x}" y="22" width="9" height="9" fill="{colour}"/>')
        parts.append(f'<text x="{x + 13}" y="30">{name.replace("_", " ")}</text>')
    for (codon, new), row in sorted(worst.items()):
        x, y = _place(codon, new)
        title = f"{row.hgvs_c} {row.hgvs_p}: {row.oncogenicity.replace('_', ' ')}, {row.points} points"
        fill = COLOURS[row.oncogenicity]
        parts.append(
            f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="{fill}">'
            f"<title>{title}</title></rect>"
        )
    parts += _axes(reference, bands)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(reference: dict[int, str], bands: int) -> list[str]:
    parts = []
    for band in range(bands):
        for new in RESIDUES + "=":
            _, y = _place(band * PER_ROW + 1, new)
            parts.append(f'<text x="{LEFT - 10}" y="{y + 7}">{new}</text>')
    for codon in sorted(reference):
        x, y = _place(codon, "=")
        parts.append(f'<text x="{x + 1}" y="{y + 16}" font-size="7">{reference[codon]}</text>')
        if codon % 10 == 0 or codon == 1:
            parts.append(f'<text x="{x - 3}" y="{y + 25}" font-size="7" fill="#555555">{codon}</text>')
    return parts


def _place(codon: int, new: str) -> tuple[int, int]:
    band, column = divmod(codon - 1, PER_ROW)
    line = (RESIDUES + "=").index(new)
    return LEFT + column * CELL, TOP + band * (len(RESIDUES) + 4) * CELL + line * CELL


THREE = dict(
    re.findall(
        r"(\S+)=(\S)",
        "Ala=A Arg=R Asn=N Asp=D Cys=C Gln=Q Glu=E Gly=G His=H Ile=I Leu=L Lys=K Met=M Phe=F Pro=P Ser=S "
        "Thr=T Trp=W Tyr=Y Val=V Ter=*",
    )
)


def _one_letter(row: GeneRow) -> tuple[int, str, str] | None:
    text = row.hgvs_p.removeprefix("p.(").rstrip(")")
    old, rest = THREE.get(text[:3]), text[3:]
    digits = "".join(ch for ch in rest if ch.isdigit())
    if old is None or row.codon is None or not rest.startswith(str(row.codon)):
        return None
    tail = rest[len(str(row.codon)) :]
    new = "=" if tail == "=" else THREE.get(tail[:3]) if digits == str(row.codon) else None
    return None if new is None else (row.codon, old, new)
