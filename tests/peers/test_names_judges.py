"""Changes of the whole locus named by programs we did not write, on NM_000546.6 and on every other transcript we name.

The judges run in their own Python: ``TP53ANNOT_JUDGES_PYTHON`` (default: the one running the tests). A name may differ
only by a rule of ``name_rules.py``, which docs/name-disagreements.md explains. A few hundred changes are looked at
every day, all of them behind the marker ``exhaustive``.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from change_sets import NAMER, change_set, distinct, short_changes
from conftest import require_judge
from name_rules import compare, isoform_differences

from tp53annot.core.allele import Allele

HERE = Path(__file__).parent
RESOURCES = HERE.parents[1] / "resources"
MODULES = {
    "hgvs": "hgvs, cdot",
    "ferro": "ferro_hgvs",
    "weaver": "weaver",
    "mutalyzer": "mutalyzer.protein, Bio",
}
SETS = ("short", "replaced", "long", "locus")
# hgvs names some 300 changes a second: of its sets every so-manieth change, in parts of under two minutes.
HGVS = [("short", 1, part) for part in range(4)] + [("replaced", 1, 0), ("long", 1, 0), ("locus", 7, 0)]
CODING = [t.accession for t in NAMER.isoforms if t.coding]


def judge(name: str, alleles: Sequence[Allele], *transcript: str) -> list[tuple[str, str, str]]:
    """c., p. and g. name of each allele by the judge."""
    python = require_judge(MODULES[name])
    lines = "".join(f"{a.pos}\t{a.ref}\t{a.alt}\n" for a in alleles)
    command = [python, str(HERE / "judge_names.py"), name, str(RESOURCES), *transcript]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    assert len(found) == len(alleles)
    return [(c, p, g) for c, p, g in found]


def agrees(name: str, alleles: Sequence[Allele]) -> None:
    found = compare(name, alleles, judge(name, alleles))
    assert found.changes == len(alleles) > 0
    assert not found.unexplained, (len(found.unexplained), found.unexplained[:10])


@pytest.mark.peer
@pytest.mark.parametrize("name", ["ferro", "weaver"])
def test_a_sample_of_every_set(name: str) -> None:
    agrees(name, [allele for kind in ("replaced", "long") for allele in change_set(kind)[::160]])


@pytest.mark.peer
@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("name", ["ferro", "weaver", "mutalyzer"])
def test_every_change(name: str, kind: str) -> None:
    agrees(name, change_set(kind))


@pytest.mark.peer
@pytest.mark.exhaustive
@pytest.mark.parametrize(("kind", "step", "part"), HGVS)
def test_biocommons_hgvs(kind: str, step: int, part: int) -> None:
    alleles = change_set(kind)[::step]
    agrees("hgvs", alleles[part::4] if kind == "short" else alleles)


@pytest.mark.peer
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["ferro", "weaver"])
def test_every_other_transcript(name: str) -> None:
    """Its own exons, its own start and stop: some 3,000 changes around them."""
    for accession in CODING:
        transcript = NAMER.by_accession[accession.upper()]
        alleles = distinct(short_changes(transcript))[::29]
        unexplained = isoform_differences(transcript, alleles, judge(name, alleles, accession))
        assert not unexplained, (accession, len(unexplained), unexplained[:10])


@pytest.mark.peer
@pytest.mark.exhaustive
def test_crossmapper_gives_every_base_of_every_transcript_the_same_position() -> None:
    python = require_judge("mutalyzer_crossmapper")
    table = RESOURCES / "reference" / "transcripts.tsv"
    command = [python, str(HERE / "judge_positions.py"), str(table)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = []
    for line in lines:
        accession, position, theirs = line.split("\t")
        transcript = NAMER.by_accession[accession.upper()]
        ours = str(transcript.c_position(transcript.last_position - int(position)))
        if ours != theirs:
            wrong.append((accession, position, ours, theirs))
    assert len(lines) > 1_000_000
    assert not wrong, wrong[:10]
