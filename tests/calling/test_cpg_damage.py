"""Deaminated CpG of a damaged sample are no variants, also where they are hot spots; variants above them are."""

from __future__ import annotations

import numpy as np
import pytest
from bam_files import REF, RESOURCES

from tp53annot.calling.arrays import BASES, codes_of
from tp53annot.calling.caller import Caller, ReadCall
from tp53annot.calling.pileup import Pileup
from tp53annot.core.allele import Allele

RULES = RESOURCES.rules.calling
START, END, DEPTH = 7673500, 7676400, 900
R175H = Allele(pos=7675088, ref="C", alt="T")
DAMAGED = {"C": "T", "G": "A"}


def counts(damage: float, shown: float, depth: int = DEPTH) -> Pileup:
    """Bases of the reference, CpG read as TpG or CpA in a share, and R175H in another one."""
    pileup, sequence = Pileup.empty(START, END), REF.bases(START, END)
    rng = np.random.default_rng(1)
    pileup.spans[:] = depth // 2
    pileup.bases[:, codes_of(sequence), np.arange(pileup.length)] = depth // 2
    pileup.errors[:] = depth * 0.0002
    for i, base in enumerate(sequence):
        in_cpg = sequence[i : i + 2] == "CG" or sequence[max(i - 1, 0) : i + 1] == "CG"
        share = shown if START + i == R175H.pos else damage if in_cpg else 0.0003
        if base in DAMAGED:
            for strand in (0, 1):
                seen = round(depth / 2 * share) if share == shown else int(rng.binomial(depth // 2, share))
                pileup.bases[strand, BASES.index(DAMAGED[base]), i] += seen
                pileup.bases[strand, BASES.index(base), i] -= seen
    return pileup


def r175h(pileup: Pileup) -> ReadCall:
    return Caller(pileup, REF, RULES).judge(R175H)


@pytest.mark.parametrize("damage", [0.02, 0.05, 0.10])
def test_damaged_cpg_are_no_calls_and_what_stands_out_is_one(damage: float) -> None:
    pileup = counts(damage, damage)
    found = Caller(pileup, REF, RULES).calls()
    assert any((call.support.vaf or 0) >= 0.8 * damage for call in found)
    assert not [call for call in found if not call.reasons]
    assert not r175h(counts(damage, damage + 0.15)).reasons


def test_cpg_of_a_sample_without_damage_are_judged_as_any_place() -> None:
    assert not r175h(counts(0.0003, 0.02)).reasons
    clean, damaged = (Caller(counts(share, 0.0), REF, RULES).fewest_by_place() for share in (0.0003, 0.05))
    at = R175H.pos - START
    assert damaged[at] > 40 > clean[at]
