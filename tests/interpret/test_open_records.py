"""A record that may be a change of the gene and that nobody could judge leaves a negative result open, by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_assess import R175H, assessed, record

SAMPLE = "GT:AD:DP\t0/1:60,40:100"
# the record, what the summary names
OPEN = [
    (f"chr17\t7675088\t.\tC\tY\t50\tPASS\t.\t{SAMPLE}\n", "chr17:7675088 C>Y"),
    (f"chr17\t7675088\t.\tC\tN\t50\tweak\t.\t{SAMPLE}\n", "chr17:7675088 C>N"),
    ("chr17\t7675088\t.\tC\tT\n", "chr17 7675088"),
    (f"chr17\t76750x8\t.\tC\tT\t50\tPASS\t.\t{SAMPLE}\n", "chr17 76750x8"),
    ("chr17\t7670000\t.\tN\t<INV>\t50\tPASS\tSVTYPE=INV;END=7680000\tGT\t0/1\n", "<INV>"),
    ("chr17\t7600000\t.\tN\t<INV>\t50\tPASS\tSVTYPE=INV;END=7680000\tGT\t0/1\n", "<INV>"),
    ("chr17\t7674000\t.\tN\t<DUP>\t50\tPASS\tSVTYPE=DUP;END=7676000\tGT\t0/1\n", "<DUP>"),
    ("chr17\t7674220\t.\tC\t<INS>\t50\tPASS\tSVTYPE=INS;END=7674220\tGT\t0/1\n", "<INS>"),
    ("chr17\t7680000\t.\tN\tN[chr5:1234567[\t50\tPASS\tSVTYPE=BND\tGT\t0/1\n", "N[chr5:1234567["),
    ("chr17\t7600000\t.\tN\t<DEL>\t50\tLowQual\tSVTYPE=DEL;END=7700000\tGT\t0/1\n", "LowQual"),
    ("chr17\t7600000\t.\tN\t<DEL>\t50\tPASS\tSVTYPE=DEL;END=7700000\tGT:CN\t0/1:2\n", "<DEL>"),
]
CLOSED = [
    "chr17\t7670000\t.\tN\t<INV>\t50\tPASS\tSVTYPE=INV;END=7680000\tGT\t0/0\n",  # not in the sample
    "chr17\t7600000\t.\tN\t<INV>\t50\tPASS\tSVTYPE=INV;END=7700000\tGT\t0/1\n",  # the whole gene, unbroken
    "chr17\t7680000\t.\tN\t<DUP>\t50\tPASS\tSVTYPE=DUP;END=7681000\tGT\t0/1\n",  # within intron 1
    "chr17\t7600000\t.\tN\t<DEL>\t50\thom_ref\tSVTYPE=DEL;END=7700000\tGT\t0/0\n",
]


@pytest.mark.parametrize(("line", "named"), OPEN)
def test_it_leaves_the_negative_open_and_is_named(tmp_path: Path, line: str, named: str) -> None:
    found = assessed(tmp_path, line, covered=True)
    assert (found["status"], found["tp53_mutated_all"]) == ("incomplete", None)
    assert found["summary_ids"] == ["summary.incomplete_unread", "summary.unread"]
    assert named in found["summary"]


@pytest.mark.parametrize("line", CLOSED)
def test_what_cannot_break_the_gene_does_not(tmp_path: Path, line: str) -> None:
    assert assessed(tmp_path, line, covered=True)["status"] == "not_detected"


def test_a_change_that_was_read_still_decides(tmp_path: Path) -> None:
    found = assessed(tmp_path, record(R175H, 0.4), OPEN[0][0], covered=True)
    assert found["status"] == "mutated"
