"""BED files and --target."""

from __future__ import annotations

from pathlib import Path

import pytest

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.system.bed import read_bed

RESOURCES = resources_of()
DEMO = RESOURCES.store.root / "example" / "demo.grch38.vcf"


def test_bed_of_both_builds(tmp_path: Path) -> None:
    bed = tmp_path / "t.bed"
    bed.write_text("#x\ntrack a\nchr17\t7675087\t7675088\tname\nchr1\t1\t2\n\n17\t1\t2\n")
    (region,) = read_bed(bed, RESOURCES.reference, Build.GRCH38)
    assert (region.start, region.end, region.fields) == (7675088, 7675088, ("name",))
    bed.write_text("17\t7578405\t7578406\n")
    (region,) = read_bed(bed, RESOURCES.reference, Build.GRCH37)
    assert (region.start, region.end) == (7675088, 7675088)


@pytest.mark.parametrize("text", ["chr17 1 2\n", "chr17\t5\n", "chr17\ta\tb\n"])
def test_a_line_that_is_no_bed_is_named(tmp_path: Path, text: str) -> None:
    bed = tmp_path / "t.bed"
    bed.write_text("#header\n" + text)
    with pytest.raises(InputError, match="line 2"):
        read_bed(bed, RESOURCES.reference, Build.GRCH38)


def test_target_rejects_what_lies_outside(tmp_path: Path) -> None:
    bed = tmp_path / "t.bed"
    bed.write_text("chr17\t7675000\t7675200\n")
    (analysed,) = analyse(Job(vcf=DEMO, sample="DEMO-01"), RunSettings(target=bed), interpreter_of())
    assert [v["hgvs_p_short"] for v in analysed.document["variants"]] == ["R175H"]
    outside = [v for v in analysed.document["rejected"] if "target" in [f["id"] for f in v["filters_failed"]]]
    assert {v["hgvs_c"] for v in outside} == {"c.626_627del", "c.215C>G"}
