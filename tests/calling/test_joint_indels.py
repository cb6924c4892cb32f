"""Two indels of one exon on the same molecules are one change; apart they stay two; short amplicons keep their VAF."""

from __future__ import annotations

from pathlib import Path

import pytest
from bam_files import REF, RESOURCES, Laid, write_laid

from tp53annot.calling.caller import Caller
from tp53annot.core.allele import Allele
from tp53annot.names.normalisation import normalise
from tp53annot.reads.source import ReadsSource

RULES = RESOURCES.rules.calling
SITE, READ, BEFORE, SHORT = 7675090, 150, 400, 12
# Bases lost and bases gained at a distance (from 0) behind SITE.
Part = tuple[int, int, str]


def reads_with(parts: list[Part]) -> list[Laid]:
    """Every read of a molecule with these parts; what lies beyond one of them is clipped where it is short."""
    low, high = SITE - BEFORE, SITE + BEFORE
    text, steps, at = "", [], low  # a step a base: its position, or 0 for an inserted one
    for offset, gone, new in parts:
        text += REF.bases(at, SITE + offset) + new
        steps += [*range(at, SITE + offset + 1), *[0] * len(new)]
        at = SITE + offset + gone + 1
    text, steps = text + REF.bases(at, high), [*steps, *range(at, high + 1)]
    return [laid(text[i : i + READ], steps[i : i + READ]) for i in range(len(text) - READ + 1)]


def laid(bases: str, steps: list[int]) -> Laid:
    blocks: list[list[int]] = []  # first base, base behind the last, position of the first
    for i, position in enumerate(steps):
        if position and blocks and position == steps[i - 1] + 1:
            blocks[-1][1] = i + 1
        elif position:
            blocks.append([i, i + 1, position])
    while len(blocks) > 1 and blocks[0][1] - blocks[0][0] < SHORT:
        blocks.pop(0)
    while len(blocks) > 1 and blocks[-1][1] - blocks[-1][0] < SHORT:
        blocks.pop()
    cigar, (begin, end, position) = [(4, blocks[0][0])], blocks[0]
    for first, behind, place in blocks[1:]:
        cigar += [(0, end - begin), (2, place - position - (end - begin)), (1, first - end)]
        begin, end, position = first, behind, place
    cigar += [(0, end - begin), (4, len(bases) - end)]
    return blocks[0][2], bases, [(op, n) for op, n in cigar if n]


def alleles(path: Path, molecules: list[tuple[list[Part], int]]) -> dict[Allele, float]:
    reads = [read for parts, count in molecules for read in reads_with(parts) * count]
    pileup = ReadsSource(write_laid(path, reads), REF, RULES).pileup(7669600, 7676700)
    return {c.allele: c.support.vaf or 0.0 for c in Caller(pileup, REF, RULES).calls() if not c.reasons}


def allele_of(*parts: Part) -> Allele:
    first, last = SITE + parts[0][0], SITE + parts[-1][0] + parts[-1][1]
    alt, at = "", first
    for offset, gone, new in parts:
        alt += REF.bases(at, SITE + offset) + new
        at = SITE + offset + gone + 1
    return normalise(Allele(pos=first, ref=REF.bases(first, last), alt=alt + REF.bases(at, last)), REF)


@pytest.mark.parametrize(("one", "two"), [
    ((0, 4, ""), (14, 0, "TCA")), ((0, 7, ""), (38, 0, "TCAGT")), ((0, 1, ""), (57, 2, "")), ((0, 0, "GG"), (22, 5, "")),
])  # fmt: skip
def test_two_indels_of_the_same_molecules_are_one_change(tmp_path: Path, one: Part, two: Part) -> None:
    found = alleles(tmp_path / "a.bam", [([], 7), ([one, two], 3)])
    assert found == {allele_of(one, two): pytest.approx(0.3, abs=0.03)}


def test_on_different_molecules_they_stay_two(tmp_path: Path) -> None:
    one, two = (0, 4, ""), (20, 0, "TCA")
    found = alleles(tmp_path / "a.bam", [([], 4), ([one], 3), ([two], 3)])
    assert found == {
        allele_of(one): pytest.approx(0.3, abs=0.03),
        allele_of(two): pytest.approx(0.3, abs=0.03),
    }


def test_a_rare_indel_on_molecules_of_a_frequent_one_is_no_joint_change(tmp_path: Path) -> None:
    """As slippage is, that stands on any molecule."""
    one, two = (0, 4, ""), (20, 0, "TCA")
    found = alleles(tmp_path / "a.bam", [([], 1), ([one], 18), ([one, two], 1)])
    assert allele_of(one) in found and allele_of(one, two) not in found


def test_a_deletion_of_a_third_of_an_amplicon_keeps_its_fraction(tmp_path: Path) -> None:
    """94 bases, 34 of them gone: what is left lies 30 bases on either side, and each read is clipped there."""
    first, gone = SITE - 29, 34
    whole: Laid = (first, REF.bases(first, first + 93), [(0, 94)])
    left, right = REF.bases(first, SITE), REF.bases(SITE + gone + 1, first + 93)
    parts: list[Laid] = [
        (first, left + right, [(0, 30), (4, 30)]),
        (SITE + gone + 1, left + right, [(4, 30), (0, 30)]),
    ]
    path = write_laid(tmp_path / "a.bam", [whole] * 600 + parts * 200)
    pileup = ReadsSource(path, REF, RULES).pileup(7669600, 7676700)
    (found,) = [c for c in Caller(pileup, REF, RULES).calls() if not c.reasons]
    assert found.allele == allele_of((0, gone, "")) and found.support.vaf == pytest.approx(0.4)
