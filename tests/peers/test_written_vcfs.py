"""Every VCF that `run`, `call` and `annotate` write, opened by bcftools, pysam and cyvcf2: no record is lost."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import cyvcf2
import pysam
import pytest
from bam_files import REF, Change, write_bam
from conftest import require_program
from tp53annot_cli import tp53annot

from tp53annot.core.allele import Build

pytestmark = pytest.mark.peer
HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    '##FILTER=<ID=weak,Description="weak">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">\n'
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
RECORDS = (
    "chr17\t7674220\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:300,100\n"
    "chr17\t7674872\t.\tT\tC,G\t50\tPASS\t.\tGT:AD\t1/2:10,200,200\n"
    "chr17\t7674894\t.\tG\tA\t50\tweak\t.\tGT:AD\t0/1:300,100\n"
    "chr17\t7675994\t.\tC\tCA\t50\tPASS\t.\tGT:AD\t0/1:300,100\n"
)
R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.3)


def bcftools(*arguments: str | Path) -> str:
    """What bcftools prints; no complaint of its own is accepted."""
    done = subprocess.run(
        [require_program("bcftools"), *map(str, arguments)], capture_output=True, text=True, check=True
    )
    assert not done.stderr, done.stderr
    return done.stdout


def places(path: Path) -> list[tuple[int, str, str]]:
    """Position, REF and ALT of every record, the same by three readers."""
    rows = [line.split("\t") for line in bcftools("view", "-H", path).splitlines()]
    found = [(int(r[1]), r[3], r[4]) for r in rows]
    with pysam.VariantFile(str(path)) as source:
        assert [(r.pos, r.ref, ",".join(r.alts or ())) for r in source] == found
    assert [(r.POS, r.REF, ",".join(r.ALT)) for r in cyvcf2.VCF(str(path))] == found
    return found


def as_bcf(path: Path) -> Path:
    bcftools("view", "-Ob", "-o", path.with_suffix(".bcf"), path)
    return path.with_suffix(".bcf")


def as_cram(bam: Path, genome: Path) -> Path:
    cram = bam.with_suffix(".cram")
    pysam.view("-C", "-T", str(genome), "-o", str(cram), str(bam), catch_stdout=False)
    pysam.index(str(cram))
    return cram


def genome(folder: Path) -> Path:
    """Chromosome 17 with the stored locus in its place."""
    info = REF.builds[Build.GRCH38]
    path = folder / "g.fa"
    before = REF.to_build(REF.start, Build.GRCH38) - 1
    path.write_text(
        ">chr17\n" + "N" * before + REF.sequence + "N" * (info.length - before - len(REF.sequence)) + "\n"
    )
    pysam.faidx(str(path))
    return path


KINDS = {
    "VCF": HEAD + COLUMNS + RECORDS,
    "VCF, lines end in CR LF": (HEAD + COLUMNS + RECORDS).replace("\n", "\r\n"),
    "VCF, no format line": (HEAD + COLUMNS + RECORDS).removeprefix("##fileformat=VCFv4.2\n"),
    "VCF, no sample": HEAD
    + COLUMNS.replace("\tFORMAT\tS1", "")
    + "".join("\t".join(line.split("\t")[:8]) + "\n" for line in RECORDS.splitlines()),
    "VCF, no record": HEAD + COLUMNS,
    "BCF": HEAD + COLUMNS + RECORDS,
    "VCF and BAM": HEAD + COLUMNS + RECORDS,
    "VCF without format fields and BAM": HEAD.partition("##FORMAT")[0]
    + COLUMNS.replace("\tFORMAT\tS1", "")
    + "".join("\t".join(line.split("\t")[:8]) + "\n" for line in RECORDS.splitlines()),
    "BAM": "",
    "CRAM": "",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_of_every_vcf(tmp_path: Path, kind: str) -> None:
    path, options = tmp_path / "S1.vcf", []
    path.write_text(KINDS[kind], newline="")
    if kind == "BCF":
        path = as_bcf(path)
    if "AM" in kind:
        bam = write_bam(tmp_path / "S1.bam", depth=300, changes=[R175H])
        options = ["--bam", bam]
    if not KINDS[kind]:
        path, options = bam, []
    if kind == "CRAM":
        path, options = as_cram(bam, genome(tmp_path)), ["--reference", tmp_path / "g.fa"]
    done = tp53annot("run", path, "-o", tmp_path / "out", "--format", "json,vcf", *options)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "S1" / "S1.tp53.json").read_text())
    told = report["variants"] + report["rejected"] + report["uninterpreted"]
    written = places(tmp_path / "out" / "S1" / "S1.tp53.vcf.gz")
    split = sorted((pos, ref, one) for pos, ref, alt in written for one in alt.split(","))
    assert split == sorted((v["input"]["pos"], v["input"]["ref"], v["input"]["alt"]) for v in told)
    if "and BAM" in kind:
        assert (R175H.pos, R175H.ref, R175H.alt) in written
        only = bcftools(
            "query", "-i", "TP53_ONLY_IN_READS=1", "-f", "%POS\n", tmp_path / "out/S1/S1.tp53.vcf.gz"
        )
        assert only.split() == [str(R175H.pos)]
    names = bcftools("query", "-f", "%INFO/TP53_HGVSC\n", tmp_path / "out/S1/S1.tp53.vcf.gz").split()
    assert len(names) == len(written) and "." not in names
    for name in ("o.vcf", "o.vcf.gz", "o.bcf"):
        output = tmp_path / name
        if KINDS[kind] and "BAM" not in kind:
            done = tp53annot("annotate", path, "-o", output, "--assembly", "GRCh38")
            assert done.returncode == 0, done.stderr
            assert places(output) == places(path) if "no format line" not in kind else places(output)
        elif not KINDS[kind] and name != "o.bcf":
            done = tp53annot("call", path, "-o", output, *options)
            assert done.returncode == 0, done.stderr
            assert places(output) == written


BROKEN = {
    "GT": ("GT:AD\t0/1:300,100", "GT:AD\t-9/1:300,100"),
    "AD": ("GT:AD\t0/1:300,100", "GT:AD\t0/1:300,1.5e2"),
    "QUAL": ("\t50\tPASS", "\thigh\tPASS"),
    "END": ("PASS\t.\tGT:AD\t0/1", "PASS\tEND=99999999999\tGT:AD\t0/1"),
    "all": ("50\tPASS\t.\tGT:AD\t0/1:300,100", "x\tPASS\tEND=99999999999\tGT:AD\tx/1:1.5,y"),
}


@pytest.mark.parametrize("field", BROKEN)
def test_a_value_that_htslib_cannot_read_costs_itself_only(tmp_path: Path, field: str) -> None:
    """The sample's copy stays a file that is read to its end, with its index; the report has the record as it stood."""
    path = tmp_path / "S1.vcf"
    end = '##INFO=<ID=END,Number=1,Type=Integer,Description="End">\n'
    path.write_text((HEAD + end + COLUMNS + RECORDS).replace(*BROKEN[field], 1))
    done = tp53annot("run", path, "-o", tmp_path / "out", "--format", "json,vcf")
    assert done.returncode == 0, done.stderr
    output = tmp_path / "out" / "S1" / "S1.tp53.vcf.gz"
    report = json.loads((tmp_path / "out" / "S1" / "S1.tp53.json").read_text())
    told = report["variants"] + report["rejected"] + report["uninterpreted"]
    split = sorted((pos, ref, one) for pos, ref, alt in places(output) for one in alt.split(","))
    assert split == sorted({(v["input"]["pos"], v["input"]["ref"], v["input"]["alt"]) for v in told})
    assert len(split) == 5 and Path(f"{output}.tbi").is_file()
    assert bcftools("query", "-f", "%INFO/TP53_HGVSC\n", output).count("NM_") == 5


@pytest.mark.parametrize(
    "first", ["##fileformat=VCCFv4.2\n", "##fileformat=VCFv4.2\n\n\n", "##fileformat=VCFv4.2\n##x=a\0b\n"]
)
def test_a_header_that_htslib_cannot_read_is_mended(tmp_path: Path, first: str) -> None:
    path = tmp_path / "S1.vcf"
    path.write_text(HEAD.replace("##fileformat=VCFv4.2\n", first) + COLUMNS + RECORDS)
    done = tp53annot("run", path, "-o", tmp_path / "out", "--format", "vcf")
    assert done.returncode == 0, done.stderr
    output = tmp_path / "out" / "S1" / "S1.tp53.vcf.gz"
    assert len(places(output)) == 4 and Path(f"{output}.tbi").is_file()
