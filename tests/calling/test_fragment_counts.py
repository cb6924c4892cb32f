"""Counting by sequence: for any change the fraction of molecules comes out, without a correction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tp53annot.calling.arrays import BASES
from tp53annot.calling.clusters import Cluster
from tp53annot.calling.fragments import shares
from tp53annot.calling.haplotypes import ReadTable
from tp53annot.calling.pileup import ReadChange
from tp53annot.core.allele import Allele
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.normalisation import normalise

RESOURCES = resources_of()
REF = RESOURCES.reference
RULES = RESOURCES.rules.calling.haplotype
READ = 100
Row = tuple[str, int, int, int, int]


@st.composite
def changes(draw: st.DrawFn) -> ReadChange:
    """Any replacement of up to 50 bases by up to 50 in the coding exons, minimal and left-aligned."""
    low, high = draw(st.sampled_from(RESOURCES.namer.main.model.cds))
    pos = draw(st.integers(low, high))
    gone = draw(st.integers(0, 50))
    new = draw(st.text(BASES, max_size=50))
    if draw(st.booleans()) and gone:  # a tandem duplication
        new, gone = REF.bases(pos + 1, pos + gone), 0
    ref = REF.bases(pos, pos + gone)
    alt = ref[0] + new if draw(st.booleans()) else new or "A"
    if ref == alt:
        alt = ref + "T"
    allele = normalise(Allele(pos=pos, ref=ref, alt=alt), REF)
    return ReadChange.of(allele)


def reads_of(change: ReadChange, carrying: int, plain: int, flank: int = 200) -> list[Row]:
    """One read for every place on either haplotype, so many times each, laid as an aligner would."""
    pos, ref, alt = change
    low, high = pos - flank, pos + len(ref) + flank
    wild = REF.bases(low, high)
    altered = wild[: pos - low] + alt + wild[pos - low + len(ref) :]
    rows: list[Row] = []
    for text, times, net in ((altered, carrying, len(alt) - len(ref)), (wild, plain, 0)):
        for s in range(len(text) - READ + 1):
            before, after = pos - low - s, s + READ - (pos - low + len(ref) + net)
            shift = (
                net if s >= pos - low or before < after else 0
            )  # the longer side is aligned, the other clipped
            if after <= 0:
                shift = 0
            for _ in range(times):
                first = low + s - shift
                rows.append((text[s : s + READ], first, first + READ - 1, len(rows), 0))
    return rows


def table(rows: list[Row]) -> ReadTable:
    width = max(len(r[0]) for r in rows)
    codes = np.array(
        [[BASES.find(b) if b in BASES else 4 for b in r[0].ljust(width, "N")] for r in rows], np.uint8
    )
    numbers = np.array([(len(r[0]), *r[1:]) for r in rows], np.int64)
    return ReadTable(
        codes=codes, size=numbers[:, 0], first=numbers[:, 1], last=numbers[:, 2], fragment=numbers[:, 3],
        strand=numbers[:, 4],
    )  # fmt: skip


def cluster(*found: ReadChange) -> Cluster:
    longer = [c for c in found if len(c[1]) > 1 or len(c[2]) > 1]
    return Cluster.of(dict.fromkeys(longer, 0), set(found) - set(longer), RULES.flank)


@settings(max_examples=60, deadline=None)
@given(changes(), st.integers(1, 2), st.integers(1, 3))
def test_the_fraction_of_molecules_is_found(change: ReadChange, carrying: int, plain: int) -> None:
    found = shares(cluster(change), table(reads_of(change, carrying, plain)), REF, RULES)[change]
    assert found.vaf == pytest.approx(carrying / (carrying + plain), rel=0.02)
    assert sum(found.alt) / found.depth == pytest.approx(found.vaf, rel=0.02)
    assert sum(found.ref) <= found.depth - sum(found.alt)


@settings(max_examples=60, deadline=None)
@given(changes(), st.integers(1, 2), st.integers(1, 3), st.integers(READ, 2 * READ))
def test_mates_of_a_molecule_are_one_witness(
    change: ReadChange, carrying: int, plain: int, insert: int
) -> None:
    """Mates ``insert`` bases apart from end to end; a mate in a repeat says nothing against the other."""
    reads = reads_of(change, carrying, 0, flank=320), reads_of(change, 0, plain, flank=320)
    rows: list[Row] = []
    for haplotype, times in zip(reads, (carrying, plain), strict=True):
        places = [haplotype[i : i + times] for i in range(0, len(haplotype), times)]
        for s, mate in zip(places, places[insert - READ :], strict=False):
            for one, two in zip(s, mate, strict=True):
                fragment = len(rows) // 2
                rows += [(*one[:3], fragment, 0), (*two[:3], fragment, 1)]
    found = shares(cluster(change), table(rows), REF, RULES)[change]
    assert found.vaf == pytest.approx(carrying / (carrying + plain), rel=0.05)


@settings(max_examples=30, deadline=None)
@given(changes())
def test_reads_of_the_reference_carry_nothing(change: ReadChange) -> None:
    found = shares(cluster(change), table(reads_of(change, 0, 1)), REF, RULES)[change]
    assert found.alt == (0, 0) and found.vaf == 0 and found.depth > 0


@settings(max_examples=30, deadline=None)
@given(changes(), st.randoms(use_true_random=False))
def test_order_of_reads_and_mates_make_no_difference(change: ReadChange, rng: object) -> None:
    rows = reads_of(change, 1, 1)
    once = shares(cluster(change), table(rows), REF, RULES)
    mixed = rows + rows  # every fragment seen by both its mates
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert shares(cluster(change), table(mixed), REF, RULES) == once


def test_mates_that_disagree_count_for_neither() -> None:
    change = ReadChange(7675088, "C", "T")
    rows = reads_of(change, 1, 1)
    half = len(rows) // 2
    paired = [(*r[:3], i % half, r[4]) for i, r in enumerate(rows)]  # each pair: one read of either haplotype
    found = shares(cluster(change), table(paired), REF, RULES)[change]
    assert found.alt == found.ref == (0, 0) and found.vaf is None


def test_each_read_goes_to_one_of_several_changes() -> None:
    both, one, two = (
        ReadChange(7674220, "CG", "AA"),
        ReadChange(7674220, "C", "A"),
        ReadChange(7674221, "G", "A"),
    )
    rows = reads_of(both, 2, 0) + reads_of(one, 1, 0) + reads_of(both, 0, 1)
    rows = [(*r[:3], i, r[4]) for i, r in enumerate(rows)]
    found = shares(cluster(both, one, two), table(rows), REF, RULES)
    assert found[both].vaf == pytest.approx(0.5, rel=0.03)
    assert found[one].vaf == pytest.approx(0.25, rel=0.06)
    assert found[two].alt == (0, 0)


@pytest.mark.parametrize("gap", [1, 3, 9, 18])
@pytest.mark.parametrize(("gone", "new"), [(12, ""), (0, "GATTACAGG"), (3, "TTGACCA")])
def test_a_single_base_beside_a_longer_change_keeps_its_own_fraction(gap: int, gone: int, new: str) -> None:
    """A polymorphism on three of four molecules, one of them with the longer change, too."""
    pos = 7674230
    ref = REF.bases(pos, pos + gone)
    longer = normalise(Allele(pos=pos, ref=ref, alt=ref[0] + new), REF)
    at = pos + gone + gap
    base = REF.bases(at, at)
    single = ReadChange(at, base, "A" if base != "A" else "C")
    between = REF.bases(pos + gone + 1, at - 1)
    cis = ReadChange(pos, ref + between + base, ref[0] + new + between + single[2])
    rows = reads_of(cis, 1, 0) + reads_of(single, 2, 0) + reads_of(single, 0, 1)
    rows = [(*r[:3], i, r[4]) for i, r in enumerate(rows)]
    found = shares(cluster(ReadChange.of(longer), single), table(rows), REF, RULES)
    assert found[ReadChange.of(longer)].vaf == pytest.approx(0.25, rel=0.05)
    assert found[single].vaf == pytest.approx(0.75, rel=0.05)


@pytest.mark.parametrize("apart", [24, 40, 58])
def test_a_change_further_off_on_other_molecules_is_no_missing_molecule(apart: int) -> None:
    pos = 7675140
    one = normalise(Allele(pos=pos, ref=REF.bases(pos, pos), alt=REF.bases(pos, pos) + "GATTA"), REF)
    at = pos + apart
    two = normalise(Allele(pos=at, ref=REF.bases(at, at + 4), alt=REF.bases(at, at)), REF)
    first, second = ReadChange.of(one), ReadChange.of(two)
    rows = reads_of(first, 1, 0) + reads_of(second, 2, 0) + reads_of(second, 0, 2)
    rows = [(*r[:3], i, r[4]) for i, r in enumerate(rows)]
    found = shares(replace(cluster(first), rivals=(second,)), table(rows), REF, RULES)
    assert found.keys() == {first}
    assert found[first].vaf == pytest.approx(0.2, rel=0.05)


def test_mates_over_the_same_bases_are_no_strand_bias() -> None:
    change = ReadChange(7675140, "G", "GATTACAGATTACA")
    rows = [row for r in reads_of(change, 1, 1) for row in (r, (*r[:4], 1))]
    found = shares(cluster(change), table(rows), REF, RULES)[change]
    assert abs(found.alt[0] - found.alt[1]) <= 1
    assert found.vaf == pytest.approx(0.5, rel=0.02)
