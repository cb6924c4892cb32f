"""What readings of the alleles predict, against tables worked out by hand from copies of the gene in a cell."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp53annot.core.hypotheses import (
    VAF_OF,
    BlastShare,
    Hypothesis,
    blast_share,
    bounds_of_vaf,
    predicted_vaf,
)

H = Hypothesis
# Blasts in per cent, then the VAF in per cent (one place) as worked out with pencil and paper for each reading.
HAND = """
blasts one_allele mutation_and_loss copy_neutral_loh germline germline_and_loss germline_and_loh
100    50.0       100.0             100.0            50.0     100.0             100.0
95     47.5       90.5              95.0             50.0     95.2              97.5
90     45.0       81.8              90.0             50.0     90.9              95.0
85     42.5       73.9              85.0             50.0     87.0              92.5
80     40.0       66.7              80.0             50.0     83.3              90.0
70     35.0       53.8              70.0             50.0     76.9              85.0
60     30.0       42.9              60.0             50.0     71.4              80.0
50     25.0       33.3              50.0             50.0     66.7              75.0
40     20.0       25.0              40.0             50.0     62.5              70.0
25     12.5       14.3              25.0             50.0     57.1              62.5
20     10.0       11.1              20.0             50.0     55.6              60.0
10     5.0        5.3               10.0             50.0     52.6              55.0
5      2.5        2.6               5.0              50.0     51.3              52.5
1      0.5        0.5               1.0              50.0     50.3              50.5
0      0.0        0.0               0.0              50.0     50.0              50.0
"""
_NAMES, *_ROWS = (line.split() for line in HAND.strip().splitlines())
TABLE = [(n, float(row[0]), float(v)) for row in _ROWS for n, v in zip(_NAMES[1:], row[1:], strict=True)]

# In a blast: copies with the variant, copies in all; in another cell the same.
COPIES = {
    H.ONE_ALLELE: ((1, 2), (0, 2)),
    H.MUTATION_AND_LOSS: ((1, 1), (0, 2)),
    H.COPY_NEUTRAL_LOH: ((2, 2), (0, 2)),
    H.GERMLINE: ((1, 2), (1, 2)),
    H.GERMLINE_AND_LOSS: ((1, 1), (1, 2)),
    H.GERMLINE_AND_LOH: ((2, 2), (1, 2)),
}


def exactly(percentage: float) -> BlastShare:
    return BlastShare(stated=percentage / 100, low=percentage / 100, high=percentage / 100)


@pytest.mark.parametrize(("name", "blasts", "vaf"), TABLE)
def test_the_table_worked_by_hand(name: str, blasts: float, vaf: float) -> None:
    low, high = predicted_vaf(H(name), exactly(blasts))
    assert low == high
    assert 100 * low == pytest.approx(vaf, abs=0.05)


def test_every_line_is_in_the_table() -> None:
    assert {H(n) for n in _NAMES[1:]} == set(VAF_OF) == set(COPIES)


@given(st.fractions(0, 1, max_denominator=200), st.sampled_from(sorted(COPIES)))
def test_copies_counted_cell_by_cell(blasts: Fraction, name: str) -> None:
    (mutated, copies), (other_mutated, other_copies) = COPIES[H(name)]
    variant = blasts * mutated + (1 - blasts) * other_mutated
    whole = blasts * copies + (1 - blasts) * other_copies
    assert predicted_vaf(H(name), exactly(float(100 * blasts)))[0] == pytest.approx(float(variant / whole))


@pytest.mark.parametrize(
    ("stated", "low", "high"),
    [(85, 75, 95), (95, 85, 100), (100, 90, 100), (20, 10, 30), (15, 7.5, 22.5), (1, 0.5, 1.5), (0, 0, 0)],
)
def test_the_tolerance_of_the_blasts(stated: float, low: float, high: float) -> None:
    share = blast_share(stated, 10, 0.5)
    assert share is not None
    assert (100 * share.low, 100 * share.high) == pytest.approx((low, high))
    assert blast_share(None, 10, 0.5) is None


@pytest.mark.parametrize(
    ("hypothesis", "low", "high"),
    [
        (H.GAINED, 0.8 / 2.8, 2 / 3),  # one of three copies at 80 %, two of three at 100 %
        (H.TWO_IN_TRANS, 0.4, 0.5),
        (H.SUBCLONE, 0.0, 0.4),
        (H.TWO_SUBCLONES, 0.0, 0.5),
        (H.OTHER_CELLS, 0.0, 0.1),
    ],
)
def test_readings_of_a_part_of_the_cells(hypothesis: H, low: float, high: float) -> None:
    assert predicted_vaf(hypothesis, BlastShare(stated=0.9, low=0.8, high=1.0)) == pytest.approx((low, high))


@given(st.floats(0, 100), st.floats(0, 50), st.sampled_from(sorted(H)))
def test_a_wider_tolerance_predicts_no_less(stated: float, points: float, name: str) -> None:
    narrow, wide = blast_share(stated, points, 1), blast_share(stated, points + 5, 1)
    assert narrow is not None and wide is not None
    (a, b), (c, d) = predicted_vaf(H(name), narrow), predicted_vaf(H(name), wide)
    least, most = bounds_of_vaf(H(name))
    if H(name) is not H.SUBCLONE:  # bounded by one allele in every blast, which falls with the tolerance
        assert c <= a <= b <= d
    assert least - 1e-12 <= c and d <= most + 1e-12
