"""Deletions of exons or of the whole gene: named, counted as a hit, and only when an exon is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.exon_deletion import deletion_name
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

RESOURCES = resources_of()
MAIN = RESOURCES.namer.main
HEADER = """##fileformat=VCFv4.2
##contig=<ID=chr17,length=83257441>
##ALT=<ID=DEL,Description="Deletion">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1
"""


def report(tmp_path: Path, line: str) -> dict[str, Any]:
    path = tmp_path / "s.vcf"
    path.write_text(HEADER + line + "\n")
    (analysed,) = analyse(Job(vcf=path), RunSettings(), interpreter_of())
    return analysed.document


@pytest.mark.parametrize(
    ("start", "end", "precise", "name"),
    [
        (7674900, 7675100, True, "c.513_631del"),
        (7674700, 7675500, False, "c.(375+1_376-1)_(672+1_673-1)del"),
        (7600000, 7700000, False, "c.(?_-142)_(*1188_?)del"),
        (7668000, 7670000, False, "c.(1100+1_1101-1)_(*1188_?)del"),
        (7680000, 7681000, False, None),
    ],
)
def test_names(start: int, end: int, precise: bool, name: str | None) -> None:
    found = deletion_name(start, end, MAIN, precise=precise)
    if name and name.startswith("c.(?"):
        first, last = MAIN.c_position(MAIN.exons[0][0]), MAIN.c_position(MAIN.exons[-1][1] - 1)
        name = f"c.(?_{first})_({last}_?)del"
    elif name and "*1188" in name:
        name = name.replace("*1188", str(MAIN.c_position(MAIN.exons[-1][1] - 1)))
    elif name and precise:
        name = (
            f"c.{MAIN.c_position(MAIN.last_position - end)}_{MAIN.c_position(MAIN.last_position - start)}del"
        )
    assert found == name


def test_a_symbolic_deletion_of_exons_is_a_hit(tmp_path: Path) -> None:
    line = "chr17\t7673000\t.\tA\t<DEL>\t50\tPASS\tSVTYPE=DEL;END=7675500;IMPRECISE\tGT\t0/1"
    document = report(tmp_path, line)
    assert document["assessment"]["status"] == "deletion_only"
    assert document["uninterpreted"][0]["hgvs_c"] == "c.(375+1_376-1)_(993+1_994-1)del"
    assert "exons 5-9" in document["uninterpreted"][0]["reason"]


def test_deletions_beside_the_gene_or_in_an_intron_are_no_hit(tmp_path: Path) -> None:
    for span in ((7662000, 7666000), (7680000, 7682000), (7690000, 7699000)):
        line = f"chr17\t{span[0]}\t.\tA\t<DEL>\t50\tPASS\tSVTYPE=DEL;END={span[1]}\tGT\t0/1"
        document = report(tmp_path, line)
        assert document["assessment"]["status"] == "incomplete"
        assert len(document["uninterpreted"]) == 1


def test_a_deletion_the_sample_does_not_carry_is_not_its_own(tmp_path: Path) -> None:
    document = report(tmp_path, "chr17\t7673000\t.\tA\t<DEL>\t50\tPASS\tSVTYPE=DEL;END=7675500\tGT\t0/0")
    assert document["assessment"]["status"] == "incomplete"
    assert not document["uninterpreted"]


def test_a_deletion_beside_a_mutation_makes_two_hits(tmp_path: Path) -> None:
    lines = (
        "chr17\t7668000\t.\tA\t<DEL>\t50\tPASS\tSVTYPE=DEL;END=7688000\tGT\t0/1\n"
        "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:100,300"
    )
    document = report(tmp_path, lines)
    assert document["assessment"]["status"] == "mutated"
    assert document["assessment"]["allelic_state"] == "multi_hit"
