"""Scores of predictors: tables of AlphaMissense, REVEL and BayesDel, and SpliceAI's VCF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.knowledge.tables.predictors import PREDICTORS_FILE
from tp53annot.maintain.imported_rows import (
    WHOLE_GENE,
    Import,
    Imported,
    ImportedTable,
    SourceRows,
    build_named,
    file_date,
    in_gene_order,
    stated_build,
    vcf_rows,
)
from tp53annot.maintain.release_file import FileRow, info_fields


class _ScoreColumns(Struct, frozen=True, kw_only=True):
    """Columns of a table of scores; those that a table may lack are empty then.

    Attributes:
        chrom: of the change, as are ``pos``, ``ref`` and ``alt``.
        score: of the predictor.
        transcript: the transcripts a row is for.
        residue: the new residue, by which rows of other reading frames are told.
        build_column: the build of a row.
        build: of all rows.
    """

    chrom: str
    pos: str
    ref: str
    alt: str
    score: str
    transcript: str = ""
    residue: str = ""
    build_column: str = ""
    build: Build | None = None


def score_table(job: Import) -> Imported:
    """AlphaMissense, REVEL, BayesDel: one row a change."""
    columns = job.settings(_ScoreColumns)
    rows: SourceRows[FileRow] = SourceRows(job, job.assembly or columns.build)
    for row in job.release.rows():
        transcripts = row.get(columns.transcript, "")
        if transcripts and job.gene.transcript not in transcripts:
            rows.left["another transcript"] += 1
            continue
        if columns.build_column:
            rows.stated = build_named(row[columns.build_column])
        rows.add(row[columns.chrom], row[columns.pos], row[columns.ref], row[columns.alt], row)
    named = _checked(rows, columns.residue)
    return _scores(rows, ((v, p, row[columns.score]) for v, p, row in named), None)


def _checked(rows: SourceRows[FileRow], residue: str) -> Iterator[tuple[TranscriptVariant, int, FileRow]]:
    """Rows whose new residue is ours, where the file states it: other transcripts read other residues."""
    for variant, position, row in rows.named(rows.build()):
        if residue and row[residue] not in (variant.aa_alt, "."):
            rows.left["another protein change"] += 1
        else:
            yield variant, position, row


def spliceai(job: Import) -> Imported:
    """The highest of the four delta scores of TP53 (acceptor or donor, gain or loss)."""
    rows: SourceRows[str] = SourceRows(job, stated_build(job))
    for chrom, pos, _, ref, alts, _, text in vcf_rows(job):
        entries = [e.split("|") for e in info_fields(text).get("SpliceAI", "").split(",") if e]
        ours = [e for e in entries if len(e) >= 6 and e[1] == job.gene.symbol and e[0] in alts]
        if not ours:
            rows.left["another gene, or no score"] += 1
        for entry in ours:
            deltas = [float(x) for x in entry[2:6] if _is_number(x)]
            if deltas:
                rows.add(chrom, pos, ref, entry[0], f"{max(deltas):g}")
    return _scores(rows, rows.named(rows.build()), file_date(job.release))


def _scores(
    rows: SourceRows[FileRow] | SourceRows[str],
    named: Iterable[tuple[TranscriptVariant, int, str]],
    version: str | None,
) -> Imported:
    path = str(rows.job.release.path)
    found: dict[str, tuple[int, str]] = {}
    for variant, position, text in named:
        if not _is_number(text):
            rows.left["no score"] += 1
        elif variant.hgvs_c in found and found[variant.hgvs_c][1] != text:
            raise InputError(
                f"gives {variant.hgvs_c} two scores, {found[variant.hgvs_c][1]} and {text}",
                path=path,
                fix="give a file as it was published, of one version",
            )
        else:
            found[variant.hgvs_c] = (position, text)
    if not found:
        raise InputError("holds no score of a TP53 change", path=path, fix=WHOLE_GENE)
    predictor = rows.job.source.predictor
    made = tuple((name, predictor, f"{float(text):g}") for name, text in in_gene_order(found))
    table = ImportedTable(file=PREDICTORS_FILE, rows=made)
    return Imported(
        tables=(table,), taken=len(made), left=dict(rows.left), version=version, build=rows.build()
    )


def _is_number(text: str) -> bool:
    try:
        return -1e9 < float(text) < 1e9
    except ValueError:
        return False
