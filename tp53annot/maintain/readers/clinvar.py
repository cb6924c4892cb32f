"""ClinVar releases: the VCF, variant_summary and the table of a search on its web site."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.knowledge.tables.clinvar import CLINVAR_FILE, CLINVAR_VUS_FILE
from tp53annot.maintain.imported_rows import (
    WHOLE_GENE,
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
from tp53annot.names.hgvs import Namer

_NOTHING = ("", "-", ".", "na", "not provided", "no classification for the single variant")


class _Record(Struct, frozen=True, kw_only=True):
    """What ClinVar says of a change, as published; empty where it says nothing."""

    significance: str
    review: str
    accession: str
    rsid: str
    oncogenicity: str
    oncogenicity_review: str


def clinvar_vcf(job: Import) -> Imported:
    """The VCF of either build."""
    rows: SourceRows[_Record] = SourceRows(job, stated_build(job))
    for chrom, pos, identifier, ref, alts, _, text in vcf_rows(job):
        info = info_fields(text)
        genes = [item.split(":")[0] for item in info.get("GENEINFO", "").split("|")]
        if job.gene.symbol not in genes:
            rows.left["another gene of the chromosome"] += 1
            continue
        record = _Record(
            significance=_words(info.get("CLNSIG")),
            review=_words(info.get("CLNREVSTAT")),
            accession=_accession(identifier),
            rsid=_rsid(info.get("RS", "").split("|")[0]),
            oncogenicity=_words(info.get("ONC")),
            oncogenicity_review=_words(info.get("ONCREVSTAT")),
        )
        _add(rows, (chrom, pos, ref, alts[0]), record)
    return _imported(rows, file_date(job.release))


def clinvar_summary(job: Import) -> Imported:
    """variant_summary holds each change once a build: the GRCh38 rows are taken."""
    rows: SourceRows[_Record] = SourceRows(job, Build.GRCH38)
    for row in job.release.rows():
        if job.gene.symbol not in row["GeneSymbol"].split(";"):
            rows.left["another gene"] += 1
        elif row["Assembly"] != Build.GRCH38:
            rows.left["the same change on another build"] += 1
        else:
            record = _Record(
                significance=_plain(row["ClinicalSignificance"]),
                review=_plain(row["ReviewStatus"]),
                accession=_accession(row["VariationID"]),
                rsid=_rsid(row.get("RS# (dbSNP)", "")),
                oncogenicity=_plain(row.get("Oncogenicity", "")),
                oncogenicity_review=_plain(row.get("ReviewStatusOncogenicity", "")),
            )
            alleles = row["ReferenceAlleleVCF"], row["AlternateAlleleVCF"]
            _add(rows, (row["Chromosome"], row["PositionVCF"], *alleles), record)
    return _imported(rows, None)


def clinvar_search(job: Import) -> Imported:
    """The table a ClinVar search is saved as; its SPDI gives the change on GRCh38."""
    rows: SourceRows[_Record] = SourceRows(job, Build.GRCH38)
    for row in job.release.rows():
        spdi = row["Canonical SPDI"].split(":")
        if job.gene.symbol not in row["Gene(s)"].split("|"):
            rows.left["another gene"] += 1
        elif len(spdi) != 4 or not spdi[1].isdigit():
            rows.left["no plain sequence change"] += 1
        else:
            record = _Record(
                significance=row["Germline classification"],
                review=row["Germline review status"],
                accession=row["Accession"],
                rsid=row.get("dbSNP ID", ""),
                oncogenicity=row.get("Oncogenicity classification", ""),
                oncogenicity_review=row.get("Oncogenicity review status", ""),
            )
            _add(rows, (spdi[0], *_anchored(job.namer, int(spdi[1]), spdi[2], spdi[3])), record)
    return _imported(rows, None)


def _anchored(namer: Namer, interbase: int, deleted: str, inserted: str) -> tuple[str, str, str]:
    """An SPDI edit as POS, REF, ALT, with an anchor base where one side is empty."""
    if (deleted and inserted) or not namer.reference.covers(interbase, interbase):
        return str(interbase + 1), deleted, inserted
    base = namer.reference.bases(interbase, interbase)
    return str(interbase), base + deleted, base + inserted


def _add(rows: SourceRows[_Record], change: tuple[str, str, str, str], record: _Record) -> None:
    if record.significance.lower() in _NOTHING:
        rows.left["no germline classification"] += 1
    else:
        rows.add(*change, record)


def _imported(rows: SourceRows[_Record], version: str | None) -> Imported:
    build = rows.build()
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for variant, position, record in rows.named(build, gene_only=False):
        if variant.hgvs_c in found:
            rows.left["a second record of the same change"] += 1
            continue
        cells = (
            variant.hgvs_c,
            variant.hgvs_p_short,
            record.significance,
            record.review,
            record.accession,
            record.rsid,
            record.oncogenicity,
            record.oncogenicity_review,
        )
        found[variant.hgvs_c] = (position, cells)
    if not found:
        raise InputError(
            "holds no TP53 change with a classification",
            path=str(rows.job.release.path),
            fix=WHOLE_GENE,
        )
    classified = ImportedTable(file=CLINVAR_FILE, rows=tuple(cells for _, cells in in_gene_order(found)))
    # A full release holds the uncertain ones, too: the separate table of the bundled export is emptied.
    return Imported(
        tables=(classified, ImportedTable(file=CLINVAR_VUS_FILE, rows=())),
        taken=len(found),
        left=dict(rows.left),
        version=version,
        build=build,
    )


def _words(text: str | None) -> str:
    return _plain((text or "").replace("_", " "))


def _plain(text: str) -> str:
    return "" if text.strip().lower() in _NOTHING else " ".join(text.split())


def _accession(identifier: str) -> str:
    return f"VCV{int(identifier):09d}" if identifier.isdigit() else identifier


def _rsid(text: str) -> str:
    digits = text.strip().removeprefix("rs")
    return f"rs{digits}" if digits.isdigit() else ""
