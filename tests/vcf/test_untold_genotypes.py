"""A genotype that is none of the record's alleles loses no record, and gives none to the wrong ALT."""

from __future__ import annotations

from pathlib import Path

import pytest
from vcf_files import GRCH38, source, write_vcf

# GT, AD; ALT reads of the candidate (None: no number), codes of what is listed
ROWS = [
    ("C/T", None, (), ["sample_untold"]),
    ("het", None, (), ["sample_untold"]),
    ("0/2", None, (), ["sample_untold"]),
    ("0/2", "60,0,40", (), ["sample_untold"]),  # which of two ALTs this record has, nothing says
    ("0/2", "60,40", (40,), []),
    ("0/2", "100,0", (), []),
    ("C/T", "60,40", (40,), []),
    ("0/1", "60,0,40", (40,), []),
    ("0/0", None, (), []),
    ("./.", None, (), []),
]  # fmt: skip


IMPUTED = [
    ("IMP;DR2=0.8", "GT:DS", "0|1:0.98", True),
    ("IMPUTED;R2=0.8", "GT", "0|1", True),
    ("IMPUTED;R2=0.8", "GT", "0|0", None),
    ("TYPED;IMPUTED", "GT", "0|1", False),
    ("IMP", "GT:AD", "0|1:60,40", False),
    ("IMPACT=1", "GT", "0|1", False),
]


@pytest.mark.parametrize(("info", "form", "values", "listed"), IMPUTED)
def test_an_imputed_genotype_is_no_call(
    tmp_path: Path, info: str, form: str, values: str, listed: bool | None
) -> None:
    line = f"chr17\t7675088\t.\tC\tT\t50\tPASS\t{info}\t{form}\t{values}"
    (calls,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert [u.code for u in calls.uninterpreted] == (["imputed"] if listed else [])
    assert len(calls.candidates) == (1 if listed is False else 0)


@pytest.mark.parametrize(("genotype", "counts", "reads", "listed"), ROWS)
def test_a_genotype_of_other_alleles(
    tmp_path: Path, genotype: str, counts: str | None, reads: tuple[int, ...], listed: list[str]
) -> None:
    form, values = ("GT", genotype) if counts is None else ("GT:AD", f"{genotype}:{counts}")
    path = write_vcf(tmp_path, f"chr17\t7675088\t.\tC\tT\t50\tPASS\t.\t{form}\t{values}", header=GRCH38)
    (calls,) = source(path).calls()
    assert tuple(c.support.alt_reads for c in calls.candidates) == reads
    assert [u.code for u in calls.uninterpreted] == listed
