"""Shared helpers of the builders: reading raw tables, writing ours, naming changes."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tp53annot.core.allele import Allele
from tp53annot.knowledge.reference import load_reference
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import Edit, forward_allele, normalise, shift_left, trim
from tp53annot.names.transcript import reverse_complement

GRCH37_OFFSET = 96682
_G = re.compile(r"(?:.*:)?g\.(\d+)(?:_(\d+))?(del|ins|dup|inv|delins|[ACGT]>[ACGT])?([ACGT]*)$")


def raw(source: Path, name: str) -> Path:
    """A raw table under the source folder."""
    folder = source / "data" if (source / "data").is_dir() else source
    return folder / "tables" / name


def read(source: Path, name: str, delimiter: str | None = None) -> list[dict[str, str]]:
    """Rows of a raw CSV/TSV, byte-order mark removed."""
    path = raw(source, name)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    separator = delimiter or ("\t" if path.suffix == ".tsv" else ",")
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("# "):  # remarks above the header
        del lines[0]
    return list(csv.DictReader(io.StringIO("".join(lines), newline=""), delimiter=separator))


def write(output: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write ``tables/<name>`` sorted as given; tabs and line ends inside cells become spaces."""
    path = output / "tables" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
        writer.writerow(header)
        for row in rows:
            writer.writerow(
                [re.sub(r"\s+", " ", str(cell)).strip() if cell is not None else "" for cell in row]
            )
    return path


RESIDUES = "ACDEFGHIKLMNPQRSTVWY*"


def write_matrix(output: Path, name: str, scores: Mapping[str, str]) -> Path:
    """Write scores of residue exchanges as one line a residue and one column a new residue; empty: no score."""
    lines: dict[str, dict[str, str]] = {}
    for change, score in scores.items():
        lines.setdefault(change[:-1], {})[change[-1]] = f"{float(score):g}"
    rows = [
        [residue, *(lines[residue].get(new, "") for new in RESIDUES)]
        for residue in sorted(lines, key=residue_key)
    ]
    return write(output, name, ["residue", *RESIDUES], rows)


def residue_key(change: str) -> tuple[int, str]:
    """Sort key of a protein change such as R175H."""
    match = re.search(r"(\d+)", change)
    return (int(match.group(1)) if match else 0, change)


class Changes:
    """Turns raw spellings into our names, refusing what contradicts the reference."""

    def __init__(self) -> None:
        self.reference = load_reference()
        self.namer = Namer(self.reference)

    def name(self, allele: Allele) -> str | None:
        """hgvs_c of an allele; ``None`` when it leaves the locus or contradicts the reference."""
        if not self.reference.covers(allele.pos, allele.end) or not self.reference.matches(allele):
            return None
        return self.namer.describe(allele, isoforms=False).hgvs_c

    def normal(self, allele: Allele) -> Allele:
        """The normalised allele."""
        return normalise(allele, self.reference)

    def coding(self, first: int, length: int) -> str:
        """Bases of the coding sequence from ``first`` (1-based, of c. names)."""
        transcript = self.namer.main
        offsets = [transcript.gene_offset(transcript.cds_start + first - 1 + i) for i in range(length)]
        return "".join(self.namer.gene[offset] for offset in offsets)

    def from_g(self, text: str) -> Allele | None:
        """A GRCh38 g. name as an allele."""
        match = _G.match(text)
        if match is None:
            return None
        first, last, kind, bases = int(match[1]), int(match[2] or match[1]), match[3] or "", match[4]
        start, end = first - self.reference.start, last - self.reference.start + 1
        sequence = self.reference.sequence
        if ">" in kind:
            return Allele(pos=first, ref=kind[0], alt=kind[2])
        if kind == "ins":
            edit = Edit(start + 1, start + 1, bases)
        elif kind == "dup":
            edit = Edit(end, end, sequence[start:end])
        elif kind == "inv":
            edit = Edit(start, end, reverse_complement(sequence[start:end]))
        else:
            edit = Edit(start, end, bases)
        edit = trim(edit, sequence)
        if edit.start == edit.end and not edit.inserted:
            return None
        return forward_allele(shift_left(edit, sequence), self.reference)

    def from_maf(self, start: int, ref: str, alt: str) -> Allele | None:
        """A GRCh37 MAF row (``-`` for nothing) as a GRCh38 allele."""
        position = start + GRCH37_OFFSET
        ref, alt = ref.replace("-", ""), alt.replace("-", "")
        index = position - self.reference.start
        if index < 1 or not set(ref + alt) <= set("ACGT"):
            return None
        index += 0 if ref else 1  # a MAF insertion stands after the start base
        sequence = self.reference.sequence
        if sequence[index : index + len(ref)] != ref:
            return None
        edit = trim(Edit(index, index + len(ref), alt), sequence)
        if edit.start == edit.end and not edit.inserted:
            return None
        return forward_allele(shift_left(edit, sequence), self.reference)
