"""Hotspots, the NCI TP53 Database and CIViC."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tp53annot.core.allele import Build
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.maintain.name_rows import (
    Imported,
    Made,
    Rows,
    build_of,
    file_date,
    name_of,
    sort_key,
    stated_build,
    vcf_rows,
)
from tp53annot.maintain.open_release import Release, info_fields
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import Edit, gene_to_allele
from tp53annot.names.transcript import CODONS

HOTSPOTS_HEADER = ("residue", "change", "type", "residue_samples", "change_samples")
TUMOUR_HEADER = ("hgvs_c", "tumours", "lymphoblastic_leukaemias")
GERMLINE_HEADER = ("hgvs_c", "families")
CIVIC_HEADER = ("hgvs_c", "variant", "civic_id")
_KINDS = ("single residue", "splice site", "3d", "in-frame indel")
_SUBSTITUTION = re.compile(r"[A-Z]\d+[A-Z]")
_UNSTATED = ("", "na", "nan", "none")
_IN_FRAME = re.compile(r"([A-Z])(\d+)(?:_([A-Z])(\d+))?(delins|del|dup|ins)([A-Z]*)")
_CODON = {residue: codon for codon, residue in CODONS.items()}
_Rules = Mapping[str, Any]


# hotspots --------------------------------------------------------------------------------


def hotspots(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """The table: ``variant_amino_acid`` holds ``H:386|G:14``."""
    found = []
    left: Counter[str] = Counter()
    for row in release.rows():
        if row["hugo_symbol"] != rules["gene"]["symbol"]:
            left["another gene"] += 1
            continue
        parts = [part.rpartition(":") for part in row["variant_amino_acid"].split("|")]
        counts = {change: count for change, _, count in parts if change}
        found.append((row["residue"], row["type"], row["tumor_count"], counts))
    return _hotspots(release, namer, found, left)


def hotspots_api(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """The answer of the hotspots service: one object a residue, with the count of each change."""
    found = []
    left: Counter[str] = Counter()
    for entry in release.document:
        if entry.get("hugoSymbol") != rules["gene"]["symbol"]:
            left["another gene"] += 1
            continue
        counts = {str(k): str(v) for k, v in (entry.get("variantAminoAcid") or {}).items()}
        found.append((str(entry["residue"]), str(entry["type"]), str(entry.get("tumorCount", "")), counts))
    return _hotspots(release, namer, found, left)


def _hotspots(
    release: Release,
    namer: Namer,
    found: Iterable[tuple[str, str, str, Mapping[str, str]]],
    left: Counter[str],
) -> Imported:
    rows = hotspot_rows(namer, found, left)
    if not rows:
        raise InputError("holds no TP53 hotspot", path=str(release.path))
    table = Made(table="hotspots", header=HOTSPOTS_HEADER, rows=rows)
    return Imported(tables=(table,), taken=len(rows), left=dict(left), version=None)


def hotspot_rows(
    namer: Namer, found: Iterable[tuple[str, str, str, Mapping[str, str]]], left: Counter[str]
) -> tuple[tuple[str, ...], ...]:
    """Rows of ``hotspots.tsv`` from residue, type, samples at the residue and samples by change.

    Raises:
        InputError: a residue contradicts the reference protein.
    """
    rows = set()
    protein = namer.main.protein
    for residue, kind, samples, counts in found:
        if kind not in _KINDS:
            left[f"type {kind!r}"] += 1
            continue
        if kind in ("3d", "single residue") and not _is_residue(residue, protein):
            raise InputError(f"hotspot residue {residue!r} contradicts the reference protein")
        if kind == "3d":
            rows.add((residue, "", "3d", "", ""))
            continue
        for change, count in counts.items():
            ours: str | None = change
            if kind == "in-frame indel":
                variant = in_frame(change, namer)
                ours = variant.hgvs_p_short if variant else None
            if ours is None or not count.isdigit():
                left["spans an intron, or has no count"] += 1
            elif ours != residue[0]:  # a silent change is no recurrent protein change
                label = f"{residue}{ours}" if kind == "single residue" else f"{residue}:{ours}"
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
        raise InputError(f"in-frame change {text!r} cannot be read")
    first = int(match[2])
    last = int(match[4] or first)
    if protein[first - 1] != match[1] or (match[3] and protein[last - 1] != match[3]):
        raise InputError(f"in-frame change {text!r} contradicts the reference protein")
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


# NCI TP53 Database ------------------------------------------------------------------------


def nci_tumour(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """Tumours (samples) with each change, and those called lymphoblastic leukaemia."""
    word = str(release.format["lymphoblastic"])
    left: Counter[str] = Counter()
    samples: dict[str, set[str]] = {}
    leukaemias: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    published: dict[tuple[str, str], str] = {}
    for name, position, row in _named(release, namer, left):
        places[name] = position
        published |= _published(row, release.format)
        samples.setdefault(name, set()).add(row["Sample_ID"])
        if word in row["Morphology"].lower():
            leukaemias.setdefault(name, set()).add(row["Sample_ID"])
    rows = tuple(
        (name, str(len(samples[name])), str(len(leukaemias.get(name, ()))))
        for name in sorted(samples, key=lambda name: sort_key(places[name], name))
    )
    made = _catalogue(release, Made(table="nci_tumour", header=TUMOUR_HEADER, rows=rows), left)
    return replace(made, published=published)


def _published(row: Mapping[str, str], form: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The classes a row publishes for its substitution, in our words; NA and the like left out."""
    change = row.get(form["protein"], "").removeprefix("p.")
    found = {}
    for name, column in form["published"].items():
        word = row.get(column, "").strip()
        if _SUBSTITUTION.fullmatch(change) and word.lower() not in _UNSTATED:
            found[change, name] = form["same_as"].get(word, word)
    return found


