"""Catalogues: ClinVar, hotspots, TCGA, DoCM, 1000 Genomes, cell lines, protein features."""

from __future__ import annotations

import re
from pathlib import Path

from resource_builders.common import Changes, raw, read, residue_key, write
from resource_builders.functional import keep
from tp53annot.core.allele import Allele
from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.maintain.imported_rows import Import
from tp53annot.maintain.readers.registry import READERS
from tp53annot.maintain.release_file import open_release
from tp53annot.names.parser import parse_change

# Samples of each 1000 Genomes phase 3 population (2,504 in all; 1000 Genomes Project 2015, PMID 26432245).
_SIZES = [
    "ACB",
    "96",
    "ASW",
    "61",
    "BEB",
    "86",
    "CDX",
    "93",
    "CEU",
    "99",
    "CHB",
    "103",
    "CHS",
    "105",
    "CLM",
    "94",
    "ESN",
    "99",
    "FIN",
    "99",
    "GBR",
    "91",
    "GIH",
    "103",
    "GWD",
    "113",
    "IBS",
    "107",
    "ITU",
    "102",
    "JPT",
    "104",
    "KHV",
    "99",
    "LWK",
    "99",
    "MSL",
    "85",
    "MXL",
    "64",
    "PEL",
    "85",
    "PJL",
    "96",
    "PUR",
    "104",
    "STU",
    "102",
    "TSI",
    "107",
    "YRI",
    "108",
]
SAMPLES = dict(zip(_SIZES[::2], map(int, _SIZES[1::2]), strict=True))
assert sum(SAMPLES.values()) == 2504


def build(source: Path, output: Path) -> list[Path]:
    """All catalogue tables, one source a file."""
    changes = Changes()
    return [
        _clinvar(source, output, changes),
        _clinvar_vus(source, output, changes),
        _clinvar_oncogenic(source, output, changes),
        _hotspots(source, output, changes),
        _hotspots_v3(source, output, changes),
        _chip(source, output, changes),
        _tcga(source, output, changes),
        _docm(source, output, changes),
        _population(source, output, changes),
        _population_sizes(output),
        _cell_lines(source, output, changes),
        _features(source, output),
    ]


def _clinvar(source: Path, output: Path, changes: Changes) -> Path:
    return _released(source, output, changes, "clinvar_tp53_missense_2026-04.tsv")


def _released(source: Path, output: Path, changes: Changes, name: str) -> Path:
    """A table by the importer that `tp53annot resources update` has for the file."""
    rules = resources_of().rules.sources
    release = open_release(raw(source, name), rules, None)
    job = Import(
        release=release,
        namer=changes.namer,
        gene=rules.gene,
        source=rules.source[release.format.source],
        assembly=None,
    )
    table = READERS[release.format.reader](job).tables[0]
    return write(output, f"{table.file.name}.tsv", table.file.columns, table.rows)


def _clinvar_vus(source: Path, output: Path, changes: Changes) -> Path:
    newer = {line.split("\t")[0] for line in (output / "tables" / "clinvar.tsv").read_text().splitlines()}
    rows = {}
    for row in read(source, "clinvar_tp53_vus_2026-02.csv"):
        match = re.match(r"(N[MR]_[\d.]+)(?:\(\w+\))?:(c\.\S+)", row["Title"])
        try:
            alleles = parse_change(f"{match[1]}:{match[2]}", changes.namer, {}) if match else ()
        except InputError as error:
            print(f"refused: {row['Title']}: {error}")
            continue
        name = changes.name(alleles[0]) if len(alleles) == 1 else None
        if name and name not in newer:  # the newer export holds it with its review status
            rows[name] = [name, row["Clinical_Significance"], row["ClinVar_ID"], -alleles[0].pos]
    ordered = sorted(rows.values(), key=lambda row: (row[-1], row[0]))
    header = ["hgvs_c", "germline_classification", "variation_id"]
    return write(output, "clinvar_vus.tsv", header, [row[:-1] for row in ordered])


def _clinvar_oncogenic(source: Path, output: Path, changes: Changes) -> Path:
    """Records with an oncogenicity classification, in ClinVar's words."""
    rows = {}
    for row in read(source, "v2/clinvar_oncogenic_2025-03.tsv"):
        if not row["oncogenicity"]:
            continue
        match = re.match(r"(N[MR]_[\d.]+)(?:\(\w+\))?:(c\.\S+)", row["hgvs"])
        alleles = parse_change(f"{match[1]}:{match[2]}", changes.namer, {}) if match else ()
        name = changes.name(alleles[0]) if len(alleles) == 1 else None
        if name is None:
            print(f"refused: {row['hgvs']}")
            continue
        cells = [row["oncogenicity"], row["oncogenicity_review"], row["oncogenicity_date"], row["accession"]]
        rows[name] = [-alleles[0].pos, name, *cells]
    header = ["hgvs_c", "oncogenicity", "review_status", "evaluated", "accession"]
    return write(output, "clinvar_oncogenic.tsv", header, [row[1:] for row in sorted(rows.values())])


