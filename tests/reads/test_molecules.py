"""The same molecules count alike, however often they were copied and whatever tells the copies apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pysam
import pytest
from bam_files import REF, RESOURCES, Change
from molecule_files import (
    Labelled,
    Labels,
    Molecule,
    consensus_read,
    flagged,
    in_name,
    in_name_of_illumina,
    in_tag,
    molecules,
    numbered,
    plain,
    write_molecules,
)
from one_sample import document_of as document
from rendered import render

from tp53annot.reads.umi import misread

R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.1)


@pytest.mark.parametrize(
    ("labelled", "copies", "by"),
    [
        (plain, 6, "ends"),
        (flagged, 6, "flags"),
        (in_tag, 6, "umi"),
        (numbered, 6, "umi"),
        (in_name, 6, "umi"),
        (in_name_of_illumina, 6, "umi"),
        (consensus_read, 1, "umi"),
    ],
)
def test_copies_count_once(tmp_path: Path, labelled: Labelled, copies: int, by: str) -> None:
    there = molecules(150, change=R175H)
    found = document(write_molecules(tmp_path / "a.bam", there, labelled, copies=copies))
    once = document(write_molecules(tmp_path / "b.bam", there))
    assert once["molecules"]["counted_by"] == "ends"
    counts = found["molecules"]
    assert counts["counted_by"] == by
    assert counts["molecules"] == pytest.approx(len(there), rel=0.01)
    assert counts["reads"] == copies * once["molecules"]["reads"]
    assert found["assessment"]["status"] == once["assessment"]["status"]
    (variant,), (other,) = found["variants"], once["variants"]
    assert variant["hgvs_p_short"] == other["hgvs_p_short"] == "R175H"
    assert variant["vaf"] == pytest.approx(other["vaf"], rel=0.05)
    assert variant["depth"] == pytest.approx(other["depth"], rel=0.03)
    for exon, same in zip(found["coverage"]["exons"], once["coverage"]["exons"], strict=True):
        assert exon["mean_depth"] == pytest.approx(same["mean_depth"], rel=0.04)


def test_a_hundred_molecules_copied_are_no_negative_result(tmp_path: Path) -> None:
    found = document(write_molecules(tmp_path / "a.bam", molecules(100), copies=10))
    assert found["assessment"]["status"] == "incomplete"
    (said,) = [w for w in found["assessment"]["warnings"] if w["id"] == "reads.unflagged"]
    assert "duplicates are not flagged" in said["text"]


@pytest.mark.parametrize(("depth", "copies"), [(60, 12), (30, 40)])
def test_copies_of_few_molecules_are_no_amplicons(tmp_path: Path, depth: int, copies: int) -> None:
    """Copied unevenly, they begin at few places, as amplicons do, but these lie near each other."""
    there = molecules(depth)
    found = document(write_molecules(tmp_path / "a.bam", there, copies=copies, uneven=True))
    assert found["assessment"]["status"] == "incomplete" and not found["variants"]
    assert found["molecules"]["counted_by"] == "ends"
    assert found["molecules"]["molecules"] == pytest.approx(len(there), rel=0.02)


def test_duplicates_flagged_in_part_count_once_all_the_same(tmp_path: Path) -> None:
    def some(m: Molecule, copy: int) -> Labels:
        return f"m{m.number}.{copy}", 0x400 if copy and m.number % 20 == 0 else 0, {}

    there = molecules(60)
    found = document(write_molecules(tmp_path / "a.bam", there, some, copies=8))
    assert found["assessment"]["status"] == "incomplete"
    assert found["molecules"]["counted_by"] == "ends"
    assert found["molecules"]["molecules"] == pytest.approx(len(there), rel=0.02)
    plainly = document(write_molecules(tmp_path / "b.bam", there, copies=8))
    assert found["molecules"]["reads"] == plainly["molecules"]["reads"]
    assert any("flagged as duplicates, but others" in w["text"] for w in found["assessment"]["warnings"])


def test_the_free_ends_of_primed_molecules_tell_them_apart(tmp_path: Path) -> None:
    """One end of each is a primer's, 90 bases apart; the other lies where the molecule was cut."""
    primed = [
        Molecule(number=m.number, first=m.first - m.first % 90, bases=bases, umi=m.umi, altered=False)
        for m in molecules(40)
        for bases in [REF.bases(m.first - m.first % 90, m.first - m.first % 90 + len(m.bases) - 1)]
    ]
    found = document(write_molecules(tmp_path / "a.bam", primed, copies=15))
    assert found["molecules"]["counted_by"] == "ends"
    assert found["molecules"]["molecules"] == pytest.approx(len(primed), rel=0.05)
    assert found["assessment"]["status"] == "incomplete"


