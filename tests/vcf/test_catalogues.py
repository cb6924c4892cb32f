"""A catalogue of variants is no sample: refused by name by ``run``, taken by ``annotate``."""

from __future__ import annotations

from pathlib import Path

import pytest
from tp53annot_cli import reports_of, tp53annot
from vcf_files import GRCH38, vcf_text

SITE = "chr17\t7675088\t12374\tC\tT\t.\t.\t"


def info(*names: str) -> str:
    """Header lines that declare INFO fields."""
    return "\n".join(f'##INFO=<ID={name},Number=.,Type=String,Description="x">' for name in names)


# name, header lines as its releases write them, INFO of a record
CATALOGUES = [
    ("ClinVar", "##source=ClinVar", "ALLELEID=27413;CLNSIG=Pathogenic"),
    ("ClinVar", info("ALLELEID", "CLNDISDB", "CLNREVSTAT", "CLNSIG"), "CLNSIG=Pathogenic"),
    ("gnomAD", "##contig=<ID=chr17,length=83257441,assembly=gnomAD_GRCh38>\n" + info("AC", "AN", "AF"), "AC=1;AN=9"),
    ("gnomAD", "##hailversion=0.2.24\n" + info("AC", "AN", "AF", "AC_nfe", "AN_nfe", "DP"), "AC=1;AN=9;DP=100"),
    ("gnomAD", info("AC_joint", "AN_joint", "AF_joint", "nhomalt_joint"), "AC_joint=1"),
    ("ExAC", '##GATKCommandLine=<ID=GenotypeGVCFs,CommandLine="x">\n' + info("AC_Adj", "AN_Adj"), "AC_Adj=1"),
    ("dbSNP", "##dbSNP_BUILD_ID=151", "RS=28934578"),
    ("COSMIC", "##source=COSMICv98", "GENE=TP53;CNT=1200"),
    ("COSMIC", info("GENE", "STRAND", "LEGACY_ID", "CDS", "AA", "CNT"), "CNT=1200"),
    ("1000 Genomes", info("EAS_AF", "AMR_AF", "AFR_AF", "EUR_AF", "SAS_AF"), "EAS_AF=0.1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "header", "fields"), CATALOGUES)
def test_a_catalogue_is_refused_by_name(tmp_path: Path, name: str, header: str, fields: str) -> None:
    path = tmp_path / "sites.vcf"
    path.write_text(vcf_text(f"{SITE}{fields}", samples=(), header=f"{GRCH38}\n{header}"))
    done = tp53annot("run", path, "-o", tmp_path / "o")
    assert done.returncode == 3
    assert f"this is {name}, a catalogue of variants" in done.stderr
    assert tp53annot("annotate", path, "-o", tmp_path / "a.vcf").returncode == 0


ANNOTATED = info("ALLELEID", "CLNREVSTAT", "CLNSIG", "RS", "dbSNPBuildID", "VC")


def test_calls_that_a_catalogue_annotates_stay_a_samples(tmp_path: Path) -> None:
    path = tmp_path / "S1.vcf"
    path.write_text(
        vcf_text(
            f"{SITE}DP=100;AF=0.4;DP4=30,30,22,18;CLNSIG=Pathogenic",
            samples=(),
            header=f"{GRCH38}\n##source=lofreq call\n{ANNOTATED}",
        )
    )
    assert reports_of(path, tmp_path / "o")["S1"]["assessment"]["status"] == "mutated"
    with_sample = tmp_path / "S2.vcf"
    with_sample.write_text(
        vcf_text(f"{SITE}CLNSIG=x\tGT:AD\t0/1:60,40", samples=("P",), header=f"{GRCH38}\n{ANNOTATED}")
    )
    assert reports_of(with_sample, tmp_path / "p")["P"]["assessment"]["status"] == "mutated"
