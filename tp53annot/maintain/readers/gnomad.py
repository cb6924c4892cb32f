"""Population frequencies of gnomAD: sites VCF, table of the browser or a plain one, answer of its service."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.knowledge.tables.population import GNOMAD_FILE
from tp53annot.maintain.imported_rows import (
    Import,
    Imported,
    ImportedTable,
    SourceRows,
    file_date,
    in_gene_order,
    stated_build,
    vcf_rows,
)
from tp53annot.maintain.release_file import info_fields

_PASSED = ("PASS", ".", "")
_ABSENT = ("NA", "")
_OTHER_WAY = "try again later, or download a file and give it with --from"
_Counts = tuple[int, int]


class _VcfSettings(Struct, frozen=True, kw_only=True):
    """INFO fields of the alternate alleles seen (one an ALT) and of the alleles tested."""

    count: str
    number: str


class _TableSettings(Struct, frozen=True, kw_only=True):
    """Columns of the change, of the alleles seen and tested, and of the filters (those that are there)."""

    chrom: str
    pos: str
    ref: str
    alt: str
    count: str
    number: str
    filters: tuple[str, ...]


def gnomad_vcf(job: Import) -> Imported:
    """Sites VCF: joint counts where the file has them, else its own."""
    fields = job.settings(_VcfSettings)
    rows: SourceRows[_Counts] = SourceRows(job, stated_build(job))
    for chrom, pos, _, ref, alts, passed, text in vcf_rows(job):
        info = info_fields(text)
        if passed not in _PASSED:
            rows.left["failed gnomAD's filter"] += 1
            continue
        for alt, seen in zip(alts, info.get(fields.count, "").split(","), strict=False):
            _count(rows, (chrom, pos, ref, alt), seen, info.get(fields.number, ""))
    return _frequencies(rows, file_date(job.release))


def gnomad_table(job: Import) -> Imported:
    """The table the browser exports, or a plain one."""
    columns = job.settings(_TableSettings)
    rows: SourceRows[_Counts] = SourceRows(job, job.assembly)
    for row in job.release.rows():
        marks = [row[name] for name in columns.filters if name in row]
        if marks and not any(mark in _PASSED for mark in marks) and not all(m in _ABSENT for m in marks):
            rows.left["failed gnomAD's filter"] += 1
        else:
            change = (row[columns.chrom], row[columns.pos], row[columns.ref], row[columns.alt])
            _count(rows, change, row[columns.count], row[columns.number])
    return _frequencies(rows, None)


def gnomad_api(job: Import) -> Imported:
    """The answer of gnomAD's GraphQL service to our query (GRCh38)."""
    document, path = job.release.document, str(job.release.path)
    if document.get("errors"):
        raise InputError(
            f"gnomAD answered with an error: {document['errors']}"[:200], path=path, fix=_OTHER_WAY
        )
    rows: SourceRows[_Counts] = SourceRows(job, Build.GRCH38)
    try:
        for entry in document["data"]["gene"]["variants"]:
            parts = str(entry["variant_id"]).split("-")
            sets = [entry[name] for name in ("exome", "genome") if entry.get(name)]
            if len(parts) != 4:
                rows.left["no plain sequence change"] += 1
            elif sets and all(part.get("filters") for part in sets):
                rows.left["failed gnomAD's filter"] += 1
            else:
                together = [entry["joint"]] if entry.get("joint") else sets
                seen, tested = (sum(part[key] for part in together) for key in ("ac", "an"))
                _count(rows, (parts[0], parts[1], parts[2], parts[3]), str(seen), str(tested))
    except (KeyError, TypeError) as error:
        raise InputError(
            f"gnomAD's answer has another form ({error!r})", path=path, fix=_OTHER_WAY
        ) from error
    return _frequencies(rows, None)


def _count(rows: SourceRows[_Counts], change: tuple[str, str, str, str], seen: str, tested: str) -> None:
    if not (seen.isdigit() and tested.isdigit() and int(tested) > 0 and int(seen) <= int(tested)):
        rows.left["no usable allele count"] += 1
    else:
        rows.add(*change, (int(seen), int(tested)))


def _frequencies(rows: SourceRows[_Counts], version: str | None) -> Imported:
    """The table; refused when an exon of the coding sequence has no row, as absence would read as rarity.

    Raises:
        InputError: the file does not reach over the whole coding sequence.
    """
    build = rows.build()
    found = {variant.hgvs_c: (position, counts) for variant, position, counts in rows.named(build)}
    transcript = rows.job.namer.reference.main_transcript
    exons = [
        number
        for number, (low, high) in enumerate(transcript.exons, 1)
        if any(low <= b and a <= high for a, b in transcript.cds)
        and not any(low <= position <= high for position, _ in found.values())
    ]
    if exons:
        raise InputError(
            f"has no row in coding exon {', '.join(map(str, exons))}; absence there would be read as rarity",
            path=str(rows.job.release.path),
            fix="give a file that covers the whole gene",
        )
    made = tuple(
        (name, f"{seen / tested:.6g}", str(seen), str(tested))
        for name, (seen, tested) in in_gene_order(found)
    )
    table = ImportedTable(file=GNOMAD_FILE, rows=made)
    return Imported(tables=(table,), taken=len(made), left=dict(rows.left), version=version, build=build)
