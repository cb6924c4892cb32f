"""No foreign genome: another genome is refused by name, an unknown one needs proof, one bad record is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tp53annot_cli import reports_of, tp53annot
from vcf_files import GRCH38, reference, rules, source, write_vcf

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.vcf.identity.assembly import header_facts

R175H = {Build.GRCH37: 7578406, Build.GRCH38: 7675088}
KNOWN = [(genome.name, genome.length) for genome in reference().foreign if genome.length]
NAMED = [
    ("##reference=file:///ref/hg18.fa", "hg18"),
    ("##reference=human_b36_both.fasta", "NCBI36"),
    ("##contig=<ID=17,assembly=NCBI36>", "NCBI36"),
    ("##reference=chm13v2.0.fa", "T2T-CHM13 v2.0"),
    ("##reference=/ref/chm13.draft_v1.0.chm13v1.0.fasta", "T2T-CHM13 v1.0"),
    ("##reference=GCA_009914755.4_T2T-CHM13v2.0_genomic.fna", "T2T-CHM13"),
    ("##contig=<ID=NC_060941.1>", "T2T-CHM13 v2.0"),
    ("##contig=<ID=NC_000017.9,length=1>", "hg18"),
    ("##contig=<ID=11,length=122082543,species=\"Mus musculus\">", "mouse"),
    ("##reference=Mus_musculus.GRCm38.dna.primary_assembly.fa", "GRCm38"),
    ("##reference=mm39.fa", "GRCm39"),
    ("##reference=CanFam3.1.fa", "dog"),
    ("##reference=Rattus_norvegicus.Rnor_6.0.fa", "rat"),
]  # fmt: skip


def snv(position: int, build: Build, counts: str = "60,40") -> str:
    """A record with the reference's own base as REF, on a build."""
    place = reference().from_build(position, build)
    ref = reference().bases(place, place)
    alt = {"C": "T", "G": "A", "A": "G", "T": "C"}[ref]
    return f"chr17\t{position}\t.\t{ref}\t{alt}\t50\tPASS\t.\tGT:AD\t0/1:{counts}"


def several(count: int, build: Build) -> list[str]:
    """R175H and further records with few reads beside it."""
    first = R175H[build]
    return [snv(first, build), *(snv(first + i, build, "100,1") for i in range(1, count))]


@pytest.mark.parametrize(("name", "length"), KNOWN)
@pytest.mark.parametrize("contig", ["chr17", "17", "CHR17"])
def test_a_known_length_is_refused_by_name(tmp_path: Path, name: str, length: int, contig: str) -> None:
    for build in Build:
        line = snv(R175H[build], build).replace("chr17", contig)
        path = write_vcf(tmp_path, line, header=f"##contig=<ID={contig},length={length}>")
        with pytest.raises(InputError) as caught:
            source(path)
        assert name in str(caught.value)


@pytest.mark.parametrize(("header", "name"), NAMED)
def test_a_named_genome_is_refused(tmp_path: Path, header: str, name: str) -> None:
    path = write_vcf(tmp_path, snv(7578406, Build.GRCH37), header=header)
    with pytest.raises(InputError) as caught:
        source(path)
    assert name in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "header",
    [
        "##reference=hg19.fa",
        "##reference=GRCh38.primary_assembly.genome.fa",
        "##reference=hs37d5.fa",
        '##GATKCommandLine=<ID=LiftoverVcf,CommandLine="--CHAIN hg18ToHg38.over.chain">',
        "##reference=/data/projects/t2000/genome.fa",
    ],
)
def test_no_human_name_is_taken_for_another(header: str) -> None:
    assert header_facts([header], reference()).foreign is None


@pytest.mark.parametrize("build", list(Build))
def test_annotate_and_insisting_do_not_help_a_foreign_genome(tmp_path: Path, build: Build) -> None:
    path = write_vcf(tmp_path, snv(R175H[build], build), header="##contig=<ID=chr17,length=78774742>")
    for words in (
        ("annotate", path, "-o", tmp_path / "a.vcf"),
        ("run", path, "-o", tmp_path / "o", "--assembly", build),
    ):
        done = tp53annot(*words)
        assert done.returncode == 3
        assert "hg18" in done.stderr


