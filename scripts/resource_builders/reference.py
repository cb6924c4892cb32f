"""Reference sequence, builds and transcript models of the TP53 locus."""

from __future__ import annotations

import csv
import json
from pathlib import Path

# Protein names as used in the field, by the RefSeq accession without version
# (RefSeq records NM_001126112-118 and NM_001276695-761; Marcel 2011, PMID 21779515).
ISOFORM_NAMES = {
    "NM_000546": "p53 alpha",
    "NM_001126112": "p53 alpha",
    "NM_001126113": "p53 gamma",
    "NM_001126114": "p53 beta",
    "NM_001126115": "delta133p53 alpha",
    "NM_001126116": "delta133p53 beta",
    "NM_001126117": "delta133p53 gamma",
    "NM_001126118": "delta40p53 alpha",
    "NM_001276695": "delta40p53 gamma",
    "NM_001276696": "delta40p53 beta",
    "NM_001276697": "delta160p53 alpha",
    "NM_001276698": "delta160p53 beta",
    "NM_001276699": "delta160p53 gamma",
    "NM_001276760": "delta40p53 alpha",
    "NM_001276761": "delta40p53 alpha",
}
CONTIG_ALIASES = {
    "GRCh37": ("17", "chr17", "NC_000017.10", "CM000679.1", "CHR17", "Chr17"),
    "GRCh38": ("17", "chr17", "NC_000017.11", "CM000679.2", "CHR17", "Chr17"),
}
# Lengths of the other chromosomes, 1 to 16, 18 to 22, X and Y (assembly reports of NCBI, GCF_000001405.25 and .26).
OTHER_LENGTHS = {
    "GRCh37": "249250621,243199373,198022430,191154276,180915260,171115067,159138663,146364022,141213431,"
    "135534747,135006516,133851895,115169878,107349540,102531392,90354753,78077248,59128983,"
    "63025520,48129895,51304566,155270560,59373566",
    "GRCh38": "248956422,242193529,198295559,190214555,181538259,170805979,159345973,145138636,138394717,"
    "133797422,135086622,133275309,114364328,107043718,101991189,90338345,80373285,58617616,"
    "64444167,46709983,50818468,156040895,57227415",
}


def read_fasta(path: Path) -> str:
    """The bases of a one-record FASTA, upper case."""
    lines = path.read_text().splitlines()
    return "".join(line.strip() for line in lines if not line.startswith(">")).upper()


def build(source: Path, output: Path) -> list[Path]:
    """Write reference/locus.fa, builds.tsv and transcripts.tsv; refuses slices that differ."""
    raw = source / "data" / "reference" if (source / "data").is_dir() else source / "reference"
    document = json.loads((raw / "TP53.transcripts.json").read_text())
    offset = int(document["offset_GRCh38_minus_GRCh37"])
    new = read_fasta(raw / "GRCh38.chr17_7660000-7700000.fa")
    if new != read_fasta(raw / "GRCh37.chr17_7563318-7603318.fa"):
        raise SystemExit("the two builds' slices differ: one locus cannot serve both")
    folder = output / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    locus = folder / "locus.fa"
    rows = [new[i : i + 100] for i in range(0, len(new), 100)]
    locus.write_text(">TP53_locus NC_000017.11:7660000-7700000 forward strand\n" + "\n".join(rows) + "\n")
    return [
        locus,
        _write_builds(raw, folder, offset),
        _write_transcripts(document["transcripts"], folder, offset),
    ]


def _write_builds(raw: Path, folder: Path, offset: int) -> Path:
    path = folder / "builds.tsv"
    with (raw / "contigs.tsv").open() as handle, path.open("w", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        columns = ["build", "accession", "contig_names", "length_bp", "md5", "offset_from_grch38_bp"]
        writer.writerow([*columns, "other_lengths_bp"])
        for row in csv.DictReader(handle, delimiter="\t"):
            shift = -offset if row["build"] == "GRCh37" else 0
            names = ",".join(CONTIG_ALIASES[row["build"]])
            writer.writerow(
                [
                    row["build"],
                    row["refseq"],
                    names,
                    row["length"],
                    row["M5"],
                    shift,
                    OTHER_LENGTHS[row["build"]],
                ]
            )
    return path


def _write_transcripts(models: list[dict], folder: Path, offset: int) -> Path:  # type: ignore[type-arg]
    path = folder / "transcripts.tsv"
    seen: set[str] = set()
    rows = []
    for model in models:
        exons = [tuple(pair) for pair in model["exons"]["GRCh38"]]
        cds = [tuple(pair) for pair in model["cds"]["GRCh38"]] if model.get("cds") else []
        for old, now in zip(model["exons"]["GRCh37"], exons, strict=True):
            if (old[0] + offset, old[1] + offset) != now:
                raise SystemExit(f"{model['id']}: the builds differ by more than the offset")
        version = model.get("version")
        accession = f"{model['id']}.{version}" if version else model["id"]
        if accession in seen:
            continue
        seen.add(accession)
        span = lambda pairs: ",".join(f"{a}-{b}" for a, b in pairs)  # noqa: E731
        rows.append(
            [
                accession,
                model.get("protein_id") or "",
                ISOFORM_NAMES.get(model["id"], ""),
                "RefSeq" if model["id"].startswith(("NM_", "NR_")) else "Ensembl",
                span(exons),
                span(cds),
            ]
        )
    # LRG_321 fixed its first transcript at this RefSeq version (https://www.lrg-sequence.org).
    fixed = next(row for row in rows if row[0] == "NM_000546.5")
    rows.append(["LRG_321t1", "LRG_321p1", fixed[2], "LRG", *fixed[4:]])
    rows.sort(key=lambda row: (row[0] != "NM_000546.6", row[3] != "RefSeq", row[0]))
    with path.open("w", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(["accession", "protein", "name", "source", "exons_grch38", "cds_grch38"])
        writer.writerows(rows)
    return path
