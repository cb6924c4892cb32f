"""Tails of distributions, intervals of a proportion, limits of agreement; with the standard library alone."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

from msgspec import Struct

LEVEL = 0.95  # of an interval for which none is stated
_HALVINGS = 60  # of the interval 0..1: below the resolution of a float
_NEGLIGIBLE = 1e-12  # share of a sum below which further terms add nothing
_POISSON = 1e-6  # spread below which a negative binomial is computed as Poisson


class Proportion(Struct, frozen=True, kw_only=True):
    """``hits`` of ``trials`` with an interval; estimate and interval are ``None`` without trials."""

    hits: int
    trials: int
    estimate: float | None
    low: float | None
    high: float | None


def proportion(hits: int, trials: int, method: str, level: float) -> Proportion:
    """A proportion with its two-sided interval.

    Args:
        hits: successes, 0 to ``trials``.
        trials: attempts.
        method: ``"clopper-pearson"`` or ``"wilson"``.
        level: confidence level, 0..1.

    Raises:
        ValueError: counts that make no proportion, or an unknown method.
    """
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} is no proportion")
    interval = METHODS.get(method)
    if interval is None:
        raise ValueError(f"interval {method!r} is not one of {', '.join(METHODS)}")
    if trials == 0:
        return Proportion(hits=0, trials=0, estimate=None, low=None, high=None)
    low, high = interval(hits, trials, level)
    return Proportion(hits=hits, trials=trials, estimate=hits / trials, low=low, high=high)


def clopper_pearson(hits: int, trials: int, level: float) -> tuple[float, float]:
    """Exact interval: both tails of the binomial distribution inverted (Clopper & Pearson 1934).

    >>> [round(bound, 4) for bound in clopper_pearson(10, 10, 0.95)]
    [0.6915, 1.0]
    """
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _solve(lambda p: 1 - binomial_at_most(hits - 1, trials, p) > tail)
    high = 1.0 if hits == trials else _solve(lambda p: binomial_at_most(hits, trials, p) < tail)
    return low, high


def wilson(hits: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Score interval without continuity correction (Wilson 1927).

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    z = normal_quantile(level)
    share, square = hits / trials, z * z / trials
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / trials + square / trials / 4) / (1 + square)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == trials else min(1.0, middle + half)
    return low, high


METHODS: dict[str, Callable[[int, int, float], tuple[float, float]]] = {
    "clopper-pearson": clopper_pearson,
    "wilson": wilson,
}


def normal_quantile(level: float) -> float:
    """Standard deviations that hold the central ``level`` of a normal distribution."""
    return statistics.NormalDist().inv_cdf((1 + level) / 2)


def binomial_at_most(hits: int, trials: int, p: float) -> float:
    """Probability of ``hits`` or fewer successes in ``trials``, each of probability ``p`` (0..1).

    >>> round(binomial_at_most(1, 3, 0.5), 12), binomial_at_most(-1, 3, 0.5), binomial_at_most(3, 3, 0.5)
    (0.5, 0.0, 1.0)
    """
    if hits < 0 or hits >= trials:
        return float(hits >= trials)
    if p <= 0 or p >= 1:
        return float(p <= 0)
    whole, yes, no = math.lgamma(trials + 1), math.log(p), math.log1p(-p)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * yes + (trials - k) * no)
        for k in range(hits + 1)
    )


def same_rate(hits_a: int, trials_a: int, hits_b: int, trials_b: int) -> float:
    """Chance of two counts at least so far apart where both are of one rate (Fisher's exact test, two-sided).

    The smaller tail of the hypergeometric distribution, doubled.

    Raises:
        ValueError: hits outside 0 to trials.

    >>> round(same_rate(8, 10, 1, 10), 4), same_rate(40, 100, 40, 100)
    (0.0055, 1.0)
    """
    if not (0 <= hits_a <= trials_a and 0 <= hits_b <= trials_b):
        raise ValueError(f"{hits_a} of {trials_a} and {hits_b} of {trials_b} are no proportions")
    total, hits = trials_a + trials_b, hits_a + hits_b
    if hits_a * trials_b > hits_b * trials_a:  # the tail towards fewer hits in the first
        hits_a, trials_a, hits_b, trials_b = hits_b, trials_b, hits_a, trials_a
    first = math.exp(
        _log_choices(trials_a, hits_a) + _log_choices(trials_b, hits_b) - _log_choices(total, hits)
    )
    tail, term, k = 0.0, first, hits_a
    while term > tail * _NEGLIGIBLE and term > 0:
        tail += term
        term *= k * (trials_b - hits + k) / ((trials_a - k + 1) * (hits - k + 1))
        k -= 1
    return min(1.0, 2 * tail)


def _log_choices(of: int, chosen: int) -> float:
    """Logarithm of the ways to choose."""
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def overdispersed_at_least(count: int, mean: float, spread: float = 0.0) -> float:
    """Probability of ``count`` or more events where ``mean`` are expected (negative binomial).

    The variance is ``mean + spread * mean**2``; without spread the distribution is Poisson's. Small
    probabilities are summed from their own terms, so that they do not drown in 1 minus the rest.

    >>> [round(overdispersed_at_least(*x), 6) for x in ((1, 1.0), (5, 0.5), (2, 1.0, 1.0))]
    [0.632121, 0.000172, 0.25]
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - sum(math.exp(_log_chance(k, mean, spread)) for k in range(count)))
    total, k, term = 0.0, count, math.exp(_log_chance(count, mean, spread))
    while term > total * _NEGLIGIBLE and term > 0:
        total += term
        term *= (k * spread + 1) * mean / (1 + spread * mean) / (k + 1)
        k += 1
    return min(total, 1.0)


def _log_chance(count: int, mean: float, spread: float) -> float:
    """Logarithm of the probability of just ``count`` events."""
    if spread < _POISSON:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    shape = 1 / spread
    share = mean / (mean + shape)
    whole = math.lgamma(count + shape) - math.lgamma(shape) - math.lgamma(count + 1)
    return whole + shape * math.log1p(-share) + count * math.log(share)


def _solve(above: Callable[[float], bool]) -> float:
    """Where a condition that is false at 0 and true at 1 turns."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if above(middle) else (middle, high)
    return (low + high) / 2


class Differences(Struct, frozen=True, kw_only=True):
    """Summary of paired differences; ``sd`` and limits need two pairs."""

    n: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    largest: float | None


def differences(values: Sequence[float], level: float) -> Differences:
    """Mean, standard deviation and limits of agreement (Bland & Altman 1986).

    >>> differences([0.01, -0.01, 0.03], 0.95).mean
    0.01
    """
    if not values:
        return Differences(n=0, mean=None, sd=None, low=None, high=None, largest=None)
    mean = math.fsum(values) / len(values)
    sd = statistics.stdev(values) if len(values) > 1 else None
    half = None if sd is None else normal_quantile(level) * sd
    return Differences(
        n=len(values),
        mean=mean,
        sd=sd,
        low=None if half is None else mean - half,
        high=None if half is None else mean + half,
        largest=max(values, key=abs),
    )
