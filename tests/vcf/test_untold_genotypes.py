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


@pytest.mark.parametrize(("genotype", "counts", "reads", "listed"), ROWS)
def test_a_genotype_of_other_alleles(
    tmp_path: Path, genotype: str, counts: str | None, reads: tuple[int, ...], listed: list[str]
) -> None:
    form, values = ("GT", genotype) if counts is None else ("GT:AD", f"{genotype}:{counts}")
    path = write_vcf(tmp_path, f"chr17\t7675088\t.\tC\tT\t50\tPASS\t.\t{form}\t{values}", header=GRCH38)
    (calls,) = source(path).calls()
    assert tuple(c.support.alt_reads for c in calls.candidates) == reads
    assert [u.code for u in calls.uninterpreted] == listed