def test_a_few_copied_molecules_at_one_place_are_no_call(tmp_path: Path) -> None:
    change = Change(pos=7675088, ref="C", alt="T", vaf=0.2)
    over = [
        m for m in molecules(60, change=change, exons=[5]) if m.first < 7675060 < m.first + len(m.bases) - 60
    ]
    there = [m for m in over if m.altered][:2] + [m for m in over if not m.altered][:7]
    assert len(there) == 9
    found = document(write_molecules(tmp_path / "a.bam", there, copies=9))
    assert found["molecules"]["molecules"] == len(there) and not found["variants"]


def test_the_ends_of_amplicons_tell_no_molecules_apart(tmp_path: Path) -> None:
    found = document(write_molecules(tmp_path / "a.bam", molecules(400, amplicon=True)))
    assert found["molecules"]["counted_by"] == "none" and found["molecules"]["molecules"] is None
    assert found["assessment"]["status"] == "not_detected"


def marked(path: Path, change: Callable[[pysam.AlignedSegment], None]) -> Path:
    """The same file, its reads changed."""
    with pysam.AlignmentFile(str(path)) as source:
        header, reads = source.header, list(source)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for read in reads:
            change(read)
            out.write(read)
    pysam.index(str(path))
    return path


@pytest.mark.parametrize(("labelled", "copies"), [(plain, 1), (in_tag, 3)])
def test_a_change_in_reads_of_low_mapping_quality_is_no_negative_result(
    tmp_path: Path, labelled: Labelled, copies: int
) -> None:
    there = molecules(400, change=R175H, exons=[5])
    doubtful = {m.number for m in there if m.altered}

    def mapped(read: pysam.AlignedSegment) -> None:
        if int(str(read.query_name)[1:].split(".")[0]) in doubtful:
            read.mapping_quality = 8

    found = document(marked(write_molecules(tmp_path / "a.bam", there, labelled, copies=copies), mapped))
    assert found["assessment"]["status"] == "incomplete" and not found["variants"]
    gaps = [g for g in found["coverage"]["gaps"] if g["cause"] == "mapping_quality"]
    assert any(g["start"] <= R175H.pos <= g["end"] for g in gaps)
    assert "low mapping quality" in found["assessment"]["summary"]


def test_few_reads_of_low_mapping_quality_hide_nothing(tmp_path: Path) -> None:
    def mapped(read: pysam.AlignedSegment) -> None:
        if int(str(read.query_name)[1:].split(".")[0]) % 80 == 0:
            read.mapping_quality = 8

    bam = write_molecules(tmp_path / "a.bam", molecules(400, exons=[5]), in_tag, copies=3)
    found = document(marked(bam, mapped))["coverage"]
    assert {e["exon"]: e["fraction_assessed"] for e in found["exons"]}["5"] == 1


def test_umis_tell_the_molecules_of_an_amplicon_apart(tmp_path: Path) -> None:
    there = molecules(60, amplicon=True)
    found = document(write_molecules(tmp_path / "a.bam", there, in_tag, copies=8))
    assert found["molecules"]["counted_by"] == "umi" and found["assessment"]["status"] == "incomplete"
    assert found["molecules"]["molecules"] == pytest.approx(len(there), rel=0.01)


def test_an_index_in_the_name_is_no_umi(tmp_path: Path) -> None:
    def barcode(m: Molecule, copy: int) -> Labels:
        return f"m{m.number}.{copy}:ACGTACGT", 0, {}

    found = document(write_molecules(tmp_path / "a.bam", molecules(120), barcode))
    assert found["molecules"]["counted_by"] == "ends"


def test_errors_of_single_copies_are_gone_and_those_of_all_stay(tmp_path: Path) -> None:
    there = molecules(250, change=R175H, exons=[5])
    noisy = document(write_molecules(tmp_path / "a.bam", there, in_tag, copies=5, error=0.01))
    assert [v["hgvs_p_short"] for v in noisy["variants"]] == ["R175H"]
    assert not [v for v in noisy["rejected"] if (v["vaf"] or 0) > 0.01]


def test_misread_umis_join_the_one_they_come_from() -> None:
    rules: Any = SimpleNamespace(times=3, crowded=0.1)
    assert misread({"ACGTACGT": 9, "ACGTACGA": 2, "TTTTAAAA": 1}, rules) == {"ACGTACGA": "ACGTACGT"}
    assert misread({"ACGTACGT": 4, "ACGTACGA": 2}, rules) == {}  # too many reads for an error
    crowd = {
        f"{a}{b}{c}{d}": 9 if a == "A" else 1 for a in "ACGT" for b in "ACGT" for c in "ACGT" for d in "ACGT"
    }
    assert misread(crowd, rules) == {}  # every neighbour is there anyway


def test_the_page_says_how_many_molecules(tmp_path: Path) -> None:
    found = document(write_molecules(tmp_path / "a.bam", molecules(60), in_tag, copies=3))
    for language, words in (
        ("en", "molecules, told apart by their UMIs"),
        ("de", "unterschieden durch ihre UMIs"),
    ):
        assert words in render(found, "html", RESOURCES, language).decode()
