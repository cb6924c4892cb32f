"""The VCF door against bcftools: the same records, the same numbers, and output it accepts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import bcftools
from vcf_files import rules

from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.reference import load_reference
from tp53annot.vcf.annotation.annotator import ADDED_FIELDS
from tp53annot.vcf.index import write_index
from tp53annot.vcf.source import VcfSource
from tp53annot.vcf.writer import AnnotationOutput, annotate_stream

pytestmark = pytest.mark.peer
REAL = [
    "T001-COAD.grch37.vcf.gz", "T001-COAD.grch38.vcf.gz", "dragen_germline_grch38.vcf.gz",
    "freebayes_hg19_nocontigs.vcf", "gatk_hc_rna_grch38.vcf.gz", "mutect2_cfdna_grch37.vcf",
    "mutect2_hcc1395_grch38.vcf.gz", "pisces_hg19.vcf", "somatic_hg19_14muts.space_in_sample_name.vcf",
    "strelka2_tn_grch38.vcf", "vardict_single_grch37.vcf",
]  # fmt: skip
# Files whose counts bcftools can print by one expression: ALT reads and all reads.
COUNTS = {
    "gatk_hc_rna_grch38.vcf.gz": "[%AD{0}\t%AD{1}]",
    "mutect2_hcc1395_grch38.vcf.gz": "[%AD{0}\t%AD{1}]",
    "freebayes_hg19_nocontigs.vcf": "[%RO\t%AO]",
    "pisces_hg19.vcf": "[%AD{0}\t%AD{1}]",
    "dragen_germline_grch38.vcf.gz": "[%AD{0}\t%AD{1}]",
}


@pytest.fixture(scope="module")
def locus() -> Reference:
    return load_reference()


def on_locus(source: VcfSource, rows: list[list[str]]) -> list[list[str]]:
    """Rows (chromosome, position, ...) on TP53 of the file's build."""
    low, high = (
        source.reference.to_build(p, source.build) for p in (source.reference.start, source.reference.end)
    )
    return [r for r in rows if source.reference.is_chromosome(r[0]) and low <= int(r[1]) <= high]


def query(path: Path, expression: str) -> list[list[str]]:
    return [line.split("\t") for line in bcftools("query", "-f", expression + "\n", path).splitlines()]


@pytest.mark.parametrize("name", REAL)
def test_the_same_records(shared: Path, locus: Reference, name: str) -> None:
    source = VcfSource(shared / "real" / "vcf" / name, locus, rules())
    judged = on_locus(source, query(source.path, r"%CHROM\t%POS\t%REF\t%ALT\t%FILTER"))
    ours = [[r.chrom, str(r.pos), r.ref, ",".join(r.alts), r.filter] for r in source.records]
    assert on_locus(source, ours) == judged
    assert judged


@pytest.mark.parametrize("name", COUNTS)
def test_the_same_counts(shared: Path, locus: Reference, name: str) -> None:
    source = VcfSource(shared / "real" / "vcf" / name, locus, rules())
    judged = on_locus(source, query(source.path, r"%CHROM\t%POS\t" + COUNTS[name]))
    (calls,) = source.calls()
    ours = [(c.record.pos, c.support.alt_reads, c.support.vaf) for c in calls.candidates]
    assert ours == [
        (int(pos), int(alt), pytest.approx(int(alt) / (int(alt) + int(ref)))) for _, pos, ref, alt in judged
    ]


def marks(allele: Allele) -> tuple[str, ...]:
    return (
        f"{allele.pos}{allele.ref}>{allele.alt}",
        "p.(=)",
        *["x"] * 2,
        "7",
        *["x"] * (len(ADDED_FIELDS) - 6),
        "1",
    )


@pytest.mark.parametrize("ending", ["vcf", "vcf.gz", "bcf"])
@pytest.mark.parametrize("name", ["mutect2_hcc1395_grch38.vcf.gz", "strelka2_tn_grch38.vcf"])
def test_bcftools_reads_what_is_written(
    shared: Path, tmp_path: Path, locus: Reference, name: str, ending: str
) -> None:
    path, output = shared / "real" / "vcf" / name, tmp_path / f"o.{ending}"
    annotate_stream(path, output, locus, rules().build, marks, AnnotationOutput(version="1.0"), None)
    removed = ",".join(f"INFO/{field.id}" for field in ADDED_FIELDS)
    plain = bcftools("annotate", "-x", removed, "--no-version", output).splitlines()
    assert [line for line in plain if line[0] != "#"] == bcftools("view", "-H", path).splitlines()
    named = query(output, "%POS\t%INFO/TP53_HGVSC\t%INFO/TP53_POINTS\t%INFO/TP53_HGVSP")
    changed = [row for row in named if row[1] != "."]
    assert [row[2:] for row in changed] == [["7", "p.(%3D)"]]


def test_the_index_serves_bcftools_and_bcftools_index_serves_us(
    shared: Path, tmp_path: Path, locus: Reference
) -> None:
    output = tmp_path / "o.vcf.gz"
    annotate_stream(
        shared / "real" / "vcf" / "dragen_germline_grch38.vcf.gz",
        output,
        locus,
        rules().build,
        marks,
        AnnotationOutput(version="1.0"),
        None,
    )
    write_index(output)
    region = bcftools("view", "-H", "-r", "chr17:7660000-7700000", output)
    assert len(region.splitlines()) == 6
    for kind in ("-t", "-c"):
        (tmp_path / "o.vcf.gz.tbi").unlink(missing_ok=True)
        bcftools("index", "-f", kind, output)
        source = VcfSource(output, locus, rules())
        assert not source.scanned
        assert [r.pos for r in source.records] == [int(line.split("\t")[1]) for line in region.splitlines()]


@pytest.mark.parametrize("kind", ["u", "b", "z", "v"])
def test_every_container_bcftools_writes(shared: Path, tmp_path: Path, locus: Reference, kind: str) -> None:
    output = tmp_path / "x"
    path = shared / "real" / "vcf" / "dragen_germline_grch38.vcf.gz"
    bcftools("view", f"-O{kind}", "-o", output, path)
    (calls,), (judge,) = VcfSource(output, locus, rules()).calls(), VcfSource(path, locus, rules()).calls()
    assert [(c.allele, c.support) for c in calls.candidates] == [
        (c.allele, c.support) for c in judge.candidates
    ]


def test_an_indexed_bcf_is_not_scanned(shared: Path, tmp_path: Path, locus: Reference) -> None:
    output, path = tmp_path / "x.bcf", shared / "real" / "vcf" / "dragen_germline_grch38.vcf.gz"
    bcftools("view", "-Ob", "-o", output, path)
    bcftools("index", output)
    by_index, scanned = VcfSource(output, locus, rules()), VcfSource(path, locus, rules())
    assert (by_index.scanned, scanned.scanned) == (False, True)
    assert [r.pos for r in by_index.records] == [r.pos for r in scanned.records]
    os.utime(f"{output}.csi", (1, 1))
    assert VcfSource(output, locus, rules()).scanned
