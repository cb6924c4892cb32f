"""CIViC: VariantSummaries and the VCF of accepted variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tp53annot.core.allele import Build
from tp53annot.knowledge.tables.tumours import CIVIC_FILE
from tp53annot.maintain.imported_rows import (
    Import,
    Imported,
    SourceRows,
    build_named,
    catalogue,
    file_date,
    in_gene_order,
    stated_build,
    vcf_rows,
)
from tp53annot.maintain.release_file import info_fields

_Label = tuple[str, str]  # name and number of a variant


def civic_table(job: Import) -> Imported:
    """VariantSummaries: the variants whose bases are given; residue-level entries are left."""
    groups: dict[Build, SourceRows[_Label]] = {}
    left: Counter[str] = Counter()
    for row in job.release.rows():
        build = build_named(row["reference_build"])
        if job.gene.symbol not in (row.get("gene"), row.get("feature_name")):
            left["another gene"] += 1
        elif build is None or not row["reference_bases"] or not row["variant_bases"]:
            left["no single DNA change"] += 1
        else:
            change = row["chromosome"], row["start"], row["reference_bases"], row["variant_bases"]
            group = groups.setdefault(build, SourceRows(job, build, left))
            group.add(*change, (row["variant"], row["variant_id"]))
    return _civic(job, groups.values(), left, None)


def civic_vcf(job: Import) -> Imported:
    """The VCF: name and number of a variant stand in its CSQ field."""
    head = next(line for line in job.release.meta if line.startswith("##INFO=<ID=CSQ"))
    fields = head.partition("Format:")[2].strip(' ">').split("|")
    rows: SourceRows[_Label] = SourceRows(job, stated_build(job))
    for chrom, pos, _, ref, alts, _, text in vcf_rows(job):
        for entry in info_fields(text).get("CSQ", "").split(","):
            row = dict(zip(fields, entry.split("|"), strict=False))
            if row.get("SYMBOL") != job.gene.symbol:
                rows.left["another gene"] += 1
            else:
                label = (row.get("CIViC Variant Name", ""), row.get("CIViC Variant ID", ""))
                rows.add(chrom, pos, ref, alts[0], label)
    return _civic(job, [rows], rows.left, file_date(job.release))


def _civic(
    job: Import, groups: Iterable[SourceRows[_Label]], left: Counter[str], version: str | None
) -> Imported:
    found: dict[str, tuple[int, _Label]] = {}
    for group in groups:
        for variant, position, label in group.named(group.build()):
            found.setdefault(variant.hgvs_c, (position, label))
    rows = tuple((name, *label) for name, label in in_gene_order(found))
    return catalogue(job, CIVIC_FILE, rows, left, version)
