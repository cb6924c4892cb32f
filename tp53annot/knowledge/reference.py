"""The locus, its builds and transcripts from the files of ``reference/``."""

from __future__ import annotations

import functools
from pathlib import Path

from tp53annot.core.allele import Build
from tp53annot.core.locus import BuildInfo, ForeignGenome, Reference, TranscriptModel
from tp53annot.knowledge.store import Store, open_store

MAIN_TRANSCRIPT_ROW = 0  # transcripts.tsv lists the reference transcript first


@functools.cache
def load_reference(root: Path | None = None) -> Reference:
    """Sequence, builds and transcripts of the locus."""
    source = open_store(root)
    with source.sound("reference"):
        return _reference(source)


def _reference(source: Store) -> Reference:
    header, *lines = source.read("reference/locus.fa").decode().splitlines()
    start = int(header.split()[1].split(":")[1].split("-")[0])
    builds = {}
    for row in source.rows("reference/builds.tsv"):
        build = Build(row["build"])
        builds[build] = BuildInfo(
            build=build,
            accession=row["accession"],
            contig_names=tuple(row["contig_names"].split(",")),
            length=int(row["length_bp"]),
            md5=row["md5"],
            offset=int(row["offset_from_grch38_bp"]),
            other_lengths=frozenset(map(int, row["other_lengths_bp"].split(","))),
        )
    models = tuple(
        TranscriptModel(
            accession=row["accession"],
            protein=row["protein"] or None,
            name=row["name"] or None,
            source=row["source"],
            exons=_spans(row["exons_grch38"]),
            cds=_spans(row["cds_grch38"]),
        )
        for row in source.rows("reference/transcripts.tsv")
    )
    foreign = tuple(
        ForeignGenome(
            name=row["genome"],
            length=int(row["chr17_length_bp"]) if row["chr17_length_bp"] else None,
            accessions=_words(row["chr17_accessions"]),
            names=_words(row["names"]),
        )
        for row in source.rows("reference/genomes.tsv")
    )
    return Reference(
        start=start,
        sequence="".join(lines),
        builds=builds,
        transcripts=models,
        main_accession=models[MAIN_TRANSCRIPT_ROW].accession,
        foreign=foreign,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (part.split("-") for part in text.split(",") if part)
    return tuple((int(low), int(high)) for low, high in pairs)
