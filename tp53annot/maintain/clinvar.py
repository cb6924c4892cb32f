"""ClinVar releases: the VCF, variant_summary and the table of a search on its web site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.maintain.name_rows import Imported, Made, Rows, file_date, sort_key, stated_build, vcf_rows
from tp53annot.maintain.open_release import Release, info_fields
from tp53annot.names.hgvs import Namer

HEADER = ("hgvs_c", "aa_change", "germline_classification", "germline_review_status", "accession", "rsid",
          "oncogenicity", "oncogenicity_review_status")  # fmt: skip
VUS_HEADER = ("hgvs_c", "germline_classification", "variation_id")
_NOTHING = ("", "-", ".", "na", "not provided", "no classification for the single variant")


@dataclass(frozen=True, slots=True)
class _Record:
    """What ClinVar says of a change, as published; empty where it says nothing."""

    significance: str
    review: str
    accession: str
    rsid: str
    oncogenicity: str = ""
    oncogenicity_review: str = ""


def read_vcf(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """The VCF of either build."""
    rows: Rows[_Record] = Rows(release, namer, assembly or stated_build(release, namer))
    for chrom, pos, identifier, ref, alts, _, text in vcf_rows(release, namer):
        info = info_fields(text)
        genes = [item.split(":")[0] for item in info.get("GENEINFO", "").split("|")]
        if rules["gene"]["symbol"] not in genes:
            rows.left["another gene of the chromosome"] += 1
            continue
        record = _Record(
            _words(info.get("CLNSIG")), _words(info.get("CLNREVSTAT")), _accession(identifier),
            _rsid(info.get("RS", "").split("|")[0]), _words(info.get("ONC")), _words(info.get("ONCREVSTAT")),
        )  # fmt: skip
        _add(rows, chrom, pos, ref, alts[0], record)
    return _imported(rows, rows.build(), file_date(release))


def read_summary(
    release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None
) -> Imported:
    """variant_summary holds each change once a build: the GRCh38 rows are taken."""
    rows: Rows[_Record] = Rows(release, namer, Build.GRCH38)
    for row in release.rows():
        if rules["gene"]["symbol"] not in row["GeneSymbol"].split(";"):
            rows.left["another gene"] += 1
        elif row["Assembly"] != Build.GRCH38:
            rows.left["the same change on another build"] += 1
        else:
            record = _Record(
                _plain(row["ClinicalSignificance"]), _plain(row["ReviewStatus"]),
                _accession(row["VariationID"]), _rsid(row.get("RS# (dbSNP)", "")),
                _plain(row.get("Oncogenicity", "")), _plain(row.get("ReviewStatusOncogenicity", "")),
            )  # fmt: skip
            _add(rows, row["Chromosome"], row["PositionVCF"],
                 row["ReferenceAlleleVCF"], row["AlternateAlleleVCF"], record)  # fmt: skip
    return _imported(rows, rows.build(), None)


def read_search(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """The table a ClinVar search is saved as; its SPDI gives the change on GRCh38."""
    rows: Rows[_Record] = Rows(release, namer, Build.GRCH38)
    for row in release.rows():
        spdi = row["Canonical SPDI"].split(":")
        if rules["gene"]["symbol"] not in row["Gene(s)"].split("|"):
            rows.left["another gene"] += 1
        elif len(spdi) != 4 or not spdi[1].isdigit():
            rows.left["no plain sequence change"] += 1
        else:
            record = _Record(
                row["Germline classification"], row["Germline review status"], row["Accession"],
                row.get("dbSNP ID", ""), row.get("Oncogenicity classification", ""),
                row.get("Oncogenicity review status", ""),
            )  # fmt: skip
            _add(rows, spdi[0], *_anchored(namer, int(spdi[1]), spdi[2], spdi[3]), record)
    return _imported(rows, rows.build(), None)


def _anchored(namer: Namer, interbase: int, deleted: str, inserted: str) -> tuple[str, str, str]:
    """An SPDI edit as POS, REF, ALT, with an anchor base where one side is empty."""
    if (deleted and inserted) or not namer.reference.covers(interbase, interbase):
        return str(interbase + 1), deleted, inserted
    base = namer.reference.bases(interbase, interbase)
    return str(interbase), base + deleted, base + inserted


def _add(rows: Rows[_Record], chrom: str, pos: str, ref: str, alt: str, record: _Record) -> None:
    if record.significance.lower() in _NOTHING:
        rows.left["no germline classification"] += 1
    else:
        rows.add(chrom, pos, ref, alt, record)


def _imported(rows: Rows[_Record], build: Build, version: str | None) -> Imported:
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for variant, position, record in rows.named(build, gene_only=False):
        if variant.hgvs_c in found:
            rows.left["a second record of the same change"] += 1
            continue
        found[variant.hgvs_c] = (position, (
            variant.hgvs_c, variant.hgvs_p_short, record.significance, record.review, record.accession,
            record.rsid, record.oncogenicity, record.oncogenicity_review,
        ))  # fmt: skip
    if not found:
        raise InputError("holds no TP53 change with a classification", path=str(rows.release.path))
    ordered = sorted(found, key=lambda name: sort_key(found[name][0], name))
    table = Made(table="clinvar", header=HEADER, rows=tuple(found[name][1] for name in ordered))
    # A full release holds the uncertain ones, too: the separate table of the bundled export is emptied.
    return Imported(tables=(table, Made(table="clinvar_vus", header=VUS_HEADER, rows=())), taken=len(found),
                    left=dict(rows.left), version=version, build=build)  # fmt: skip


def _words(text: str | None) -> str:
    return _plain((text or "").replace("_", " "))


def _plain(text: str) -> str:
    return "" if text.strip().lower() in _NOTHING else " ".join(text.split())


def _accession(identifier: str) -> str:
    return f"VCV{int(identifier):09d}" if identifier.isdigit() else identifier


def _rsid(text: str) -> str:
    digits = text.strip().removeprefix("rs")
    return f"rs{digits}" if digits.isdigit() else ""


READERS = {"clinvar_vcf": read_vcf, "clinvar_summary": read_summary, "clinvar_search": read_search}
