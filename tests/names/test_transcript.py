"""Transcripts laid on the locus: sequence, proteins and positions against published records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tp53annot.knowledge.resources import resources_of
from tp53annot.names.transcript import CPosition

RESOURCES = resources_of()
NAMER = RESOURCES.namer
MAIN = NAMER.main


def records(path: Path) -> dict[str, str]:
    """FASTA records by accession."""
    found: dict[str, str] = {}
    for block in path.read_text().split(">")[1:]:
        head, *lines = block.splitlines()
        found[head.split()[0]] = "".join(lines).strip()
    return found


def test_both_builds_hold_the_same_bases(shared: Path) -> None:
    folder = shared / "reference"
    (old,) = records(folder / "GRCh37.chr17_7563318-7603318.fa").values()
    (new,) = records(folder / "GRCh38.chr17_7660000-7700000.fa").values()
    assert old.upper() == new.upper() == RESOURCES.reference.sequence


def test_every_coding_sequence_and_protein_is_the_published_one(shared: Path) -> None:
    coding = records(shared / "reference" / "TP53.transcripts.cds.fa")
    proteins = records(shared / "reference" / "TP53.proteins.fa")
    checked = 0
    for transcript in NAMER.by_accession.values():
        if transcript.accession in coding:
            assert transcript.mrna[transcript.cds_start : transcript.cds_end] == coding[transcript.accession]
        published = proteins.get(transcript.model.protein or "")
        if published and transcript.accession in coding:
            assert transcript.protein.rstrip("*") == published.rstrip("*"), transcript.accession
            checked += 1
    assert checked > 60


def test_the_main_protein_is_uniprot_p04637(shared: Path) -> None:
    (published,) = records(shared / "reference" / "NP_000537.3_P04637.fa").values()
    assert MAIN.protein == published + "*"
    assert len(MAIN.exons) == 11 and MAIN.cds_end - MAIN.cds_start == 1182


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (7675088, "524"), (7675053, "559"), (7675052, "559+1"), (7674972, "560-1"), (7676594, "1"),
        (7676595, "-1"), (7669609, "1182"), (7669608, "*1"), (7687377, "-29"), (7687376, "-29+1"),
    ],
)  # fmt: skip
def test_positions(position: int, text: str) -> None:
    t = MAIN.last_position - position
    found = MAIN.c_position(t)
    assert str(found) == text
    assert MAIN.offset_of(found) == t


@pytest.mark.parametrize("position", [CPosition(0), CPosition(500, 3), CPosition(376, 5)])
def test_positions_that_are_none(position: CPosition) -> None:
    with pytest.raises(ValueError, match=r"no position 0|not the edge"):
        MAIN.offset_of(position)


def test_last_and_first_bases_of_the_exons_are_the_published_edges() -> None:
    """The exon edges that c. names are written across."""
    ends = [str(MAIN.c_position(end - 1)) for _, end in MAIN.exons[1:-1]]
    assert ends == ["74", "96", "375", "559", "672", "782", "919", "993", "1100"]
