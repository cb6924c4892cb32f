"""Names of altered splicing on the RNA."""

from __future__ import annotations

import pytest

from tp53annot.knowledge.resources import resources_of
from tp53annot.names.spliced_rna import retention_name, rna_name
from tp53annot.names.transcript import CPosition

MAIN = resources_of().namer.main


def offset(name: str) -> int:
    return MAIN.offset_of(CPosition.read(name))


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("559", "673", "r.560_672del"),
        ("375", "673", "r.376_672del"),
        ("375", "397", "r.376_396del"),  # an acceptor within exon 5
        ("360", "376", "r.361_375del"),  # a donor within exon 4
        ("375+26", "376", "r.375_376ins[375+1_375+26]"),
        ("375", "376-18", "r.375_376ins[376-18_376-1]"),
        ("559", "673-2", "r.560_672delins[673-2_673-1]"),
        ("993+1", "994-1", "r.993_994ins[993+1;994-1]"),
        ("375", "377", "r.376del"),
        ("-29", "-26", "r.-28_-27del"),
        ("375", "376", None),  # as it is
        ("376", "376", None),
    ],
)
def test_names(before: str, after: str, name: str | None) -> None:
    assert rna_name(MAIN, offset(before), offset(after)) == name


def test_a_deletion_within_an_exon_is_shifted_to_its_3_end_and_not_over_the_boundary() -> None:
    exon = MAIN.mrna[MAIN.cds_start + 375 : MAIN.cds_start + 559]
    run = next(i for i in range(20, 150) if exon[i] == exon[i + 1] != exon[i + 2])
    first = 376 + run
    assert rna_name(MAIN, offset(str(first - 1)), offset(str(first + 1))) == f"r.{first + 1}del"
    # The last base of exon 4 and the first of exon 5 may be alike: the lost one is that of the exon that lost it.
    assert rna_name(MAIN, offset("374"), offset("376")) == "r.375del"


def test_an_exon_within_an_intron_and_a_kept_intron() -> None:
    part = (offset("375+101"), offset("375+160") + 1)
    assert rna_name(MAIN, offset("375"), offset("376"), part) == "r.375_376ins[375+101_375+160]"
    assert retention_name(MAIN, 8) == "r.919_920ins[919+1_920-1]"


def test_nothing_beyond_the_transcript_has_a_name() -> None:
    last = MAIN.exons[-1][1]
    assert rna_name(MAIN, offset("1100"), last + 5) is None
    assert rna_name(MAIN, MAIN.exons[0][0] - 3, offset("376")) is None
