"""Clipped ends put together, and ends that an aligner forced onto the reference."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bam_files import REF, RESOURCES, Laid, write_laid
from hypothesis import given, settings
from hypothesis import strategies as st

from tp53annot.calling.arrays import BASES
from tp53annot.calling.breakpoints.soft_clips import SoftClips
from tp53annot.calling.caller import Caller
from tp53annot.calling.cigar import Cigar
from tp53annot.calling.forced_ends import clip_ends
from tp53annot.core.allele import Allele
from tp53annot.names.normalisation import normalise
from tp53annot.reads.source import ReadsSource

RULES = RESOURCES.rules.calling
POS, READ, PLACED = 7675140, 100, 30
LOW, HIGH = POS - 200, POS + 200


def clipped(new: str, gone: int) -> Iterator[tuple[int, Cigar, str]]:
    """Start, CIGAR and bases of every read over the change that holds enough of one side to be placed there."""
    haplotype = REF.bases(LOW, POS) + new + REF.bases(POS + gone + 1, HIGH)
    for offset in range(len(haplotype) - READ):
        bases, before = haplotype[offset : offset + READ], POS - LOW + 1 - offset
        after = READ - before - len(new)
        if PLACED <= before < READ and before >= after:
            yield LOW + offset, ((0, before), (4, READ - before)), bases
        elif PLACED <= after < READ:
            yield POS + gone + 1, ((4, READ - after), (0, after)), bases


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(20, 120), gone=st.integers(0, 40))
def test_what_clips_of_both_sides_agree_on_is_found(seed: int, size: int, gone: int) -> None:
    new = "".join(random.Random(seed).choices(BASES, k=size))  # of few letters it would be found anywhere
    ref = REF.bases(POS, POS + gone)
    truth = normalise(Allele(pos=POS, ref=ref, alt=ref[0] + new), REF)
    clips = SoftClips(RULES.clips)
    for read in clipped(new, gone):
        for _ in range(3):
            clips.add(*read)
    found = clips.changes(REF, RULES.realign)
    assert truth in {normalise(Allele(pos=p, ref=r, alt=a), REF) for p, r, a in found}


def test_clips_that_do_not_agree_give_nothing() -> None:
    rng, clips = random.Random(1), SoftClips(RULES.clips)
    for start, cigar, bases in clipped("", 0):
        clips.add(start, cigar, "".join(rng.choices(BASES, k=len(bases))))
    assert clips.changes(REF, RULES.realign) == {}


def test_masked_bases_are_no_insertion() -> None:
    clips = SoftClips(RULES.clips)
    for _ in range(12):
        clips.add(
            POS - 49, ((0, 50), (4, 50)), REF.bases(POS - 49, POS) + "N" * 25 + REF.bases(POS + 1, POS + 25)
        )
    assert all(set(alt) <= set(BASES) for _, _, alt in clips.changes(REF, RULES.realign))


def test_a_run_of_one_letter_is_found_anywhere_and_joins_nothing() -> None:
    clips = SoftClips(RULES.clips)
    for _ in range(12):
        clips.add(POS - 49, ((0, 50), (4, 40)), REF.bases(POS - 49, POS) + "A" * 40)
        clips.add(POS + 1, ((4, 40), (0, 50)), "A" * 40 + REF.bases(POS + 1, POS + 50))
    assert clips.changes(REF, RULES.realign) == {}


def codes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.array([BASES.index(b) for b in text], np.uint8)


@pytest.mark.parametrize(("bases", "cigar", "expected"), [
    ("A" * 30 + "C" * 10, ((0, 40),), (0, ((0, 30), (4, 10)))),
    ("C" * 10 + "A" * 30, ((0, 40),), (10, ((4, 10), (0, 30)))),
    ("A" * 38 + "CA", ((0, 40),), (0, ((0, 40),))),  # one mismatch costs less than a clip
    ("A" * 20 + "C" + "A" * 19, ((0, 40),), (0, ((0, 40),))),
    ("A" * 20 + "C" * 12, ((0, 16), (2, 3), (0, 16)), (0, ((0, 16), (2, 3), (0, 4), (4, 12)))),
], ids=["right", "left", "one at the end", "one inside", "behind a deletion"])  # fmt: skip
def test_an_end_that_costs_more_than_it_gives_is_clipped(
    bases: str, cigar: Cigar, expected: tuple[int, Cigar]
) -> None:
    assert clip_ends(0, cigar, codes(bases), codes("A" * 60), RULES.ends) == expected


def test_a_deletion_laid_with_mismatches_is_one_call(tmp_path: Path) -> None:
    """As an aligner writes it that lays reads from end to end."""
    gone = 24
    haplotype = REF.bases(LOW, POS) + REF.bases(POS + gone + 1, HIGH)
    reads: list[Laid] = []
    for offset in range(len(haplotype) - READ):
        before = POS - LOW + 1 - offset
        start = LOW + offset + gone * (before < READ / 2)
        reads += [(start, haplotype[offset : offset + READ], [(0, READ)])] * 2
        reads += [(LOW + offset, REF.bases(LOW + offset, LOW + offset + READ - 1), [(0, READ)])] * 6
    path = write_laid(tmp_path / "a.bam", reads)
    pileup = ReadsSource(path, REF, RULES).pileup(LOW - 100, HIGH + 100)
    (found,) = [c for c in Caller(pileup, REF, RULES).calls() if not c.reasons]
    ref = REF.bases(POS, POS + gone)
    assert found.allele == normalise(Allele(pos=POS, ref=ref, alt=ref[0]), REF)
    assert found.support.vaf == pytest.approx(0.25, rel=0.02)
