"""The platform of reads: what header, names, tags, lengths and the sample's own errors say."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pysam
import pytest
from bam_files import REF, RESOURCES

from tp53annot.core.allele import Build
from tp53annot.core.platform import Platform
from tp53annot.reads.source import ReadsSource

RULES = RESOURCES.rules.calling
LOW, HIGH = 7673500, 7675300
UUID = "0f0f0f0f-1111-4222-8333-{:012x}"


def platform_of(
    path: Path, *, size: int = 120, stated: str | None = None, program: dict[str, str] | None = None,
    name: str = "r{}", tags: tuple[tuple[str, object, str], ...] = (), quality: str = "I", skip: int = 0,
    slip: float = 0.0, count: int = 400,
) -> Platform:  # fmt: skip
    """The platform of made reads; ``slip``: share of the reads that lost a base of a run, ``skip``: of an intron."""
    rng = random.Random(7)
    header: dict[str, object] = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}],
        "RG": [{"ID": "g", "SM": "S", **({"PL": stated} if stated else {})}],
        "PG": [program] if program else [],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for n, start in enumerate(sorted(rng.randrange(LOW, HIGH - size - skip) for _ in range(count))):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.reference_id, read.reference_start = name.format(n), 0, start - 1
            bases, cigar = REF.bases(start, start + size - 1), [(0, size)]
            if skip:
                half = size // 2
                bases = bases[:half] + REF.bases(start + half + skip, start + size + skip - 1)
                cigar = [(0, half), (3, skip), (0, size - half)]
            elif rng.random() < slip:
                at = next((i for i in range(20, size - 20) if bases[i] == bases[i + 1]), 50)
                bases, cigar = bases[:at] + bases[at + 1 :], [(0, at), (2, 1), (0, size - at - 1)]
            read.query_sequence, read.cigartuples, read.mapping_quality = bases, cigar, 60
            read.query_qualities = pysam.qualitystring_to_array(quality * len(bases))
            for tag, value, kind in tags:
                read.set_tag(tag, value, kind)
            out.write(read)
    pysam.index(str(path))
    found = ReadsSource(path, REF, RULES).pileup(LOW, HIGH).platform
    assert found is not None
    return found


ROWS = {
    "nothing": ({}, "unknown", "dna", None),
    "illumina stated": ({"stated": "illumina"}, "illumina", "dna", "@RG PL:illumina"),
    "ion stated": ({"stated": "IONTORRENT"}, "ion", "dna", "@RG PL:IONTORRENT"),
    "nanopore stated": ({"stated": "ONT", "size": 900}, "ont", "dna", "@RG PL:ONT"),
    "another stated": ({"stated": "DNBSEQ"}, "other", "dna", "@RG PL:DNBSEQ"),
    "PacBio consensus": ({"stated": "PACBIO", "size": 900}, "hifi", "dna", "@RG PL:PACBIO"),
    "PacBio, poor": ({"stated": "PACBIO", "size": 900, "quality": "+"}, "other", "dna", "@RG PL:PACBIO"),
    "names of Illumina": ({"name": "A00:12:HX:1:11:100:{}"}, "illumina", "dna", "names of the reads"),
    "names of nanopore": ({"name": UUID}, "ont", "dna", "names of the reads"),
    "tags of Ion": ({"tags": (("ZF", 3, "i"),)}, "ion", "dna", "tag ZF of the reads"),
    "a program of nanopore": (
        {"program": {"ID": "b", "PN": "basecaller", "CL": "dorado basecaller hac"}}, "ont", "dna", "@PG basecaller",
    ),
    "a preset of the aligner": (
        {"program": {"ID": "minimap2", "PN": "minimap2", "CL": "minimap2 -ax map-hifi a b"}, "size": 900},
        "hifi", "dna", "@PG minimap2",
    ),
    "long reads": ({"size": 900, "quality": "7"}, "ont", "dna", "length (median 900 bases) and qualities of the reads"),
    "long accurate reads": ({"size": 900}, "hifi", "dna", "length (median 900 bases) and qualities of the reads"),
    "spliced": ({"skip": 300}, "unknown", "rna", "400 of the first 400 reads are spliced"),
    "strand of a transcript": ({"tags": (("XS", "+", "A"),)}, "unknown", "rna", "tag XS of the reads"),
    "a second-best score of an aligner": ({"tags": (("XS", 0, "i"),)}, "unknown", "dna", None),
    "aligned by STAR": (
        {"program": {"ID": "STAR", "PN": "STAR", "CL": "STAR --x"}}, "unknown", "rna", "@PG STAR",
    ),
    "aligned by minimap2, spliced": (
        {"program": {"ID": "m", "PN": "minimap2", "CL": "minimap2 -ax splice a b"}}, "unknown", "rna", "@PG minimap2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "name", "molecule", "source"), ROWS.values(), ids=list(ROWS))
def test_what_tells_a_platform(
    made: dict[str, Any], name: str, molecule: str, source: str | None, tmp_path: Path
) -> None:
    found = platform_of(tmp_path / "a.bam", **made)
    assert (found.name, found.molecule, found.source) == (name, molecule, source)
    assert (found.note is None) == (name not in RULES.slips.platforms)


def test_what_the_reads_show_goes_before_what_the_file_states(tmp_path: Path) -> None:
    found = platform_of(tmp_path / "a.bam", stated="ILLUMINA", size=900, quality="7")
    assert found.name == "ont"
    assert found.note is not None and "PL:ILLUMINA" in found.note


def test_slipping_short_reads_are_those_of_ion_whatever_is_stated(tmp_path: Path) -> None:
    shown = platform_of(tmp_path / "a.bam", stated="ILLUMINA", slip=0.4)
    assert shown.name == "ion"
    assert shown.note is not None and "PL:ILLUMINA" in shown.note
    assert "own errors" in str(platform_of(tmp_path / "b.bam", slip=0.4).source)
    assert platform_of(tmp_path / "c.bam", stated="ILLUMINA").name == "illumina"