def _hotspots_v3(source: Path, output: Path, changes: Changes) -> Path:
    """Exchanges of one residue and stops; silent and in-frame changes and splice sites stand in the older table."""
    protein = changes.namer.main.protein
    rows = []
    for row in read(source, "v2/cancerhotspots_v3.tsv"):
        match = re.fullmatch(r"([A-Z])(\d+)([A-Z*])", row["change"])
        if match is None or match[1] == match[3]:
            continue
        if protein[int(match[2]) - 1] != match[1]:
            print(f"refused, contradicts the reference protein: {row['change']}")
            continue
        rows.append([row["residue"], row["change"], row["residue_samples"], row["change_samples"]])
    rows.sort(key=lambda row: (residue_key(row[0]), row[1]))
    header = ["residue", "change", "residue_samples", "change_samples"]
    return write(output, "hotspots_v3.tsv", header, rows)


def _chip(source: Path, output: Path, changes: Changes) -> Path:
    names = {row["aa_change"] for row in read(source, "v2/chip_whitelist.tsv")}
    protein = changes.namer.main.protein
    rows = sorted((name for name in names if keep(name, protein)), key=residue_key)
    return write(output, "chip.tsv", ["aa_change"], [[name] for name in rows])


def _hotspots(source: Path, output: Path, changes: Changes) -> Path:
    return _released(source, output, changes, "cancerhotspots_v2_3d_tp53.tsv")


def _tcga(source: Path, output: Path, changes: Changes) -> Path:
    counts: dict[str, tuple[int, int]] = {}
    for row in read(source, "tcga_tp53_counts_grch37.tsv"):
        allele = changes.from_maf(int(row["start"]), row["ref"], row["alt"])
        name = changes.name(allele) if allele else None
        if allele and name:
            before = counts.get(name, (allele.pos, 0))[1]
            counts[name] = (allele.pos, before + int(row["patients"]))
    rows = [[n, c] for n, (_, c) in sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))]
    return write(output, "tcga.tsv", ["hgvs_c", "patients"], rows)


def _docm(source: Path, output: Path, changes: Changes) -> Path:
    rows = {}
    for row in read(source, "docm_TP53.tsv"):
        allele = changes.from_maf(int(row["start"]), row["read"], row["variant"])
        name = changes.name(allele) if allele else None
        if allele and name:
            rows[name] = [-allele.pos, name, row["diseases"].replace(",", "; "), row["pubmed_sources"]]
    ordered = sorted(rows.values())
    return write(output, "docm.tsv", ["hgvs_c", "diseases", "pmids"], [row[1:] for row in ordered])


def _population(source: Path, output: Path, changes: Changes) -> Path:
    rows = []
    for row in read(source, "1000g_phase3_tp53_grch37.csv"):
        allele = Allele(pos=int(row["POS"]) + 96682, ref=row["REF"], alt=row["ALT"]) if _plain(row) else None
        name = changes.name(changes.normal(allele)) if allele and changes.reference.matches(allele) else None
        if allele is None or name is None:
            continue
        found = {pop: float(row[f"{pop}_AF"] or 0) for pop in SAMPLES}
        if not any(found.values()):  # a site where only another allele was seen
            continue
        mean = sum(found[pop] * n for pop, n in SAMPLES.items()) / 2504
        top = max(sorted(found), key=lambda pop: found[pop])
        rows.append([-allele.pos, name, f"{mean:.6f}", f"{found[top]:.6f}", top if found[top] else ""])
    header = ["hgvs_c", "allele_fraction", "highest_allele_fraction", "highest_population"]
    return write(output, "population_1000g.tsv", header, [row[1:] for row in sorted(rows)])


def _population_sizes(output: Path) -> Path:
    return write(output, "population_sizes_1000g.tsv", ["population", "people"], sorted(SAMPLES.items()))


def _plain(row: dict[str, str]) -> bool:
    return set(row["REF"] + row["ALT"]) <= set("ACGT")


def _cell_lines(source: Path, output: Path, changes: Changes) -> Path:
    rows = []
    for row in read(source, "CCLE_22Q2_TP53_ALL_lines_hg19.tsv"):
        start, ref, alt = row["Start_position"], row["Reference_Allele"], row["Alternate_Allele"]
        allele = changes.from_maf(int(start), ref, alt)
        name = changes.name(allele) if allele else None
        if name:
            rows.append((name, row["StrippedCellLineName"], row["OncotreeSubtype"], row["DepMap_ID"]))
    ordered = sorted(set(rows), key=lambda row: (row[1], row[0]))
    return write(output, "cell_lines.tsv", ["hgvs_c", "cell_line", "disease", "depmap_id"], ordered)


def _features(source: Path, output: Path) -> Path:
    rows = [
        [row["type"], row["start"], row["end"], row["description"].strip()]
        for row in read(source, "p53_features.tsv")
        if row["source"].startswith("UniProt")
    ]
    rows.sort(key=lambda row: (int(row[1]), int(row[2]), row[0], row[3]))
    return write(
        output, "uniprot_features.tsv", ["type", "start_residue", "end_residue", "description"], rows
    )
