"""Real VCFs of other projects: build, variants, VAF and status as their README states them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOOL = [sys.executable, "-m", "tp53annot"]
# file, build, status, {hgvs_c: (hgvs_p, VAF or None)} over reported and rejected variants
REAL = [
    ("gatk_hc_rna_grch38.vcf.gz", "GRCh38", "mutated",
     {"c.853G>A": ("p.(Glu285Lys)", 1.0), "c.215C>G": ("p.(Pro72Arg)", 76 / 80)}),
    ("mutect2_cfdna_grch37.vcf", "GRCh37", "incomplete", {"c.215C>G": ("p.(Pro72Arg)", 0.0344)}),
    ("vardict_single_grch37.vcf", "GRCh37", "incomplete", {"c.215C>G": ("p.(Pro72Arg)", 1.0)}),
    ("freebayes_hg19_nocontigs.vcf", "GRCh37", "incomplete", {"c.215C>G": ("p.(Pro72Arg)", 299 / 555)}),
    ("dragen_germline_grch38.vcf.gz", "GRCh38", "incomplete", {"c.215C>G": ("p.(Pro72Arg)", 1.0)}),
    ("pisces_hg19.vcf", "GRCh37", "incomplete", {"c.1146del": ("p.(Lys382AsnfsTer40)", 70 / 3880)}),
    ("strelka2_tn_grch38.vcf", "GRCh38", "mutated", {"c.734G>T": ("p.(Gly245Val)", 1949 / 3104)}),
    ("mutect2_hcc1395_grch38.vcf.gz", "GRCh38", "mutated", {"c.524G>A": ("p.(Arg175His)", 86 / 87)}),
    ("T001-COAD.grch37.vcf.gz", "GRCh37", "mutated", {"c.216del": ("p.(Val73TrpfsTer50)", 29 / 37)}),
    ("T001-COAD.grch38.vcf.gz", "GRCh38", "mutated", {"c.216del": ("p.(Val73TrpfsTer50)", 29 / 37)}),
    ("somatic_hg19_14muts.space_in_sample_name.vcf", "GRCh37", "mutated",
     {"c.732_733insT": ("p.(Gly245TrpfsTer19)", None)}),
]  # fmt: skip


# The pair's names do not say which is the tumour.
SAMPLE = {"strelka2_tn_grch38.vcf": ["--sample", "DX000001_01"]}


def report_of(path: Path) -> dict[str, Any]:
    arguments = [str(path), *SAMPLE.get(path.name, []), "-o", "-"]
    done = subprocess.run([*TOOL, "run", *arguments], capture_output=True, text=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.mark.parametrize(("name", "build", "status", "expected"), REAL, ids=[row[0] for row in REAL])
def test_real_file(shared: Path, name: str, build: str, status: str, expected: dict[str, Any]) -> None:
    document = report_of(shared / "real" / "vcf" / name)
    assert document["assembly"] == build
    assert document["assessment"]["status"] == status
    found = {v["hgvs_c"]: v for v in document["variants"] + document["rejected"]}
    for hgvs_c, (hgvs_p, vaf) in expected.items():
        assert found[hgvs_c]["hgvs_p"] == hgvs_p
        assert found[hgvs_c]["vaf"] == (None if vaf is None else pytest.approx(vaf, abs=0.001))


def test_both_builds_give_the_same_names_and_classes(shared: Path) -> None:
    old, new = (report_of(shared / "real" / "vcf" / f"T001-COAD.grch3{b}.vcf.gz") for b in (7, 8))
    keys = ("hgvs_c", "hgvs_p", "hgvs_p_short", "consequence", "classification", "vaf")
    assert [{k: v[k] for k in keys} for v in old["variants"]] == [
        {k: v[k] for k in keys} for v in new["variants"]
    ]
    assert old["variants"][0]["hgvs_g"].startswith("NC_000017.10:g.")
    assert new["variants"][0]["pos"] - old["variants"][0]["pos"] == 96682


def test_wrong_build_in_the_header_is_refused_in_one_line(shared: Path, tmp_path: Path) -> None:
    path = shared / "real" / "vcf" / "wrong_build_in_header.vcf"
    done = subprocess.run(
        [*TOOL, "run", str(path), "-o", str(tmp_path / "out")], capture_output=True, text=True
    )
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert "GRCh38" in done.stderr and path.name in done.stderr
    assert not list((tmp_path / "out").glob("*/*"))
