"""Tails and intervals against published values, against values computed by hand, and against scipy."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binom, binomtest, hypergeom, nbinom, poisson

from tp53annot.core.statistics import (
    binomial_at_most,
    clopper_pearson,
    differences,
    overdispersed_at_least,
    proportion,
    same_rate,
    wilson,
)

# Newcombe 1998, Stat Med 17:857, PMID 9595616: 95 % intervals printed there for four proportions.
PUBLISHED = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("hits", "trials", "score", "exact"), PUBLISHED)
def test_published(hits: int, trials: int, score: tuple[float, float], exact: tuple[float, float]) -> None:
    assert tuple(round(x, 4) for x in wilson(hits, trials, 0.95)) == score
    assert tuple(round(x, 4) for x in clopper_pearson(hits, trials, 0.95)) == exact


def test_by_hand() -> None:
    """No miss in n: the exact lower bound is the n-th root of the tail; no hit: its mirror image."""
    assert clopper_pearson(59, 59, 0.95)[0] == pytest.approx(0.025 ** (1 / 59), abs=1e-12)
    assert clopper_pearson(0, 59, 0.90)[1] == pytest.approx(1 - 0.05 ** (1 / 59), abs=1e-12)
    z2 = 1.959963984540054**2  # 1 of 1 by Wilson: 1 / (1 + z2) to 1
    assert wilson(1, 1, 0.95) == (pytest.approx(1 / (1 + z2), abs=1e-12), 1.0)


@pytest.mark.parametrize("level", [0.90, 0.95, 0.99])
@pytest.mark.parametrize("trials", [1, 2, 7, 48, 300, 5000])
def test_against_scipy(trials: int, level: float) -> None:
    for hits in sorted({0, 1, trials // 3, trials - 1, trials}):
        test = binomtest(hits, trials)
        for method, name in ((clopper_pearson, "exact"), (wilson, "wilson")):
            judge = test.proportion_ci(level, name)
            assert method(hits, trials, level) == pytest.approx((judge.low, judge.high), abs=1e-9)


def test_no_trials_and_nonsense() -> None:
    nothing = proportion(0, 0, "wilson", 0.95)
    assert (nothing.estimate, nothing.low, nothing.high) == (None, None, None)
    for hits, trials, method in ((2, 1, "wilson"), (-1, 1, "wilson"), (1, 2, "wald")):
        with pytest.raises(ValueError, match="is n"):
            proportion(hits, trials, method, 0.95)


def test_limits_of_agreement() -> None:
    """Differences 1, 2, 3: mean 2, standard deviation 1, limits 2 -+ 1.96."""
    found = differences([0.01, 0.02, 0.03], 0.95)
    assert found.mean == pytest.approx(0.02) and found.sd == pytest.approx(0.01)
    assert found.low == pytest.approx(0.02 - 0.01959964) and found.high == pytest.approx(0.02 + 0.01959964)
    one = differences([-0.5], 0.95)
    assert (one.n, one.mean, one.sd, one.low, one.largest) == (1, -0.5, None, None, -0.5)
    assert differences([], 0.95).mean is None and not math.isnan(found.sd or 0)


@pytest.mark.parametrize("p", [0.0, 1e-4, 0.02, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("trials", [0, 1, 8, 300, 20_000])
def test_the_binomial_tail_against_scipy(trials: int, p: float) -> None:
    for hits in (-1, 0, 7, trials // 50, trials - 1, trials, trials + 1):
        assert binomial_at_most(hits, trials, p) == pytest.approx(binom.cdf(hits, trials, p), abs=1e-9)


@pytest.mark.parametrize("spread", [0.0, 0.01, 0.7])
@pytest.mark.parametrize("mean", [0.01, 1.0, 40.0])
def test_the_overdispersed_tail_against_scipy(mean: float, spread: float) -> None:
    for count in (0, 1, 8, 40, 200):
        judge = nbinom(1 / spread, 1 / (1 + spread * mean)) if spread else poisson(mean)
        assert overdispersed_at_least(count, mean, spread) == pytest.approx(
            judge.sf(count - 1), rel=1e-7, abs=1e-290
        )


@pytest.mark.parametrize("depths", [(7, 9), (100, 100), (30, 1000), (5000, 20_000)])
@pytest.mark.parametrize(
    "shares", [(0.0, 0.0), (0.0, 0.3), (0.1, 0.12), (0.4, 0.41), (0.5, 0.1), (1.0, 1.0), (1.0, 0.4)]
)
def test_same_rate_is_the_smaller_tail_doubled(depths: tuple[int, int], shares: tuple[float, float]) -> None:
    (n, m), (a, b) = depths, (round(share * depth) for share, depth in zip(shares, depths, strict=True))
    law = hypergeom(n + m, a + b, n)
    expected = min(1.0, 2 * min(law.cdf(a), law.sf(a - 1)))
    assert same_rate(a, n, b, m) == pytest.approx(expected, rel=1e-6, abs=1e-300)
    assert same_rate(b, m, a, n) == pytest.approx(same_rate(a, n, b, m), rel=1e-9)


def test_same_rate_refuses_what_is_no_proportion() -> None:
    with pytest.raises(ValueError, match="no proportions"):
        same_rate(3, 2, 1, 2)