@pytest.mark.parametrize("build", list(Build))
@pytest.mark.parametrize("name", ["", "##reference=GRCh38.fa", "##reference=hg19.fa"])
def test_an_unknown_length_needs_bases_that_prove_the_build(tmp_path: Path, build: Build, name: str) -> None:
    """Seven bases agree by chance in 1 of 16,384 files, six in 1 of 4,096: the limit is 1 in 10,000."""
    header = "##contig=<ID=chr17,length=80000001>" + (f"\n{name}" if name else "")
    assert 4.0**-7 < rules().build.most_chance < 4.0**-6
    for count in (1, 6):
        few = write_vcf(tmp_path, *several(count, build), header=header)
        with pytest.raises(InputError, match="--assembly GRCh37 or --assembly GRCh38"):
            source(few)
        assert source(few, assembly=build).build == build
    assert source(write_vcf(tmp_path, *several(7, build), header=header)).build == build


def test_the_same_base_many_times_proves_no_more(tmp_path: Path) -> None:
    header = "##contig=<ID=chr17,length=80000001>"
    with pytest.raises(InputError, match="1 REF base on TP53 can agree by chance"):
        source(write_vcf(tmp_path, *[snv(7675088, Build.GRCH38)] * 20, header=header))


def test_a_long_ref_proves_the_build_by_itself(tmp_path: Path) -> None:
    ref = reference().bases(7675088, 7675096)
    line = f"chr17\t7675088\t.\t{ref}\t{ref[0]}\t50\tPASS\t.\tGT:AD\t0/1:60,40"
    opened = source(write_vcf(tmp_path, line, header="##contig=<ID=chr17,length=80000001>"))
    assert opened.build == Build.GRCH38


@pytest.mark.parametrize("build", list(Build))
def test_a_file_without_contigs_is_decided_by_its_bases_as_before(tmp_path: Path, build: Build) -> None:
    assert source(write_vcf(tmp_path, snv(R175H[build], build), header="##x=1")).build == build


BAD = "chr17\t7690000\t.\tT\tA\t50\tPASS\t.\tGT:AD\t0/1:5,5"


def test_one_bad_ref_beside_the_gene_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write_vcf(tmp_path, snv(7675088, Build.GRCH38), BAD, header=GRCH38)
    (report,) = reports_of(path, tmp_path / "o").values()
    assert report["assessment"]["status"] == "mutated"
    (listed,) = report["uninterpreted"]
    assert listed["code"] == "ref_mismatch"
    assert listed["reason"] == "position 7690000: REF is T, GRCh38 has G"
    assert "not in 1 beside the gene" in report["assembly_basis"]


def test_bad_refs_in_the_gene_and_many_beside_it_are_refused(tmp_path: Path) -> None:
    inside = "chr17\t7676154\t.\tA\tT\t50\tPASS\t.\tGT:AD\t0/1:5,5"
    beside = [BAD.replace("7690000", str(7690000 + i)).replace("\tT\tA", "\tN\tA") for i in range(1)]
    wrong = [f"chr17\t{p}\t.\t{_other(p)}\tN\t50\tPASS\t.\tGT:AD\t0/1:5,5" for p in range(7690000, 7690005)]
    for lines in ([inside, snv(7675088, Build.GRCH38)], [*wrong, snv(7675088, Build.GRCH38)], wrong):
        with pytest.raises(InputError, match="REF is"):
            source(write_vcf(tmp_path, *lines, header=GRCH38))
    many = [*several(12, Build.GRCH38), *wrong]
    assert source(write_vcf(tmp_path, *many, *beside, header=GRCH38)).build == Build.GRCH38


def _other(position: int) -> str:
    return {"A": "C", "C": "G", "G": "T", "T": "A"}[reference().bases(position, position)]


@pytest.mark.parametrize("name", ["17", "chr17", "Chr17", "CHR17", "NC_000017.11", "CM000679.2"])
def test_every_usual_name_of_the_chromosome_is_read(tmp_path: Path, name: str) -> None:
    line = snv(7675088, Build.GRCH38).replace("chr17", name)
    header = f"##contig=<ID={name},length=83257441>"
    (report,) = reports_of(write_vcf(tmp_path, line, header=header), tmp_path / name).values()
    assert [v["hgvs_p_short"] for v in report["variants"]] == ["R175H"]
