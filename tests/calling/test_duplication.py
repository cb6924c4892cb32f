"""Duplicates by fragment ends: none is seen where there is none, and no real molecule is lost to chance."""

from __future__ import annotations

import numpy as np
import pytest
from bam_files import RESOURCES

from tp53annot.calling.molecules.consensus import consensus
from tp53annot.calling.molecules.duplication import (
    FragmentEnds,
    has_duplicates,
    hidden_molecules,
    one_end,
    shared_out,
)

RULES = RESOURCES.rules.calling.duplicates
LENGTH, SIZE, SIZE_SD = 7000, 280, 40


def fragments(depth: int, copies: float, preference: float, seed: int = 1) -> tuple[FragmentEnds, int]:
    """Fragments of as many molecules as make the depth, and their number; some places are preferred."""
    rng = np.random.default_rng(seed)
    liked = np.exp(rng.normal(0, preference, LENGTH))
    count = depth * LENGTH // SIZE
    starts = rng.choice(LENGTH, size=count, p=liked / liked.sum())
    sizes = np.maximum(rng.normal(SIZE, SIZE_SD, count).astype(int), 100)
    times = np.ones(count, int) if copies == 1 else 1 + rng.poisson(copies - 1, count)
    return FragmentEnds(start=np.repeat(starts, times), size=np.repeat(sizes, times)), count


@pytest.mark.parametrize("depth", [500, 1000, 2000, 5000, 10_000])
@pytest.mark.parametrize("preference", [0.0, 0.6])
def test_molecules_without_copies_are_never_taken_for_copies(depth: int, preference: float) -> None:
    ends, _ = fragments(depth, 1, preference)
    assert not has_duplicates(ends, RULES)


@pytest.mark.parametrize("depth", [100, 500, 1000, 2000, 5000, 10_000])
@pytest.mark.parametrize("copies", [1.3, 2, 8])
def test_copies_are_seen_and_chance_loses_no_molecule(depth: int, copies: float) -> None:
    ends, molecules = fragments(depth, copies, 0.3)
    assert has_duplicates(ends, RULES)
    families, counts = ends.families()
    further = shared_out(hidden_molecules(families, RULES), counts)
    assert (further < counts).all()
    assert len(counts) + further.sum() == pytest.approx(molecules, rel=0.02)


def test_single_reads_tell_copies_only_where_many_begin_alike() -> None:
    rng = np.random.default_rng(1)
    starts = rng.integers(0, LENGTH, 20_000)  # three to a place by chance
    ends = np.array([one_end(int(s), reverse=bool(s % 2)) for s in starts])
    assert not has_duplicates(FragmentEnds(start=ends, size=np.zeros_like(ends)), RULES)
    few = np.repeat(ends[:1500], 13)
    assert has_duplicates(FragmentEnds(start=few, size=np.zeros_like(few)), RULES)


def test_a_consensus_goes_by_the_qualities_for_and_against_a_base() -> None:
    bases, qualities = consensus(["ACGT", "ACGA", "ACG"], ["IIII", "II#I", "III"], 60, from_right=False)
    assert bases[:3] == "ACG"
    assert [ord(q) - 33 for q in qualities] == [60, 60, 60, 0]  # one against one: no base
    assert consensus(["TACG", "CG"], ["IIII", "II"], 60, from_right=True) == ("TACG", "II]]")