def nci_germline(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """Families with each germline change."""
    left: Counter[str] = Counter()
    families: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    for name, position, row in _named(release, namer, left):
        places[name] = position
        families.setdefault(name, set()).add(row["Family_ID"])
    rows = tuple(
        (name, str(len(families[name])))
        for name in sorted(families, key=lambda name: sort_key(places[name], name))
    )
    return _catalogue(release, Made(table="nci_germline", header=GERMLINE_HEADER, rows=rows), left)


def _named(
    release: Release, namer: Namer, left: Counter[str]
) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Rows with the name and place of their GRCh38 change; each spelling is read once."""
    accession = namer.reference.builds[Build.GRCH38].accession
    known: dict[str, tuple[str, int] | None] = {}
    for row in release.rows():
        text = row["g_description_GRCh38"].strip().rpartition(":")[2]
        if not text.startswith("g."):
            left["no GRCh38 change given"] += 1
            continue
        if text not in known:
            known[text] = name_of(f"{accession}:{text}", namer)
        named = known[text]
        if named is None:
            left["change not understood, or against the reference"] += 1
        else:
            yield *named, row


# CIViC -----------------------------------------------------------------------------------


def civic_table(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """VariantSummaries: the variants whose bases are given; residue-level entries are left."""
    rows: dict[Build, Rows[tuple[str, str]]] = {}
    left: Counter[str] = Counter()
    for row in release.rows():
        build = build_of(row["reference_build"])
        if rules["gene"]["symbol"] not in (row.get("gene"), row.get("feature_name")):
            left["another gene"] += 1
        elif build is None or not row["reference_bases"] or not row["variant_bases"]:
            left["no single DNA change"] += 1
        else:
            group = rows.setdefault(build, Rows(release, namer, build, left))
            group.add(row["chromosome"], row["start"], row["reference_bases"], row["variant_bases"],
                      (row["variant"], row["variant_id"]))  # fmt: skip
    return _civic(release, list(rows.values()), left, None)


def civic_vcf(release: Release, namer: Namer, rules: _Rules, assembly: Build | None) -> Imported:
    """The VCF: name and number of a variant stand in its CSQ field."""
    head = next(line for line in release.meta if line.startswith("##INFO=<ID=CSQ"))
    fields = head.partition("Format:")[2].strip(' ">').split("|")
    rows: Rows[tuple[str, str]] = Rows(release, namer, assembly or stated_build(release, namer))
    for chrom, pos, _, ref, alts, _, text in vcf_rows(release, namer):
        for entry in info_fields(text).get("CSQ", "").split(","):
            row = dict(zip(fields, entry.split("|"), strict=False))
            if row.get("SYMBOL") != rules["gene"]["symbol"]:
                rows.left["another gene"] += 1
            else:
                label = (row.get("CIViC Variant Name", ""), row.get("CIViC Variant ID", ""))
                rows.add(chrom, pos, ref, alts[0], label)
    return _civic(release, [rows], rows.left, file_date(release))


def _civic(
    release: Release, groups: list[Rows[tuple[str, str]]], left: Counter[str], version: str | None
) -> Imported:
    found: dict[str, tuple[int, tuple[str, str]]] = {}
    for group in groups:
        for variant, position, label in group.named(group.build()):
            found.setdefault(variant.hgvs_c, (position, label))
    rows = tuple(
        (name, *found[name][1]) for name in sorted(found, key=lambda name: sort_key(found[name][0], name))
    )
    return _catalogue(release, Made(table="civic", header=CIVIC_HEADER, rows=rows), left, version)


def _catalogue(release: Release, table: Made, left: Counter[str], version: str | None = None) -> Imported:
    if not table.rows:
        raise InputError("holds no TP53 change that could be read", path=str(release.path))
    return Imported(tables=(table,), taken=len(table.rows), left=dict(left), version=version)


READERS = {"hotspots": hotspots, "hotspots_api": hotspots_api, "nci_tumour": nci_tumour,
           "nci_germline": nci_germline, "civic_table": civic_table, "civic_vcf": civic_vcf}  # fmt: skip
