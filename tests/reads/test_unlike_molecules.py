"""Molecules that are not of the gene (a pseudogene's, another species') make no variant and no negative result."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from bam_files import REF, Change
from molecule_files import Molecule, molecules, write_molecules
from msgspec.structs import replace

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.3)


def document(bam: Path) -> dict[str, Any]:
    (found,) = analyse(Job(bam=bam), RunSettings(), interpreter_of())
    return found.document


def diverged(of: list[Molecule], every: int, rate: float) -> list[Molecule]:
    """Every so-many-th molecule with bases of its own in a share of all places, the same ones in each."""
    rng = random.Random(7)
    places = range(7674000, 7675700)
    other = {p: rng.choice("ACGT".replace(REF.bases(p, p), "")) for p in places if rng.random() < rate}
    return [
        replace(m, bases="".join(other.get(m.first + i, base) for i, base in enumerate(m.bases)))
        if m.number % every == 0
        else m
        for m in of
    ]


@pytest.mark.parametrize("rate", [0.04, 0.08])
def test_they_are_no_variants_and_what_is_one_stays(tmp_path: Path, rate: float) -> None:
    there = molecules(300, change=R175H, exons=[5, 6, 7])
    found = document(write_molecules(tmp_path / "a.bam", diverged(there, 8, rate)))
    assert [v["hgvs_p_short"] for v in found["variants"]] == ["R175H"]
    assert found["variants"][0]["vaf"] == pytest.approx(0.3, abs=0.06)
    (said,) = [w["text"] for w in found["assessment"]["warnings"] if w["id"] == "reads.unlike"]
    assert "not the gene's" in said


def test_where_they_are_frequent_nothing_is_assessed(tmp_path: Path) -> None:
    found = document(write_molecules(tmp_path / "a.bam", diverged(molecules(400, exons=[5]), 8, 0.06)))
    assert not found["variants"] and found["assessment"]["status"] == "incomplete"
    causes = {g["cause"] for g in found["coverage"]["gaps"] if g["exon"] == "5"}
    assert causes == {"mapping_quality"}


def test_three_changes_of_one_molecule_are_called(tmp_path: Path) -> None:
    """With an error beside them a read differs at four places."""
    three = {R175H.pos: "T", R175H.pos + 31: "A", R175H.pos + 62: "A"}
    assert not [p for p, base in three.items() if REF.bases(p, p) == base]
    there = [
        replace(m, bases="".join(three.get(m.first + i, base) for i, base in enumerate(m.bases)))
        if m.number % 3 == 0
        else m
        for m in molecules(300, exons=[5])
    ]
    found = document(write_molecules(tmp_path / "a.bam", there, error=0.004))
    assert "R175H" in [v["hgvs_p_short"] for v in found["variants"]]
    assert not any(w["id"] == "reads.unlike" for w in found["assessment"]["warnings"])


def test_errors_of_sequencing_make_none(tmp_path: Path) -> None:
    found = document(write_molecules(tmp_path / "a.bam", molecules(300, exons=[5]), error=0.02))
    assert not any(w["id"] == "reads.unlike" for w in found["assessment"]["warnings"])
