"""Hotspots in cancer: the table of cancerhotspots.org and 3dhotspots.org, and the answers of their services."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.knowledge.tables.hotspots import (
    HOTSPOTS_FILE,
    IN_FRAME,
    SINGLE_RESIDUE,
    SPATIAL,
    SPLICE_SITE,
)
from tp53annot.maintain.imported_rows import Import, Imported, ImportedTable
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import Edit, gene_to_allele
from tp53annot.names.transcript import CODONS

_KINDS = (SINGLE_RESIDUE, SPLICE_SITE, SPATIAL, IN_FRAME)
_AS_PUBLISHED = "give the file as it was published"
_IN_FRAME = re.compile(r"([A-Z])(\d+)(?:_([A-Z])(\d+))?(delins|del|dup|ins)([A-Z]*)")
_CODON = {residue: codon for codon, residue in CODONS.items()}
_Found = tuple[str, str, str, Mapping[str, str]]  # residue, type, samples at the residue, samples by change


def hotspots(job: Import) -> Imported:
    """The table: ``variant_amino_acid`` holds ``H:386|G:14``."""
    found: list[_Found] = []
    left: Counter[str] = Counter()
    for row in job.release.rows():
        if row["hugo_symbol"] != job.gene.symbol:
            left["another gene"] += 1
            continue
        parts = [part.rpartition(":") for part in row["variant_amino_acid"].split("|")]
        counts = {change: count for change, _, count in parts if change}
        found.append((row["residue"], row["type"], row["tumor_count"], counts))
    return _imported(job, found, left)


def hotspots_api(job: Import) -> Imported:
    """The answer of the hotspots service: one object a residue, with the count of each change."""
    found: list[_Found] = []
    left: Counter[str] = Counter()
    for entry in job.release.document:
        if entry.get("hugoSymbol") != job.gene.symbol:
            left["another gene"] += 1
            continue
        counts = {str(k): str(v) for k, v in (entry.get("variantAminoAcid") or {}).items()}
        found.append((str(entry["residue"]), str(entry["type"]), str(entry.get("tumorCount", "")), counts))
    return _imported(job, found, left)


def _imported(job: Import, found: Iterable[_Found], left: Counter[str]) -> Imported:
    path = str(job.release.path)
    try:
        rows = _rows(job.namer, found, left)
    except InputError as error:
        raise InputError(error.cause, path=path, fix=error.fix) from error
    if not rows:
        raise InputError("holds no TP53 hotspot", path=path, fix="give the file of all genes or of TP53")
    table = ImportedTable(file=HOTSPOTS_FILE, rows=rows)
    return Imported(tables=(table,), taken=len(rows), left=dict(left), version=None)


def _rows(namer: Namer, found: Iterable[_Found], left: Counter[str]) -> tuple[tuple[str, ...], ...]:
    """Rows of ``hotspots.tsv``.

    Raises:
        InputError: a residue contradicts the reference protein.
    """
    rows = set()
    protein = namer.main.protein
    for residue, kind, samples, counts in found:
        if kind not in _KINDS:
            left[f"type {kind!r}"] += 1
            continue
        if kind in (SPATIAL, SINGLE_RESIDUE) and not _is_residue(residue, protein):
            raise InputError(
                f"hotspot residue {residue!r} contradicts the reference protein", fix=_AS_PUBLISHED
            )
        if kind == SPATIAL:
            rows.add((residue, "", SPATIAL, "", ""))
            continue
        for change, count in counts.items():
            ours: str | None = change
            if kind == IN_FRAME:
                variant = in_frame(change, namer)
                ours = variant.hgvs_p_short if variant else None
            if ours is None or not count.isdigit():
                left["spans an intron, or has no count"] += 1
            elif ours != residue[0]:  # a silent change is no recurrent protein change
                label = f"{residue}{ours}" if kind == SINGLE_RESIDUE else f"{residue}:{ours}"
                rows.add((residue, label, kind, samples, count))
    return tuple(sorted(rows, key=lambda row: (_number(row[0]), row)))


def _is_residue(text: str, protein: str) -> bool:
    match = re.fullmatch(r"([A-Z])(\d+)", text)
    return bool(match and 0 < int(match[2]) <= len(protein) and protein[int(match[2]) - 1] == match[1])


def _number(text: str) -> tuple[int, str]:
    match = re.search(r"\d+", text)
    return (int(match.group()) if match else 0, text)


def in_frame(text: str, namer: Namer) -> TranscriptVariant | None:
    """A DNA change with the in-frame effect, such as P191del; None when it spans an intron.

    Raises:
        InputError: it cannot be read or contradicts the reference protein.
    """
    match = _IN_FRAME.fullmatch(text)
    protein = namer.main.protein
    if match is None:
        raise InputError(f"in-frame change {text!r} cannot be read", fix=_AS_PUBLISHED)
    first = int(match[2])
    last = int(match[4] or first)
    if protein[first - 1] != match[1] or (match[3] and protein[last - 1] != match[3]):
        raise InputError(f"in-frame change {text!r} contradicts the reference protein", fix=_AS_PUBLISHED)
    transcript = namer.main
    start = transcript.gene_offset(transcript.cds_start + 3 * (first - 1))
    end = transcript.gene_offset(transcript.cds_start + 3 * last - 1) + 1
    if end - start != 3 * (last - first + 1):
        return None
    bases = "".join(_CODON[residue] for residue in match[6] or "")
    if match[5] == "dup":
        edit = Edit(end, end, namer.gene[start:end])
    elif match[5] == "ins":
        edit = Edit(start + 3, start + 3, bases)
    else:
        edit = Edit(start, end, bases)
    return namer.describe(gene_to_allele(edit, namer.reference), isoforms=False)
